package redshiftsim_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/parquet-go/parquet-go"

	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
)

// row is in the safe profile: five types, all optional.
type row struct {
	ID   *string    `parquet:"id,optional"`
	N    *int64     `parquet:"n,optional"`
	X    *float64   `parquet:"x,optional"`
	Is   *bool      `parquet:"is,optional"`
	When *time.Time `parquet:"at,optional,timestamp(microsecond)"`
}

func parquetFile[T any](t *testing.T, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	o := append([]parquet.WriterOption{parquet.DataPageVersion(1), parquet.DefaultEncoding(&parquet.Plain), parquet.Compression(&parquet.Snappy)}, options...)
	w := parquet.NewGenericWriter[T](&b, o...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is a manifest's.
func entry(key string, length any) map[string]any {
	e := map[string]any{"url": "s3://lake/" + key, "mandatory": true}
	if length != nil {
		e["meta"] = map[string]any{"content_length": length}
	}
	return e
}

func manifest(t *testing.T, entries ...map[string]any) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"entries": entries})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

//go:fix inline
func rows() []row {
	at := time.Date(2026, 11, 26, 2, 30, 0, 123456000, time.UTC)
	return []row{
		{new("a"), new(int64(1)), new(1.5), new(true), &at},
		{new("tab\tnew\nline\\N"), new(int64(-9)), new(0.1), new(false), nil},
		{new(""), nil, nil, nil, nil},
	}
}

const target = "create temp table stg (id varchar(20), number bigint, real double precision, flag boolean, at timestamp)"

func copyFrom(key string) string {
	return "copy stg from 's3://lake/" + key + "' iam_role '" + role + "' format as parquet manifest"
}

// TestCopyParquet: columns go by position, NULL and the empty text stay apart, nothing is remembered, what is told of it is right.
func TestCopyParquet(t *testing.T) {
	t.Parallel()
	s, put := start(t)
	c := connect(t, s)
	body := parquetFile(t, rows())
	put("a.parquet", body)
	put("twice.manifest", manifest(t, entry("a.parquet", len(body)), entry("a.parquet", len(body))))
	put("m", manifest(t, entry("a.parquet", len(body))))
	execute(t, c, target)
	tag, err := c.Exec(t.Context(), copyFrom("m"))
	if err != nil || tag.String() != "COPY" {
		t.Fatal(tag, told(err))
	}
	if got := value(t, c, "select pg_last_copy_count()"); got != "3" {
		t.Error(got)
	}
	read, err := c.Query(t.Context(), "select id, number, real, flag, at from stg order by real desc nulls last")
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(read, pgx.RowToStructByPos[row])
	if err != nil {
		t.Fatal(err)
	}
	if got, want := asText(t, found), asText(t, rows()); got != want {
		t.Errorf("%s\ninstead of\n%s", got, want)
	}
	id := value(t, c, "select pg_last_copy_id()")
	execute(t, c, "begin", copyFrom("twice.manifest"))
	if got := value(t, c, "select pg_last_copy_count()"); got != "6" {
		t.Error(got)
	}
	execute(t, c, "rollback")
	if got := value(t, c, "select count(*) from stg"); got != "3" {
		t.Errorf("%s rows after a rollback", got)
	}
	if got := value(t, c, "select pg_last_copy_id()"); got != id {
		t.Errorf("a COPY that was rolled back is the last: %s instead of %s", got, id)
	}
	execute(t, c, copyFrom("m"))
	if got := value(t, c, "select count(*) from stg"); got != "6" {
		t.Errorf("COPY remembers what it loaded: %s rows", got)
	}
	for want, sql := range map[string]string{
		"2":  "select ordinal_position from svv_columns where table_name = 'stg' and column_name = 'number'",
		"20": "select character_maximum_length from svv_columns where table_name = 'stg' and column_name = 'id'",
	} {
		if got := value(t, c, sql); got != want {
			t.Errorf("%s: %s", sql, got)
		}
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// badFiles are Parquet files that COPY has to refuse, and a good one.
func badFiles(t *testing.T, good []byte) map[string][]byte {
	t.Helper()
	zstd := parquetFile(t, rows(), parquet.Compression(&parquet.Zstd))
	v2 := parquetFile(t, rows(), parquet.DataPageVersion(2))
	delta := parquetFile(t, []struct {
		ID string     `parquet:"id,delta"`
		N  *int64     `parquet:"n,optional"`
		X  *float64   `parquet:"x,optional"`
		Is *bool      `parquet:"is,optional"`
		At *time.Time `parquet:"at,optional,timestamp(microsecond)"`
	}{{ID: "a"}})
	long := parquetFile(t, []row{{ID: new(strings.Repeat("ü", 11))}})
	narrow := parquetFile(t, []struct {
		ID string `parquet:"id"`
	}{{"a"}})
	wrong := parquetFile(t, []struct {
		ID *int64     `parquet:"id,optional"`
		N  *int64     `parquet:"n,optional"`
		X  *float64   `parquet:"x,optional"`
		Is *bool      `parquet:"is,optional"`
		At *time.Time `parquet:"at,optional,timestamp(microsecond)"`
	}{{}})
	small := parquetFile(t, []struct {
		ID *string    `parquet:"id,optional"`
		N  *int32     `parquet:"n,optional"`
		X  *float64   `parquet:"x,optional"`
		Is *bool      `parquet:"is,optional"`
		At *time.Time `parquet:"at,optional,timestamp(microsecond)"`
	}{{}})
	millis := parquetFile(t, []struct {
		ID *string    `parquet:"id,optional"`
		N  *int64     `parquet:"n,optional"`
		X  *float64   `parquet:"x,optional"`
		Is *bool      `parquet:"is,optional"`
		At *time.Time `parquet:"at,optional,timestamp(millisecond)"`
	}{{}})
	return map[string][]byte{
		"good": good, "zstd": zstd, "v2": v2, "delta": delta, "long": long, "narrow": narrow, "wrong": wrong, "small": small,
		"millis": millis, "short": good[:len(good)-20], "text": []byte("no parquet"),
	}
}

// TestCopyErrors: each bad manifest, file and permission, in Redshift's words.
func TestCopyErrors(t *testing.T) {
	t.Parallel()
	s, put := start(t)
	c := connect(t, s)
	body := parquetFile(t, rows())
	for key, body := range badFiles(t, body) {
		put(key, body)
		put(key+".m", manifest(t, entry(key, len(body))))
	}
	put("nolength.m", manifest(t, entry("good", nil)))
	put("length.m", manifest(t, entry("good", len(body)+1)))
	put("missing.m", manifest(t, entry("nobody", 1)))
	optional := entry("nobody", 1)
	delete(optional, "mandatory")
	put("optional.m", manifest(t, optional, entry("good", len(body))))
	put("json.m", []byte(`{"entries": [`))
	execute(t, c, target)
	for _, test := range []struct{ key, says string }{
		{"zstd.m", "Unsupported compression"},
		{"v2.m", "page version"},
		{"delta.m", "Unsupported encoding"},
		{"long.m", "15001"},
		{"long.m", "The length of the data column id is longer than the length defined in the table. Table: 20, Data: 22"},
		{"narrow.m", "15007"},
		{"narrow.m", "Unmatched number of columns between table and file. Table columns: 5, Data columns: 1"},
		{"wrong.m", "has an incompatible Parquet schema for column 's3://lake/wrong.id'. Column type: CHARACTER VARYING"},
		{"small.m", "has an incompatible Parquet schema"},
		{"millis.m", "has an incompatible Parquet schema"},
		{"short.m", "cannot be read"},
		{"text.m", "cannot be read"},
		{"nolength.m", "meta.content_length"},
		{"length.m", "Spectrum Scan Error"},
		{"missing.m", "NoSuchKey"},
		{"json.m", "not in correct json format"},
		{"none.m", "Status 404"},
	} {
		refused(t, c, "XX000", copyFrom(test.key))
		refused(t, c, test.says, copyFrom(test.key))
	}
	if got := value(t, c, "select count(*) from stg"); got != "0" {
		t.Errorf("%s rows of COPYs that failed", got)
	}
	refused(t, c, "not authorized to assume IAM Role", strings.Replace(copyFrom("good.m"), "role/copy", "role/other", 1))
	refused(t, c, "nonexistent table", strings.Replace(copyFrom("good.m"), "stg", "nothing", 1))
	refused(t, c, "NoSuchBucket", strings.Replace(copyFrom("good.m"), "lake", "lagoon", 1))
	execute(t, c, copyFrom("optional.m"), copyFrom("narrow.m")+" fillrecord")
	if got := value(t, c, "select count(*) from stg"); got != "4" {
		t.Errorf("%s rows", got)
	}
	got := value(t, c, "select error_code || ' ' || column_name || ' ' || error_message || ' ' || file_name from sys_load_error_detail limit 1")
	if got != "1204 id String length exceeds DDL length s3://lake/long" {
		t.Error(got)
	}
	if got := value(t, c, "select trim(err_reason) from stl_load_errors where trim(colname) = 'id' limit 1"); got != "String length exceeds DDL length" {
		t.Error(got)
	}
	execute(t, c, "begin")
	refused(t, c, "15001", copyFrom("long.m"))
	refused(t, c, "25P02", "select 1")
	refused(t, c, "25P02", copyFrom("good.m"))
	execute(t, c, "rollback")
}

// TestCopyFaults: what S3 may answer.
func TestCopyFaults(t *testing.T) {
	t.Parallel()
	s, put := start(t)
	c := connect(t, s)
	body := parquetFile(t, rows())
	put("a", body)
	put("m", manifest(t, entry("a", len(body))))
	execute(t, c, target)
	for trouble, says := range map[redshiftsim.Trouble]string{
		redshiftsim.ExpiredCredentials: "ExpiredToken", redshiftsim.AccessDenied: "Status 403,Error AccessDenied",
		redshiftsim.WrongRegion: "Status 301,Error PermanentRedirect",
	} {
		s.Fail(redshiftsim.Fault{Trouble: trouble})
		refused(t, c, says, copyFrom("m"))
	}
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.Slow, On: "copy", Delay: 100 * time.Millisecond})
	began := time.Now()
	execute(t, c, copyFrom("m"))
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}

// TestBucket: where the bucket is, and whether it may be read, S3 tells.
func TestBucket(t *testing.T) {
	t.Parallel()
	answers := map[string]struct {
		region string
		status int
		says   string
	}{
		"far": {"us-east-1", 200, "Status 301,Error PermanentRedirect"}, "moved": {"us-east-1", 301, "Status 301,Error PermanentRedirect"},
		"closed": {"eu-central-1", 403, "Access Denied,Status 403,Error AccessDenied"}, "gone": {"eu-central-1", 404, "NoSuchBucket"},
	}
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[strings.Trim(r.URL.Path, "/")]
		w.Header().Set("x-amz-bucket-region", answer.region)
		w.WriteHeader(answer.status)
	}))
	t.Cleanup(endpoint.Close)
	c := connect(t, redshiftsim.Start(t, redshiftsim.Options{
		S3Endpoint: endpoint.URL, S3Region: "eu-central-1", AccessKey: secret.New("key"), SecretKey: secret.New("secret"), Roles: []string{role},
	}))
	execute(t, c, target)
	for bucket, answer := range answers {
		refused(t, c, answer.says, strings.Replace(copyFrom("m"), "lake", bucket, 1))
	}
	if got := value(t, c, "select pg_last_copy_count()"); got != "0" {
		t.Error(got)
	}
}

func TestCopyCSV(t *testing.T) {
	t.Parallel()
	s, put := start(t)
	c := connect(t, s)
	execute(t, c, target, "create table strict (id varchar(3) not null, n bigint)")
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := fmt.Fprint(w, "a\t1\t1.5\tt\t2026-11-26 02:30:00.5\n\"two\nlines\"\t\\N\t\\N\t\\N\t\\N\n\t\t\t\t\n"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	put("a.gz", zipped.Bytes())
	put("m", manifest(t, entry("a.gz", nil))) // which needs no length
	execute(t, c, `copy stg (id, number, real, flag, at) from 's3://lake/m' iam_role '`+role+`' format csv delimiter '\t' null as '\\N' gzip timeformat 'auto' manifest`)
	for sql, want := range map[string]string{
		"select pg_last_copy_count()":                                   "3",
		"select at from stg where id = 'a'":                             "2026-11-26 02:30:00.5",
		"select number is null and flag is null from stg where id = ''": "true",
		`select real is null from stg where id = 'two\nlines'`:          "true",
	} {
		if got := value(t, c, sql); got != want {
			t.Errorf("%s: %s instead of %s", sql, got, want)
		}
	}
	for body, reason := range map[string]string{
		"abcd,1\n": "1204 String length exceeds DDL length", "a,x\n": "1207 Invalid digit, Value 'x', Pos 0, Type: bigint",
		"a,1,2\n": "1202 Extra column(s) found", "a\n": "1203 Delimiter not found", `\N,1` + "\n": "1213 Missing data for not-null field",
		"a,99999999999999999999\n": "1207 Overflow, Value '99999999999999999999', Type: bigint", "a\xff,1\n": "1220 String contains invalid or unsupported UTF8 codepoints",
		"\"a,1\n": "1214 Delimited value missing end quote",
	} {
		put("bad", []byte("ok,7\n"+body))
		refused(t, c, "Load into table 'strict' failed.  Check 'stl_load_errors' system table for details.",
			"copy strict from 's3://lake/bad' iam_role '"+role+"' csv")
		got := value(t, c, "select error_code || ' ' || error_message from sys_load_error_detail order by query_id desc limit 1")
		if got != reason {
			t.Errorf("%q: %s instead of %s", body, got, reason)
		}
	}
	if got := value(t, c, "select count(*) from strict"); got != "0" {
		t.Errorf("%s rows of files that failed", got)
	}
	if got := value(t, c, "select pg_last_copy_count()"); got != "0" {
		t.Errorf("count %s after a COPY that failed while it loaded", got)
	}
}

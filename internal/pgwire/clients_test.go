package pgwire

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"trunkline/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files again")

// findPsql finds PostgreSQL's own client, which comes with its server.
func findPsql(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("psql"); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/psql")
	if len(found) == 0 {
		t.Fatal("psql is not here: install PostgreSQL's client (Debian, Ubuntu: apt-get install postgresql-client)")
	}
	return found[len(found)-1]
}

// psql runs commands as a person does.
func psql(t *testing.T, s *served, commands ...string) string {
	t.Helper()
	args := []string{"--no-psqlrc", "--no-align", "--set=VERBOSITY=terse", s.dsn("admin")}
	for _, c := range commands {
		args = append(args, "--command="+c)
	}
	cmd := exec.CommandContext(t.Context(), findPsql(t), args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PAGER=", "PGOPTIONS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", commands, err, out)
	}
	return string(out)
}

// What people type into psql shows what there is. The golden file is what they see.
func TestPsqlGolden(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	ask(t, s.connect(t, ""), "select 1") // keeps the engine for all of them
	var got strings.Builder
	for _, c := range []string{
		`\dt`, `\dv`, `\d`, `\d contacts`, `\d+ by_tier`, `\d pairs`, `\dn`, `\du`, `\l`, `\dt+`, `\dv+`, `\df`, `\di`, `\dT`, `\dx`, `\dp`, `\sv by_tier`,
		`\dd`, `\db`, `\dO`, `\dC`, `\dRp`, `\des`, `\dy`,
		"select tier, contacts, cost from by_tier order by tier nulls first", "select 1 as a; select 2 as b", "show server_version",
	} {
		got.WriteString("=> " + c + "\n" + psql(t, s, c) + "\n")
	}
	golden := filepath.Join("testdata", "psql.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

// Python's psycopg and SQLAlchemy's inspector, by which Superset and many others look around, find tables, columns, keys and comments.
func TestPython(t *testing.T) {
	t.Parallel()
	python := os.Getenv("TRUNKLINE_TEST_PYTHON")
	if python == "" {
		python = filepath.Join("..", "..", "bin", "pgwire-venv", "bin", "python")
	}
	if _, err := os.Stat(python); err != nil {
		t.Fatal("Python with psycopg and SQLAlchemy is not here; from the root run: " +
			"python3 -m venv bin/pgwire-venv && bin/pgwire-venv/bin/pip install --require-hashes -r internal/pgwire/testdata/requirements.lock")
	}
	s := serve(t, nil)
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "clients.py"), s.host, s.port)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || strings.TrimSpace(stdout.String()) != "all is as it should be" {
		t.Fatalf("%v\n%s%s", err, &stdout, &stderr)
	}
}

// The questions of other tools are answered: not their own words, but the same tables, functions and spellings.
func TestQuestionsOfTools(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	for _, c := range []struct{ tool, query, want string }{
		{"Grafana: version", "select current_setting('server_version_num')::int / 100 as version", "1500"},
		{
			"Grafana: tables on the search path", `select quote_ident(table_name) from information_schema.tables where quote_ident(table_schema) in
			(select trim(s[i]) from generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1),
			array_upper(string_to_array(current_setting('search_path'), ','), 1)) as i, string_to_array(current_setting('search_path'), ',') s) order by 1`,
			"by_tier contacts pairs",
		},
		{
			"Npgsql: types", `select t.typname from (select y.oid, y.typname, y.typnamespace, case when p.proname = 'array_recv' then 'a' else y.typtype end as kind,
			case when p.proname = 'array_recv' then y.typelem when y.typtype = 'r' then rngsubtype end as element
			from pg_type as y left join pg_class as c on (c.oid = y.typrelid) left join pg_proc as p on p.oid = y.typreceive
			left join pg_range on (pg_range.rngtypid = y.oid)) as t join pg_namespace as n on (n.oid = t.typnamespace)
			where kind = 'a' and element = 23 or t.oid = 1700 order by 1`, "_int4 numeric",
		},
		{"Npgsql: composites and enums", "select count(*) from pg_enum join pg_type on pg_type.oid = enumtypid", "0"},
		{"pgJDBC: is it an array", "select typinput = 'pg_catalog.array_in'::regproc from pg_catalog.pg_type where typname = '_text'", "true"},
		{
			"pgJDBC: tables", `select c.relname from pg_catalog.pg_namespace n, pg_catalog.pg_class c left join pg_catalog.pg_description d
			on (c.oid = d.objoid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass) where c.relnamespace = n.oid and c.relkind = 'r'
			and n.nspname !~ '^pg_' and d.description is not null`, "contacts",
		},
		{
			"pgJDBC: primary key", `select r.name || r.seq from (select a.attname as name, (information_schema._pg_expandarray(i.indkey)).n as seq,
			information_schema._pg_expandarray(i.indkey) as keys, a.attnum as num from pg_catalog.pg_class t join pg_catalog.pg_attribute a on (t.oid = a.attrelid)
			join pg_catalog.pg_index i on (a.attrelid = i.indrelid) where i.indisprimary and t.relname = 'pairs') r where r.num = (r.keys).x order by r.seq`,
			"right_id1 left_id2",
		},
		{"Metabase: comments", `select col_description(cast(cast(format('%I.%I', cast(c.table_schema as text), cast(c.table_name as text)) as regclass) as oid),
			c.ordinal_position) from information_schema.columns as c where c.table_name = 'contacts' and c.column_name = 'tier'`, "Tier of the customer; NULL is not known."},
		{"Metabase: keys in a join", "select count(*) from pg_constraint c left join pg_attribute a on c.conrelid = a.attrelid and a.attnum = any(c.conkey)", "3"},
		{"Power BI: tables", "select TABLE_NAME from INFORMATION_SCHEMA.tables where TABLE_SCHEMA not in ('information_schema', 'pg_catalog') and TABLE_TYPE = 'VIEW'", "by_tier"},
		{"Power BI: columns", "select DATA_TYPE from INFORMATION_SCHEMA.columns where TABLE_NAME = 'contacts' and COLUMN_NAME in ('cost', 'started') order by ORDINAL_POSITION", "timestamp without time zone numeric"},
		{"Power BI: keys", `select k.COLUMN_NAME from INFORMATION_SCHEMA.table_constraints t inner join INFORMATION_SCHEMA.key_column_usage k
			on t.CONSTRAINT_NAME = k.CONSTRAINT_NAME and t.TABLE_NAME = k.TABLE_NAME where t.CONSTRAINT_TYPE = 'PRIMARY KEY' and t.TABLE_NAME = 'contacts'`, "id"},
		{"Tableau: columns", `select a.attname from ((pg_catalog.pg_class c inner join pg_catalog.pg_namespace n on n.oid = c.relnamespace and c.oid = 'by_tier'::regclass)
			inner join pg_catalog.pg_attribute a on (not a.attisdropped) and a.attnum > 0 and a.attrelid = c.oid) inner join pg_catalog.pg_type t on t.oid = a.atttypid
			left outer join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum order by a.attnum`, "tier contacts cost"},
		{"psycopg: a type", "select cast(cast(oid as regtype) as text) from pg_type as t where t.oid = to_regtype('boolean')", "boolean"},
		{"DBeaver: session", "select current_schema(), session_user", "main"},
		{"any: privileges", "select pg_catalog.has_table_privilege(current_user, 'contacts', 'select')", "true"},
		{"any: privileges to write", "select has_table_privilege('contacts', 'insert')", "false"},
		{"any: in capitals", `SELECT "c"."relname" FROM "pg_catalog"."pg_class" "c" WHERE "c"."relname" OPERATOR(pg_catalog.~) E'^(PAIRS|pairs)$' COLLATE pg_catalog.default AND c.relkind = 'r'`, "pairs"},
		{"any: in any case", "select count(*) from pg_class where relname ~* 'CONT' and relkind = 'r' and relname !~* 'x'", "1"},
		{"any: array literals", "select count(*) from pg_class where relname = any('{pairs,contacts}'::text[])", "2"},
		{"any: the database in front", "select datname from trunkline.pg_catalog.pg_database", "trunkline"},
	} {
		rows, err := conn.Query(t.Context(), c.query, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			t.Errorf("%s: %v", c.tool, err)
			continue
		}
		var got []string
		for rows.Next() {
			if text := rows.RawValues()[0]; text != nil {
				got = append(got, strings.NewReplacer("{t}", "true", "{f}", "false").Replace("{"+string(text)+"}"))
			}
		}
		said := strings.NewReplacer("} {", " ", "{", "", "}", "").Replace(strings.Join(got, " "))
		if err := rows.Err(); err != nil || said != c.want {
			t.Errorf("%s: %q, want %q: %v", c.tool, said, c.want, err)
		}
	}
}

// certificate makes one for 127.0.0.1, signed by itself, and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pgwire"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "server.crt")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, path
}

// Encrypted connections are proven by psql and pgx, the server's certificate verified; plain ones are refused.
func TestEncryptedOnly(t *testing.T) {
	t.Parallel()
	config, ca := certificate(t)
	s := serve(t, func(c *Config) { c.TLS, c.Roles[0].Password = config, secret.New("hush, ü") })
	plain := s.dsn("admin") + " password='hush, ü'"
	if _, err := pgx.Connect(t.Context(), plain); code(err) != "28000" {
		t.Errorf("a plain connection: %v", err)
	}
	encrypted := strings.ReplaceAll(plain, "sslmode=disable", "sslmode=verify-full sslrootcert="+ca)
	conn, err := pgx.Connect(t.Context(), encrypted)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if got := ask(t, conn, "select count(*) from pairs"); got[0][0] != int64(0) {
		t.Error(got)
	}
	time.Sleep(waits + time.Second) // looking after a client that sleeps disturbs no encryption
	if got := ask(t, conn, "select count(*) from pairs"); got[0][0] != int64(0) {
		t.Error(got)
	}
	cmd := exec.CommandContext(t.Context(), findPsql(t), encrypted, "--no-psqlrc", "--tuples-only", "--no-align", "--command=select 42")
	if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "42" {
		t.Errorf("psql: %v %s", err, out)
	}
	wrong := strings.ReplaceAll(encrypted, "hush", "hash")
	if _, err := pgx.Connect(t.Context(), wrong); code(err) != "28P01" {
		t.Errorf("a wrong password: %v", err)
	}
}

// An address that other machines reach takes encryption and passwords.
func TestExposed(t *testing.T) {
	t.Parallel()
	config, _ := certificate(t)
	with := []Role{{Name: "admin", Password: secret.New("sixteen letters!")}}
	for _, c := range []struct {
		address string
		tls     *tls.Config
		roles   []Role
		want    string
	}{
		{"127.0.0.1:5439", nil, []Role{{Name: "admin"}}, ""},
		{"[::1]:5439", nil, []Role{{Name: "admin"}}, ""},
		{"127.8.9.1:5439", nil, []Role{{Name: "admin"}}, ""},
		{"0.0.0.0:5439", nil, with, "not encrypted"},
		{":5439", nil, with, "not encrypted"},
		{"10.0.0.1:5439", nil, with, "not encrypted"},
		{"10.0.0.1:5439", config, []Role{with[0], {Name: "finance"}}, "the role finance has no password"},
		{"10.0.0.1:5439", config, []Role{{Name: "admin", Password: secret.New("fifteen letters")}}, "the role admin is shorter than 16 characters"},
		{"127.0.0.1:5439", nil, []Role{{Name: "admin", Password: secret.New("x")}}, ""},
		{"10.0.0.1:5439", config, with, ""},
	} {
		address, err := net.ResolveTCPAddr("tcp", c.address)
		if err != nil {
			t.Fatal(err)
		}
		got := Config{TLS: c.tls, Roles: c.roles}.Exposed(address)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.address, got, c.want)
		}
	}
}

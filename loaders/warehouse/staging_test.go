package warehouse_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"trunkline/internal/parquetcheck"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// rowsFile writes rows as the pipeline does.
func rowsFile(t *testing.T, table *schema.Table, rows ...schema.Row) pipeline.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := table.NewWriter(f, schema.WriterOptions{})
	if err := errors.Join(w.Write(rows), w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return pipeline.File{URI: path, Rows: int64(len(rows))}
}

func queues(ids ...int) []schema.Row {
	var rows []schema.Row
	for _, id := range ids {
		q := &schema.Queue{QueueID: strconv.Itoa(id), ObservedAt: time.Date(2026, 11, 1, 0, 0, id, 123000, time.UTC), IsListed: id%2 == 0}
		if id%3 > 0 {
			q.Name = new("queue ü " + strconv.Itoa(id))
			q.SlaTargetMs = new(int64(id))
			q.SlaShare = new(float64(id) / 8)
		}
		rows = append(rows, q)
	}
	return rows
}

// What is staged is what the files hold, row by row and in their order, with the place of each row.
func TestStagedRowsAreThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	first := make([]int, 3000)
	for i := range first {
		first[i] = i
	}
	files := []pipeline.File{
		rowsFile(t, schema.Queues, queues(first...)...), rowsFile(t, schema.Queues), rowsFile(t, schema.Queues, queues(7001, 7002)...),
	}
	var staged bytes.Buffer
	n, err := warehouse.WriteStaged(&staged, schema.Queues, files, "1")
	if err != nil || n != 3002 {
		t.Fatalf("%d rows, %v", n, err)
	}
	stats, err := parquetcheck.Read(bytes.NewReader(staged.Bytes()), int64(staged.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range stats.Columns {
		names = append(names, c.Name)
	}
	want := []string{warehouse.StagedFile, warehouse.StagedRow}
	for _, c := range schema.Queues.Columns {
		want = append(want, c.Name)
	}
	if diff := cmp.Diff(want, names); diff != "" || stats.Rows != 3002 {
		t.Errorf("%d rows, columns: %s", stats.Rows, diff)
	}
	if c := stats.Columns[2+3]; c.Name != "sla_share" || c.Nulls != 1000+1 {
		t.Errorf("%+v", c)
	}
	type place struct {
		File int64 `parquet:"batch_file"`
		Row  int64 `parquet:"batch_row"`
	}
	places, err := parquet.Read[place](bytes.NewReader(staged.Bytes()), int64(staged.Len()))
	if err != nil || places[0] != (place{0, 1}) || places[2999] != (place{0, 3000}) || places[3000] != (place{2, 1}) {
		t.Errorf("%v %v", places[2999:], err)
	}
	rows, err := schema.Queues.NewReader(bytes.NewReader(staged.Bytes()), int64(staged.Len()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var got []schema.Row
	for err == nil {
		var n int
		batch := make([]schema.Row, 500)
		n, err = rows.Read(batch)
		got = append(got, batch[:n]...)
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Concat(queues(first...), queues(7001, 7002)), got); diff != "" {
		t.Error(diff)
	}
	var again bytes.Buffer
	if _, err := warehouse.WriteStaged(&again, schema.Queues, files, "1"); err != nil || !bytes.Equal(staged.Bytes(), again.Bytes()) {
		t.Error("equal files do not give equal bytes:", err)
	}
}

// A column that a file lacks is NULL, one that it has in another type is refused, and so is a file that was cut.
func TestStagingKnowsOldAndDamagedFiles(t *testing.T) {
	t.Parallel()
	file := rowsFile(t, schema.Divisions, &schema.Division{DivisionID: "1"})
	var staged bytes.Buffer
	if n, err := warehouse.WriteStaged(&staged, schema.Queues, []pipeline.File{file}, "1"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	stats, err := parquetcheck.Read(bytes.NewReader(staged.Bytes()), int64(staged.Len()))
	if err != nil || stats.Columns[2].Nulls != 1 {
		t.Errorf("%+v %v", stats, err)
	}
	type other struct {
		Queue int64 `parquet:"queue_id"`
	}
	path := filepath.Join(t.TempDir(), "other.parquet")
	if err := parquet.WriteFile(path, []other{{1}}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(rowsFile(t, schema.Queues, queues(1, 2)...).URI)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.parquet")
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{path, cut, filepath.Join(t.TempDir(), "absent.parquet")} {
		if _, err := warehouse.WriteStaged(io.Discard, schema.Queues, []pipeline.File{{URI: bad}}, "1"); err == nil {
			t.Error("no error for", bad)
		}
	}
}

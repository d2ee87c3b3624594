package redshift

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"trunkline/internal/redshiftsim"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

// BenchmarkLoad counts what a batch of conversations costs on the way to Redshift: bytes in the bucket, statements, answers that are
// waited for, uploads. Seconds mean nothing on a simulator. Statements and uploads do not grow with the rows; bytes are told per
// million of them.
func BenchmarkLoad(b *testing.B) {
	const n = 5_000
	a := newAmazon(b, redshiftsim.Options{})
	c := a.config("bench")
	answers := &answerCounter{to: fmt.Sprintf("%s:%d", c.Host, c.Port)}
	c.Port = answers.listen(b)
	c.Keep = true
	l := openWith(b, c, schema.UnifiedInteractions)
	for turn := 0; b.Loop(); turn++ {
		batch := loadertest.Batch(b, fmt.Sprint("batch ", turn), conversations(b, n, turn)...)
		statements, waited, uploads := len(a.Sent()), answers.n.Load(), a.s3.count(http.MethodPut)
		planned, err := Plan(b.Context(), c, batch)
		if err != nil {
			b.Fatal(err)
		}
		got, err := l.Load(b.Context(), batch)
		if err != nil || got["unified_interactions"].Inserted+got["unified_interactions"].Updated != int64(n) {
			b.Fatalf("%+v, %v", got, err)
		}
		b.ReportMetric(float64(planned.Upload)/float64(n), "MB-uploaded/million-rows") // bytes a row
		b.ReportMetric(float64(warehouseBytes(batch))/float64(n), "MB-of-files/million-rows")
		b.ReportMetric(float64(len(a.Sent())-statements), "statements")
		b.ReportMetric(float64(answers.n.Load()-waited), "round-trips")
		b.ReportMetric(float64(a.s3.count(http.MethodPut)-uploads), "uploads")
	}
}

func warehouseBytes(b pipeline.Batch) (n int64) {
	for _, f := range b.Files {
		n += f.Bytes
	}
	return n
}

// conversations makes n rows; those of a later turn replace half of those before.
func conversations(b *testing.B, n, turn int) []schema.Row {
	b.Helper()
	t := schema.UnifiedInteractions
	rows := make([]schema.Row, n)
	for i := range rows {
		id := turn*n/2 + i
		values := make([]any, len(t.Columns))
		for j, c := range t.Columns {
			spread := (int64(id)*2654435761 + int64(j)*7919) % 1009
			switch {
			case c.Name == "conversation_id":
				values[j] = fmt.Sprintf("%08x-0000-4000-8000-%012x", id, int64(id)*2654435761)
			case c.Name == "row_hash":
				values[j] = fmt.Sprintf("%032x", turn*n+i)
			case c.Name == "observed_at":
				values[j] = time.Date(2026, 11, 20, turn, 0, 0, 0, time.UTC)
			case c.Nullable && (c.Set != schema.Transform || spread%3 == 0):
			case c.Type == schema.Text:
				values[j] = fmt.Sprint("v-", spread%50)
			case c.Type == schema.Integer:
				values[j] = spread
			case c.Type == schema.Real:
				values[j] = float64(spread) / 7
			case c.Type == schema.Boolean:
				values[j] = spread < 300
			default:
				values[j] = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(id) * time.Second)
			}
		}
		row, err := t.Fill(values)
		if err != nil {
			b.Fatal(err)
		}
		rows[i] = row
	}
	return rows
}

// answerCounter stands between a client and a server, and counts how often the server is ready for the next query: each is a round trip.
type answerCounter struct {
	to string
	n  atomic.Int64
}

func (a *answerCounter) listen(b *testing.B) (port int) {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go a.pass(client)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func (a *answerCounter) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", a.to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	from := bufio.NewReader(server)
	for {
		head, err := from.Peek(5)
		if err != nil {
			return
		}
		if head[0] == 'Z' {
			a.n.Add(1)
		}
		if _, err := io.CopyN(client, from, 1+int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
			return
		}
	}
}

package pipeline

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

type bufferWriter struct{ bytes.Buffer }

func (*bufferWriter) Close() error { return nil }
func (*bufferWriter) Abort() error { return nil }

func FuzzRecordSurvivesItsFile(f *testing.F) {
	f.Add("key", `{"a":1}`, int64(0), false)
	f.Add("k\"\\\n", "{\n \"a\": \"\\n\"\n}", int64(1), true)
	f.Add("", "<html>\n", int64(-1), false)
	f.Fuzz(func(t *testing.T, key, body string, nanos int64, gone bool) {
		in := Record{Key: key, At: time.Unix(0, nanos).UTC(), Body: json.RawMessage(body), Gone: gone}
		var file bufferWriter
		w, err := newRecordWriter(&file)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.write(in); err != nil {
			t.Fatal(err)
		}
		if _, err := w.close("file", "kind"); err != nil {
			t.Fatal(err)
		}
		chunk, err := newRecordChunk()
		if err != nil {
			t.Fatal(err)
		}
		if err := chunk.read(&file.Buffer); err != nil {
			t.Fatal(err)
		}
		if chunk.len() != 1 {
			t.Fatalf("%d lines", chunk.len())
		}
		out, err := parseRecord(chunk.line(0))
		if err != nil {
			t.Fatal(err)
		}
		if want := string(bytes.ToValidUTF8([]byte(key), []byte("\uFFFD"))); out.Key != want {
			t.Errorf("key %q became %q", want, out.Key)
		}
		if !out.At.Equal(in.At) || out.Gone != gone {
			t.Errorf("%v became %v", in, out)
		}
		if !bytes.Contains(in.Body, []byte("\n")) && len(body) > 0 && string(out.Body) != body {
			t.Errorf("body %q became %q", body, out.Body)
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(`{"key":"k","at":"2026-11-01T00:00:00Z","gone":true,"body":{}}`))
	f.Add([]byte(`{"key":"`))
	f.Fuzz(func(_ *testing.T, line []byte) {
		_, _ = parseRecord(line) // must not panic
	})
}

func TestBodiesAreKeptOnOneLine(t *testing.T) {
	for body, want := range map[string]string{
		`{"a": 1.50, "b": [null]}`:   `{"a": 1.50, "b": [null]}`, // untouched
		"{\n\t\"a\":\n1.50\n}":       `{"a":1.50}`,
		"<html>\n</html>":            `"<html>\n</html>"`,
		"":                           `null`,
		`{"a":1,"a":2}`:              `{"a":1,"a":2}`,
		"{\"a\":1,\n\"a\":\"\xff\"}": "{\"a\":1,\"a\":\"\xff\"}",
	} {
		if got := string(appendBody(nil, json.RawMessage(body))); got != want {
			t.Errorf("%q became %q, want %q", body, got, want)
		}
	}
}

package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"
)

// Records are kept as lines of JSON, compressed: {"key":…,"at":…,"gone":true,"body":…}. The envelope's members are always
// written in this order, so a reader finds the body without parsing it; `zstdcat FILE | jq .body` shows what was received.

// recordWriter writes one file of records.
type recordWriter struct {
	out   *hashingWriter
	zip   *zstd.Encoder
	line  []byte
	rows  int64
	bytes int64 // before compression
}

func newRecordWriter(w Writer) (*recordWriter, error) {
	out := newHashingWriter(w)
	zip, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("compress records: %w", err)
	}
	return &recordWriter{out: out, zip: zip}, nil
}

func (w *recordWriter) write(r Record) error {
	line := appendQuoted(append(w.line[:0], `{"key":`...), r.Key)
	line = append(line, `,"at":"`...)
	line = r.At.UTC().AppendFormat(line, time.RFC3339Nano)
	line = append(line, '"')
	if r.Gone {
		line = append(line, `,"gone":true`...)
	}
	line = append(line, `,"body":`...)
	line = appendBody(line, r.Body)
	line = append(line, '}', '\n')
	w.line = line
	w.rows++
	w.bytes += int64(len(line))
	if _, err := w.zip.Write(line); err != nil {
		return fmt.Errorf("write record %s: %w", r.Key, err)
	}
	return nil
}

// appendBody appends a body as one line. White space between tokens goes if it breaks the line; a body that is no JSON is
// kept as a JSON string.
func appendBody(line []byte, body json.RawMessage) []byte {
	if len(body) == 0 {
		return append(line, "null"...)
	}
	if bytes.IndexByte(body, '\n') < 0 {
		return append(line, body...)
	}
	v := jsontext.Value(bytes.Clone(body))
	if v.Compact(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) == nil {
		return append(line, v...)
	}
	return appendQuoted(line, string(body))
}

// appendQuoted appends a JSON string; what is no UTF-8 in it becomes U+FFFD.
func appendQuoted(line []byte, s string) []byte {
	quoted, err := jsontext.AppendQuote(line, strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		panic("pipeline: quote valid UTF-8: " + err.Error())
	}
	return quoted
}

// close completes the file and tells what it holds.
func (w *recordWriter) close(name, kind string) (File, error) {
	if err := w.zip.Close(); err != nil {
		return File{}, fmt.Errorf("write %s: %w", name, err)
	}
	if err := w.out.w.Close(); err != nil {
		return File{}, err
	}
	return File{Name: name, Kind: kind, Rows: w.rows, Bytes: w.out.n, SHA256: w.out.hash()}, nil
}

func (w *recordWriter) abort() {
	_ = w.zip.Close()
	_ = w.out.w.Abort()
}

// recordChunk is the decompressed content of one file of records. It lies in blocks of whole lines: one piece of memory that has to
// grow would be there twice whenever it does.
type recordChunk struct {
	blocks [][]byte
	lines  [][]byte // in the blocks, without their ends
	unzip  *zstd.Decoder
}

func newRecordChunk() (*recordChunk, error) {
	unzip, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, fmt.Errorf("decompress records: %w", err)
	}
	return &recordChunk{unzip: unzip}, nil
}

// read loads a file, replacing what the chunk held.
func (c *recordChunk) read(r io.Reader) error {
	if err := c.unzip.Reset(r); err != nil {
		return err
	}
	c.lines = c.lines[:0]
	var begun []byte // of a line
	for i := 0; ; i++ {
		block := c.block(i, 2*len(begun))
		n := copy(block, begun)
		var err error
		for n < len(block) && err == nil {
			var read int
			read, err = c.unzip.Read(block[n:])
			n += read
		}
		begun = c.split(block[:n])
		switch {
		case err == nil: // the block is full
		case !errors.Is(err, io.EOF):
			return err
		case len(begun) > 0:
			return io.ErrUnexpectedEOF
		default:
			return nil
		}
	}
}

// block gives the block of a number, of at least so many bytes.
func (c *recordChunk) block(i, size int) []byte {
	const usual = 1 << 20
	if i == len(c.blocks) {
		c.blocks = append(c.blocks, nil)
	}
	if len(c.blocks[i]) < max(size, usual) {
		c.blocks[i] = make([]byte, max(size, usual))
	}
	return c.blocks[i]
}

// split adds the lines of a text and gives what is behind them.
func (c *recordChunk) split(text []byte) (rest []byte) {
	for {
		n := bytes.IndexByte(text, '\n')
		if n < 0 {
			return text
		}
		c.lines = append(c.lines, text[:n])
		text = text[n+1:]
	}
}

func (c *recordChunk) len() int { return len(c.lines) }

func (c *recordChunk) line(i int) []byte { return c.lines[i] }

// parseRecord reads a line as write made it. The record's body is part of the line.
func parseRecord(line []byte) (Record, error) {
	var r Record
	rest, ok := bytes.CutPrefix(line, []byte(`{"key":`))
	if !ok {
		return r, errBadEnvelope
	}
	n := quotedLen(rest)
	if n < 0 {
		return r, errBadEnvelope
	}
	key, err := jsontext.AppendUnquote(nil, rest[:n])
	if err != nil {
		return r, errBadEnvelope
	}
	r.Key = string(key)
	rest, ok = bytes.CutPrefix(rest[n:], []byte(`,"at":"`))
	if !ok {
		return r, errBadEnvelope
	}
	n = bytes.IndexByte(rest, '"')
	if n < 0 {
		return r, errBadEnvelope
	}
	if r.At, err = time.Parse(time.RFC3339Nano, string(rest[:n])); err != nil {
		return r, errBadEnvelope
	}
	rest = rest[n+1:]
	if after, gone := bytes.CutPrefix(rest, []byte(`,"gone":true`)); gone {
		r.Gone, rest = true, after
	}
	rest, ok = bytes.CutPrefix(rest, []byte(`,"body":`))
	if !ok || len(rest) < 2 || rest[len(rest)-1] != '}' {
		return r, errBadEnvelope
	}
	r.Body = json.RawMessage(rest[:len(rest)-1])
	return r, nil
}

var errBadEnvelope = fmt.Errorf("not a kept record: its line is not {key, at, gone, body}")

// quotedLen gives the length of the JSON string at the beginning of b, quotes included; -1 if there is none.
func quotedLen(b []byte) int {
	if len(b) == 0 || b[0] != '"' {
		return -1
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// hashingWriter counts and hashes what goes through it.
type hashingWriter struct {
	w   Writer
	sum hash.Hash
	n   int64
}

func newHashingWriter(w Writer) *hashingWriter { return &hashingWriter{w: w, sum: sha256.New()} }

func (h *hashingWriter) Write(p []byte) (int, error) {
	n, err := h.w.Write(p)
	h.sum.Write(p[:n])
	h.n += int64(n)
	return n, err
}

func (h *hashingWriter) hash() string { return hex.EncodeToString(h.sum.Sum(nil)) }

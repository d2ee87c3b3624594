package genesys

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"trunkline/pipeline"
)

// shape says where a page keeps its items, and where those keep their identity.
type shape struct{ list, key, at string }

// page is one answer, cut into its items. The bodies of the records are parts of the answer itself, not copies.
type page struct {
	records []pipeline.Record
	texts   map[string]string // the page's own members that are texts: cursor, dataAvailabilityDate, nextUri …
}

// read cuts an answer. An error says that the answer is not whole.
func (p *page) read(body []byte, s shape) error {
	*p = page{texts: map[string]string{}}
	d := jsontext.NewDecoder(bytes.NewBuffer(body), lenient)
	if err := expect(d, jsontext.KindBeginObject); err != nil {
		return err
	}
	for d.PeekKind() == jsontext.KindString {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		if err := p.member(d, name.String(), body, s); err != nil {
			return err
		}
	}
	if err := expect(d, jsontext.KindEndObject); err != nil {
		return err
	}
	if _, err := d.ReadToken(); err != io.EOF { //nolint:errorlint // the decoder gives it bare
		return fmt.Errorf("something follows the answer")
	}
	return nil
}

// member takes one member of the answer: the list, a text, or something to pass over.
func (p *page) member(d *jsontext.Decoder, name string, body []byte, s shape) error {
	switch kind := d.PeekKind(); {
	case name == s.list && kind == jsontext.KindBeginArray:
		return p.items(d, body, s)
	case kind == jsontext.KindString:
		text, err := d.ReadToken()
		if err == nil {
			p.texts[name] = text.String()
		}
		return err
	default:
		return d.SkipValue()
	}
}

func (p *page) items(d *jsontext.Decoder, body []byte, s shape) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	inner := jsontext.NewDecoder(new(bytes.Buffer), lenient)
	for d.PeekKind() != jsontext.KindEndArray {
		v, err := d.ReadValue()
		if err != nil {
			return err
		}
		end := int(d.InputOffset())
		p.records = append(p.records, identify(inner, body[end-len(v):end:end], s))
	}
	_, err := d.ReadToken()
	return err
}

func expect(d *jsontext.Decoder, kind jsontext.Kind) error {
	t, err := d.ReadToken()
	if err == nil && t.Kind() != kind {
		err = fmt.Errorf("%s in place of %s", t.Kind(), kind)
	}
	return err
}

// dateForm is how the service writes times: some of its months and days have one digit.
const dateForm = "2006-1-2T15:04:05Z07:00"

// identify makes a record of an item, which may be anything: what has no id is known by its hash.
func identify(d *jsontext.Decoder, item []byte, s shape) pipeline.Record {
	texts := find(d, item, s.key, s.at)
	r := pipeline.Record{Key: texts[0], Body: item}
	if r.Key == "" {
		sum := sha256.Sum256(item)
		r.Key = "sha256:" + hex.EncodeToString(sum[:])
	}
	r.At, _ = time.Parse(dateForm, texts[1]) // a date that cannot be read is the transform's to judge
	r.At = r.At.UTC()
	return r
}

// find gives the texts of two members of an object, looking no further than it must. Members that are absent, or no texts, are
// empty. A name that comes twice counts where it comes first.
func find(d *jsontext.Decoder, object []byte, names ...string) []string {
	found, left := make([]string, len(names)), len(names)
	d.Reset(bytes.NewBuffer(object), lenient)
	if d.PeekKind() != jsontext.KindBeginObject {
		return found
	}
	_, _ = d.ReadToken() // the item was read once already: its syntax is sound
	for left > 0 && d.PeekKind() == jsontext.KindString {
		name, _ := d.ReadToken()
		i := indexOf(names, name.String())
		if i < 0 || d.PeekKind() != jsontext.KindString || found[i] != "" {
			if d.SkipValue() != nil {
				return found
			}
			continue
		}
		text, _ := d.ReadToken()
		found[i] = text.String()
		left--
	}
	return found
}

// indexOf finds a name that is not empty.
func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name && n != "" {
			return i
		}
	}
	return -1
}

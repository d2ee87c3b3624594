package genesysapi

import (
	"bufio"
	"net/http"
)

// page streams {"conversations":[…],…}: one conversation is in memory at a time, and without any the member is absent.
type page struct {
	out  *bufio.Writer
	item []byte
	n    int
	err  error
}

func newPage(w http.ResponseWriter) *page {
	w.Header().Set("Content-Type", "application/json")
	p := &page{out: bufio.NewWriterSize(w, 64<<10), item: make([]byte, 0, typicalSize)}
	p.write("{")
	return p
}

func (p *page) write(s string) {
	if p.err == nil {
		_, p.err = p.out.WriteString(s)
	}
}

// add appends a conversation and tells whether somebody is still listening.
func (p *page) add(render func([]byte) []byte) bool {
	if p.n == 0 {
		p.write(`"conversations":[`)
	} else {
		p.write(",")
	}
	p.n++
	p.item = render(p.item[:0])
	if p.err == nil {
		_, p.err = p.out.Write(p.item)
	}
	return p.err == nil
}

// close ends the page with the other members. A caller who hung up gets no other answer: it is too late for one.
func (p *page) close(members string) error {
	if p.n > 0 {
		p.write("]")
		if members != "" {
			p.write(",")
		}
	}
	p.write(members + "}")
	if p.err == nil {
		p.err = p.out.Flush()
	}
	return nil
}

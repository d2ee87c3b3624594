package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"trunkline/pipeline"
)

// Probe is one thing that was tried before a run, and what came of it.
type Probe struct {
	Name   string
	Err    error
	Detail string // where there is no error
}

const probeName = ".doctor"

// Check tries what runs do in the bucket: list, write, read, and write on a condition, without which there is no lock. It leaves a small
// object, .doctor.
func (s *Store) Check(ctx context.Context) []Probe {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	where := s.bucket.URI("")
	if _, err := s.bucket.List(ctx, ""); err != nil {
		return []Probe{{Name: "list " + where, Err: err}}
	}
	probes := []Probe{{Name: "list " + where, Detail: "allowed"}}
	text := []byte("trunkline doctor\n")
	content := func() *io.SectionReader { return io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text))) }
	if _, err := s.bucket.Put(ctx, probeName, content(), Condition{}); err != nil {
		return append(probes, Probe{Name: "write", Err: err})
	}
	probes = append(probes, Probe{Name: "write", Detail: "allowed"})
	read := Probe{Name: "read", Detail: "allowed"}
	o, err := s.bucket.Get(ctx, probeName, "")
	if err == nil {
		var got []byte
		got, err = io.ReadAll(io.LimitReader(o.Body, 1<<16))
		err = errors.Join(err, o.Body.Close())
		if err == nil && !bytes.Equal(got, text) {
			err = fmt.Errorf("%s holds something else than was written", s.bucket.URI(probeName))
		}
	}
	read.Err = err
	return append(probes, read, s.checkCondition(ctx, content))
}

// checkCondition tries whether the service refuses to write over what is there when it is told to.
func (s *Store) checkCondition(ctx context.Context, content func() *io.SectionReader) Probe {
	p := Probe{Name: "lock", Detail: "writes on a condition are honoured"}
	for _, over := range []Condition{{Nothing: true}, {Version: `"00000000000000000000000000000000"`}} {
		_, err := s.bucket.Put(ctx, probeName, content(), over)
		switch {
		case errors.Is(err, ErrConflict):
		case err != nil:
			p.Err = err
			return p
		default:
			p.Err = &pipeline.Error{
				Code: "TL2003", Kind: pipeline.Misuse, What: "write to " + s.bucket.URI(probeName) + " on a condition that does not hold: it was written",
				Cure: "This service ignores conditions, so two runs could be at work at once: use one that honours If-Match and If-None-Match",
			}
			return p
		}
	}
	return p
}

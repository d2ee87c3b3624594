package trusst

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Probe is one thing that was tried before a run, and what came of it.
type Probe struct {
	Name   string
	Err    error
	Detail string // where there is no error
}

// lagTolerance is how far a replica may be behind before a person should know: runs are then older than they look.
const lagTolerance = 15 * time.Minute

// Check connects, and looks at whether it can only read, at the tables, and at how far the server has come. Each is tried once: who
// asks wants to know what is wrong now.
func Check(ctx context.Context, c Config) []Probe {
	x, err := New(c)
	if err != nil {
		return []Probe{{Name: "configuration", Err: err}}
	}
	x.tries = 1
	s, err := x.connect(ctx)
	if err != nil {
		return []Probe{{Name: "connection", Err: err}}
	}
	defer s.close()
	how := "opens, certificate verified"
	if s.conn.Config().TLSConfig == nil {
		how = "opens, without TLS"
	}
	probes := []Probe{{Name: "connection", Detail: how}}
	for _, p := range []struct {
		name string
		look func(context.Context, *session) (string, error)
	}{{"session", x.lookReadOnly}, {"tables", x.lookTables}, {"position", x.lookPosition}} {
		detail, err := p.look(ctx, s)
		probes = append(probes, Probe{p.name, err, detail})
	}
	return probes
}

func (x *Extractor) lookReadOnly(ctx context.Context, s *session) (string, error) {
	found, err := query(ctx, s, ask{"ask whether the session can write", "show transaction_read_only", nil}, pgx.RowTo[string])
	if err == nil && (len(found) != 1 || found[0] != "on") {
		err = errors.New("trusst: the session is not read-only")
	}
	return "can only read", err
}

func (x *Extractor) lookTables(ctx context.Context, s *session) (string, error) {
	if err := x.checkColumns(ctx, s); err != nil {
		return "", err
	}
	found, err := columns(ctx, s)
	if _, added := compare(found); len(added) > 0 {
		return "as expected; not read: " + strings.Join(added, ", "), err
	}
	return "as expected", err
}

func (x *Extractor) lookPosition(ctx context.Context, s *session) (string, error) {
	p, err := askPosition(ctx, s)
	if err != nil {
		return "", err
	}
	switch at := p.at(); {
	case !p.standby:
		return "a primary: a replica would do", nil
	case at.IsZero():
		return "a replica that does not tell how far it is", nil
	case p.now.Sub(at) > lagTolerance:
		return "a replica with nothing newer than " + at.UTC().Format(time.RFC3339) + ": it is behind, or nothing happens; " +
			"what it does not have yet is read when it has it", nil
	default:
		return fmt.Sprintf("a replica, at most %s behind", p.now.Sub(at).Round(time.Second)), nil
	}
}

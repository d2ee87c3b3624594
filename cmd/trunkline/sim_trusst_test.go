package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim/scenario"
)

// A PostgreSQL that sim keeps moves on with the centre's clock, and is left as it was last.
func TestSimKeepsAPostgreSQLAsTheWorldIs(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{})
	file := filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(file, []byte(server.DSN("postgres", "postgres")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := scenario.Default()
	c.PerDay, c.Days = 60, 5
	f := simTrusst{dsn: "${file:" + file + "}", analyses: scenario.Trusst{Analysed: 0.6, OnPremise: 5}}
	var err error
	if c.Trusst, err = f.complete(); err != nil {
		t.Fatal(err)
	}
	w := scenario.New(c)
	var days atomic.Int64
	now := func() time.Time { return c.Start.AddDate(0, 0, int(days.Load())).Add(150 * time.Minute) }
	holds := func(want int) error {
		conn, err := pgx.Connect(t.Context(), server.DSN("postgres", "postgres"))
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(context.Background()) }()
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			var got int
			if err := conn.QueryRow(t.Context(), "select count(*) from inferences").Scan(&got); err != nil || got == want {
				return err
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%d inferences, want %d", got, want)
			}
		}
	}
	for _, day := range []int64{2, 4} { // opened a second time the tables are its own
		days.Store(day)
		err := f.while(t.Context(), w, now, func(_ context.Context, section string) error {
			if !strings.Contains(section, `password: "${TRUSST_PASSWORD}", tls: false`) || !strings.Contains(section, server.Socket) {
				t.Errorf("the configuration is %s", section)
			}
			if err := holds(len(w.Trusst(now()).Inferences)); err != nil {
				return err
			}
			days.Add(1)
			return holds(len(w.Trusst(now()).Inferences))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if last := len(w.Trusst(now()).Inferences); last == 0 || holds(last) != nil {
		t.Errorf("the tables do not stay with their %d inferences", last)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"

	"trunkline/internal/sim/scenario"
	"trunkline/internal/sim/trusstdb"
)

// demoTrusst says what Trusst analyses in the demo's world. There are no calls of other centres in it: one that comes and
// vanishes within the nine days that the demo reads at once is known to the ledger alone.
func demoTrusst() scenario.Trusst { return scenario.Trusst{Analysed: 0.5} }

// answering serves the world's Trusst, for as long as do takes, on a free port of this machine: it speaks PostgreSQL's protocol,
// and needs no PostgreSQL.
func (d *demo) answering(ctx context.Context, do func(context.Context) error) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve Trusst: %w", err)
	}
	server, err := trusstdb.NewServer(ctx, d.centre.World(), d.clock.Now)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	d.trusst = l.Addr().(*net.TCPAddr).Port
	var group errgroup.Group
	group.Go(func() error { return server.Serve(l) })
	err = do(ctx)
	return errors.Join(err, server.Close(), group.Wait())
}

package main

import (
	"context"
	"net"

	"trunkline/internal/sim/scenario"
)

// demoTrusst says what Trusst analyses in the demo's world. There are no calls of other centres in it: one that comes and
// vanishes within the nine days that the demo reads at once is known to the ledger alone.
func demoTrusst() scenario.Trusst { return scenario.Trusst{Analysed: 0.5} }

// answering serves the world's Trusst, for as long as do takes, on a free port of this machine.
func (d *demo) answering(ctx context.Context, do func(context.Context) error) error {
	return answering(ctx, "127.0.0.1:0", d.centre.World(), d.clock.Now, func(ctx context.Context, at *net.TCPAddr) error {
		d.trusst = at.Port
		return do(ctx)
	})
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// The demo's centre is in New York, whatever time it is here.
const (
	demoZone   = "America/New_York"
	demoDays   = 11 // before the nights, the first read alone, the others by one run: together two weeks, which what_changed compares
	demoNights = 3
	demoLag    = 30 * time.Minute
	demoRepeat = 1 // days
)

// demo is a simulated centre, two weeks of it, and where they go.
type demo struct {
	app    *app
	dir    string
	clock  *sim.Clock
	trusst int // port
	centre *sim.Centre
	first  Date
	loc    *time.Location
	config *Config
	began  time.Time
}

// newDemo is the command that shows everything without a credential.
func newDemo(a *app) *cobra.Command {
	var dir string
	var once bool
	perDay, seed := 400, uint64(1)
	cmd := &cobra.Command{
		Use: "demo", Short: "See it all in a minute: a simulated centre, two weeks, a database to ask", Args: noArgs,
		Long: `Open a simulated contact centre in this process, read its last days into a database, run three nights more, and tell what
came of it. Needs no credential and no network, and changes nothing outside its folder. On a terminal it then shows the figures as a
page, until Ctrl-C.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.runDemo(cmd.Context(), dir, perDay, seed); err != nil {
				return err
			}
			return a.showDemo(cmd.Context(), !once && a.isTerminal(a.stdout))
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "trunkline-demo", "`folder` to work in; a demo's own folder is begun anew")
	cmd.Flags().IntVar(&perDay, "per-day", perDay, "conversations a day")
	cmd.Flags().BoolVar(&once, "no-serve", false, "end without showing the page")
	cmd.Flags().Uint64Var(&seed, "seed", seed, "equal seeds make equal centres")
	return cmd
}

func (a *app) runDemo(ctx context.Context, dir string, perDay int, seed uint64) error {
	if perDay < 1 {
		return misuse("", "--per-day: at least one conversation is needed, not %d", perDay)
	}
	if err := clearDemo(dir); err != nil {
		return err
	}
	loc, err := time.LoadLocation(demoZone)
	if err != nil {
		return fmt.Errorf("begin the demo: %w", err)
	}
	d := &demo{app: a, dir: dir, loc: loc, began: time.Now()}
	d.first = lastComplete(a.now(), loc).Add(1 - demoDays - demoNights)
	d.clock = sim.NewClock(d.first.Start(loc), 1)
	world := scenario.Default()
	world.Accounts, world.RepeatDays = 3*perDay, demoRepeat // so that some customers call again, and most do not
	world.Seed, world.PerDay, world.Days = seed, perDay, demoDays+demoNights+1
	world.Location, world.Start = loc, d.first.Start(loc)
	world.Shares.Broken = 0.002 // some records that no reader can take
	world.Release = scenario.Release{
		Product: "Portal", Name: "4.2", Day: demoDays - 2, Tier: "Enterprise", Queues: world.Queues, Before: 0.12, After: 0.40,
	}
	world.Trusst = demoTrusst()
	d.centre, err = sim.New(sim.Config{Scenario: world, Lag: demoLag, JobDelay: 50 * time.Millisecond, Now: d.clock.Now})
	if err != nil {
		return err
	}
	return serving(ctx, "127.0.0.1:0", d.centre.Handler(), func(ctx context.Context, url string) error {
		return d.answering(ctx, func(ctx context.Context) error { return d.nights(ctx, url) })
	})
}

// showDemo shows the page of the demo's figures to a person who watches, until he stops it; anybody else is told how.
func (a *app) showDemo(ctx context.Context, watched bool) error {
	a.heading("The page")
	if !watched {
		a.print("  %s   shows it at http://%s/\n", a.verbatim("serve"), pageAddr)
		return nil
	}
	a.print("  Ctrl-C ends it; later: %s\n  ", a.verbatim("serve"))
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", pageAddr)
	if err != nil { // somebody else's page is there
		l, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return fmt.Errorf("show the demo: %w", err)
	}
	return a.serveOn(ctx, l, pageFlags{})
}

// demoMark begins the configuration of a demo: only a folder with it is begun anew.
const demoMark = "# Written by trunkline demo; the centre it names closed when the demo ended.\n"

// clearDemo makes a folder ready: what an earlier demo left in it goes, anything else is a reason to stop.
func clearDemo(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "trunkline.yaml"))
	ours := err == nil && strings.HasPrefix(string(text), demoMark)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("begin the demo: %w", err)
	}
	if len(entries) > 0 && !ours {
		return &pipeline.Error{
			Code: "TL1006", Kind: pipeline.Misuse, What: "write to " + dir + ", which is not a demo's folder", Err: fs.ErrExist,
			Cure: "Nothing was written. Choose another folder with --dir",
		}
	}
	for _, name := range []string{"runs", "warehouse.duckdb", "warehouse.duckdb.wal", "published.duckdb"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("begin the demo: %w", err)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("begin the demo: %w", err)
	}
	return nil
}

// configure writes the configuration that a user of this centre would have, and reads it.
func (d *demo) configure(url string) error {
	text := demoMark + fmt.Sprintf(`version: 1
organisation: {time_zone: %s}
store: {path: runs}
genesys: {base_url: %q, client_id: trunkline, client_secret: simulated, requests_per_minute: 100000}
salesforce: {login_url: %q, client_id: trunkline, client_secret: simulated}
trusst: {host: 127.0.0.1, port: %d, database: trusst, user: trunkline, password: simulated, tls: false, pivot_keys: [agent_identified, quality_score]}
releases: {file: releases.csv}
kpis: {repeat_days: %d}
warehouse: {duckdb: {path: warehouse.duckdb, published: published.duckdb, memory_limit: 512MB}}
`, demoZone, url, url, d.trusst, demoRepeat)
	if err := replaceFile(filepath.Join(d.dir, "releases.csv"), d.centre.World().Releases()); err != nil {
		return err
	}
	file := filepath.Join(d.dir, "trunkline.yaml")
	if err := replaceFile(file, []byte(text)); err != nil {
		return err
	}
	d.app.flags.config = file
	c, err := d.app.complete()
	d.config = c
	return err
}

// windows gives what each run reads. The first day comes alone, so that the names of what is deleted later are known.
func (d *demo) windows() []pipeline.Window {
	begin := dayWindow(d.first, d.loc)
	all := []pipeline.Window{begin, {From: begin.To, To: d.first.Add(demoDays).Start(d.loc).UTC()}}
	for n := range demoNights {
		all = append(all, dayWindow(d.first.Add(demoDays+n), d.loc))
	}
	return all
}

// nights reads the days before, then runs the nights, each at half past two on the day after, and tells what came of them.
func (d *demo) nights(ctx context.Context, url string) error {
	if err := d.configure(url); err != nil {
		return err
	}
	display := d.app.newDisplay()
	defer display.close()
	display.calm(d.app)
	e := engine{
		store: pipeline.NewLocalStore(d.config.abs(d.config.Store.Path)), display: display, now: d.clock.Now,
		rejectLimit: d.config.Rejects.Limit,
	}
	var story demoStory
	var before interactions
	for n, window := range d.windows() {
		d.clock.Set(window.To.In(d.loc).Add(150 * time.Minute))
		var err error
		if e.flow, err = d.config.flow(false); err != nil { // anew: clients know the centre's clock, which has jumped
			return err
		}
		o, err := e.do(ctx, window, func(pipeline.Step) bool { return true })
		if err != nil {
			return err
		}
		now, err := readInteractions(ctx, duckdbConfig(d.config))
		if err != nil {
			return err
		}
		story.nights = append(story.nights, o)
		if n > 0 {
			story.changes = append(story.changes, now.since(before))
		}
		before = now
	}
	display.close()
	return story.tell(ctx, d)
}

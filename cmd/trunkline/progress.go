package main

import (
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"trunkline/pipeline"
)

// display shows how far a run is: bars on a terminal, elsewhere one line a step every ten seconds, nothing when quiet.
// Logs are written through it, so that they do not tear the bars. Who watches bars, and gets a table at the end, is not told
// of each finished step a third time.
type display struct {
	mu   sync.Mutex
	bars *mpb.Progress // nil: no terminal
	bar  map[string]*mpb.Bar
	log  *slog.Logger
	now  func() time.Time
	last map[string]time.Time
	mute bool
}

// lineEvery is how often a step that takes long says so where there is no terminal.
const lineEvery = 10 * time.Second

// newDisplay begins a display; it must be closed. The app's logger writes through it until then.
func (a *app) newDisplay() *display {
	d := &display{now: a.now, last: map[string]time.Time{}, bar: map[string]*mpb.Bar{}, mute: a.flags.quiet, log: a.log}
	if !a.flags.quiet && a.flags.logFormat == "auto" && a.isTerminal(a.stderr) {
		d.bars = mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(30), mpb.WithAutoRefresh())
		d.log = a.calmLogger(d.bars)
	}
	return d
}

// calm keeps finished steps out of the log, for a command that tells of them itself.
func (d *display) calm(a *app) {
	if d.bars == nil {
		d.log = a.calmLogger(a.stderr)
	}
}

// calmLogger makes a logger without a line for each finished step, unless the user wants to see more.
func (a *app) calmLogger(w io.Writer) *slog.Logger {
	calm := *a
	calm.flags.quiet = !a.flags.verbose
	return calm.logger(w)
}

// show takes in a progress.
func (d *display) show(p pipeline.Progress) {
	if d.mute {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bars != nil {
		d.draw(p)
		return
	}
	since, begun := d.last[p.Step]
	switch {
	case p.Ended:
		delete(d.last, p.Step)
	case !begun:
		d.last[p.Step] = d.now()
	case d.now().Sub(since) >= lineEvery:
		d.last[p.Step] = d.now()
		d.log.Info("working", "step", p.Step, p.Unit, p.Done)
	}
}

func (d *display) draw(p pipeline.Progress) {
	bar := d.bar[p.Step]
	if bar == nil && p.Ended {
		return
	}
	if bar == nil {
		bar = d.bars.New(p.Total, barStyle(p.Total), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(p.Step, decor.WC{W: 34, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.CurrentNoUnit("%d "+p.Unit)))
		d.bar[p.Step] = bar
	}
	if p.Ended {
		bar.SetTotal(-1, true)
		delete(d.bar, p.Step)
		return
	}
	bar.SetTotal(p.Total, false)
	bar.SetCurrent(p.Done)
}

// barStyle is a bar where the end is known, and a sign of life where it is not.
func barStyle(total int64) mpb.BarFillerBuilder {
	if total > 0 {
		return mpb.BarStyle().Lbound("▕").Rbound("▏").Filler("█").Tip("█").Padding("░")
	}
	return mpb.SpinnerStyle().PositionLeft()
}

// close removes what is still shown. A second time does nothing.
func (d *display) close() {
	if d.bars == nil {
		return
	}
	defer func() { d.bars = nil }()
	d.mu.Lock()
	for _, bar := range d.bar {
		bar.Abort(true)
	}
	d.mu.Unlock()
	d.bars.Wait()
}

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"trunkline/internal/sim"
	"trunkline/pipeline"
)

// A day in the middle of a run of several days is a day of that run.
func TestADayOfARunOfSeveralDays(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, 40, 3, func(c *sim.Config) { c.Scenario.Shares.Broken = 0.2 })
	s.goTo(2)
	w := pipeline.Window{From: s.window(0).From, To: s.window(2).To}
	run, err := pipeline.NewRun(s.flow(), s.store(), w, pipeline.Options{Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	transformed := func(step pipeline.Step) bool {
		return step.Stage == pipeline.StageExtract || step.Stage == pipeline.StageTransform
	}
	if err := run.DoAll(context.Background(), transformed, func(pipeline.Step, pipeline.Result) {}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		exit int
		want string
	}{
		{"runs " + s.date(1), exitOK, run.ID()},
		{"runs " + s.date(2), exitOK, run.ID()},
		{"rejects list " + s.date(1), exitOK, "genesys  conversations"},
		{"runs " + s.date(3), exitMisuse, "there is no run of business day " + s.date(3)},
		{"rejects list " + s.date(-1), exitMisuse, "there is no run of business day " + s.date(-1)},
	} {
		var out bytes.Buffer
		a := newApp(&out, &out)
		a.now = s.now
		if exit := a.run(t.Context(), append(strings.Fields(c.args), "--config", s.config())); exit != c.exit || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit %d, no %q in\n%s", c.args, exit, c.want, &out)
		}
	}
}

package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sim"
)

// The check of how much a night brought is about the night's own day, and a night with less than half of the days before it is told.
func TestAThinNightFailsTheCheckOfVolume(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, 150, 2, func(c *sim.Config) { c.Scenario.Growth = -0.7 }) // 150 conversations, then 45
	f := s.flow()
	s.night(f, 0, false)
	s.night(f, 1, false)
	db := s.open(t)
	defer func() { _ = db.Close() }()
	var got []string
	for _, c := range query(t, db, "select scope, status, observed > threshold as thin from etl_checks where check_id = 'volume' order by run_id") {
		got = append(got, fmt.Sprintf("%v: %v %v", c["scope"], c["status"], c["thin"]))
	}
	if diff := cmp.Diff([]string{s.date(0) + ": pass <nil>", s.date(1) + ": fail true"}, got); diff != "" {
		t.Error(diff)
	}
}

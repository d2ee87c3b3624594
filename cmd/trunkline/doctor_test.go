package main

import (
	"testing"

	"trunkline/pipeline"
)

func TestDiagnosisIsThatOfTheWorst(t *testing.T) {
	ill := func(kind pipeline.Kind) finding { return finding{kind: kind} }
	for _, c := range []struct {
		findings []finding
		want     int
	}{
		{[]finding{{OK: true}}, exitOK},
		{[]finding{{OK: true}, ill(pipeline.Upstream)}, exitUpstream},
		{[]finding{ill(pipeline.Upstream), ill(pipeline.Denied)}, exitDenied},
		{[]finding{ill(pipeline.Denied), ill(pipeline.Misuse), ill(pipeline.Upstream)}, exitMisuse},
		{[]finding{ill(pipeline.Failure), ill(pipeline.Upstream)}, exitFailure},
	} {
		if got := exitCode(diagnosis(c.findings)); got != c.want {
			t.Errorf("%+v: exit code %d, want %d", c.findings, got, c.want)
		}
	}
}

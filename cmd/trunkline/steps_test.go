package main

import (
	"bytes"
	"testing"
)

// TestGraphOfDagsIsFresh: the graph and the exit codes that Airflow's DAGs are made of are those of this program, with every
// source that it has; -update writes them.
func TestGraphOfDagsIsFresh(t *testing.T) {
	const config = "testdata/every_source.yaml"
	c, err := loadConfig(config, vars())
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range extractors() {
		if !source.configured(c) {
			t.Errorf("add a section %s to %s: the DAGs have no task for it", source.name, config)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-c", config, "steps", "-o", "json"}, &stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	golden(t, "../../dags/trunkline_airflow/steps.json", stdout.String())
}

package main

import (
	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// newStages are the commands that do one stage each. The same day gives the same run, which joins them.
func newStages(a *app) []*cobra.Command {
	short := map[string]string{
		pipeline.StageExtract:   "Read the sources into the run's folder",
		pipeline.StageTransform: "Make typed rows of what was read",
		pipeline.StageLoad:      "Merge the rows into the warehouse",
		pipeline.StageAudit:     "Question the tables; a closed gate exits 7",
		pipeline.StagePublish:   "Make tables and views visible",
	}
	var cmds []*cobra.Command
	for _, stage := range pipeline.Stages() {
		cmds = append(cmds, newStepCommand(a, &cobra.Command{Use: stage, Short: short[stage]},
			func(s pipeline.Step) bool { return s.Stage == stage }))
	}
	return cmds
}

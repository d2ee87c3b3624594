package main

import (
	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// newRun is the command that does all steps of one or more business days.
func newRun(a *app) *cobra.Command {
	return newStepCommand(a, &cobra.Command{
		Use:   "run",
		Short: "Do all steps of a business day: extract, transform, load, audit, publish",
		Long: `Do all steps of a business day: extract, transform, load, audit, publish.

Without --date or --from the last business day that has ended is done. What is done already is not done again, so the same
command may be repeated at any time; stopped in the middle, it goes on where it was.`,
		Example: `  trunkline run
  trunkline run --date 2026-11-19
  trunkline run --from 2026-11-01 --to 2026-11-19
  trunkline run --as-of 2026-11-20T02:30:00+01:00 --result-file result.json`,
	}, func(pipeline.Step) bool { return true })
}

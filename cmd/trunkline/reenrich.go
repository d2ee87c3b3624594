package main

import (
	"slices"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// newReenrich is the command that lets rows follow the CRM further back than each night does.
func newReenrich(a *app) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "reenrich",
		Short: "Let earlier rows follow the CRM again, and publish them",
		Long: `Let earlier rows follow the CRM again: those of accounts that have changed since get today's tier, owner, counts and the rest;
then audit and publish.

Every night does so for the 30 days before it. Here --since says how far back, counted from the business day whose run it is done in
(the last one that has ended, unless --date or --as-of says otherwise); that run must have been loaded.`,
		Example: `  trunkline reenrich --since 30d
  trunkline reenrich --since 400d`,
		Args: noArgs,
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.config()
		if err != nil {
			return err
		}
		if c.Salesforce == nil {
			return misuse("Add a salesforce section to the configuration", "there is no CRM that rows could follow")
		}
		f.again = true
		steps := []string{pipeline.ReenrichStep, pipeline.StageAudit, pipeline.StagePublish}
		return a.doSteps(cmd.Context(), f, func(s pipeline.Step) bool { return slices.Contains(steps, s.Name) })
	}
	cmd.Flags().StringVar(&f.date, "date", "", "the business day in whose run it is done, `YYYY-MM-DD`")
	cmd.Flags().TextVar(&f.since, "since", Duration(followsCRM), "how much older than the day rows may be, a `span` such as 30d")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "in place of --date the last business day that had ended at a `time`; for schedulers")
	f.registerScheduling(cmd.Flags())
	a.outputFlag(cmd, "text", "json")
	return cmd
}

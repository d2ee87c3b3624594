package main

import (
	"strings"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// newSteps is the command that prints the graph of steps.
func newSteps(a *app) *cobra.Command {
	var sources []string
	cmd := &cobra.Command{
		Use: "steps", Short: "Print the steps of a run and what each needs", Args: noArgs,
		Long: `Print the steps of a run and what each needs. A scheduler makes one task of each: trunkline do STEP --as-of TIME.
With -o json also what a scheduler does about each exit code.`,
		RunE: func(*cobra.Command, []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			f, err := c.flow(false)
			if err != nil {
				return err
			}
			steps, err := within(f, sources)
			if err != nil {
				return err
			}
			if a.flags.output == "json" {
				return writeJSON(a.stdout, struct {
					Flow  string          `json:"flow"`
					Steps []pipeline.Step `json:"steps"`
					Exits []exit          `json:"exits"`
				}{flowNightly, steps, exitTable()})
			}
			g := grid{columns: []string{"step", "needs"}}
			for _, s := range steps {
				g.add(s.Name, strings.Join(s.Needs, " "))
			}
			return g.writeTable(a.stdout)
		},
	}
	cmd.Flags().StringSliceVar(&sources, "sources", nil, "only steps of these sources, for example `genesys`")
	a.outputFlag(cmd, "table", "json")
	return cmd
}

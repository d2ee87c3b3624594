package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// newDo is the command that does one step: what a scheduler's task runs.
func newDo(a *app) *cobra.Command {
	f := runFlags{wait: 30 * time.Minute} // a scheduler may start steps at once that do not need each other
	cmd := &cobra.Command{
		Use: "do STEP", Short: "Do one step of a run (for schedulers; see steps)", Hidden: true,
		Args: oneArg("a step of: trunkline steps"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			steps, err := c.steps(f.intraday)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(steps, func(s pipeline.Step) bool { return s.Name == args[0] }) {
				return &pipeline.Error{
					Code: "TL1012", Kind: pipeline.Misuse, Cure: "trunkline steps lists them",
					What: fmt.Sprintf("there is no step %q%s", args[0], suggestion(args[0], names(steps))),
				}
			}
			return a.doSteps(cmd.Context(), f, func(s pipeline.Step) bool { return s.Name == args[0] })
		},
	}
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		c, err := a.config()
		if err != nil || len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		steps, _ := c.steps(false) // a shell has no use for an error
		return names(steps), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
	f.register(cmd.Flags())
	a.outputFlag(cmd, "text", "json")
	return cmd
}

func names(steps []pipeline.Step) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = s.Name
	}
	return out
}

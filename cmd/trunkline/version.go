package main

import (
	"runtime"

	"github.com/spf13/cobra"
)

// newVersion is the command that tells what is running.
func newVersion(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.flags.output == "json" {
				return writeJSON(a.stdout, map[string]string{
					"version": buildVersion(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
				})
			}
			a.print("trunkline %s (%s, %s/%s)\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
	a.outputFlag(cmd, "text", "json")
	return cmd
}

package main

import (
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"trunkline/dashboards/web"
)

// newReport is the command that writes the page as files.
func newReport(a *app) *cobra.Command {
	var f pageFlags
	var out string
	cmd := &cobra.Command{
		Use: "report", Short: "Write the page as a folder of files, to be mailed or kept", Args: noArgs,
		Long: `Write the pages that trunkline serve shows into a folder: HTML that any browser opens, without a server and without a network. It
holds the figures that are published now, and nothing that was not on the page.`,
		Example: `  trunkline report --out site --role supervisor`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return misuse("For example: trunkline report --out site", "report: --out names no folder")
			}
			config, err := a.pageConfig(f)
			if err != nil {
				return err
			}
			site, err := web.New(config)
			if err != nil {
				return err
			}
			if err := errors.Join(site.Write(cmd.Context(), f.role, out), site.Close()); err != nil {
				return err
			}
			a.print("%s\n", filepath.Join(out, "index.html"))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`folder` to write to; files of these names are replaced")
	cmd.Flags().StringVar(&f.database, "database", "", "another published database `file`")
	cmd.Flags().StringVar(&f.role, "role", "", "write what a `role` may see: supervisor or finance")
	return cmd
}

package main

import (
	"github.com/spf13/cobra"
)

// newServe is the command that serves what is published.
func newServe(a *app) *cobra.Command {
	var pg pgFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the published tables to clients of PostgreSQL", Args: noArgs,
		Long: `Serve the published DuckDB files over PostgreSQL's protocol, for reading only, until stopped: to psql, Grafana, Metabase,
Power BI, Tableau, Superset and whatever else speaks to PostgreSQL. The database is named trunkline, and the user name is a role: admin
reads the published file, supervisor and finance the files of their own that warehouse.duckdb.roles names. Each publication is seen
at once.

Beyond this machine connections must be encrypted, and each role needs a password: from the environment, or from a file with a line
role:password for each. A password is proven by SCRAM-SHA-256 and never sent.`,
		Example: `  trunkline serve --pg 127.0.0.1:5439
  TRUNKLINE_PG_PASSWORD_FINANCE=… trunkline serve --pg :5439 --role finance --tls-cert server.crt --tls-key server.key`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if pg.address == "" {
				return misuse("Give an address, for example --pg 127.0.0.1:5439", "there is nothing to serve")
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			return a.servePostgres(cmd.Context(), c, &pg)
		},
	}
	pg.register(cmd.Flags())
	return cmd
}

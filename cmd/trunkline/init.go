package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

//go:embed initial.yaml
var initialConfig string

const initialEnv = `# Copy to .env, fill in, and keep it out of version control: set -a; . ./.env; set +a
GENESYS_CLIENT_ID=
GENESYS_CLIENT_SECRET=
SALESFORCE_CLIENT_ID=
SALESFORCE_CLIENT_SECRET=
`

// initialPostgres stands in the place of the section duckdb.
const initialPostgres = `  postgres:
    # The server's own name: its certificate is checked against it.
    host: warehouse.example.com
    database: analytics
    user: trunkline
    password: ${WAREHOUSE_PASSWORD}
    # It is made if there is none; the user owns it.
    schema: trunkline
`

// initialRedshift stands there too.
const initialRedshift = `  redshift:
    # Endpoint of the cluster or the workgroup.
    host: analytics.abc123.eu-central-1.redshift.amazonaws.com
    database: analytics
    user: trunkline
    password: ${WAREHOUSE_PASSWORD}
    # Or, in place of user and password, for an AWS identity that may ask for one:
    # iam: {workgroup: analytics, region: eu-central-1}
    # It is made if there is none; the user owns it.
    schema: trunkline
    # Rows are handed over through a bucket in the warehouse's region; trunkline doctor --grants prints the policies.
    s3:
      bucket: example-staging
      region: eu-central-1
      role: arn:aws:iam::123456789012:role/redshift-reads-staging
`

const initialIgnore = `.env
.trunkline/
*.duckdb
*.duckdb.wal
`

// newInit is the command that begins a configuration.
func newInit(a *app) *cobra.Command {
	var dir, warehouse string
	cmd := &cobra.Command{
		Use: "init", Short: "Write a commented trunkline.yaml", Args: noArgs,
		Long: "Write a commented trunkline.yaml, its JSON Schema for editors, .env.example and .gitignore. Nothing is overwritten.",
		RunE: func(*cobra.Command, []string) error {
			config, env, err := initialFor(warehouse)
			if err != nil {
				return err
			}
			if err := writeNew(dir, []newFile{
				{"trunkline.yaml", config},
				{"trunkline.schema.json", configSchema},
				{".env.example", env},
				{".gitignore", initialIgnore},
			}); err != nil {
				return err
			}
			a.print("Wrote trunkline.yaml, trunkline.schema.json, .env.example and .gitignore.\n" +
				"Next: edit trunkline.yaml, set the variables of .env.example, then run: trunkline doctor\n")
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "`folder` to write to")
	cmd.Flags().StringVar(&warehouse, "warehouse", "duckdb", "where the tables shall go: duckdb, postgres or redshift")
	return cmd
}

// initialFor gives the commented configuration with the section of a warehouse, and the variables that it wants.
func initialFor(warehouse string) (config, env string, err error) {
	var section string
	switch warehouse {
	case "duckdb":
		return initialConfig, initialEnv, nil
	case "postgres":
		section = initialPostgres
	case "redshift":
		section = initialRedshift
	default:
		return "", "", misuse("", "--warehouse: it is duckdb, postgres or redshift, not %q", warehouse)
	}
	before, rest, _ := strings.Cut(initialConfig, "\nwarehouse:\n")
	_, after, _ := strings.Cut(rest, "\n\n")
	return before + "\nwarehouse:\n" + section + "\n" + after, initialEnv + "WAREHOUSE_PASSWORD=\n", nil
}

type newFile struct{ name, text string }

// writeNew writes files that must not exist yet: all of them or, if one does, none.
func writeNew(dir string, files []newFile) error {
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return &pipeline.Error{
				Code: "TL1006", Kind: pipeline.Misuse, What: "write " + path, Err: fs.ErrExist,
				Cure: "Nothing was written. Move the file away, or choose another folder with --dir",
			}
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("write %s: %w", dir, err)
	}
	for _, f := range files {
		file, err := os.OpenFile(filepath.Join(dir, f.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		_, err = file.WriteString(f.text)
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"trunkline/dashboards/web"
	"trunkline/loaders/duckdb"
	shared "trunkline/loaders/warehouse"
)

// pageAddr is where the page is unless told.
const pageAddr = "127.0.0.1:9009"

// pageFlags say what the page shows, and to whom.
type pageFlags struct {
	addr, database, role, tokens, cert, key string
	open, proxied                           bool // proxied: TLS ends before us
}

// newServe is the command that shows what is published: to people as a page, to other tools over PostgreSQL's protocol.
func newServe(a *app) *cobra.Command {
	var f pageFlags
	var pg pgFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Show what is published: a page in the browser, or PostgreSQL's protocol for other tools", Args: noArgs,
		Long: `Show the published figures as a page: overview, explore, quality, runs, data. Only this machine can reach it unless --addr says
otherwise; then everybody needs a token of --token-file, and sees the file of the token's role. Tokens travel encrypted: by --tls-cert
and --tls-key, or by a proxy before the page, which --behind-tls says there is.

With --pg the published DuckDB files are served over PostgreSQL's protocol instead (with --addr too, beside the page): to psql, Grafana,
Metabase, Power BI, Tableau, Superset and whatever else speaks to PostgreSQL. The database is named trunkline, and the user name is a
role: admin reads the published file, supervisor and finance the files of their own that warehouse.duckdb.roles names. Beyond this
machine connections must be encrypted, and each role needs a password of at least 16 characters, from the environment or from a file
with a line role:password for each. It is proven by SCRAM-SHA-256 and never sent. Once one role has a password, roles without one are not served.

Neither ever writes, and both show each publication at once.`,
		Example: `  trunkline serve --open
  trunkline serve --addr :9009 --token-file tokens.txt --tls-cert cert.pem --tls-key key.pem
  trunkline serve --pg 127.0.0.1:5439
  TRUNKLINE_PG_PASSWORD_FINANCE=… trunkline serve --pg :5439 --role finance --tls-cert cert.pem --tls-key key.pem`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page := pg.address == "" || cmd.Flags().Changed("addr")
			if pg.address != "" && f.database != "" {
				return misuse("Name the file as warehouse.duckdb.published in a configuration, and give that with --config",
					"--database is for the page: --pg serves the files that are configured")
			}
			if page && len(pg.roles) > 1 {
				return misuse("Give each role a token (--token-file) in place of --role", "the page shows what one role may see, not %d", len(pg.roles))
			}
			if page && len(pg.roles) == 1 && pg.roles[0] != wholeRole {
				f.role = pg.roles[0]
			}
			return a.serveBoth(cmd.Context(), f, &pg, page)
		},
	}
	cmd.Flags().StringVar(&f.addr, "addr", pageAddr, "`address` of the page; port 0 takes a free one")
	cmd.Flags().StringVar(&f.database, "database", "", "show another published database `file` on the page")
	cmd.Flags().StringSliceVar(&pg.roles, "role", nil, "show what a `role` may see: "+wholeRole+", supervisor or finance; with --pg repeatable, all that have a file unless told")
	cmd.Flags().StringVar(&f.tokens, "token-file", "", "`file` of lines role=token; the role "+wholeRole+" sees everything, the role "+web.MetricsRole+" /metrics alone")
	cmd.Flags().StringVar(&f.cert, "tls-cert", "", "certificate `file` (PEM), with --tls-key")
	cmd.Flags().StringVar(&f.key, "tls-key", "", "its key `file` (PEM)")
	cmd.Flags().BoolVar(&f.proxied, "behind-tls", false, "a proxy before the page encrypts, so that --addr needs no certificate")
	cmd.Flags().BoolVar(&f.open, "open", false, "open the page in a browser")
	pg.register(cmd.Flags())
	return cmd
}

// serveBoth serves the page, PostgreSQL's protocol, or both until a signal comes. Where one cannot go on the other ends too.
func (a *app) serveBoth(ctx context.Context, f pageFlags, pg *pgFlags, page bool) error {
	group, ctx := errgroup.WithContext(ctx)
	if pg.address != "" {
		pg.cert, pg.key = f.cert, f.key
		c, err := a.config()
		if err != nil {
			return err
		}
		group.Go(func() error { return a.servePostgres(ctx, c, pg) })
	}
	if page {
		group.Go(func() error { return a.serve(ctx, f) })
	}
	return group.Wait()
}

// serve shows the page until a signal comes.
func (a *app) serve(ctx context.Context, f pageFlags) error {
	if (f.cert == "") != (f.key == "") {
		return misuse("", "--tls-cert and --tls-key go together")
	}
	if err := f.mayListen(); err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return misuse("Choose another with --addr; port 0 takes a free one", "listen on %s: %v", f.addr, err)
	}
	return a.serveOn(ctx, l, f)
}

// serveOn shows the page at a listener, which it closes.
func (a *app) serveOn(ctx context.Context, l net.Listener, f pageFlags) error {
	config, err := a.pageConfig(f)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	site, err := web.New(config)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	scheme := "http"
	if f.cert != "" {
		scheme = "https"
	}
	url := fmt.Sprintf("%s://%s/", scheme, l.Addr())
	a.print("%s\n", url)
	if f.open {
		if err := openBrowser(ctx, url); err != nil {
			a.log.WarnContext(ctx, "no browser was opened", "error", err)
		}
	}
	return errors.Join(showing(ctx, l, site, f), site.Close())
}

// showing answers until the context ends; those who are being answered then have some seconds more.
func showing(ctx context.Context, l net.Listener, site *web.Site, f pageFlags) error {
	server := &http.Server{
		Handler: site.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if f.cert != "" {
			err = server.ServeTLS(l, f.cert, f.key)
		} else {
			err = server.Serve(l)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", f.addr, err)
		}
		return nil
	})
	group.Go(func() error {
		site.Follow(ctx)
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(server.Shutdown(last), server.Close())
	})
	return group.Wait()
}

// mayListen refuses to show the figures to a network without asking who reads them, and tokens to whoever listens there.
func (f pageFlags) mayListen() error {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return misuse("--addr is host:port, for example "+pageAddr, "listen on %s: %v", f.addr, err)
	}
	at, err := netip.ParseAddr(host)
	switch {
	case host == "localhost" || err == nil && at.IsLoopback():
		return nil
	case f.tokens == "":
		return misuse("Give it a file of lines role=token with --token-file, or listen on "+pageAddr,
			"listen on %s: other machines can reach that address, and no token is asked for", f.addr)
	case f.cert == "" && !f.proxied:
		return misuse("Give --tls-cert and --tls-key; or --behind-tls if a proxy before it encrypts; or listen on "+pageAddr,
			"listen on %s: other machines can reach that address, and tokens would go there unencrypted", f.addr)
	}
	return nil
}

// pageConfig gathers the published files and who may read them.
func (a *app) pageConfig(f pageFlags) (web.Config, error) {
	c := web.Config{
		Files: map[string]web.File{}, Role: f.role, Location: time.UTC, Version: buildVersion(), Now: a.now, Log: a.log, BehindTLS: f.proxied,
	}
	if f.database != "" {
		c.Files[f.role] = publishedFile{duckdb.Config{Published: f.database}}
	} else {
		config, err := a.config()
		if err != nil {
			return c, err
		}
		if !hasDuckDB(config) {
			return c, misuse("Ask the warehouse itself, or show a file with --database", "serve: the page shows a published DuckDB file, and the warehouse that is configured has none")
		}
		c.Location, c.Log, c.Metrics = config.Organisation.location, a.log, a.metricsHandler(config)
		c.Journal = &journal{config: config, now: a.now}
		where := duckdbConfig(config)
		c.Files[""] = publishedFile{where}
		for role, path := range where.Roles {
			c.Files[role] = publishedFile{duckdb.Config{Published: path, MemoryLimit: where.MemoryLimit}}
		}
	}
	if _, ok := c.Files[f.role]; !ok {
		return c, misuse("Set warehouse.duckdb.roles in the configuration, then publish", "serve: no file is published for a role %q", f.role)
	}
	if f.tokens == "" {
		return c, nil
	}
	var err error
	c.Tokens, err = readTokens(f.tokens, c.Files)
	return c, err
}

// publishedFile is a published DuckDB file as the page takes it.
type publishedFile struct{ config duckdb.Config }

func (p publishedFile) Stat() (fs.FileInfo, error) {
	info, err := os.Stat(p.config.Published)
	if err != nil {
		return nil, duckdb.Unpublished(p.config, err)
	}
	return info, nil
}

func (p publishedFile) Open(ctx context.Context) (*sql.DB, error) {
	return duckdb.Reader(ctx, p.config)
}

func (p publishedFile) Select(ctx context.Context, query string, to shared.Answer) error {
	return duckdb.Select(ctx, p.config, query, to)
}

func (p publishedFile) Export(ctx context.Context, query, path string) error {
	return duckdb.Export(ctx, p.config, query, path)
}

// openBrowser asks the desktop to show an address.
func openBrowser(ctx context.Context, url string) error {
	program := "xdg-open"
	if runtime.GOOS == "darwin" {
		program = "open"
	}
	if err := exec.CommandContext(ctx, program, url).Start(); err != nil { //nolint:gosec // our own address
		return fmt.Errorf("open %s: %w", url, err)
	}
	return nil
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"trunkline/internal/secret"
	"trunkline/internal/sim/scenario"
	"trunkline/internal/sim/trusstdb"
)

// simTrusst says where the simulated Trusst's database is, and what Trusst analyses.
type simTrusst struct {
	addr, dsn string
	analyses  scenario.Trusst
	given     func(flag string) bool
	database  *pgx.ConnConfig // that dsn says
}

func (f *simTrusst) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.addr, "trusst-addr", "", "`address` on which Trusst's database answers, as PostgreSQL does; port 0 takes a free one")
	flags.StringVar(&f.dsn, "trusst-dsn", "", "PostgreSQL `database` to keep Trusst's tables in, written as ${NAME} or ${file:path}")
	flags.Float64Var(&f.analyses.Analysed, "trusst-analysed", 0.5, "share of the conversations that Trusst analyses")
	flags.IntVar(&f.analyses.OnPremise, "trusst-on-premise", 0, "calls a day of other contact centres, which Trusst alone knows")
	f.given = flags.Changed
}

// complete finds the database, and gives what Trusst analyses: nothing unless it has one.
func (f *simTrusst) complete() (scenario.Trusst, error) {
	if f.addr != "" && f.dsn != "" {
		return scenario.Trusst{}, misuse("Choose one", "--trusst-addr and --trusst-dsn both say where Trusst's database is")
	}
	if f.addr == "" && f.dsn == "" {
		for _, flag := range []string{"trusst-analysed", "trusst-on-premise"} {
			if f.given(flag) {
				return scenario.Trusst{}, misuse("Add --trusst-addr 127.0.0.1:0", "--%s: Trusst has no database", flag)
			}
		}
		return scenario.Trusst{}, nil
	}
	switch a := f.analyses; {
	case !(a.Analysed >= 0 && a.Analysed <= 1):
		return scenario.Trusst{}, misuse("", "--trusst-analysed: %v is not a share such as 0.4", a.Analysed)
	case a.OnPremise < 0:
		return scenario.Trusst{}, misuse("", "--trusst-on-premise: %d is no number of calls", a.OnPremise)
	}
	if f.dsn != "" {
		var err error
		if f.database, err = f.findDatabase(); err != nil {
			return scenario.Trusst{}, err
		}
	}
	return f.analyses, nil
}

// while keeps Trusst's database for as long as do takes, and gives it the part of a configuration that reads it: empty if there is
// no Trusst. The context of do ends if the database does.
func (f *simTrusst) while(ctx context.Context, w *scenario.World, now func() time.Time, do func(ctx context.Context, section string) error) error {
	switch {
	case f.addr != "":
		return answering(ctx, f.addr, w, now, func(ctx context.Context, at *net.TCPAddr) error {
			host := at.IP.String()
			if at.IP.IsUnspecified() {
				host = "127.0.0.1"
			}
			return do(ctx, trusstSection(TrusstConfig{
				Host: host, Port: at.Port, Database: "trusst", User: trusstdb.User, Password: secret.New(trusstdb.Password),
			}))
		})
	case f.dsn != "":
		return f.keeping(ctx, w, now, do)
	default:
		return do(ctx, "")
	}
}

// trusstSection is the part of a configuration that reads a simulated Trusst.
func trusstSection(c TrusstConfig) string {
	return fmt.Sprintf("trusst: {host: %q, port: %d, database: %q, user: %q, password: %q, tls: %v, pivot_keys: [agent_identified, quality_score]}\n",
		c.Host, c.Port, c.Database, c.User, c.Password.Reveal(), c.TLS)
}

// answering serves a world's Trusst for as long as do takes: it speaks PostgreSQL's protocol, and needs no PostgreSQL.
func answering(ctx context.Context, addr string, w *scenario.World, now func() time.Time, do func(ctx context.Context, at *net.TCPAddr) error) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return misuse("Choose another address; port 0 takes a free one", "serve Trusst on %s: %v", addr, err)
	}
	server, err := trusstdb.NewServer(ctx, w, now)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.Serve(l) })
	err = do(ctx, l.Addr().(*net.TCPAddr))
	return errors.Join(err, server.Close(), group.Wait())
}

// keeping fills a PostgreSQL, and keeps it as the world's Trusst is, for as long as do takes. Its tables stay.
func (f *simTrusst) keeping(ctx context.Context, w *scenario.World, now func() time.Time, do func(ctx context.Context, section string) error) error {
	config := f.database
	db := stdlib.OpenDB(*config)
	err := trusstdb.Prepare(ctx, db)
	if err == nil {
		err = trusstdb.Set(ctx, db, w.Trusst(now()))
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	ctx, done := context.WithCancel(ctx)
	group.Go(func() error { return following(ctx, db, w, now) })
	section := TrusstConfig{
		Host: config.Host, Port: int(config.Port), Database: config.Database, User: config.User, Password: secret.New("${TRUSST_PASSWORD}"),
	}
	section.TLS = config.TLSConfig != nil || !isLoopback(config.Host) && !strings.HasPrefix(config.Host, "/")
	err = do(ctx, trusstSection(section))
	done()
	return errors.Join(err, group.Wait(), db.Close())
}

// findDatabase reads the name of the database. An argument is seen by everybody on the machine, so it holds no name but says where it is.
func (f *simTrusst) findDatabase() (*pgx.ConnConfig, error) {
	const cure = "Write the database to a variable or a file, for example: TRUSST_DSN=postgres://… --trusst-dsn '${TRUSST_DSN}'"
	if !strings.HasPrefix(f.dsn, "${") {
		return nil, misuse(cure, "--trusst-dsn: neither ${NAME} nor ${file:path}; an argument can be seen by others, and with it a password")
	}
	text, err := expander{env: os.LookupEnv, dir: "."}.expand(f.dsn)
	if err != nil {
		return nil, misuse(cure, "--trusst-dsn: %v", err)
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, misuse(cure, "--trusst-dsn: %s holds no name of a PostgreSQL database", f.dsn)
	}
	return config, nil
}

// following sets the tables anew whenever a minute of the centre's time has passed, until its context ends.
func following(ctx context.Context, db *sql.DB, w *scenario.World, now func() time.Time) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for held := now(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		at := now()
		if since := at.Sub(held); since >= 0 && since < time.Minute {
			continue
		}
		if err := trusstdb.Set(ctx, db, w.Trusst(at)); err != nil && ctx.Err() == nil {
			return err
		}
		held = at
	}
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

// simFlags say what the simulated centre is like.
type simFlags struct {
	addr, zone, start, now string
	shares                 []string
	speed, badDay          float64
	ledger                 string
	trusst                 simTrusst
	config                 sim.Config
}

func (f *simFlags) register(flags *pflag.FlagSet) {
	f.config.Scenario = scenario.Default()
	s := &f.config.Scenario
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 takes a free one")
	flags.Uint64Var(&s.Seed, "seed", s.Seed, "equal seeds make equal centres")
	flags.IntVar(&s.Days, "days", s.Days, "days on which conversations begin")
	flags.IntVar(&s.PerDay, "per-day", s.PerDay, "conversations on the first day")
	flags.Float64Var(&s.Growth, "growth", s.Growth, "share by which each day has more than the day before")
	flags.IntVar(&s.Accounts, "accounts", s.Accounts, "accounts of the CRM")
	flags.IntVar(&s.Agents, "agents", s.Agents, "agents")
	flags.IntVar(&s.Queues, "queues", s.Queues, "queues")
	flags.IntVar(&s.SettleDays, "settle-days", s.SettleDays, "days after which a conversation no longer changes")
	flags.StringVar(&f.zone, "time-zone", s.Location.String(), "time zone of the centre")
	flags.StringVar(&f.start, "start", "", "first `day`; unless told the last day is today")
	flags.StringSliceVar(&f.shares, "share", nil, "`name=value` of a share, for example noaccount=0.4; repeatable; one of: "+strings.Join(shareNames(), " "))
	flags.StringVar(&f.now, "now", "", "`time` that the centre's clock shows at the beginning; unless told the real one")
	flags.Float64Var(&f.speed, "speed", 1, "how much faster than ours the centre's clock runs; 0 stands still")
	flags.DurationVar(&f.config.Latency, "latency", 0, "latency of every answer")
	flags.IntVar(&f.config.RatePerMinute, "rate", 300, "calls a minute that a token may make; 0 is any number")
	flags.DurationVar(&f.config.Lag, "lag", 30*time.Minute, "how far the data of the details jobs is behind")
	flags.DurationVar(&f.config.JobDelay, "job-delay", time.Second, "how long a job takes")
	flags.DurationVar(&f.config.TokenTTL, "token-ttl", 0, "how long a token lives; unless told as long as the real ones")
	flags.Float64Var(&f.badDay, "bad-day", 0, "share of calls that go wrong in each way a patient client gets over")
	flags.StringVar(&f.config.Replay, "replay", "", "serve the conversation records of a `folder` instead")
	f.trusst.register(flags)
	flags.StringVar(&f.ledger, "ledger", "", "write what really happened to a `file`, at the beginning and at the end")
}

// newSim is the command that serves a simulated contact centre.
func newSim(a *app) *cobra.Command {
	var f simFlags
	cmd := &cobra.Command{
		Use: "sim", Short: "Serve a simulated contact centre, its CRM and its Trusst", Args: noArgs,
		Long: `Serve a simulated contact centre (Genesys Cloud) and its CRM (Salesforce) on one port, until stopped. Any OAuth client
trunkline with the secret simulated is let in. With --trusst-addr the database of Trusst answers on a port of its own, as PostgreSQL
does; with --trusst-dsn it is kept in a PostgreSQL of yours. With --ledger, what really happened is written to a file to compare with.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := f.complete(a.now())
			if err != nil {
				return err
			}
			config.Log = a.log
			return a.serveCentre(cmd.Context(), config, &f)
		},
	}
	f.register(cmd.Flags())
	return cmd
}

// complete makes of the flags a centre's configuration.
func (f *simFlags) complete(now time.Time) (sim.Config, error) {
	c := f.config
	loc, err := time.LoadLocation(f.zone)
	if err != nil {
		return c, misuse("", "--time-zone: %q is not an IANA time zone such as Europe/Berlin", f.zone)
	}
	first := dateOf(now.In(loc)).Add(1 - c.Scenario.Days)
	if f.start != "" {
		if first, err = parseDate("--start", f.start); err != nil {
			return c, err
		}
	}
	c.Scenario.Location, c.Scenario.Start = loc, first.Start(loc)
	if c.Scenario.Trusst, err = f.trusst.complete(); err != nil {
		return c, err
	}
	for _, s := range f.shares {
		if err := setShare(&c.Scenario.Shares, s); err != nil {
			return c, err
		}
	}
	if c.Replay != "" {
		if info, err := os.Stat(c.Replay); err != nil || !info.IsDir() {
			return c, misuse("Name a folder of recorded conversations", "--replay: %s is no folder that can be read", c.Replay)
		}
	}
	begin := now
	if f.now != "" {
		if begin, err = parseMoment(f.now, loc); err != nil {
			return c, err
		}
	}
	c.Now = sim.NewClock(begin, f.speed).Now
	if f.badDay > 0 {
		c.Faults = sim.BadDay(c.Scenario.Seed, f.badDay)
	}
	return c, nil
}

func shareNames() []string {
	var names []string
	for f := range reflect.TypeFor[scenario.Shares]().Fields() {
		names = append(names, strings.ToLower(f.Name))
	}
	return names
}

func setShare(shares *scenario.Shares, text string) error {
	name, number, _ := strings.Cut(text, "=")
	value, err := strconv.ParseFloat(number, 64)
	field := reflect.ValueOf(shares).Elem().FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, name) })
	if !field.IsValid() {
		return misuse("", "--share: unknown share %q%s", name, suggestion(name, shareNames()))
	}
	if err != nil || value < 0 {
		return misuse("", "--share %s: %q is not a share such as 0.4", name, number)
	}
	field.SetFloat(value)
	return nil
}

// serveCentre serves until it is stopped, which is no error.
func (a *app) serveCentre(ctx context.Context, config sim.Config, f *simFlags) error {
	centre, err := sim.New(config)
	if err != nil {
		return err
	}
	if err := writeLedger(f.ledger, centre, config); err != nil {
		return err
	}
	err = serving(ctx, f.addr, centre.Handler(), func(ctx context.Context, url string) error {
		return f.trusst.while(ctx, centre.World(), config.Now, func(ctx context.Context, trusst string) error {
			a.print("%s", simSnippet(url, trusst, config))
			a.log.InfoContext(ctx, "the centre is open", "url", url, "now", config.Now().Format(time.RFC3339))
			<-ctx.Done()
			return nil
		})
	})
	a.log.InfoContext(ctx, "the centre is closed", "calls", centre.Stats().Calls)
	return errors.Join(err, writeLedger(f.ledger, centre, config))
}

// simSnippet is the configuration that reads the simulated centre, and its Trusst if that has a section.
func simSnippet(url, trusst string, config sim.Config) string {
	text := fmt.Sprintf(`# %s answers as Genesys Cloud and as Salesforce. To read it, put this into trunkline.yaml:
version: 1
organisation: {time_zone: %s}
genesys: {base_url: %q, client_id: trunkline, client_secret: simulated}
salesforce: {login_url: %q, client_id: trunkline, client_secret: simulated}
%swarehouse: {duckdb: {}}
`, url, config.Scenario.Location, url, url, trusst)
	if config.Replay != "" {
		text += "audit: {on_breach: warn} # recorded conversations name no account of this CRM\n"
	}
	return text
}

// writeLedger writes what has really happened in the centre by now.
func writeLedger(file string, centre *sim.Centre, config sim.Config) error {
	if file == "" {
		return nil
	}
	now := config.Now()
	text, err := json.MarshalIndent(centre.World().Ledger(now, now, now), "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return replaceFile(file, append(text, '\n'))
}

// serving serves for as long as do takes. Its context ends if serving does.
func serving(ctx context.Context, addr string, h http.Handler, do func(ctx context.Context, url string) error) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return misuse("Choose another with --addr; port 0 takes a free one", "listen on %s: %v", addr, err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", addr, err)
		}
		return nil
	})
	err = do(ctx, "http://"+l.Addr().String())
	return errors.Join(err, server.Close(), group.Wait())
}

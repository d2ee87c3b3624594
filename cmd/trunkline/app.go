package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"trunkline/internal/secret"
)

// app is one invocation: its streams, its clock, and what every subcommand shares.
type app struct {
	stdout io.Writer // the result, nothing else
	stderr io.Writer // logs and progress
	env    func(string) (string, bool)
	now    func() time.Time
	flags  globalFlags
	log    *slog.Logger
	masker *secret.Masker
}

// globalFlags are the flags of every subcommand.
type globalFlags struct {
	config    string
	logFormat string
	output    string // -o, where a subcommand has it
	quiet     bool
	verbose   bool
}

func newApp(stdout, stderr io.Writer) *app {
	return &app{
		stdout: stdout, stderr: stderr, env: os.LookupEnv, now: time.Now,
		log: slog.New(slog.DiscardHandler), masker: secret.NewMasker(),
	}
}

// newRoot makes the command with all its subcommands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "trunkline",
		Short: "The contact-centre numbers you can prove",
		Long: `trunkline lands contact-centre conversations and the customers behind them in one trusted table.

Try it without any credential:   trunkline demo
Set it up for your own centre:   trunkline init, then trunkline doctor, then trunkline run`,
		SilenceUsage: true, SilenceErrors: true,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.prepare(); err != nil {
				return err
			}
			return checkDays(cmd.Flags()) // what is wrong whatever the configuration says is told before that
		},
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return misuse("See: "+cmd.CommandPath()+" --help", "%s: %v%s", cmd.CommandPath(), err, likelyFlag(cmd, err))
	})
	file, ok := a.env("TRUNKLINE_CONFIG")
	if !ok {
		file = "trunkline.yaml"
	}
	f := root.PersistentFlags()
	f.StringVarP(&a.flags.config, "config", "c", file, "configuration `file`; also TRUNKLINE_CONFIG")
	f.StringVar(&a.flags.logFormat, "log-format", "auto", "auto, text or json")
	f.BoolVarP(&a.flags.quiet, "quiet", "q", false, "log warnings and errors only, show no progress")
	f.BoolVarP(&a.flags.verbose, "verbose", "v", false, "log more")
	root.AddGroup(&cobra.Group{ID: "start", Title: "Begin:"}, &cobra.Group{ID: "run", Title: "Run:"},
		&cobra.Group{ID: "look", Title: "Look:"})
	root.AddCommand(grouped("start", newInit(a), newDemo(a), newSim(a), newDoctor(a), newPlan(a))...)
	root.AddCommand(grouped("run", append(newStages(a), newRun(a), newReenrich(a))...)...)
	root.AddCommand(grouped("look", newStatus(a), newRuns(a), newRejects(a), newQuery(a), newServe(a), newSteps(a))...)
	root.AddCommand(newDo(a), newConfig(a), newVersion(a), newExitCodes())
	root.SetHelpCommand(newHelp(a))
	return root
}

// likelyFlag proposes a flag in place of one that is unknown.
func likelyFlag(cmd *cobra.Command, err error) string {
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || len(unknown.GetSpecifiedName()) < 2 {
		return ""
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	said := suggestion(unknown.GetSpecifiedName(), known)
	if !strings.HasPrefix(said, " (") { // a list of all flags is what --help gives
		return ""
	}
	return strings.Replace(said, "mean ", "mean --", 1)
}

func grouped(id string, cmds ...*cobra.Command) []*cobra.Command {
	for _, c := range cmds {
		c.GroupID = id
	}
	return cmds
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var known []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	return misuse("See: "+cmd.CommandPath()+" --help", "%s: unknown command %q%s", cmd.CommandPath(), name, suggestion(name, known))
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse("See: "+cmd.CommandPath()+" --help", "%s takes no arguments, here is %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// oneArg demands one argument.
func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse("See: "+cmd.CommandPath()+" --help", "%s takes one argument, %s; here are %d", cmd.CommandPath(), name, len(args))
		}
		return nil
	}
}

// prepare checks the global flags and makes the logger.
func (a *app) prepare() error {
	switch a.flags.logFormat {
	case "auto", "text", "json":
	default:
		return misuse("", "--log-format is auto, text or json, not %q", a.flags.logFormat)
	}
	a.log = a.logger(a.stderr)
	return nil
}

// config reads the configuration and learns the secrets to hide.
func (a *app) config() (*Config, error) {
	c, err := loadConfig(a.flags.config, a.env)
	if err != nil {
		return nil, err
	}
	a.masker = secret.NewMasker(c.known...)
	a.log = a.logger(a.stderr)
	c.log = a.log
	return c, nil
}

// complete is config for those who talk to the sources or the warehouse.
func (a *app) complete() (*Config, error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	return c, c.Complete()
}

// print writes to stdout. An error of stdout has nobody to be told to.
func (a *app) print(format string, args ...any) { _, _ = fmt.Fprintf(a.stdout, format, args...) }

// printErr writes to stderr, without secrets.
func (a *app) printErr(format string, args ...any) {
	_, _ = io.WriteString(a.stderr, a.masker.Mask(fmt.Sprintf(format, args...)))
}

// isTerminal tells whether a person watches a stream, and may be shown colours and bars.
func (a *app) isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false
	}
	kind, _ := a.env("TERM")
	_, ci := a.env("CI")
	return !ci && kind != "dumb"
}

// colours tells whether a stream may be coloured.
func (a *app) colours(w io.Writer) bool {
	no, _ := a.env("NO_COLOR")
	return no == "" && a.isTerminal(w)
}

// buildVersion gives the version that the program was built as.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	revision, dirty := "devel", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	return revision + dirty
}

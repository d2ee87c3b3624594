package main

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// errorPages are the pages of docs/errors, one after the other: who has the program has its errors explained.
//
//go:embed errors.txt
var errorPages string

var codePattern = regexp.MustCompile(`^TL[0-9]{4}$`)

// newHelp is the command that explains commands, and errors by their codes.
func newHelp(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND | CODE]", Short: "Explain a command, or an error by its code", Args: cobra.ArbitraryArgs,
		Example: `  trunkline help run
  trunkline help TL1002`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && codePattern.MatchString(strings.ToUpper(args[0])) {
				return a.explain(strings.ToUpper(args[0]))
			}
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return misuse("See: trunkline help", "there is no help on %q", strings.Join(args, " "))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// explain prints the page of an error.
func (a *app) explain(code string) error {
	page, ok := errorPage(code)
	if !ok {
		return misuse("The code stands at the beginning of an error", "there is no error %s", code)
	}
	a.print("%s", page)
	return nil
}

// errorPage gives the page of a code.
func errorPage(code string) (string, bool) {
	for page := range strings.SplitSeq(errorPages, "\n# ") {
		page = "# " + strings.TrimPrefix(page, "# ")
		if strings.HasPrefix(page, "# "+code+":") {
			return strings.TrimSpace(page) + "\n", true
		}
	}
	return "", false
}

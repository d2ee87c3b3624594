package main

import (
	"io"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"
)

// logger makes the logger for a stream: coloured on a terminal, logfmt elsewhere, JSON when asked for. Secrets that are
// known are masked whatever the format.
func (a *app) logger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	switch {
	case a.flags.quiet:
		level = slog.LevelWarn
	case a.flags.verbose:
		level = slog.LevelDebug
	}
	var h slog.Handler
	switch {
	case a.flags.logFormat == "json":
		h = slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})
	case a.flags.logFormat == "auto" && a.isTerminal(a.stderr):
		h = tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !a.colours(a.stderr)})
	default:
		h = slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})
	}
	return slog.New(a.masker.Handler(keeping{shown: h}))
}

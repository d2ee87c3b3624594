package main

import (
	"time"

	"github.com/spf13/pflag"

	"trunkline/pipeline"
)

// dayWindow gives the window of one business day: 23 or 25 hours where the clock is changed.
func dayWindow(d Date, loc *time.Location) pipeline.Window {
	return pipeline.Window{From: d.Start(loc).UTC(), To: d.Add(1).Start(loc).UTC()}
}

// lastComplete gives the last business day that had ended at a time.
func lastComplete(at time.Time, loc *time.Location) Date { return dateOf(at.In(loc)).Add(-1) }

// period says for which business days a command works.
type period struct {
	date, from, to string
	asOf           string
	intraday       bool
}

// today gives today so far, to the minute; nothing while the day is that young.
func today(now time.Time, loc *time.Location) []pipeline.Window {
	w := pipeline.Window{From: dateOf(now.In(loc)).Start(loc).UTC(), To: now.UTC().Truncate(time.Minute)}
	if !w.From.Before(w.To) {
		return nil
	}
	return []pipeline.Window{w}
}

// maxDays is the longest range of one command: more is a typing error rather than a wish.
const maxDays = 3660

// windows gives the windows of a period, oldest first.
func (p period) windows(now time.Time, loc *time.Location) ([]pipeline.Window, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	switch {
	case p.intraday:
		return today(now, loc), nil
	case p.asOf != "":
		at, err := parseMoment(p.asOf, loc)
		if err != nil {
			return nil, err
		}
		return []pipeline.Window{dayWindow(lastComplete(at, loc), loc)}, nil
	case p.date == "" && p.from == "":
		return []pipeline.Window{dayWindow(lastComplete(now, loc), loc)}, nil
	}
	from, to, err := p.days()
	if err != nil {
		return nil, err
	}
	if last := lastComplete(now, loc); to.After(last) {
		return nil, misuse("The last complete day is "+last.String()+"; for today use --intraday",
			"%s has not ended yet in %s", to, loc)
	}
	var windows []pipeline.Window
	for d := from; !d.After(to); d = d.Add(1) {
		windows = append(windows, dayWindow(d, loc))
	}
	return windows, nil
}

// check finds flags that contradict each other.
func (p period) check() error {
	given := 0
	for _, is := range []bool{p.date != "", p.from != "" || p.to != "", p.asOf != "", p.intraday} {
		if is {
			given++
		}
	}
	if given > 1 {
		return misuse("Give one of them", "only one of --date, --from and --to, --as-of, --intraday may be given")
	}
	if (p.from == "") != (p.to == "") {
		return misuse("Give both, or --date for one day", "--from and --to belong together")
	}
	return nil
}

// days gives the first and the last day that are asked for.
func (p period) days() (from, to Date, err error) {
	if p.date != "" {
		from, err = parseDate("--date", p.date)
		return from, from, err
	}
	if from, err = parseDate("--from", p.from); err != nil {
		return from, to, err
	}
	if to, err = parseDate("--to", p.to); err != nil {
		return from, to, err
	}
	if from.After(to) {
		return from, to, misuse("Both days are included", "--from %s is after --to %s", from, to)
	}
	if to.After(from.Add(maxDays)) {
		return from, to, misuse("Ask for a shorter range", "%s to %s is more than %d days", from, to, maxDays)
	}
	return from, to, nil
}

// checkDays reads the days and times among a command's flags, which need no configuration to be wrong.
func checkDays(flags *pflag.FlagSet) error {
	for _, name := range []string{"date", "from", "to"} {
		if f := flags.Lookup(name); f != nil && f.Changed {
			if _, err := parseDate("--"+name, f.Value.String()); err != nil {
				return err
			}
		}
	}
	if f := flags.Lookup("as-of"); f != nil && f.Changed {
		if _, err := parseMoment(f.Value.String(), time.UTC); err != nil {
			return err
		}
	}
	return nil
}

func parseDate(flag, text string) (Date, error) {
	var d Date
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return d, misuse("Write the day as YYYY-MM-DD", "%s: %v", flag, err)
	}
	return d, nil
}

// parseMoment reads what schedulers give: a time with its offset, or a day, which is its begin.
func parseMoment(text string, loc *time.Location) (time.Time, error) {
	var d Date
	if d.UnmarshalText([]byte(text)) == nil {
		return d.Start(loc), nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, misuse("Write the time as schedulers do, with its offset", "--as-of: %q is neither a time such as 2026-11-20T02:30:00Z nor a day", text)
	}
	return at, nil
}

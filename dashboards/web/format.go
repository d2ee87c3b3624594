package web

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	statements "trunkline/sql"
)

// Numbers as people read them. A space that must not break stands between a number and its unit.
const (
	nbsp    = "\u00a0"
	minus   = "\u2212"
	unknown = "–"
)

// commas writes a number with so many decimals and its thousands apart.
func commas(f float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(f), 'f', decimals, 64)
	digits, rest, _ := strings.Cut(text, ".")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if rest != "" {
		digits += "." + rest
	}
	if f < 0 && strings.Trim(digits, "0.,") != "" {
		digits = minus + digits
	}
	return digits
}

// shown writes a value of a unit.
func shown(unit string, v *float64) string {
	if v == nil {
		return unknown
	}
	switch unit {
	case "percent":
		return commas(*v, 1) + nbsp + "%"
	case "ms":
		return lasting(*v)
	case "hours":
		return commas(*v, 1) + nbsp + "h"
	case "points":
		return commas(*v, 1)
	case "score", "mean":
		return commas(*v, 2)
	case "deviations":
		return commas(*v, 3) // whether it is beyond 0.1 must be seen
	case "USD":
		return dollars(*v)
	default:
		return commas(*v, 0)
	}
}

// dollars writes an amount, large ones shortened: nobody reads the cents of a million.
func dollars(f float64) string {
	switch {
	case math.Abs(f) >= 1e9:
		return "$" + commas(f/1e9, 2) + nbsp + "bn"
	case math.Abs(f) >= 1e6:
		return "$" + commas(f/1e6, 2) + nbsp + "m"
	default:
		return "$" + commas(f, 0)
	}
}

// lasting writes milliseconds in the two greatest units that they fill. What is rounded is what chooses the unit: 59.6 s is a minute.
func lasting(ms float64) string {
	sign := ""
	if ms < 0 {
		sign = minus
	}
	ms = math.Abs(ms)
	seconds, minutes := int(math.Round(ms/1e3)), int(math.Round(ms/6e4))
	switch {
	case math.Round(ms) < 1e3:
		return fmt.Sprintf("%s%.0f%sms", sign, math.Round(ms), nbsp)
	case math.Round(ms/100) < 100:
		return fmt.Sprintf("%s%.1f%ss", sign, math.Round(ms/100)/10, nbsp)
	case seconds < 60:
		return fmt.Sprintf("%s%d%ss", sign, seconds, nbsp)
	case seconds < 3600:
		return fmt.Sprintf("%s%d%sm%s%02d%ss", sign, seconds/60, nbsp, nbsp, seconds%60, nbsp)
	default:
		return fmt.Sprintf("%s%s%sh%s%02d%sm", sign, commas(float64(minutes/60), 0), nbsp, nbsp, minutes%60, nbsp)
	}
}

// day writes a day.
func day(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.Format("Mon 2 Jan 2006")
}

// shortDay writes a day where the year is plain.
func shortDay(t time.Time) string { return t.Format("2 Jan") }

// iso writes a day as SQL reads it.
func iso(t time.Time) string { return t.Format(time.DateOnly) }

// moment writes an instant by the organisation's clock.
func (s *Site) moment(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.In(s.config.Location).Format("Mon 2 Jan 2006, 15:04 MST")
}

// figure is a value on a page: as people read it, and as SQL gives it.
type figure struct {
	Text string
	Raw  string // empty if it is NULL
	Why  string // it is NULL
	Unit string
}

// number makes a figure of a value.
func number(unit string, v *float64) figure {
	f := figure{Text: shown(unit, v), Unit: unit}
	if v == nil {
		f.Why = "Not known: nothing was measured, or there is nothing to divide by"
		return f
	}
	f.Raw = strconv.FormatFloat(*v, 'f', -1, 64)
	return f
}

// amount makes a figure of a number that is known.
func amount(v float64) figure { return number("", &v) }

// change is how a figure differs from the one before.
type change struct {
	Arrow string // ▲, ▼ or →
	Text  string // how much, with its unit
	Word  string // better, worse, or nothing
	Class string // good, bad or flat
	Raw   string
}

// changed compares two values as they are shown: percentages and scores by their difference, everything else by how many per cent. nil
// where they cannot be compared.
func changed(m *statements.Measure, now, before *float64) *change {
	if now == nil || before == nil {
		return nil
	}
	by, unit, decimals := *now-*before, "", 1
	switch m.Unit {
	case "percent", "points":
		unit = nbsp + "pts"
	case "score":
		decimals = 2
	default:
		if *before == 0 {
			return nil
		}
		by, unit = 100*by/math.Abs(*before), nbsp+"%"
	}
	scale := math.Pow(10, float64(decimals))
	by = math.Round(by*scale) / scale
	c := &change{Arrow: "→", Class: "flat", Text: commas(math.Abs(by), decimals) + unit, Raw: strconv.FormatFloat(by, 'f', decimals, 64)}
	switch {
	case by > 0:
		c.Arrow, c.Text = "▲", "+"+c.Text
	case by < 0:
		c.Arrow, c.Text = "▼", minus+c.Text
	default:
		c.Text = "no change"
		return c
	}
	switch {
	case m.Better == "":
	case (by > 0) == (m.Better == statements.Higher):
		c.Word, c.Class = "better", "good"
	default:
		c.Word, c.Class = "worse", "bad"
	}
	return c
}

// named writes a value of a dimension; NULL has a name too.
func named(dimension, value string) string {
	if value != "" {
		return value
	}
	switch dimension {
	case "customer_tier", "industry":
		return "not known"
	case "queue_name", "queue_id":
		return "no queue"
	default:
		return "none"
	}
}

// coded writes a text in which the names of a view's columns are set as names, but for those that are words too.
func coded(text string, view *statements.View) template.HTML {
	words := strings.Split(text, " ")
	for i, word := range words {
		name := strings.TrimRight(word, ".,;:)")
		rest := word[len(name):]
		word = template.HTMLEscapeString(name)
		if strings.Contains(name, "_") && slices.ContainsFunc(view.Columns, func(c statements.ViewColumn) bool { return c.Name == name }) {
			word = "<code>" + word + "</code>"
		}
		words[i] = word + template.HTMLEscapeString(rest)
	}
	return template.HTML(strings.Join(words, " ")) //nolint:gosec // every word is escaped
}

// called writes the name of a column as people say it.
func called(column string) string {
	switch column {
	case "media_type":
		return "Medium"
	case "customer_tier":
		return "Customer tier"
	}
	text := strings.ReplaceAll(strings.TrimSuffix(column, "_name"), "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// counted writes a number and what is counted: one contact, two contacts.
func counted(n float64, one, many string) string {
	if n == 1 {
		return "1" + nbsp + one
	}
	return commas(n, 0) + nbsp + many
}

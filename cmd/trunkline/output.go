package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/width"
)

// grid is a result of rows and columns. Its cells are nil, bool, int64, float64, string or time.Time.
type grid struct {
	columns []string
	rows    [][]any
}

func (g *grid) add(cells ...any) { g.rows = append(g.rows, cells) }

// outputFlag gives a subcommand -o; the first format is the default.
func (a *app) outputFlag(cmd *cobra.Command, formats ...string) {
	format := cmd.Flags().StringP("output", "o", formats[0], "`format`: "+strings.Join(formats, ", "))
	check := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		a.flags.output = *format
		if !slices.Contains(formats, a.flags.output) {
			return misuse("", "%s: -o is one of %s, not %q", cmd.CommandPath(), strings.Join(formats, ", "), a.flags.output)
		}
		if check == nil {
			return nil
		}
		return check(cmd, args)
	}
}

// write prints a grid in a format.
func (g *grid) write(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(w, g.objects())
	case "jsonl":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for _, o := range g.objects() {
			if err := enc.Encode(o); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return g.writeCSV(w)
	default:
		return g.writeTable(w)
	}
}

// object is one row as JSON, its members in the order of the columns.
type object struct {
	columns []string
	cells   []any
}

// MarshalJSON keeps the order of the columns.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, c := range o.columns {
		b.WriteByte("{,"[min(i, 1)])
		if err := enc.Encode(c); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(o.cells[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (g *grid) objects() []object {
	out := make([]object, len(g.rows))
	for i, r := range g.rows {
		out[i] = object{g.columns, r}
	}
	return out
}

func (g *grid) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	err := out.Write(g.columns)
	for _, r := range g.rows {
		line := make([]string, len(r))
		for i, cell := range r {
			line[i] = cellText(cell)
		}
		err = errors.Join(err, out.Write(line))
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

// writeTable prints columns of equal width, numbers to the right.
func (g *grid) writeTable(w io.Writer) error {
	lines := [][]string{g.columns}
	for _, r := range g.rows {
		line := make([]string, len(r))
		for i, cell := range r {
			if line[i] = printable(cellText(cell)); cell == nil {
				line[i] = "–"
			}
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(g.columns))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], textWidth(text))
		}
	}
	right := g.numeric()
	var b strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for i, text := range line {
			pad := strings.Repeat(" ", widths[i]-textWidth(text))
			if right[i] {
				row.WriteString(pad + text + "  ")
			} else {
				row.WriteString(text + pad + "  ")
			}
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// numeric tells which columns hold numbers only.
func (g *grid) numeric() []bool {
	is := make([]bool, len(g.columns))
	for i := range is {
		seen := false
		is[i] = !slices.ContainsFunc(g.rows, func(r []any) bool {
			switch r[i].(type) {
			case int64, float64:
				seen = true
				return false
			default:
				return r[i] != nil
			}
		}) && seen
	}
	return is
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// printable keeps a cell of foreign text on its line and off the terminal's controls.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// textWidth counts the terminal's cells.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// count writes a number with thousands separated.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

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
)

// grid is a result of rows and columns. Its cells are nil, bool, int64, float64, string or time.Time.
type grid struct {
	columns []string
	rows    [][]any
	spare   string         // the column that a narrow terminal does without
	zone    *time.Location // of the times in a table; nil is UTC, which all other formats have
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
		cell := o.cells[i]
		if t, ok := cell.(time.Time); ok {
			cell = t.UTC()
		}
		if err := enc.Encode(cell); err != nil {
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

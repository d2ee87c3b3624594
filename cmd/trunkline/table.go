package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// writeTable prints columns of equal width, numbers to the right. On a terminal that is too narrow it takes less room.
func (g *grid) writeTable(w io.Writer) error {
	limit := 0
	if f, ok := w.(*os.File); ok {
		limit, _, _ = term.GetSize(int(f.Fd())) // 0 if it is no terminal
	}
	_, err := io.WriteString(w, g.table(limit))
	return err
}

// table writes a table of at most so many cells of the terminal in width; 0 is no limit. What takes less room: first names
// of columns over several lines, then no spare column, then shortened text, then a line for each cell. Numbers are never shortened.
func (g *grid) table(limit int) string {
	head, body := [][]string{g.columns}, g.texts()
	right := g.numeric()
	widths := widthsOf(append(head, body...))
	if limit == 0 || total(widths) <= limit {
		return lay(append(head, body...), widths, right)
	}
	head = wrapped(g.columns)
	widths = widthsOf(append(head, body...))
	if i := slices.Index(g.columns, g.spare); i >= 0 && total(widths) > limit {
		return g.without(i).table(limit)
	}
	for total(widths) > limit {
		widest := -1
		for i, n := range widths {
			if !right[i] && n > leastWidth && (widest < 0 || n > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return g.records()
		}
		widths[widest]--
	}
	return lay(append(head, body...), widths, right)
}

// without gives a grid that lacks a column.
func (g *grid) without(i int) *grid {
	less := grid{columns: slices.Delete(slices.Clone(g.columns), i, i+1), zone: g.zone}
	for _, r := range g.rows {
		less.add(slices.Delete(slices.Clone(r), i, i+1)...)
	}
	return &less
}

const (
	columnGap  = 2
	leastWidth = 8 // less of a text says nothing
)

func total(widths []int) int {
	n := -columnGap
	for _, w := range widths {
		n += w + columnGap
	}
	return n
}

// texts gives the cells as they are printed.
func (g *grid) texts() [][]string {
	lines := make([][]string, len(g.rows))
	for n, r := range g.rows {
		lines[n] = make([]string, len(r))
		for i, cell := range r {
			switch v := cell.(type) {
			case nil:
				lines[n][i] = "–"
			case time.Time:
				lines[n][i] = localTime(v, g.zone)
			default:
				lines[n][i] = printable(cellText(cell))
			}
		}
	}
	return lines
}

// localTime is how people are told a time: by the clock of the organisation, and with its distance from UTC.
func localTime(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format(time.RFC3339)
}

func widthsOf(lines [][]string) []int {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], textWidth(text))
		}
	}
	return widths
}

// wrapped breaks names of columns at their underscores and spaces, over as many lines as the longest needs.
func wrapped(columns []string) [][]string {
	parts, height := make([][]string, len(columns)), 0
	for i, c := range columns {
		parts[i] = strings.Fields(strings.ReplaceAll(c, "_", "_ "))
		height = max(height, len(parts[i]))
	}
	lines := make([][]string, height)
	for n := range lines {
		lines[n] = make([]string, len(columns))
		for i, p := range parts {
			if at := n - height + len(p); at >= 0 { // names stand on their last line
				lines[n][i] = p[at]
			}
		}
	}
	return lines
}

// lay prints lines in columns of these widths.
func lay(lines [][]string, widths []int, right []bool) string {
	var b strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for i, text := range line {
			text = shortened(text, widths[i])
			pad := strings.Repeat(" ", widths[i]-textWidth(text))
			if right[i] {
				row.WriteString(pad + text)
			} else {
				row.WriteString(text + pad)
			}
			row.WriteString(strings.Repeat(" ", columnGap))
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	return b.String()
}

// shortened cuts a text that is too wide.
func shortened(text string, limit int) string {
	if textWidth(text) <= limit {
		return text
	}
	runes := []rune(text)
	for textWidth(string(runes)) > limit-1 {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// records prints a line for each cell, and an empty one between rows.
func (g *grid) records() string {
	name := slices.Max(widthsOf([][]string{g.columns}))
	var b strings.Builder
	for n, line := range g.texts() {
		if n > 0 {
			b.WriteByte('\n')
		}
		for i, text := range line {
			b.WriteString(g.columns[i] + strings.Repeat(" ", name-textWidth(g.columns[i])+columnGap) + text + "\n")
		}
	}
	return b.String()
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

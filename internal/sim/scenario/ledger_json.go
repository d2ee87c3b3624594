package scenario

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// WriteTo writes the ledger as JSON, a line for each conversation, each row of a view and each reject. The members of a
// conversation are named like the columns of unified_interactions.
func (l *Ledger) WriteTo(out io.Writer) (int64, error) {
	counted := &counter{out: out}
	buffered := bufio.NewWriter(counted)
	lines := json.NewEncoder(buffered)
	write := func(line any) error {
		if err := lines.Encode(line); err != nil {
			return fmt.Errorf("writing the ledger: %w", err)
		}
		return nil
	}
	for i := range l.Interactions {
		if err := write(map[string]any{"conversation": l.Interactions[i].Columns()}); err != nil {
			return counted.n, err
		}
	}
	names := make([]string, 0, len(l.Views))
	for name := range l.Views {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, row := range l.Views[name] {
			if err := write(map[string]any{"view": name, "row": row}); err != nil {
				return counted.n, err
			}
		}
	}
	for _, r := range l.Rejects {
		if err := write(map[string]any{"reject": r.ConversationID, "kind": r.Kind}); err != nil {
			return counted.n, err
		}
	}
	if err := buffered.Flush(); err != nil {
		return counted.n, fmt.Errorf("writing the ledger: %w", err)
	}
	return counted.n, nil
}

// Columns are the row's values by the names of their columns; nil is NULL.
func (r *TruthRow) Columns() map[string]any {
	columns := map[string]any{}
	gather(reflect.ValueOf(r).Elem(), columns)
	return columns
}

func gather(v reflect.Value, columns map[string]any) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		value := v.Field(i)
		switch {
		case field.Anonymous:
			gather(value, columns)
		case value.Kind() == reflect.Pointer && value.IsNil():
			columns[columnName(field.Name)] = nil
		case value.Kind() == reflect.Pointer:
			columns[columnName(field.Name)] = value.Elem().Interface()
		default:
			columns[columnName(field.Name)] = value.Interface()
		}
	}
}

// columnName turns HandleTimeMs into handle_time_ms and CrmIDStatus into crm_id_status.
func columnName(field string) string {
	capital := func(i int) bool { return i >= len(field) || field[i] >= 'A' && field[i] <= 'Z' }
	var b strings.Builder
	for i := range len(field) {
		if i > 0 && capital(i) && (!capital(i-1) || !capital(i+1)) {
			b.WriteByte('_')
		}
		b.WriteByte(field[i])
	}
	return strings.ToLower(b.String())
}

// counter counts what is written.
type counter struct {
	out io.Writer
	n   int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	c.n += int64(n)
	return n, err
}

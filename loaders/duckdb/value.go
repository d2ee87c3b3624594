package duckdb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// JSON is a value with parts (a list, a struct, a map, an interval) as JSON text.
type JSON string

// MarshalJSON gives the text.
func (j JSON) MarshalJSON() ([]byte, error) { return []byte(j), nil }

// plain makes of a value of a column's type one of those that an Answer takes. A number with more digits than int64 or float64
// holds is a text, which no reader of JSON rounds.
func plain(kind string, v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64, string:
		return v, nil
	case int8, int16, int32, uint8, uint16, uint32:
		return integer(v), nil
	case float32:
		return number(float64(v)), nil
	case float64:
		return number(v), nil
	case []byte:
		if id := (duckdb.UUID{}); kind == "UUID" && id.Scan(v) == nil {
			return id.String(), nil
		}
		return string(v), nil
	case time.Time:
		return moment(kind, v), nil
	case *big.Int:
		if v.IsInt64() {
			return v.Int64(), nil
		}
		return v.String(), nil
	case uint64:
		return plain(kind, new(big.Int).SetUint64(v))
	case duckdb.Decimal:
		if v.Width <= 15 { // float64 holds so many digits
			return v.Float64(), nil
		}
		return v.String(), nil
	case duckdb.UUID:
		return v.String(), nil
	default:
		text, err := encode(parts(v))
		return JSON(text), err
	}
}

func integer(v any) int64 {
	switch v := v.(type) {
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	default:
		panic(fmt.Sprintf("duckdb: %T is no small integer", v))
	}
}

// number keeps a number that JSON has; the others become texts.
func number(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Sprint(f)
	}
	return f
}

// moment writes what a clock or a calendar shows: RFC 3339 in UTC, to the microsecond.
func moment(kind string, at time.Time) string {
	switch kind {
	case "DATE":
		return at.Format(time.DateOnly)
	case "TIME":
		return at.Format("15:04:05.999999")
	case "TIMETZ", "TIME WITH TIME ZONE":
		return at.Format("15:04:05.999999Z07:00")
	default:
		return at.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
	}
}

// parts makes of a value with parts one that encoding/json writes.
func parts(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, e := range v {
			all[i] = parts(e)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, e := range v {
			all[name] = parts(e)
		}
		return all
	case duckdb.OrderedMap:
		all := make(map[string]any, v.Len())
		for i, e := range v.Values() {
			all[fmt.Sprint(parts(v.Keys()[i]))] = parts(e)
		}
		return all
	case duckdb.Union:
		return parts(v.Value)
	case duckdb.Interval:
		return v
	default:
		text, err := plain("", v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return text
	}
}

func encode(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return string(bytes.TrimSpace(b.Bytes())), err
}

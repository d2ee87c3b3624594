package pgwire

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/jackc/pgx/v5/pgtype"
)

// PostgreSQL counts days and microseconds from here, the engine from 1970.
const (
	epochDays   = 10957
	epochMicros = epochDays * 24 * 60 * 60 * 1_000_000
)

// encoder writes values as a client asked for them. It is not safe for concurrent use.
type encoder struct {
	types *pgtype.Map
}

// cell appends a value with its length in front; NULL is a length of -1.
func (e *encoder) cell(to []byte, v *vector, row int, format int16) ([]byte, error) {
	if v.isNull(row) {
		return binary.BigEndian.AppendUint32(to, math.MaxUint32), nil
	}
	start := len(to)
	to = append(to, 0, 0, 0, 0)
	var err error
	if format == pgtype.BinaryFormatCode {
		to, err = e.binary(to, v, row)
	} else {
		to, err = e.text(to, v, row)
	}
	if err != nil {
		return to, fmt.Errorf("column %q: %w", v.name, err)
	}
	n := len(to) - start - 4
	if n > math.MaxInt32 {
		return to, fmt.Errorf("column %q: a value of %d bytes is too long", v.name, n)
	}
	binary.BigEndian.PutUint32(to[start:], uint32(n))
	return to, nil
}

// text appends a value as text.
func (e *encoder) text(to []byte, v *vector, row int) ([]byte, error) {
	switch v.oid {
	case pgtype.BoolOID:
		if at[bool](v, row) {
			return append(to, 't'), nil
		}
		return append(to, 'f'), nil
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		return strconv.AppendInt(to, v.integer(row), 10), nil
	case pgtype.Float4OID:
		return appendFloat(to, float64(at[float32](v, row)), 32), nil
	case pgtype.Float8OID:
		return appendFloat(to, at[float64](v, row), 64), nil
	case pgtype.NumericOID:
		return appendDecimal(to, v.unscaled(row), int(v.scale)), nil
	case pgtype.DateOID:
		return appendDate(to, v.integer(row)), nil
	case pgtype.TimestampOID:
		return appendTimestamp(to, v.micros(row), ""), nil
	case pgtype.TimestamptzOID:
		return appendTimestamp(to, v.micros(row), "+00"), nil
	case pgtype.TimeOID:
		return time.UnixMicro(v.integer(row)).UTC().AppendFormat(to, "15:04:05.999999"), nil
	case pgtype.IntervalOID:
		return appendInterval(to, at[interval](v, row)), nil
	case pgtype.UUIDOID:
		return e.types.Encode(v.oid, pgtype.TextFormatCode, v.uuid(row), to)
	case pgtype.ByteaOID:
		return e.types.Encode(v.oid, pgtype.TextFormatCode, v.text(row), to)
	default:
		return append(to, v.text(row)...), nil
	}
}

// binary appends a value in PostgreSQL's binary form.
func (e *encoder) binary(to []byte, v *vector, row int) ([]byte, error) {
	switch v.oid {
	case pgtype.BoolOID:
		return append(to, at[byte](v, row)), nil
	case pgtype.Int2OID:
		return binary.BigEndian.AppendUint16(to, uint16(v.integer(row))), nil
	case pgtype.Int4OID:
		return binary.BigEndian.AppendUint32(to, uint32(v.integer(row))), nil
	case pgtype.Int8OID, pgtype.TimeOID:
		return binary.BigEndian.AppendUint64(to, uint64(v.integer(row))), nil
	case pgtype.Float4OID:
		return binary.BigEndian.AppendUint32(to, math.Float32bits(at[float32](v, row))), nil
	case pgtype.Float8OID:
		return binary.BigEndian.AppendUint64(to, math.Float64bits(at[float64](v, row))), nil
	case pgtype.NumericOID:
		n := pgtype.Numeric{Int: v.unscaled(row), Exp: -int32(v.scale), Valid: true}
		return e.types.Encode(v.oid, pgtype.BinaryFormatCode, n, to)
	case pgtype.DateOID:
		return binary.BigEndian.AppendUint32(to, uint32(dateBinary(v.integer(row)))), nil
	case pgtype.TimestampOID, pgtype.TimestamptzOID:
		return binary.BigEndian.AppendUint64(to, uint64(timestampBinary(v.micros(row)))), nil
	case pgtype.IntervalOID:
		i := at[interval](v, row)
		to = binary.BigEndian.AppendUint64(to, uint64(i.micros))
		to = binary.BigEndian.AppendUint32(to, uint32(i.days))
		return binary.BigEndian.AppendUint32(to, uint32(i.months)), nil
	case pgtype.UUIDOID:
		id := v.uuid(row)
		return append(to, id[:]...), nil
	case pgtype.TextArrayOID:
		return recode[[]*string](e, to, v.oid, v.text(row))
	case pgtype.Int8ArrayOID:
		return recode[[]*int64](e, to, v.oid, v.text(row))
	default:
		return append(to, v.text(row)...), nil
	}
}

// recode appends the binary form of a value that is there as a text.
func recode[T any](e *encoder, to []byte, oid uint32, text []byte) ([]byte, error) {
	var value T
	if err := e.types.Scan(oid, pgtype.TextFormatCode, text, &value); err != nil {
		return to, err
	}
	return e.types.Encode(oid, pgtype.BinaryFormatCode, value, to)
}

// The engine's infinite days and times.
const (
	infiniteDay  = math.MaxInt32
	infiniteTime = math.MaxInt64
)

// micros reads a time as microseconds since 1970, whatever the engine counts it in.
func (v *vector) micros(row int) int64 {
	n := v.integer(row)
	if n == infiniteTime || n == -infiniteTime {
		return n
	}
	switch v.kind {
	case bindings.TypeTimestampS:
		return n * 1_000_000
	case bindings.TypeTimestampMS:
		return n * 1_000
	case bindings.TypeTimestampNS:
		return time.Unix(0, n).UnixMicro()
	default:
		return n
	}
}

func dateBinary(days int64) int32 {
	switch days {
	case infiniteDay:
		return math.MaxInt32
	case -infiniteDay:
		return math.MinInt32
	default:
		return int32(days - epochDays)
	}
}

func timestampBinary(micros int64) int64 {
	switch micros {
	case infiniteTime:
		return math.MaxInt64
	case -infiniteTime:
		return math.MinInt64
	default:
		return micros - epochMicros
	}
}

func appendFloat(to []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(to, "NaN"...)
	case math.IsInf(f, 1):
		return append(to, "Infinity"...)
	case math.IsInf(f, -1):
		return append(to, "-Infinity"...)
	default:
		return strconv.AppendFloat(to, f, 'g', -1, bits)
	}
}

// appendDecimal writes a number whose last digits, as many as the scale, follow the point.
func appendDecimal(to []byte, unscaled *big.Int, scale int) []byte {
	if unscaled.Sign() < 0 {
		to = append(to, '-')
		unscaled = new(big.Int).Abs(unscaled)
	}
	digits := unscaled.String()
	for len(digits) <= scale {
		digits = "0" + digits
	}
	to = append(to, digits[:len(digits)-scale]...)
	if scale > 0 {
		to = append(append(to, '.'), digits[len(digits)-scale:]...)
	}
	return to
}

func appendDate(to []byte, days int64) []byte {
	switch days {
	case infiniteDay:
		return append(to, "infinity"...)
	case -infiniteDay:
		return append(to, "-infinity"...)
	default:
		return appendTime(to, time.Unix(days*24*60*60, 0).UTC(), "-01-02", "")
	}
}

func appendTimestamp(to []byte, micros int64, zone string) []byte {
	switch micros {
	case infiniteTime:
		return append(to, "infinity"...)
	case -infiniteTime:
		return append(to, "-infinity"...)
	default:
		return appendTime(to, time.UnixMicro(micros).UTC(), "-01-02 15:04:05.999999", zone)
	}
}

// appendTime writes a time as PostgreSQL does: years before the first are counted back from it.
func appendTime(to []byte, t time.Time, layout, zone string) []byte {
	year, era := t.Year(), ""
	if year <= 0 {
		year, era = 1-year, " BC"
	}
	to = fmt.Appendf(to, "%04d", year)
	return append(append(t.AppendFormat(to, layout), zone...), era...)
}

// appendInterval writes a span as PostgreSQL's own style does: 1 year 2 mons 3 days 04:05:06.7.
func appendInterval(to []byte, i interval) []byte {
	start := len(to)
	for _, part := range []struct {
		n    int32
		unit string
	}{{i.months / 12, "year"}, {i.months % 12, "mon"}, {i.days, "day"}} {
		if part.n == 0 {
			continue
		}
		if len(to) > start {
			to = append(to, ' ')
		}
		to = fmt.Appendf(to, "%d %s", part.n, part.unit)
		if part.n != 1 {
			to = append(to, 's')
		}
	}
	if i.micros == 0 && len(to) > start {
		return to
	}
	if len(to) > start {
		to = append(to, ' ')
	}
	micros := uint64(i.micros)
	if i.micros < 0 {
		to, micros = append(to, '-'), -micros
	}
	seconds := micros / 1_000_000
	to = fmt.Appendf(to, "%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	if rest := micros % 1_000_000; rest != 0 {
		text := fmt.Sprintf("%06d", rest)
		for text[len(text)-1] == '0' {
			text = text[:len(text)-1]
		}
		to = append(append(to, '.'), text...)
	}
	return to
}

package trusst

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// The database's times have no zone. Within the reader they are what the database's clock on the wall shows, held as if it were UTC:
// that is how they compare there. Only what is given out is a moment.

// timeFormat is how times are given out: RFC 3339, UTC, microseconds.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// wall gives what the database's clock shows at a moment.
func (x *Extractor) wall(t time.Time) time.Time { return inZone(t.In(x.config.Location), time.UTC) }

// moment gives when the database's clock shows a time.
func (x *Extractor) moment(t time.Time) time.Time { return inZone(t, x.config.Location).UTC() }

func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// overlap is how far a read goes back. Where clocks are set back, an hour is told twice.
func (x *Extractor) overlap() time.Duration {
	if x.config.Location == time.UTC {
		return x.config.Overlap
	}
	return x.config.Overlap + time.Hour
}

// text gives a time as it is given out; infinity, which is no time, by its name.
func (x *Extractor) text(t pgtype.Timestamp) *string {
	switch {
	case !t.Valid:
		return nil
	case t.InfinityModifier != pgtype.Finite:
		return new(t.InfinityModifier.String())
	default:
		return new(x.moment(t.Time).Format(timeFormat))
	}
}

// stamp makes a parameter of a time on the database's clock.
func stamp(t time.Time) pgtype.Timestamp { return pgtype.Timestamp{Time: t, Valid: true} }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

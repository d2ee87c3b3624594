package genesys

import "time"

// cells makes the pointers of a row's columns. Values of one type lie together, so that a row is a few allocations and not
// fifty.
type cells struct {
	texts slab[string]
	ints  slab[int64]
	reals slab[float64]
	bools slab[bool]
	times slab[time.Time]
}

// text is NULL for what is empty.
func (c *cells) text(s string) *string {
	if s == "" {
		return nil
	}
	return c.texts.keep(s)
}

func (c *cells) int(n int64) *int64 { return c.ints.keep(n) }

// moment is NULL for what is no date.
func (c *cells) moment(m moment) *time.Time {
	if !m.ok() {
		return nil
	}
	return c.times.keep(m.time())
}

// ms is a time given in milliseconds since 1970; NULL for never.
func (c *cells) ms(at int64) *time.Time {
	if at == never {
		return nil
	}
	return c.times.keep(time.UnixMilli(at).UTC())
}

func (c *cells) bool(b bool) *bool { return c.bools.keep(b) }

// slab hands out places of a piece of memory, each once.
type slab[T any] struct{ free []T }

func (s *slab[T]) keep(v T) *T {
	if len(s.free) == 0 {
		s.free = make([]T, 256)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	*p = v
	return p
}

// copied keeps a value that may be missing.
func (s *slab[T]) copied(v *T) *T {
	if v == nil {
		return nil
	}
	return s.keep(*v)
}

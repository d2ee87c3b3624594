package genesys

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// moment is a time as the source writes it. Its zero value is absent.
type moment struct {
	ms    int64 // since 1970, UTC
	state state
}

type state uint8

const (
	absent state = iota
	known
	malformed // text that is no date
	mistyped  // no text at all
)

func (m moment) ok() bool { return m.state == known }

func (m moment) time() time.Time { return time.UnixMilli(m.ms).UTC() }

// UnmarshalJSONFrom never refuses a value: which dates a conversation can do without is for the rules to say.
func (m *moment) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err == nil {
		m.SetJSON(v)
	}
	return err
}

// SetJSON reads a value as UnmarshalJSONFrom does.
func (m *moment) SetJSON(v []byte) bool {
	*m = moment{}
	switch jsontext.Value(v).Kind() {
	case 'n':
	case '"':
		m.state = malformed
		if ms, ok := parseDate(v[1 : len(v)-1]); ok { // no date needs an escape
			m.ms, m.state = ms, known
		}
	default:
		m.state = mistyped
	}
	return true
}

// The years that a contact centre's record can be of. Software that has no date writes year 1, and so it is refused.
const (
	firstYear = 1970
	lastYear  = 9999
)

// parseDate reads a date as strictly as the vendor writes it: month and day of one digit or two, a fraction of any length or
// none (what is beyond a millisecond is cut off), Z or an offset or, meaning UTC, neither.
func parseDate[T ~string | ~[]byte](text T) (ms int64, ok bool) {
	s := scanner[T]{text: text, ok: true}
	year := s.number(4, 4)
	s.skip('-')
	month := s.number(1, 2)
	s.skip('-')
	day := s.number(1, 2)
	s.skip('T')
	hour := s.number(2, 2)
	s.skip(':')
	minute := s.number(2, 2)
	s.skip(':')
	second := s.number(2, 2)
	fraction := s.fraction()
	offset := s.offset()
	if !s.ok || len(s.text) > 0 || year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 ||
		day > daysIn(month, year) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	days := daysSince1970(year, month, day)
	return ((days*24+hour)*60+minute-offset)*60_000 + second*1000 + fraction, true
}

// scanner takes a text apart from its beginning. Once something is amiss it stays so.
type scanner[T ~string | ~[]byte] struct {
	text T
	ok   bool
}

// peek gives the next character, 0 at the end.
func (s *scanner[T]) peek() byte {
	if len(s.text) == 0 {
		return 0
	}
	return s.text[0]
}

func (s *scanner[T]) skip(c byte) {
	if s.peek() != c {
		s.ok = false
		return
	}
	s.text = s.text[1:]
}

// number reads a number of at least least and at most most digits.
func (s *scanner[T]) number(least, most int) (n int64) {
	i := 0
	for i < most && i < len(s.text) && isDigit(s.text[i]) {
		n = n*10 + int64(s.text[i]-'0')
		i++
	}
	s.ok = s.ok && i >= least
	s.text = s.text[i:]
	return n
}

// fraction reads the fraction of a second, if there is one, in ms.
func (s *scanner[T]) fraction() (ms int64) {
	if s.peek() != '.' {
		return 0
	}
	s.text = s.text[1:]
	i, scale := 0, int64(100)
	for i < len(s.text) && isDigit(s.text[i]) {
		ms += int64(s.text[i]-'0') * scale
		scale /= 10
		i++
	}
	s.ok = s.ok && i > 0
	s.text = s.text[i:]
	return ms
}

// offset reads the zone, in minutes east of Greenwich: Z, +hh:mm, +hhmm, or nothing.
func (s *scanner[T]) offset() (minutes int64) {
	sign := int64(1)
	switch s.peek() {
	case 0:
		return 0
	case 'Z':
		s.text = s.text[1:]
		return 0
	case '-':
		sign = -1
	case '+':
	default:
		s.ok = false
		return 0
	}
	s.text = s.text[1:]
	hours := s.number(2, 2)
	if s.peek() == ':' {
		s.text = s.text[1:]
	}
	minutes = s.number(2, 2)
	s.ok = s.ok && hours < 24 && minutes < 60
	return sign * (hours*60 + minutes)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func daysIn(month, year int64) int64 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days in the Gregorian calendar. Years begin in March here, so that a leap day is a year's last.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719_468
}

package scenario

import "strconv"

// pen writes one story as JSON as it was visible at a moment.
type pen struct {
	b          []byte
	s          *story
	at         int64
	attributes bool
}

func (p *pen) open(c byte) { p.b = append(p.b, c) }

func (p *pen) shut(c byte) { p.b = append(p.b, c) }

// next separates from what comes before in the same object or array.
func (p *pen) next() {
	if c := p.b[len(p.b)-1]; c != '{' && c != '[' {
		p.b = append(p.b, ',')
	}
}

func (p *pen) key(name string) {
	p.next()
	p.b = append(p.b, '"')
	p.b = append(p.b, name...)
	p.b = append(p.b, '"', ':')
}

// text writes a member; without a value it is absent, or null in a record of that oddity.
func (p *pen) text(name, value string) {
	if value == "" {
		p.null(name)
		return
	}
	p.key(name)
	p.quote(value)
}

func (p *pen) null(name string) {
	if p.s.odd == oddNulls {
		p.key(name)
		p.b = append(p.b, "null"...)
	}
}

func (p *pen) whole(name string, v int64) {
	p.key(name)
	p.b = strconv.AppendInt(p.b, v, 10)
}

func (p *pen) flag(name string, v bool) {
	p.key(name)
	p.b = strconv.AppendBool(p.b, v)
}

func (p *pen) id(name string, u uuid) {
	p.key(name)
	p.b = append(p.b, '"')
	p.b = append(u.appendTo(p.b), '"')
}

// list goes on with a list, or begins it: one without elements is absent. It gives true: the list is open.
func (p *pen) list(name string, opened bool) bool {
	if !opened {
		p.key(name)
		p.open('[')
	}
	p.next()
	return true
}

// endList ends a list.
func (p *pen) endList(name string, opened bool) {
	if opened {
		p.shut(']')
		return
	}
	p.null(name)
}

// moment writes a time; one that has not come yet is absent.
func (p *pen) moment(name string, t int64) {
	if t == 0 || t > p.at {
		p.null(name)
		return
	}
	p.key(name)
	p.b = append(p.b, '"')
	p.b = appendTime(p.b, t, p.s.odd)
	p.b = append(p.b, '"')
}

func (p *pen) quote(s string) {
	p.b = append(p.b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			p.b = append(p.b, '\\', c)
		case c < ' ':
			p.b = append(p.b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			p.b = append(p.b, c)
		}
	}
	p.b = append(p.b, '"')
}

const longestAttribute = 1024 // characters that the interface hands out

func truncated(s string) string {
	if len(s) <= longestAttribute {
		return s
	}
	n := 0
	for i := range s {
		if n == longestAttribute {
			return s[:i]
		}
		n++
	}
	return s
}

// appendTime writes epoch ms as the interface does. The civil date is computed here because it is most of the work of a
// record, and the standard formatter five times as slow.
func appendTime(b []byte, t int64, odd oddity) []byte {
	days, ms := t/day24, t%day24
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d, m, y := doy-(153*mp+2)/5+1, mp+3, yoe+era*400
	if m > 12 {
		m, y = m-12, y+1
	}
	b = strconv.AppendInt(b, y, 10)
	b = append(b, '-', byte('0'+m/10), byte('0'+m%10), '-')
	if d >= 10 || odd != oddDay {
		b = append(b, byte('0'+d/10))
	}
	b = append(b, byte('0'+d%10), 'T')
	b = appendTwo(b, ms/hour, ':')
	b = appendTwo(b, ms/minute%60, ':')
	b = appendTwo(b, ms/second%60, '.')
	ms %= second
	b = append(b, byte('0'+ms/100), byte('0'+ms/10%10))
	if odd != oddFraction || ms%10 != 0 {
		b = append(b, byte('0'+ms%10))
	}
	return append(b, 'Z')
}

func appendTwo(b []byte, v int64, then byte) []byte {
	return append(b, byte('0'+v/10), byte('0'+v%10), then)
}

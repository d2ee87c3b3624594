package scenario

import "strings"

const (
	prefixAccount     = "001"
	prefixUser        = "005"
	prefixOpportunity = "006"
	prefixCase        = "500"

	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// crmID makes the 18-character id of the n-th record of a kind: five characters of pod and chance, the number, the checksum.
func (w *World) crmID(prefix string, stream, n uint64) string {
	h := hash(w.cfg.Seed, stream, n)
	id := append(make([]byte, 0, 18), prefix...)
	id = append(id, "5f0"...)
	for range 4 {
		id = append(id, base62[h%62])
		h /= 62
	}
	var number [5]byte
	for i := len(number) - 1; i >= 0; i-- {
		number[i] = base62[n%62]
		n /= 62
	}
	return sealed(string(append(id, number[:]...)))
}

// sealed appends to a 15-character id the three characters that tell which of its letters are capitals.
func sealed(id string) string {
	suffix := make([]byte, 0, 3)
	for group := range 3 {
		at := 0
		for j, c := range []byte(id[group*5 : group*5+5]) {
			if c >= 'A' && c <= 'Z' {
				at |= 1 << j
			}
		}
		suffix = append(suffix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[at])
	}
	return id + string(suffix)
}

// spelled is how a flow hands an id on, drawn from the ways seen in the wild. All mean the same record.
func spelled(d dice, id string) string {
	switch u := d.Float64(); {
	case u < 0.25:
		return id[:15]
	case u < 0.35:
		return strings.ToLower(id)
	case u < 0.40:
		return strings.ToUpper(id)
	default:
		return id
	}
}

package scenario

import "strconv"

// A conversation's id hides its day and its place within the day, so that a story is found again without an index of all of
// them: the first 48 bits are a permutation of the two, the others a hash of it.
const (
	indexBits = 30
	keyMask   = 1<<48 - 1
	keyFactor = 0x5851f42d4c957f2d & keyMask
)

func (w *World) conversationID(day int, index uint32) uuid {
	v := (uint64(day)<<indexBits | uint64(index)) ^ w.key
	v = v * keyFactor & keyMask
	v ^= v >> 24
	v = v * keyFactor & keyMask
	v ^= v >> 24
	h := hash(w.cfg.Seed, streamID, v)
	return uuid{v<<16 | h&0xffff, hash(h, 1)}
}

// place is the inverse of conversationID; false for an id that is not of this world.
func (w *World) place(id string) (day int, index uint32, ok bool) {
	if len(id) != 36 {
		return 0, 0, false
	}
	v, err := strconv.ParseUint(id[:8]+id[9:13], 16, 48)
	if err != nil {
		return 0, 0, false
	}
	v ^= v >> 24
	v = v * w.unfactor & keyMask
	v ^= v >> 24
	v = v * w.unfactor & keyMask
	v ^= w.key
	day, index = int(v>>indexBits), uint32(v&(1<<indexBits-1))
	if day >= w.cfg.Days || int(index) >= w.count(day) || w.conversationID(day, index).String() != id {
		return 0, 0, false
	}
	return day, index, true
}

// inverse is the multiplicative inverse of an odd number modulo 2^64, and so modulo any smaller power of two.
func inverse(odd uint64) uint64 {
	x := odd
	for range 6 {
		x *= 2 - odd*x
	}
	return x
}

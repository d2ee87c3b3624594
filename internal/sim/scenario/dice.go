package scenario

import (
	"math"
	"math/rand/v2"
)

// Streams of chance. Each decision draws from a stream of its own, so that a new decision leaves the others as they were.
const (
	streamStory = iota + 1
	streamStart
	streamID
	streamUser
	streamQueue
	streamWrapup
	streamDivision
	streamAccount
	streamOwner
	streamOpportunity
	streamCase
	streamKey
	streamFlow
	streamReprocess
	streamRelease
	streamTrusst
	streamOnPremise
	streamOutcome
	streamResolution
	streamSupervision
)

// hash spreads its arguments over 64 bits.
func hash(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h = (h ^ p) + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// dice is one stream of chance.
type dice struct{ *rand.Rand }

func newDice(parts ...uint64) dice {
	return dice{rand.New(rand.NewPCG(hash(parts...), hash(append(parts, 1)...)))}
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between draws from [lo, hi).
func (d dice) between(lo, hi int64) int64 { return lo + d.Int64N(hi-lo) }

// span draws a duration in ms with a given mean: long ones are rare, none is longer than ten times the mean.
func (d dice) span(mean int64) int64 {
	return min(1+int64(-math.Log(1-d.Float64())*float64(mean)), 10*mean)
}

// high draws from 0 to below an end as people score: mostly near it. It is distributed as the greatest of three equal draws.
func (d dice) high(end int64) int64 { return int64(math.Cbrt(d.Float64()) * float64(end)) }

// pick draws one of the given; it panics if there is none.
func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// uuid is a version-4 UUID; its fixed bits are put in when it is written.
type uuid [2]uint64

func (d dice) uuid() uuid { return uuid{d.Uint64(), d.Uint64()} }

const hexDigits = "0123456789abcdef"

func (u uuid) appendTo(b []byte) []byte {
	hi := u[0]&^0xf000 | 0x4000
	lo := u[1]&^(3<<62) | 2<<62
	for i := 60; i >= 0; i -= 4 {
		if i == 28 || i == 12 {
			b = append(b, '-')
		}
		b = append(b, hexDigits[hi>>i&15])
	}
	for i := 60; i >= 0; i -= 4 {
		if i == 60 || i == 44 {
			b = append(b, '-')
		}
		b = append(b, hexDigits[lo>>i&15])
	}
	return b
}

func (u uuid) String() string { return string(u.appendTo(make([]byte, 0, 36))) }

// uuidOf names a fixed thing of the world.
func uuidOf(parts ...uint64) string {
	h := hash(parts...)
	return uuid{h, hash(h, 2)}.String()
}

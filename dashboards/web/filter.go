package web

import (
	"fmt"
	"strconv"
)

// number reads a whole number of the address. What cannot be one is ignored, and said.
func (v *visit) number(name string, usual, least, most int) int {
	text := v.query.Get(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		v.ignore("%s=%s is ignored: a whole number from %d to %d is expected, so %d is taken", name, clipped(text), least, most, usual)
		return usual
	}
	return n
}

// clipped keeps what a stranger wrote short enough to be repeated.
func clipped(text string) string {
	const most = 60
	runes := []rune(text)
	if len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

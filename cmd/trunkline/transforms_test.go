package main

import "testing"

// An intraday run knows its rows half-finished: joined again days later they would overwrite what the night has finished.
func TestAnIntradayRunJoinsNoEarlierRows(t *testing.T) {
	for intraday, want := range map[bool]bool{false: true, true: false} {
		back := false
		for _, in := range transforms(defaultConfig(), intraday)["unify"].Reads() {
			back = back || in.Back > 0
		}
		if back != want {
			t.Errorf("intraday %v: earlier rows are joined again: %v", intraday, back)
		}
	}
}

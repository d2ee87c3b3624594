package main

import "strings"

// suggestion gives the end of a sentence about an unknown name: the nearest known one, or all of them where none is near.
func suggestion(name string, known []string) string {
	best, least := "", 1+len(name)/3
	for _, k := range known {
		if d := distance(strings.ToLower(name), k); d <= least {
			best, least = k, d
		}
	}
	if best != "" {
		return " (did you mean " + best + "?)"
	}
	return "; known here: " + strings.Join(known, ", ")
}

// distance is the number of characters to insert, remove, replace or swap with their neighbour to make b of a.
func distance(a, b string) int {
	var before, last, row []int
	last = make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row = make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

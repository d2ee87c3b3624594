package pgwire

import (
	"fmt"
	"strings"
)

// mostAround is how many calls of our macros may stand around one that has a limit.
const mostAround = 6

// bounded are the functions that make long texts and lists out of short ones, and what stands for each: the same within a limit.
var bounded = map[string]string{
	"repeat": "pg_repeat", "lpad": "pg_lpad", "rpad": "pg_rpad", "range": "pg_range", "generate_series": "pg_series",
	"list_resize": "pg_resize", "array_resize": "pg_resize",
}

// bound puts the functions with a limit in the place of those without, under any spelling of their name. In FROM they are other
// functions, which make rows. Those with a limit name what they are given twice, so that few may stand in each other.
func bound(all []token) ([]token, error) {
	var n nesting
	for i, t := range all {
		n.follow(all[:i+1])
		to := bounded[t.value]
		if to == "" || t.kind != word && t.kind != quoted || !peek(all, i+1).marks("(") {
			continue
		}
		if n.clauses[len(n.clauses)-1] == "from" && startsItem(all[:i]) {
			continue
		}
		all[i].kind, all[i].text, all[i].value = word, to, to
		around := 0
		for _, open := range n.open {
			if strings.HasPrefix(peek(all, open-1).value, "pg_") {
				around++
			}
		}
		if around >= mostAround {
			return nil, &Error{Code: "54001", Message: fmt.Sprintf("the query is too complex: %s stands inside of more than %d others", t.value, mostAround)}
		}
	}
	return all, nil
}

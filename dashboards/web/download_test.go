package web

import (
	"encoding/csv"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a caller is named must not be executed by the spreadsheet that opens the download. Numbers are as they are.
func TestTextsOfCSVAreNoFormulas(t *testing.T) {
	s, _ := showing(t, centre{contacts: 10, days: 3})
	query := `select '=cmd()' as "=x", '+1' as b, '-1' as c, '@sum' as d, chr(9) || '=1' as e, chr(13) || '=1' as f, 'a=1' as g, '' as h,
-1 as i, -1.5::double as j, -2::hugeint as k, null::varchar as l, 'é' as m`
	w := get(t, s, "/download?format=csv&sql="+url.QueryEscape(query))
	lines, err := csv.NewReader(w.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"'=x", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"},
		{"'=cmd()", "'+1", "'-1", "'@sum", "'\t=1", "'\r=1", "a=1", "", "-1", "-1.5", "-2", "", "é"},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}

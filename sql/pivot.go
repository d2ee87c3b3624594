package sql

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"trunkline/schema"
)

// Pivot is the columns of a pivoted view that one question's answers become. They are always the three of a row of
// trusst_answers, whatever the question's type is today: a column never changes its type because Trusst changed a question.
// Each name ends in what the column holds, so two keys have either all three names in common or none.
type Pivot struct {
	Key                 string // of the question
	Text, Number, Truth string // names of the columns
}

// The bounds of what can be pivoted.
const (
	longestKey  = 255 // bytes: as much as trusst_answers keeps
	longestName = 63  // bytes of an identifier, all that PostgreSQL tells apart
	mostKeys    = 200 // three columns each, in a row that has to fit into a page of PostgreSQL
)

// PivotOf gives the columns of a question key.
func PivotOf(key string) (Pivot, error) {
	if len(key) > longestKey {
		return Pivot{}, fmt.Errorf("has %d bytes; a question key has at most %d", len(key), longestKey)
	}
	name := identifier(key, longestName-len("_number"))
	if name == "" {
		return Pivot{}, fmt.Errorf("%q has neither letter nor digit of which a column's name could be made", key)
	}
	return Pivot{Key: key, Text: name + "_text", Number: name + "_number", Truth: name + "_truth"}, nil
}

// PivotsOf gives the columns of question keys; fault is told of each key that cannot have any, by its place. Two keys that would
// be one column are not told apart by numbers behind their names: who reads such a column could not know which it is.
func PivotsOf(keys []string, fault func(i int, err error)) []Pivot {
	if len(keys) > mostKeys {
		fault(mostKeys, fmt.Errorf("is one too many: at most %d keys can be columns", mostKeys))
		keys = keys[:mostKeys]
	}
	var pivots []Pivot
	for i, key := range keys {
		p, err := PivotOf(key)
		if err != nil {
			fault(i, err)
			continue
		}
		if same := slices.IndexFunc(pivots, func(q Pivot) bool { return q.Text == p.Text }); same >= 0 {
			fault(i, fmt.Errorf("%q would be the column %s, which %q is already", key, p.Text, pivots[same].Key))
			continue
		}
		pivots = append(pivots, p)
	}
	return pivots
}

// identifier makes of a text a name that nobody must quote if it is of ASCII: letters in lower case, digits, and one _ for
// whatever stands between them. A long one keeps its beginning and is told from others by its hash.
func identifier(text string, most int) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	name := strings.Join(words, "_")
	if len(name) <= most {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	end := "_" + hex.EncodeToString(sum[:4])
	return strings.ToValidUTF8(name[:most-len(end)], "") + end
}

// WithPivots gives the views as they are when these question keys are columns: those that are pivoted have them in place of
// their examples'.
func WithPivots(views []View, keys []string) ([]View, error) {
	var wrong error
	pivots := PivotsOf(keys, func(i int, err error) {
		if wrong == nil {
			wrong = fmt.Errorf("pivot question key %d: %w", i+1, err)
		}
	})
	if wrong != nil {
		return nil, wrong
	}
	out := slices.Clone(views)
	for i := range out {
		out[i].pivot(pivots)
	}
	return out, nil
}

// pivot makes the columns of questions those of a pivoted view; others stay as they are.
func (v *View) pivot(pivots []Pivot) {
	if v.PivotKeys == nil {
		return
	}
	v.pivots, v.Columns = pivots, slices.Clone(v.fixed)
	for _, p := range pivots {
		v.Columns = append(v.Columns,
			ViewColumn{
				Name: p.Text, Unit: "text", Class: schema.Identity,
				Meaning: fmt.Sprintf("Answer to the question %q as received, whatever its type.", p.Key),
			},
			ViewColumn{Name: p.Number, Unit: "points", Meaning: fmt.Sprintf("Answer to %q if the question is a Rating: 1 to 10; else NULL.", p.Key)},
			ViewColumn{Name: p.Truth, Unit: "truth", Meaning: fmt.Sprintf("Answer to %q if the question is a Boolean; else NULL.", p.Key)},
		)
	}
}

// pivotsIn gives pivots as SQL: the keys as literals, the names as identifiers.
func (d Dialect) pivotsIn(pivots []Pivot) []Pivot {
	out := make([]Pivot, len(pivots))
	for i, p := range pivots {
		out[i] = Pivot{d.Literal(p.Key), d.Quote(p.Text), d.Quote(p.Number), d.Quote(p.Truth)}
	}
	return out
}

package genesys

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/sfid"
	"trunkline/schema"
)

// meaning is what an attribute is looked up for.
type meaning int

const (
	account meaning = iota
	caseOf
	escalated
	botHandled
	meanings
)

// widget is what the chat widget puts before the attributes it was given.
const widget = "context."

// lookup knows the attributes' keys by their meaning.
type lookup [meanings][]string

func newLookup(c Config) lookup {
	return lookup{account: c.AccountKeys, caseOf: c.CaseKeys, escalated: c.EscalatedKeys, botHandled: c.BotHandledKeys}
}

// marks are the values found, by meaning.
type marks [meanings]mark

// mark is a value and how good a find it is.
type mark struct {
	value string // empty: none
	rank  rank
}

// rank orders finds: an earlier key first, then the customer's before anybody else's, then the participant who came last, then
// a key written exactly so.
type rank struct {
	key      int
	other    int // 1: not the customer's
	began    int64
	position int
	spelling int
}

func (r rank) before(o rank) bool {
	return cmp.Or(
		cmp.Compare(r.key, o.key), cmp.Compare(r.other, o.other), cmp.Compare(o.began, r.began),
		cmp.Compare(o.position, r.position), cmp.Compare(r.spelling, o.spelling),
	) < 0
}

// find looks up every meaning in all participants. Dictionaries are never merged: later participants repeat the customer's
// attributes, older ones too, or empty.
func (w lookup) find(f *facts) (found marks) {
	for i := range f.Participants {
		p := &f.Participants[i]
		if len(p.Attributes.raw) == 0 {
			continue
		}
		r := rank{began: p.began(), position: i}
		if !p.outside() {
			r.other = 1
		}
		p.Attributes.each(func(name, value jsontext.Value) {
			for m, keys := range w {
				w.note(&found[m], keys, r, name, value)
			}
		})
	}
	return found
}

// began is when a participant's earliest session began; 0 if nobody knows, so that he is not taken for the latest.
func (p *participant) began() int64 {
	at := int64(never)
	for i := range p.Sessions {
		at = min(at, p.Sessions[i].began())
	}
	if at == never {
		return 0
	}
	return at
}

// note keeps a value if its name is one of the keys and nothing better was found.
func (lookup) note(best *mark, keys []string, r rank, name, value jsontext.Value) {
	for i, key := range keys {
		spelling, ok := matches(name, key)
		if !ok {
			continue
		}
		r.key, r.spelling = i, spelling
		text := textOf(value)
		if strings.TrimSpace(text) != "" && (best.value == "" || r.before(best.rank)) {
			*best = mark{text, r}
		}
		return
	}
}

// matches tells whether a name, in its quotes, is a key, and how exactly: as it is, with the widget's prefix, or in other
// letters.
func matches(name jsontext.Value, key string) (spelling int, ok bool) {
	if len(name) != len(key)+2 && len(name) != len(widget)+len(key)+2 && bytes.IndexByte(name, '\\') < 0 {
		return 0, false
	}
	plain := textOf(name)
	switch rest, prefixed := strings.CutPrefix(plain, widget); {
	case plain == key:
		return 0, true
	case prefixed && rest == key:
		return 1, true
	case strings.EqualFold(plain, key):
		return 2, true
	case len(plain) == len(widget)+len(key) && strings.EqualFold(plain[:len(widget)], widget) && strings.EqualFold(plain[len(widget):], key):
		return 3, true
	default:
		return 0, false
	}
}

// textOf gives a text without its quotes, a number or a truth as it is written, and nothing of anything else.
func textOf(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		plain, err := jsontext.AppendUnquote(nil, v)
		if err != nil && len(plain) == 0 { // broken characters are replaced, and said to be an error
			return ""
		}
		return string(plain)
	case '0', 't', 'f':
		return string(v)
	default:
		return ""
	}
}

// each gives the names and values of the attributes, as they are written. Both are valid until the function returns.
func (a attributes) each(do func(name, value jsontext.Value)) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(a.raw), lenient)
	if _, err := dec.ReadToken(); err != nil {
		return
	}
	var name []byte
	for dec.PeekKind() == '"' {
		v, err := dec.ReadValue()
		if err != nil {
			return
		}
		name = append(name[:0], v...)
		if v, err = dec.ReadValue(); err != nil {
			return
		}
		do(name, v)
	}
}

// flag reads a yes or no; ok tells whether there was any.
func (m *marks) flag(of meaning) (yes, ok bool) {
	switch value := strings.ToLower(strings.TrimSpace(m[of].value)); value {
	case "":
		return false, false
	case "true", "1", "yes", "y":
		return true, true
	default:
		return false, true
	}
}

// customer fills who the customer is, as far as can be told without the CRM.
func (f *facts) customer(row *schema.GenesysInteraction, c *cells, marks marks) {
	given := marks[account].value
	id, status := sfid.NormalizeAs(sfid.Account, given)
	row.CrmAccountID, row.CrmIDStatus = c.text(id), string(status)
	if given != "" {
		row.CrmAccountIDGiven, row.CrmMatchMethod = c.text(given), c.text("attribute")
	}
	id, _ = sfid.NormalizeAs(sfid.Case, marks[caseOf].value)
	row.CrmCaseID = c.text(id)
	if len(f.Divisions) > 0 {
		row.DivisionID = c.text(f.Divisions[0])
	}
	for i := range f.Participants {
		if p := &f.Participants[i]; row.ExternalContactID == nil && p.outside() {
			row.ExternalContactID = c.text(p.ExternalContactID)
		}
	}
}

package genesys

import (
	"slices"
	"strings"

	"trunkline/schema"
)

// media fills which media took part. The conversation's own is that of the customer's earliest session: a call that becomes a
// callback stays a call.
func (f *facts) media(row *schema.GenesysInteraction, c *cells) {
	row.Direction = c.text(f.direction())
	main := f.mainMedium((*leg).outside)
	if main == nil {
		main = f.mainMedium((*leg).anybody)
	}
	if main != nil {
		row.MediaType = c.text(main.MediaType)
		if main.MediaType == "message" {
			row.MessageType = c.text(main.MessageType)
		}
	}
	var all [8]string // more media are unheard of; append would go on
	distinct := all[:0]
	for i := range f.legs {
		if m := f.legs[i].MediaType; m != "" && !slices.Contains(distinct, m) {
			distinct = append(distinct, m)
		}
	}
	slices.Sort(distinct)
	row.MediaTypes = c.text(joined(distinct))
	row.HasCallback = c.bool(slices.Contains(distinct, "callback"))
}

func (l *leg) outside() bool { return l.who.outside() }

func (*leg) anybody() bool { return true }

// mainMedium gives the earliest session with a medium of those who count. One that only goes along with another (a shared
// screen) is chosen where there is nothing else.
func (f *facts) mainMedium(counts func(*leg) bool) *leg {
	var aside *leg
	for i := range f.legs {
		l := &f.legs[i]
		if l.MediaType == "" || !counts(l) {
			continue
		}
		if !accompanies(l.MediaType) {
			return l
		}
		if aside == nil {
			aside = l
		}
	}
	return aside
}

func accompanies(medium string) bool {
	return medium == "screenshare" || medium == "cobrowse" || medium == "video" || medium == "unknown"
}

// direction is the conversation's own; old records have only that of the first leg.
func (f *facts) direction() string {
	if f.Direction == "" && len(f.legs) > 0 {
		return f.legs[0].Direction
	}
	return f.Direction
}

// joined is strings.Join, but for one medium, which is the rule, without an allocation.
func joined(media []string) string {
	if len(media) == 1 {
		return media[0]
	}
	return strings.Join(media, ",")
}

package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// media reads which medium the overview is asked for, and offers each that there is. Waiting and handling times of a call and of an e-mail
// have little in common, so that the page says what is mixed.
func (v *visit) media(body *overviewBody) {
	var all []string
	for _, c := range v.daily() {
		for name := range c.days {
			if name != "" && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	asked := slices.DeleteFunc(slices.Clone(v.query["media_type"]), func(name string) bool { return name == "" })
	switch {
	case len(asked) == 0:
	case len(asked) > 1:
		v.ignore("media_type is ignored. One medium can be shown at a time, and all are shown")
	case !slices.Contains(all, asked[0]):
		v.ignore("media_type=%s is ignored. There are %s", clipped(asked[0]), strings.Join(all, ", "))
	default:
		v.medium = asked[0]
	}
	if len(all) < 2 {
		return
	}
	body.Mixed = "All media: waiting and handling times mix " + listed(all) + ", which have little in common."
	if v.medium != "" {
		body.Mixed = "The figures and the chart count contacts of " + v.medium + " only; what changed and the tables count all media."
	}
	if v.static {
		return
	}
	body.Media = []choice{{"All media", v.link("overview", mediumQuery(body.Period.days, "")), v.medium == ""}}
	for _, name := range all {
		body.Media = append(body.Media, choice{name, v.link("overview", mediumQuery(body.Period.days, name)), v.medium == name})
	}
}

// mediumQuery writes so many days of a medium, or of all.
func mediumQuery(days int, medium string) url.Values {
	q := url.Values{"days": {fmt.Sprint(days)}}
	if medium != "" {
		q.Set("media_type", medium)
	}
	return q
}

// listed writes names as a sentence does.
func listed(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

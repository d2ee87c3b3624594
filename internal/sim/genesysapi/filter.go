package genesysapi

import (
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// filter is a condition of a request, of two levels. All of it is understood, but only a few dimensions are simulated.
type filter struct {
	Type       string      `json:"type"`
	Clauses    []clause    `json:"clauses"`
	Predicates []predicate `json:"predicates"`
}

type clause struct {
	Type       string      `json:"type"`
	Predicates []predicate `json:"predicates"`
}

type predicate struct {
	Type         string         `json:"type"`
	Dimension    string         `json:"dimension"`
	Metric       string         `json:"metric"`
	Property     string         `json:"property"`
	PropertyType string         `json:"propertyType"`
	Operator     string         `json:"operator"`
	Value        *string        `json:"value"`
	Range        jsontext.Value `json:"range"`
}

// filters are the conditions that a details query or job can carry.
type filters struct {
	Conversation []filter         `json:"conversationFilters"`
	Segment      []filter         `json:"segmentFilters"`
	Evaluation   []jsontext.Value `json:"evaluationFilters"`
	Survey       []jsontext.Value `json:"surveyFilters"`
	Resolution   []jsontext.Value `json:"resolutionFilters"`
}

// check refuses what is not simulated.
func (f filters) check() error {
	if len(f.Evaluation)+len(f.Survey)+len(f.Resolution) > 0 {
		return beyond("evaluationFilters, surveyFilters and resolutionFilters are not supported here")
	}
	if err := checkFilters(f.Conversation, "conversationEnd", "conversationId"); err != nil {
		return err
	}
	return checkFilters(f.Segment, "queueId", "mediaType")
}

func checkFilters(list []filter, dimensions ...string) error {
	for _, f := range list {
		if len(f.Clauses)+len(f.Predicates) == 0 {
			return beyond("a filter must have clauses or predicates")
		}
		all := []clause{{Type: f.Type, Predicates: f.Predicates}}
		for _, c := range append(all, f.Clauses...) {
			if c.Type != "and" && c.Type != "or" {
				return beyond("the type of a filter must be and or or, not %q", c.Type)
			}
			for _, p := range c.Predicates {
				if err := p.check(dimensions); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p predicate) check(dimensions []string) error {
	switch {
	case p.Type != "" && p.Type != "dimension", p.Metric != "", p.Property != "", p.PropertyType != "", len(p.Range) > 0 && p.Range.Kind() != 'n':
		return beyond("only predicates on dimensions without a range are supported here")
	case !slices.Contains(dimensions, p.Dimension):
		return beyond("the dimension %q is not supported in this filter", p.Dimension)
	case p.matches() && p.Dimension == "conversationEnd":
		return beyond("the operator %q does not go with %s here", p.Operator, p.Dimension)
	case p.matches() && p.Value == nil:
		return beyond("a predicate on %s needs a value", p.Dimension)
	case !p.matches() && p.Operator != "exists" && p.Operator != "notExists":
		return beyond("the operator %q is not known", p.Operator)
	}
	return nil
}

func (p predicate) matches() bool { return p.Operator == "" || p.Operator == "matches" }

// holds evaluates a predicate where a dimension's value is value; "" is none.
func (p predicate) holds(value string) bool {
	switch p.Operator {
	case "exists":
		return value != ""
	case "notExists":
		return value == ""
	}
	return value == *p.Value
}

// holds evaluates a filter over what knows the values of dimensions.
func (f filter) holds(value func(dimension string) string) bool {
	all := f.Type == "and"
	for _, p := range f.Predicates {
		if p.holds(value(p.Dimension)) != all {
			return !all
		}
	}
	for _, c := range f.Clauses {
		if c.holds(value) != all {
			return !all
		}
	}
	return all
}

func (c clause) holds(value func(dimension string) string) bool {
	all := c.Type == "and"
	for _, p := range c.Predicates {
		if p.holds(value(p.Dimension)) != all {
			return !all
		}
	}
	return all
}

func holdAll(list []filter, value func(dimension string) string) bool {
	for _, f := range list {
		if !f.holds(value) {
			return false
		}
	}
	return true
}

// hold tells whether a conversation, as known at at, passes the conditions: those on segments must hold in one segment.
func (f filters) hold(c Conversation, at time.Time) bool {
	ok := holdAll(f.Conversation, func(dimension string) string {
		if dimension == "conversationId" {
			return c.ID
		}
		if end, ended := c.End(at); ended {
			return end.Format(dateForm)
		}
		return ""
	})
	if !ok || len(f.Segment) == 0 {
		return ok
	}
	return slices.ContainsFunc(placesOf(c, at), func(p place) bool {
		return holdAll(f.Segment, func(dimension string) string {
			if dimension == "queueId" {
				return p.queue
			}
			return p.media
		})
	})
}

// place is where one segment was.
type place struct{ queue, media string }

// placesOf reads the segments of a conversation.
func placesOf(c Conversation, at time.Time) []place {
	var seen struct {
		Participants []struct {
			Sessions []struct {
				MediaType string `json:"mediaType"`
				Segments  []struct {
					QueueID string `json:"queueId"`
				} `json:"segments"`
			} `json:"sessions"`
		} `json:"participants"`
	}
	// A record that is malformed here or there still has the places that could be read.
	_ = json.Unmarshal(c.AppendJSON(nil, at, false), &seen, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	var places []place
	for _, p := range seen.Participants {
		for _, s := range p.Sessions {
			for _, g := range s.Segments {
				places = append(places, place{g.QueueID, s.MediaType})
			}
		}
	}
	return places
}

package grafana

import (
	"slices"

	"trunkline/sql"
)

// gateBanner tells first of all whether figures that need the CRM may be believed.
var gateBanner = panel{
	kind: banner, title: "Who is missing: the join gate", query: "gate.sql", unit: words,
	about: "The newest outcome of the check join_rate: the share of conversations of the last 30 days that cannot be tied to a customer, and the " +
		"limit above which figures that need the CRM are kept back. The dashboard Join quality tells where they come in.",
	fields: []field{
		{name: "status", title: "Gate", unit: words, colours: outcomes},
		{name: "observed", title: "Not identified", unit: share},
		{name: "threshold", title: "Limit", unit: share},
		{name: "kept_views", title: "Views kept back", unit: count},
		{name: "message", title: "In words", unit: words},
		{name: "checked_at", title: "Checked", unit: instant},
	},
}

// The variables by which figures are narrowed.
var (
	queues = filter{"queue", "Queue", "queues.sql"}
	media  = filter{"media", "Medium", "media.sql"}
	tiers  = filter{"tier", "Customer tier", "tiers.sql"}
)

// joinQuality is the dashboard of those who own the data: which conversations have no customer, why, and what that does to the figures.
func joinQuality(w warehouse) (board, error) {
	figures, err := w.joinFigures()
	if err != nil {
		return board{}, err
	}
	b := board{
		name: "join_quality", title: "Trunkline: join quality", from: "now-30d/d", filters: []filter{queues, media},
		about: "Which conversations cannot be tied to a customer, where they come in, and how far that could bend the figures by customer.",
		rows: []row{
			{title: "The gate", panels: []panel{gateBanner}},
			{title: "In the chosen time", panels: append(figures,
				panel{kind: course, title: "Not identified, by reason", query: "joined_course.sql", unit: percent, about: "Of all conversations of a day: no id was set, it cannot be one, the CRM does not know it."},
				panel{
					kind: rows, title: "Where they come in", query: "joined_places.sql", unit: count,
					about: "Conversations by medium and queue, those with the most unidentified ones first: the flow in front of that queue does not set the account's id.",
					fields: []field{
						{name: "media_type", title: "Medium", unit: words},
						{name: "queue", title: "Queue", unit: words},
						{name: "total_contacts", title: "Conversations", unit: count},
						{name: "no_id", title: "No id", unit: count},
						{name: "malformed", title: "Malformed", unit: count},
						{name: "orphan", title: "Unknown account", unit: count},
						{name: "identified", title: "Identified", unit: count},
						{name: "unidentified_pct", title: "Not identified", unit: percent},
					},
				},
			)},
			{title: "What it does to the figures (30 newest business days, all queues and media)", panels: []panel{
				{
					kind: rows, title: "Are they like the others?", query: "bias.sql", unit: count,
					about: "The unidentified held against the identified on what is known of both. Beyond 0.1 either way the two are not alike, and a figure of the identified says little about all.",
					fields: []field{
						{name: "characteristic", title: "Characteristic", unit: words},
						{name: "kind", title: "Value", unit: words},
						{name: "matched_known", title: "Identified", unit: count},
						{name: "unmatched_known", title: "Not identified", unit: count},
						{name: "matched_mean", title: "Mean or share, identified", unit: unit{"none", 3}},
						{name: "unmatched_mean", title: "Mean or share, not identified", unit: unit{"none", 3}},
						{name: "standardised_difference", title: "Standardised difference", unit: unit{"none", 3}},
						{name: "is_unbalanced", title: "Not alike", unit: words, colours: map[string]string{"yes": "orange"}},
					},
				},
				{
					kind: rows, title: "How wrong could a rate be?", query: "bounds.sql", unit: count,
					about: "Between which rates a segment's rate lies, whatever segment the unidentified contacts belong to. It supposes nothing.",
					fields: []field{
						{name: "kpi", title: "Figure", unit: words},
						{name: "dimension", title: "By", unit: words},
						{name: "segment", title: "Segment", unit: words},
						{name: "matched_contacts", title: "Identified", unit: count},
						{name: "unmatched_contacts", title: "Not identified", unit: count},
						{name: "lower_pct", title: "At least", unit: percent},
						{name: "rate_pct", title: "As counted", unit: percent},
						{name: "upper_pct", title: "At most", unit: percent},
					},
				},
			}},
		},
	}
	return b, w.fill(&b, nil)
}

// joined is the view of join quality.
const joined = "join_quality_daily"

// joinFigures gives the measures of the view, and the share of each reason why a conversation has no customer.
func (w warehouse) joinFigures() ([]panel, error) {
	views, err := sql.Views()
	if err != nil {
		return nil, err
	}
	v := views[slices.IndexFunc(views, func(v sql.View) bool { return v.Name == joined })]
	var figures []panel
	for _, m := range v.Measures() {
		p, err := w.measure(v, m, figure)
		if err != nil {
			return nil, err
		}
		figures = append(figures, p)
	}
	for _, reason := range []struct{ column, title, about string }{
		{"no_id", "No id", "Conversations on which no account id was set, of all (n)."},
		{"malformed", "Malformed id", "Conversations with an account id that cannot be one, of all (n)."},
		{"orphan", "Unknown account", "Conversations with a well-formed account id that the CRM does not know, or has deleted, of all (n)."},
	} {
		text, err := w.text("joined_share.sql", reason.column)
		if err != nil {
			return nil, err
		}
		figures = append(figures, panel{kind: figure, title: reason.title, about: reason.about, query: text, unit: percent})
	}
	return figures, nil
}

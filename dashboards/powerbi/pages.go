package powerbi

// The columns by which several pages group.
const (
	byDay   = calendar + ".Date"
	byQueue = "queue_performance_daily.queue_name"
)

// pages gives the pages of the report. What names an agent and what tells a customer's worth stand on pages of their own, as a reader in
// a role that must not see them gets an error in their place.
func pages() []page {
	return []page{overview(), queues(), escalation(), joinQuality(), agents(), revenue()}
}

// cards gives cards side by side, each a sixth of the page wide.
func cards(y int, figures ...figure) []visual {
	all := make([]visual, len(figures))
	for i, f := range figures {
		all[i] = visual{kind: "card", area: area{2 * i, y, 2, 2}, values: []figure{f}}
	}
	return all
}

// period is the choice of days, with the state of the join beside it.
func period() []visual {
	return []visual{
		{kind: "slicer", title: "Days", area: area{0, 0, 8, 2}, by: byDay},
		{kind: "card", area: area{8, 0, 4, 2}, values: []figure{{publications, "state"}}},
	}
}

func overview() page {
	visuals := append(period(), cards(2,
		figure{"contact_kpis_daily", "contacts"}, figure{"contact_kpis_daily", "escalation_rate_pct"},
		figure{"contact_kpis_daily", "containment_rate_pct"}, figure{"queue_performance_daily", "service_level_pct"},
		figure{"queue_performance_daily", "abandon_rate_pct"}, figure{"contact_kpis_daily", "average_csat"})...)
	return page{"overview", "Overview", append(visuals,
		visual{kind: "lineChart", title: "Contacts by day", area: area{0, 4, 6, 4}, by: byDay, values: []figure{{"contact_kpis_daily", "contacts"}}},
		visual{
			kind: "lineChart", title: "Escalation and containment by day", area: area{6, 4, 6, 4}, by: byDay,
			values: []figure{{"contact_kpis_daily", "escalation_rate_pct"}, {"contact_kpis_daily", "containment_rate_pct"}},
		},
		visual{
			kind: "tableEx", title: "What changed in the newest 7 complete days", area: area{0, 8, 12, 4}, by: "what_changed.metric",
			rows: []string{"what_changed.level", "what_changed.is_significant", "what_changed.finding"},
		},
	)}
}

func queues() page {
	visuals := append(period(), cards(2,
		figure{"queue_performance_daily", "offered"}, figure{"queue_performance_daily", "answered"},
		figure{"queue_performance_daily", "service_level_pct"}, figure{"queue_performance_daily", "abandon_rate_pct"},
		figure{"queue_performance_daily", "average_speed_of_answer_ms"}, figure{"queue_performance_daily", "average_handle_time_ms"})...)
	return page{"queues", "Queues", append(visuals,
		visual{kind: "lineChart", title: "Service level by day", area: area{0, 4, 6, 4}, by: byDay, values: []figure{{"queue_performance_daily", "service_level_pct"}}},
		visual{kind: "barChart", title: "Abandon rate by queue", area: area{6, 4, 6, 4}, by: byQueue, values: []figure{{"queue_performance_daily", "abandon_rate_pct"}}},
		visual{
			kind: "tableEx", title: "Queues", area: area{0, 8, 12, 4}, by: byQueue,
			values: []figure{
				{"queue_performance_daily", "offered"},
				{"queue_performance_daily", "answered"},
				{"queue_performance_daily", "service_level_pct"},
				{"queue_performance_daily", "abandon_rate_pct"},
				{"queue_performance_daily", "average_speed_of_answer_ms"},
				{"queue_performance_daily", "average_handle_time_ms"},
				{"queue_performance_daily", "transfer_rate_pct"},
			},
		},
	)}
}

func escalation() page {
	return page{"escalation", "Escalation", append(period(),
		visual{
			kind: "barChart", title: "Escalation rate by tier, 30 days", area: area{0, 2, 6, 5}, by: "escalation_by_tier.customer_tier",
			values: []figure{{"escalation_by_tier", "escalation_rate_pct"}},
		},
		visual{
			kind: "lineChart", title: "Escalation rate by week", area: area{6, 2, 6, 5}, by: calendar + ".Week",
			values: []figure{{"escalation_trend_weekly", "escalation_rate_pct"}},
		},
		visual{
			kind: "barChart", title: "Bot containment by industry, 30 days", area: area{0, 7, 6, 5}, by: "bot_containment_by_industry.industry",
			values: []figure{{"bot_containment_by_industry", "containment_rate_pct"}},
		},
		visual{
			kind: "tableEx", title: "How far the unidentified contacts could bend it", area: area{6, 7, 6, 5}, by: "crm_kpi_bounds.kpi",
			rows: []string{
				"crm_kpi_bounds.dimension", "crm_kpi_bounds.segment", "crm_kpi_bounds.rate_pct", "crm_kpi_bounds.lower_pct",
				"crm_kpi_bounds.upper_pct",
			},
		},
	)}
}

func joinQuality() page {
	visuals := append(period(), cards(2,
		figure{"join_quality_daily", "total_contacts"}, figure{"join_quality_daily", "identified_pct"}, figure{"join_quality_daily", "unidentified_pct"})...)
	return page{"join_quality", "Join quality", append(visuals,
		visual{
			kind: "tableEx", title: "What is published", area: area{6, 2, 6, 5}, by: publications + ".view_name",
			rows: []string{publications + ".state", publications + ".run_id", publications + ".published_at", publications + ".reason"},
		},
		visual{kind: "lineChart", title: "Unidentified contacts by day", area: area{0, 4, 6, 3}, by: byDay, values: []figure{{"join_quality_daily", "unidentified_pct"}}},
		visual{
			kind: "barChart", title: "Unidentified contacts by queue", area: area{0, 7, 6, 5}, by: "join_quality_daily.queue_name",
			values: []figure{{"join_quality_daily", "unidentified_pct"}},
		},
		visual{
			kind: "tableEx", title: "Identified against unidentified contacts", area: area{6, 7, 6, 5}, by: "match_bias.characteristic",
			rows: []string{
				"match_bias.kind", "match_bias.matched_mean", "match_bias.unmatched_mean", "match_bias.standardised_difference",
				"match_bias.is_unbalanced",
			},
		},
	)}
}

func agents() page {
	const table = "agent_performance_daily"
	return page{"agents", "Agents", append(period(), visual{
		kind: "tableEx", title: "Agents", area: area{0, 2, 12, 10}, by: table + ".agent_name",
		values: []figure{
			{table, "answered_legs"},
			{table, "not_responding_rate_pct"},
			{table, "average_handle_time_ms"},
			{table, "average_hold_time_ms"},
			{table, "average_acw_time_ms"},
			{table, "transfer_rate_pct"},
		},
	})}
}

func revenue() page {
	const table = "revenue_by_segment"
	return page{"revenue", "Revenue", []visual{
		{kind: "barChart", title: "Lifetime value by tier", area: area{0, 0, 6, 6}, by: table + ".customer_tier", values: []figure{{table, "ltv_usd"}}},
		{kind: "barChart", title: "Lifetime value by industry", area: area{6, 0, 6, 6}, by: table + ".industry", values: []figure{{table, "ltv_usd"}}},
		{
			kind: "tableEx", title: "Segments", area: area{0, 6, 12, 6}, by: table + ".customer_tier", rows: []string{table + ".industry"},
			values: []figure{
				{table, "accounts"},
				{table, "contacting_accounts"},
				{table, "contacts"},
				{table, "ltv_usd"},
				{table, "contacting_ltv_usd"},
				{table, "open_opportunities"},
				{table, "open_amount"},
			},
		},
	}}
}

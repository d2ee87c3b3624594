package sql

import (
	_ "embed"
	"fmt"
	"slices"

	"trunkline/schema"
)

//go:embed reenrich.sql
var reenrichText string

// joined are the columns of unified_interactions that the join with the CRM fills.
func joined() []string {
	return []string{
		"crm_account_id", "crm_id_status", "crm_account_name", "customer_tier", "customer_tier_at_contact", "industry",
		"account_owner", "ltv_usd", "open_opportunity_count", "open_case_count", "case_category",
	}
}

// Reenrich gives the query that joins the rows of unified_interactions with the mirrored CRM anew, by the rules of the
// transform that joined them first. It has the rows, whole, that began at or after the parameter since and that come out
// otherwise; what tells of a row's making is as it was. Where nothing is mirrored it has none: an empty mirror knows nothing.
func (d Dialect) Reenrich() (string, error) {
	type column struct{ From, Name string }
	var data struct {
		Columns []column
		Joined  []string
	}
	for _, c := range schema.UnifiedInteractions.Columns {
		from := "present"
		if slices.Contains(joined(), c.Name) {
			from = "joined"
			data.Joined = append(data.Joined, d.Quote(c.Name))
		}
		data.Columns = append(data.Columns, column{from, d.Quote(c.Name)})
	}
	if len(data.Joined) != len(joined()) {
		return "", fmt.Errorf("reenrich: the join fills %d columns, unified_interactions has %d of them", len(joined()), len(data.Joined))
	}
	return d.render("reenrich", reenrichText, data)
}

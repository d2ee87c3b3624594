package genesys

import (
	"strings"

	"trunkline/schema"
)

// automation fills what flows and bots did, and whether people were needed. A missing attribute is not a no.
func (f *facts) automation(row *schema.GenesysInteraction, c *cells, marks marks) {
	people := f.offered || f.attended
	row.BotPresent = c.bool(f.bot)
	row.SelfServed = c.bools.copied(f.SelfServed)
	row.WasEscalatedSource = "none"
	if said, ok := marks.flag(escalated); ok {
		row.WasEscalated, row.WasEscalatedSource = c.bool(said), "attribute"
	} else if f.bot {
		row.WasEscalated, row.WasEscalatedSource = c.bool(people), "flow"
	}
	if f.End.ok() {
		alone, ok := marks.flag(botHandled)
		if !ok {
			alone = f.bot && !people
		}
		row.HandledByBotOnly = c.bool(alone)
	}
	f.flows(row, c)
}

// flows fills the first flow, and whether it all ended inside one without ever reaching a queue.
func (f *facts) flows(row *schema.GenesysInteraction, c *cells) {
	cut := false
	for i := range f.legs {
		flow := f.legs[i].Flow
		if flow == nil {
			continue
		}
		cut = cut || strings.Contains(flow.ExitReason, "DISCONNECT")
		if row.FlowID == nil && flow.ID != "" {
			row.FlowID, row.FlowName = c.text(flow.ID), c.text(flow.Name)
		}
	}
	row.FlowDisconnect = c.bool(cut && !f.acd)
}

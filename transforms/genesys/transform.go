// Package genesys says what the records of Genesys Cloud mean: it makes an interaction and a tree of each conversation, and
// tables of the users, queues, wrap-up codes, divisions, flows and aggregates.
//
// A conversation is decoded (decode.go, dates.go), its sessions are put in order and told apart (order.go, legs.go), its
// metrics added up (sums.go); then each file fills the columns of one subject from that: times, media, routing, handle,
// outcome, bots, identity, scores. The tree (tree.go, legs.go, visits.go, judgements.go) is made of the same. No rule looks at more than one conversation.
package genesys

import (
	"context"
	"slices"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Config says what differs from organisation to organisation. The zero value of a field is its default.
type Config struct {
	// Participant attributes, by what they mean; the first that has a value wins.
	AccountKeys    []string `yaml:"account_keys"`     // sfAccountId
	CaseKeys       []string `yaml:"case_keys"`        // sfCaseId
	EscalatedKeys  []string `yaml:"escalated_keys"`   // escalated
	BotHandledKeys []string `yaml:"bot_handled_keys"` // botHandled

	// Again are the ages, in days, at which a day is read again; nil is 1, 3, 7 and 31. What was read at the last is final.
	Again []int `yaml:"reread_days"`
	// CountIVRAsBot makes a plain menu a bot, in every column that speaks of bots.
	CountIVRAsBot bool `yaml:"count_ivr_as_bot"`
	// ReleasedOnly leaves evaluations out that were not released to the agent.
	ReleasedOnly bool `yaml:"released_only"`
}

func (c Config) withDefaults() Config {
	for list, key := range map[*[]string]string{
		&c.AccountKeys: "sfAccountId", &c.CaseKeys: "sfCaseId", &c.EscalatedKeys: "escalated", &c.BotHandledKeys: "botHandled",
	} {
		if len(*list) == 0 {
			*list = []string{key}
		}
	}
	if c.Again == nil {
		c.Again = []int{1, 3, 7, 31}
	}
	return c
}

// finalAge is the age, in days, after which nothing is read again as a matter of course.
func (c Config) finalAge() int {
	if len(c.Again) == 0 {
		return 0
	}
	return slices.Max(c.Again)
}

// The streams of the extractor that are read.
const (
	conversations = "genesys.conversations"
	users         = "genesys.users"
	queues        = "genesys.queues"
	wrapupCodes   = "genesys.wrapupcodes"
	divisions     = "genesys.divisions"
	flows         = "genesys.flows"
	aggregates    = "genesys.aggregates"
)

// Transform makes rows of the records of one organisation.
type Transform struct{ config Config }

// New makes a Transform.
func New(c Config) *Transform { return &Transform{config: c.withDefaults()} }

// Reads gives the streams, and the names known so far: those that have vanished from the source are kept.
func (*Transform) Reads() []pipeline.Input {
	return []pipeline.Input{
		{Kind: conversations},
		{Kind: users},
		{Kind: queues},
		{Kind: wrapupCodes},
		{Kind: divisions},
		{Kind: flows},
		{Kind: aggregates},
		{Kind: schema.Users.Name, Last: true},
		{Kind: schema.Queues.Name, Last: true},
		{Kind: schema.WrapupCodes.Name, Last: true},
		{Kind: schema.Divisions.Name, Last: true},
		{Kind: schema.Flows.Name, Last: true},
	}
}

// Writes gives the tables.
func (*Transform) Writes() []*schema.Table {
	tables := []*schema.Table{
		schema.GenesysInteractions, schema.Users, schema.Queues, schema.WrapupCodes, schema.Divisions, schema.Flows, schema.SourceAggregates,
		schema.EtlRejects, schema.Conversations,
	}
	return append(tables, schema.Conversations.Children()...)
}

// Apply makes of every record either a row or a reject; of a record of aggregates as many rows as it has metrics.
func (t *Transform) Apply(_ context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	names, err := readDirectory(in, emit)
	if err != nil {
		return err
	}
	if err := readAggregates(in, emit); err != nil {
		return err
	}
	r := newReader(t.config, in, names)
	for item, err := range in.Records(conversations) {
		if err != nil {
			return err
		}
		row, tree := r.read(item)
		if err := emit(row); err != nil {
			return err
		}
		if tree == nil { // a reject has none
			continue
		}
		if err := emit(tree...); err != nil {
			return err
		}
	}
	return nil
}

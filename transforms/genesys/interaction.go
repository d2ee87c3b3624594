package genesys

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"trunkline/pipeline"
	"trunkline/schema"
)

// reader makes interactions of records, one after the other, in memory that it uses again.
type reader struct {
	config     Config
	in         *pipeline.Inputs
	names      directory
	days       calendar
	attributes lookup
	settled    time.Time // what ended before it is not read again

	decoder *decoder
	record  record
	facts   facts
	cells   cells
	tree    tree
}

func newReader(c Config, in *pipeline.Inputs, names directory) *reader {
	r := &reader{
		config: c, in: in, names: names, days: calendar{location: in.Location, names: map[civil]string{}}, attributes: newLookup(c),
		decoder: newDecoder(),
	}
	r.tree = tree{cells: &r.cells, names: &r.names, days: &r.days}
	if at := in.ObservedAt; !at.IsZero() {
		year, month, day := at.In(in.Location).Date()
		r.settled = time.Date(year, month, day-c.finalAge(), 0, 0, 0, 0, in.Location)
	}
	return r
}

// read gives the interaction of a record and its tree, or the reject that it is.
func (r *reader) read(item pipeline.Item) (schema.Row, []schema.Row) {
	if err := r.decoder.decode(item.Body, &r.record); err != nil {
		return reject(r.in, conversations, item, undecodable(item.Body, err)), nil
	}
	c, within := &r.record.conversation, jsontext.Pointer("")
	if r.record.Analytics != nil {
		c, within = r.record.Analytics, "/analytics"
		c.join(r.record.Service)
	}
	if flaw := c.flaw(item.Body, within, r.in.ObservedAt); flaw != nil {
		return reject(r.in, conversations, item, *flaw), nil
	}
	row := r.row(c)
	row.Finality = r.finality(c, r.record.Analytics != nil)
	return row, r.tree.build(&r.facts)
}

// row fills the columns, subject by subject.
func (r *reader) row(c *conversation) *schema.GenesysInteraction {
	f, row := &r.facts, new(schema.GenesysInteraction)
	f.gather(c, r.config.CountIVRAsBot)
	marks := r.attributes.find(f)

	row.ConversationID, row.DataSource = c.ID, "genesys_cloud"
	f.times(row, &r.cells)
	row.BusinessDate = r.days.name(c.Start)
	f.media(row, &r.cells)
	f.routing(row, &r.cells)
	f.queueing(row, &r.cells)
	f.handling(row, &r.cells)
	f.outcome(row, &r.cells)
	f.ending(row, &r.cells)
	f.automation(row, &r.cells, marks)
	f.scores(row, &r.cells, r.config.ReleasedOnly)
	f.customer(row, &r.cells, marks)
	r.names.fill(row)
	return row
}

// finality says how settled a row is. It is live while the conversation is open, or when it was read before its data were complete;
// provisional while the day of its end will be read again; final when it was read at the last of the ages at which that is done. A
// final row may still change, when it is scored or opened again: that it did is told where rows are merged, not here.
func (r *reader) finality(c *conversation, intraday bool) string {
	switch {
	case intraday || !c.End.ok():
		return "live"
	case !r.settled.IsZero() && c.End.time().Before(r.settled):
		return "final"
	default:
		return "provisional"
	}
}

// join gives the participants the attributes that the conversation service knows.
func (c *conversation) join(s *service) {
	if s == nil {
		return
	}
	for i := range s.Participants {
		if s.Participants[i].ID == "" {
			continue
		}
		for j := range c.Participants {
			if c.Participants[j].ID == s.Participants[i].ID {
				c.Participants[j].Attributes = s.Participants[i].Attributes
			}
		}
	}
}

// calendar names business days. A day's name is made once.
type calendar struct {
	location *time.Location
	names    map[civil]string
}

type civil struct {
	year  int
	month time.Month
	day   int
}

func (c *calendar) name(m moment) string {
	at := m.time().In(c.location)
	year, month, day := at.Date()
	name, ok := c.names[civil{year, month, day}]
	if !ok {
		name = at.Format(time.DateOnly)
		c.names[civil{year, month, day}] = name
	}
	return name
}

// Package trusst says what Trusst's records mean: contacts with their answers to universal questions, and the questions.
//
// Results are text at the source, whatever their type. They are converted strictly, and nothing is lost by it: one that does
// not fit its type is a row too, with its text and a status that says why.
package trusst

import (
	"context"

	"trunkline/pipeline"
	"trunkline/schema"
)

// The streams.
const (
	contacts  = "contacts"
	questions = "questions"
)

func kind(stream string) string { return "trusst." + stream }

// Transform makes rows of contacts, answers and questions.
type Transform struct{}

// New makes the transform.
func New() *Transform { return &Transform{} }

// Reads gives tonight's records, and the questions of the newest earlier run.
func (*Transform) Reads() []pipeline.Input {
	return []pipeline.Input{
		{Kind: kind(contacts)},
		{Kind: kind(questions)},
		{Kind: schema.TrusstQuestions.Name, Last: true},
	}
}

// Writes gives Trusst's tables and the rejects.
func (*Transform) Writes() []*schema.Table {
	return []*schema.Table{schema.TrusstContacts, schema.TrusstAnswers, schema.TrusstQuestions, schema.EtlRejects}
}

// Apply makes the rows.
func (*Transform) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	for item, err := range in.Records(kind(contacts)) {
		if err != nil {
			return err
		}
		if err := emit(contactRows(item)...); err != nil {
			return err
		}
	}
	if err := keepQuestions(in, emit); err != nil {
		return err
	}
	return ctx.Err()
}

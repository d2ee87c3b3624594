package trusst

import (
	"fmt"

	"trunkline/pipeline"
	"trunkline/schema"
)

// keepQuestions makes the snapshot of the questions: tonight's, and the earlier ones that Trusst no longer lists. Where
// tonight brings none at all nothing was asked, and what is known stays as it is.
func keepQuestions(in *pipeline.Inputs, emit func(...schema.Row) error) error {
	rows := map[string]*schema.TrusstQuestion{}
	asked := false
	for item, err := range in.Records(kind(questions)) {
		if err != nil {
			return err
		}
		asked = true
		row, f := questionRow(item)
		if f != nil {
			if err := emit(reject(questions, item, f)); err != nil {
				return err
			}
		}
		if row != nil {
			rows[row.QuestionID] = row
		}
	}
	for old, err := range pipeline.Rows[*schema.TrusstQuestion](in, schema.TrusstQuestions.Name) {
		if err != nil {
			return err
		}
		if rows[old.QuestionID] == nil {
			old.IsListed = old.IsListed && !asked
			rows[old.QuestionID] = old
		}
	}
	sharing := map[string]int{}
	for _, row := range rows {
		if inUse(row) {
			sharing[*row.QuestionKey]++
		}
	}
	for _, row := range rows {
		row.SharesKey = inUse(row) && sharing[*row.QuestionKey] > 1
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// inUse tells whether a question's key can collide with another's.
func inUse(q *schema.TrusstQuestion) bool {
	return q.IsListed && q.QuestionKey != nil && q.IsUniversal != nil && *q.IsUniversal
}

func questionRow(item pipeline.Item) (*schema.TrusstQuestion, *fault) {
	if item.Gone {
		return nil, nil //nolint:nilnil // as if it had not come: it is no longer listed
	}
	var q question
	if f := decode(item.Body, &q); f != nil {
		return nil, f
	}
	if q.QuestionID == "" {
		return nil, &fault{"missing_id", "question_id is missing; it must be Trusst's id of the question"}
	}
	if q.QuestionID != item.Key {
		return nil, &fault{"wrong_id", fmt.Sprintf("question_id is %q and the record's key %q; they must be the same", q.QuestionID, item.Key)}
	}
	return &schema.TrusstQuestion{
		QuestionID: q.QuestionID, QuestionKey: q.Key, QuestionText: q.Text, ResultType: q.ResultType, IsUniversal: q.IsUniversal,
		IsScored: q.IsScored, QuestionGroup: q.Group, CreatedAt: utc(q.CreatedAt), IsListed: true,
	}, nil
}

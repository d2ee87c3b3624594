package trusst

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"trunkline/pipeline"
	"trunkline/schema"
)

// contactRows makes a contact with its answers of a record; or a reject, and then nothing else.
func contactRows(item pipeline.Item) []schema.Row {
	if item.Gone {
		return []schema.Row{&schema.TrusstContact{ContactID: item.Key, IsDeleted: true}}
	}
	var c contact
	if f := c.read(item); f != nil {
		return []schema.Row{reject(contacts, item, f)}
	}
	row := &schema.TrusstContact{
		ContactID: c.ContactID, StreamID: c.StreamID, StreamName: c.StreamName, StreamType: c.StreamType,
		ExternalID: c.ExternalID, Stage: c.CurrentStage, Direction: c.Direction, AgentID: c.AgentID,
		StartTime: utc(c.StartTime), CreatedAt: utc(c.CreatedAt), EffectiveAt: utc(c.CreatedAt),
		S3RowCount: new(int64(0)), QuestionCount: new(int64(0)), AnsweredQuestionCount: new(int64(0)), UnconvertedCount: new(int64(0)),
	}
	if s := c.S3; s != nil {
		row.S3ConversationID, row.ConnID, row.S3AgentID, row.CallTime = s.ConversationID, s.ConnID, s.AgentID, utc(s.CallTime)
		row.S3RowCount = &s.Rows
	}
	row.ConversationID = conversationOf(&c)
	rows := []schema.Row{row}
	for _, a := range newest(c.Answers) {
		child := a.row(c.ContactID)
		rows = append(rows, child)
		*row.QuestionCount++
		if child.ConversionStatus != statusEmpty {
			*row.AnsweredQuestionCount++
			if child.ConversionStatus != statusOK {
				*row.UnconvertedCount++
			}
		}
		row.EffectiveAt = later(row.EffectiveAt, child.EffectiveAt)
	}
	return rows
}

// read reads a record and looks whether it can be rows.
func (c *contact) read(item pipeline.Item) *fault {
	if f := decode(item.Body, c); f != nil {
		return f
	}
	switch {
	case c.ContactID == "":
		return &fault{"missing_id", "contact_id is missing; it must be Trusst's id of the contact"}
	case c.ContactID != item.Key:
		return &fault{"wrong_id", fmt.Sprintf("contact_id is %q and the record's key %q; they must be the same", c.ContactID, item.Key)}
	case c.S3 != nil && c.S3.Rows < 1:
		return &fault{"bad_count", fmt.Sprintf("s3.rows is %d where there is a row; it must be 1 or more", c.S3.Rows)}
	}
	for i := range c.Answers {
		if c.Answers[i].QuestionID == "" {
			return &fault{"missing_id", fmt.Sprintf("question_id of answer %d is missing; it must be Trusst's id of the question", i+1)}
		}
	}
	return nil
}

// newest gives one answer a question: the newest, and of equally new ones that of the greater inference id.
func newest(answers []answer) []*answer {
	place := map[string]int{}
	var kept []*answer
	for i := range answers {
		a := &answers[i]
		at, again := place[a.QuestionID]
		switch {
		case !again:
			place[a.QuestionID] = len(kept)
			kept = append(kept, a)
		case a.newer(kept[at]):
			kept[at] = a
		}
	}
	return kept
}

func (a *answer) newer(b *answer) bool {
	x, y := a.effective(), b.effective()
	if x == nil || y == nil || x.Equal(*y) {
		return y == nil && x != nil || (x == nil) == (y == nil) && word(a.InferenceID) > word(b.InferenceID)
	}
	return x.After(*y)
}

func (a *answer) row(contact string) *schema.TrusstAnswer {
	row := &schema.TrusstAnswer{
		ContactID: contact, QuestionID: a.QuestionID, QuestionKey: a.Key, QuestionGroup: a.Group, ResultType: a.ResultType,
		Result: a.Result, InferenceID: a.InferenceID, CreatedAt: utc(a.CreatedAt), UpdatedAt: utc(a.UpdatedAt),
		EffectiveAt: utc(a.effective()),
	}
	convert(row)
	return row
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return new(t.UTC())
}

// conversationOf gives the id of the row of unified_interactions that a contact is about; nil if it cannot be told. The
// on-premise contact centres have no conversation of Genesys Cloud: their calls are told apart by connection.
func conversationOf(c *contact) *string {
	switch word(c.StreamType) {
	case "GenesysOnPremise", "PremierContactPoint":
		if c.StreamID == nil || c.S3 == nil || strings.TrimSpace(word(c.S3.ConnID)) == "" {
			return nil
		}
		return new(fitting("onprem:" + *c.StreamID + ":" + strings.TrimSpace(*c.S3.ConnID)))
	default:
		id := strings.ToLower(strings.TrimSpace(word(c.ExternalID)))
		if !isUUID(id) {
			return nil
		}
		return &id
	}
}

// fitting gives an id that fits its column: a long one keeps its beginning and is told from others by its hash.
func fitting(id string) string {
	const most = 100
	if len(id) <= most {
		return id
	}
	sum := xxh3.HashString128(id).Bytes()
	return strings.ToValidUTF8(id[:most-33], "") + "~" + hex.EncodeToString(sum[:])
}

// isUUID tells whether a text is a UUID in lower case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

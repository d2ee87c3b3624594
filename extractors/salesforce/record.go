package salesforce

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"trunkline/internal/salesforce"
	"trunkline/internal/sfid"
	"trunkline/pipeline"
)

// records makes records of rows, whose time is in the field stamp. A row without what it should have is kept all the same: what it
// means is not decided here.
func records(rows []json.RawMessage, stamp string) []pipeline.Record {
	page := make([]pipeline.Record, len(rows))
	for i, row := range rows {
		var head struct {
			ID             any
			SystemModstamp any
			CreatedDate    any
			IsDeleted      any
		}
		_ = json.Unmarshal(row, &head) // it was decoded before as part of the answer
		id, _ := head.ID.(string)
		at := head.SystemModstamp
		if stamp == created {
			at = head.CreatedDate
		}
		changed, _ := at.(string)
		gone, _ := head.IsDeleted.(bool)
		page[i] = pipeline.Record{Key: key(id, row), At: changedAt(changed), Body: row, Gone: gone}
	}
	return page
}

func key(id string, body []byte) string {
	if full, status := sfid.Normalize(id); status == sfid.OK {
		return full
	}
	if id != "" {
		return id
	}
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func changedAt(text string) time.Time {
	at, err := time.Parse(salesforce.TimeFormat, text)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// tombstone makes a record of a deletion, of which the source tells nothing but id and time.
func tombstone(d salesforce.Deletion) (pipeline.Record, error) {
	id := key(d.ID, nil)
	body, err := json.Marshal(struct {
		ID          string `json:"Id"`
		IsDeleted   bool
		DeletedDate string `json:"deletedDate"`
	}{id, true, d.At.Format("2006-01-02T15:04:05.000-0700")})
	return pipeline.Record{Key: id, At: d.At, Body: body, Gone: true}, err
}

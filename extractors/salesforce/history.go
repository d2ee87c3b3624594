package salesforce

import (
	"strings"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

// created tells when a row came to be. A row of a history never changes, and has no other time.
const created = "CreatedDate"

// history is the stream of what changed on accounts, told by the organisation itself: for the fields whose history an administrator
// turned on, as far back as it is kept (24 months), every change to the second. Only what a version of an account consists of is
// asked for. Rows that go with their account are not followed: what happened stays true.
func history(c Config) source {
	followed := []string{"Industry", "Owner"}
	if c.TierField != none && !strings.Contains(c.TierField, ".") { // the field of a parent has its history elsewhere
		followed = append(followed, c.TierField)
	}
	for i, f := range followed {
		followed[i] = salesforce.Quote(f)
	}
	return source{
		stream: "account_history", object: "AccountHistory", stamp: created, optional: true,
		fields: []string{"Id", "IsDeleted", "AccountId", "Field", "OldValue", "NewValue", created},
		only:   "Field IN (" + strings.Join(followed, ", ") + ")",
	}
}

// noHistory warns that changes of accounts are known only from night to night.
func noHistory(err error) error {
	return pipeline.Warnings{{
		Code: "TL5103", Kind: pipeline.Denied, What: "salesforce: read account_history", Err: err,
		Cure: "Turn on field history of Account for tier, industry and owner and let the integration user read it, or set " +
			"salesforce.account_history to false; until then changes are dated by the night that first saw them",
	}}
}

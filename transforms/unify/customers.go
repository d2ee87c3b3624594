package unify

import (
	"slices"
	"time"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
)

// customers is the mirrored CRM in the form in which the join asks for it. Only accounts, and what is counted of them, are
// held in memory.
type customers struct {
	byID       map[string]*customer
	categories map[[18]byte]*string // of cases
}

// customer is an account with what belongs to it, that of the accounts merged into it included.
type customer struct {
	account           *schema.Account
	versions          []*schema.AccountVersion // by valid_from
	openOpportunities int64
	openCases         int64
}

func readCustomers(in *pipeline.Inputs) (*customers, error) {
	c := &customers{byID: map[string]*customer{}, categories: map[[18]byte]*string{}}
	owners := map[string]*string{} // an owner may be renamed, which the account does not tell
	for user, err := range pipeline.Rows[*schema.CrmUser](in, schema.CrmUsers.Name) {
		if err != nil {
			return nil, err
		}
		owners[user.UserID] = user.Name
	}
	for account, err := range pipeline.Rows[*schema.Account](in, schema.CrmAccounts.Name) {
		if err != nil {
			return nil, err
		}
		if account.OwnerID != nil && owners[*account.OwnerID] != nil {
			account.OwnerName = owners[*account.OwnerID]
		}
		c.byID[account.AccountID] = &customer{account: account}
	}
	for version, err := range pipeline.Rows[*schema.AccountVersion](in, schema.CrmAccountVersions.Name) {
		if err != nil {
			return nil, err
		}
		if of := c.byID[version.AccountID]; of != nil {
			of.versions = append(of.versions, version)
		}
	}
	for _, of := range c.byID {
		slices.SortFunc(of.versions, func(a, b *schema.AccountVersion) int { return a.ValidFrom.Compare(b.ValidFrom) })
	}
	for opportunity, err := range pipeline.Rows[*schema.Opportunity](in, schema.CrmOpportunities.Name) {
		if err != nil {
			return nil, err
		}
		if of := c.owner(opportunity.AccountID); of != nil && isOpen(opportunity.IsClosed, opportunity.IsDeleted) {
			of.openOpportunities++
		}
	}
	return c, c.readCases(in)
}

func (c *customers) readCases(in *pipeline.Inputs) error {
	names := map[string]*string{} // there are few different categories and many cases
	for item, err := range pipeline.Rows[*schema.Case](in, schema.CrmCases.Name) {
		if err != nil {
			return err
		}
		if of := c.owner(item.AccountID); of != nil && isOpen(item.IsClosed, item.IsDeleted) {
			of.openCases++
		}
		if item.Category == nil {
			continue
		}
		name, ok := names[*item.Category]
		if !ok {
			name = item.Category
			names[*name] = name
		}
		c.categories[caseKey(item.CaseID)] = name
	}
	return nil
}

func caseKey(id string) (key [18]byte) {
	copy(key[:], id)
	return key
}

// isOpen tells whether something counts as open: the CRM said that it is not closed, and it is not deleted.
func isOpen(closed *bool, deleted bool) bool { return closed != nil && !*closed && !deleted }

// owner gives the customer that an account id stands for today; nil if there is none.
func (c *customers) owner(id *string) *customer {
	if id == nil {
		return nil
	}
	of, _ := c.resolve(*id)
	return of
}

// longestChain is how many merges are followed: more are a circle.
const longestChain = 1000

// resolve follows merges from an account to the one that is left; nil if that is unknown or deleted, or if the merges go in
// a circle. merged tells whether there was any.
func (c *customers) resolve(id string) (of *customer, merged bool) {
	for range longestChain {
		of = c.byID[id]
		switch {
		case of == nil:
			return nil, merged
		case of.account.MasterAccountID != nil:
			id, merged = *of.account.MasterAccountID, true
		case of.account.IsDeleted:
			return nil, merged
		default:
			return of, merged
		}
	}
	return nil, true
}

// The verdicts on an account id.
const (
	statusOK        = "ok"
	statusMissing   = string(sfid.Missing)
	statusMalformed = string(sfid.Malformed)
	statusUnknown   = "unknown_account"
	statusMerged    = "merged"
)

// join fills the columns of a row that come from the CRM, whatever they held. Where the account is not known they are NULL.
func (c *customers) join(row *schema.Interaction) {
	row.CustomerTier, row.AccountOwner, row.LtvUsd, row.Industry, row.CrmAccountName = nil, nil, nil, nil, nil
	row.OpenOpportunityCount, row.OpenCaseCount, row.CustomerTierAtContact, row.CaseCategory = nil, nil, nil, nil
	if row.CrmCaseID != nil {
		row.CaseCategory = c.categories[caseKey(*row.CrmCaseID)]
	}
	if row.CrmIDStatus == statusMissing || row.CrmIDStatus == statusMalformed {
		return
	}
	given := givenID(row)
	of, merged := c.resolve(given)
	if of == nil {
		row.CrmAccountID, row.CrmIDStatus = &given, statusUnknown
		return
	}
	row.CrmIDStatus = statusOK
	if merged {
		row.CrmIDStatus = statusMerged
	}
	a := of.account
	id, opportunities, cases := a.AccountID, of.openOpportunities, of.openCases
	row.CrmAccountID, row.CrmAccountName, row.CustomerTier, row.Industry = &id, a.Name, a.CustomerTier, a.Industry
	row.AccountOwner, row.LtvUsd = a.OwnerName, a.LtvUsd
	row.OpenOpportunityCount, row.OpenCaseCount = &opportunities, &cases
	row.CustomerTierAtContact = of.tierAt(row.ConversationStart)
}

// givenID gives the account id that the conversation carried, in its 18-character form. An earlier row's crm_account_id may
// be that of a merge's winner; what was given tells what it was before.
func givenID(row *schema.Interaction) string {
	if row.CrmAccountIDGiven != nil {
		if id, status := sfid.Normalize(*row.CrmAccountIDGiven); status == sfid.OK {
			return id
		}
	}
	if row.CrmAccountID != nil {
		return *row.CrmAccountID
	}
	return ""
}

// tierAt gives the tier at a time; NULL if no version of the account vouches for that time.
func (of *customer) tierAt(at time.Time) *string {
	for _, v := range slices.Backward(of.versions) {
		if !v.ValidFrom.After(at) {
			if v.ValidTo != nil && !v.ValidTo.After(at) {
				return nil
			}
			return v.CustomerTier
		}
	}
	return nil
}

// sameCustomer tells whether two versions of a row agree in every column that join fills.
func sameCustomer(a, b *schema.Interaction) bool {
	return a.CrmIDStatus == b.CrmIDStatus &&
		same(a.CrmAccountID, b.CrmAccountID) &&
		same(a.CrmAccountName, b.CrmAccountName) &&
		same(a.CustomerTier, b.CustomerTier) &&
		same(a.CustomerTierAtContact, b.CustomerTierAtContact) &&
		same(a.AccountOwner, b.AccountOwner) &&
		same(a.LtvUsd, b.LtvUsd) &&
		same(a.Industry, b.Industry) &&
		same(a.OpenOpportunityCount, b.OpenOpportunityCount) &&
		same(a.OpenCaseCount, b.OpenCaseCount) &&
		same(a.CaseCategory, b.CaseCategory)
}

func same[T comparable](a, b *T) bool { return a == b || (a != nil && b != nil && *a == *b) }

package salesforce

import (
	"time"

	"trunkline/schema"
)

func accountObject(c Config) object[*schema.Account] {
	return object[*schema.Account]{
		stream: accounts, table: schema.CrmAccounts,
		make: func(r record, deleted bool) *schema.Account {
			return &schema.Account{
				AccountID: r.id, Name: r.text("Name"), Type: r.text("Type"), Industry: r.text("Industry"),
				CustomerTier: r.custom(c.TierField), OwnerID: r.reference("OwnerId"), OwnerName: r.parent("Owner", "Name"),
				AnnualRevenue: r.number("AnnualRevenue"), LtvUsd: r.number(c.LTVField), ParentID: r.reference("ParentId"),
				MasterAccountID: r.reference("MasterRecordId"), IsDeleted: deleted,
				CreatedAt: r.time("CreatedDate"), ModifiedAt: r.time("SystemModstamp"),
			}
		},
		id:   func(a *schema.Account) string { return a.AccountID },
		at:   func(a *schema.Account) *time.Time { return a.ModifiedAt },
		bury: func(a *schema.Account) { a.IsDeleted = true },
	}
}

func caseObject(c Config) object[*schema.Case] {
	return object[*schema.Case]{
		stream: cases, table: schema.CrmCases,
		make: func(r record, deleted bool) *schema.Case {
			return &schema.Case{
				CaseID: r.id, AccountID: r.reference("AccountId"), Category: r.custom(c.CaseCategoryField), Status: r.text("Status"),
				Priority: r.text("Priority"), IsClosed: r.truth("IsClosed"), IsDeleted: deleted,
				CreatedAt: r.time("CreatedDate"), ClosedAt: r.time("ClosedDate"), ModifiedAt: r.time("SystemModstamp"),
			}
		},
		id:   func(c *schema.Case) string { return c.CaseID },
		at:   func(c *schema.Case) *time.Time { return c.ModifiedAt },
		bury: func(c *schema.Case) { c.IsDeleted = true },
	}
}

func opportunityObject() object[*schema.Opportunity] {
	return object[*schema.Opportunity]{
		stream: opportunities, table: schema.CrmOpportunities,
		make: func(r record, deleted bool) *schema.Opportunity {
			return &schema.Opportunity{
				OpportunityID: r.id, AccountID: r.reference("AccountId"), Stage: r.text("StageName"), Amount: r.number("Amount"),
				IsClosed: r.truth("IsClosed"), IsWon: r.truth("IsWon"), IsDeleted: deleted,
				CreatedAt: r.time("CreatedDate"), ModifiedAt: r.time("SystemModstamp"),
			}
		},
		id:   func(o *schema.Opportunity) string { return o.OpportunityID },
		at:   func(o *schema.Opportunity) *time.Time { return o.ModifiedAt },
		bury: func(o *schema.Opportunity) { o.IsDeleted = true },
	}
}

func userObject() object[*schema.CrmUser] {
	return object[*schema.CrmUser]{
		stream: users, table: schema.CrmUsers,
		make: func(r record, deleted bool) *schema.CrmUser {
			return &schema.CrmUser{
				UserID: r.id, Name: r.text("Name"), IsActive: r.truth("IsActive"), IsDeleted: deleted,
				ModifiedAt: r.time("SystemModstamp"),
			}
		},
		id:   func(u *schema.CrmUser) string { return u.UserID },
		at:   func(u *schema.CrmUser) *time.Time { return u.ModifiedAt },
		bury: func(u *schema.CrmUser) { u.IsDeleted = true },
	}
}

package schema

import "time"

// The mirror of the CRM: the present state of each object, one row an id, deleted ones kept and marked.
var (
	CrmAccounts        = declare[Account]("crm_accounts", sortedBy("account_id"), snapshot())
	CrmAccountVersions = declare[AccountVersion]("crm_account_versions", sortedBy("account_id", "valid_from"), snapshot(), childOf(CrmAccounts))
	CrmAccountHistory  = declare[AccountChange]("crm_account_history", sortedBy("history_id"), snapshot())
	CrmCases           = declare[Case]("crm_cases", sortedBy("case_id"), snapshot())
	CrmOpportunities   = declare[Opportunity]("crm_opportunities", sortedBy("opportunity_id"), snapshot())
	CrmUsers           = declare[CrmUser]("crm_users", sortedBy("user_id"), snapshot())
)

// Account is a Salesforce account as it is now. A merged account is deleted and names its winner.
type Account struct {
	// Salesforce id, 18 characters.
	AccountID string `parquet:"account_id" col:"key,max=18,class=identity"`
	// Account name.
	Name *string `parquet:"name" col:"class=identity"`
	// Account type (Customer, Prospect …).
	Type *string `parquet:"type,dict"`
	// Industry.
	Industry *string `parquet:"industry,dict"`
	// Tier, from the configured custom field.
	CustomerTier *string `parquet:"customer_tier,dict"`
	// Salesforce id of the owner.
	OwnerID *string `parquet:"owner_id,dict" col:"max=18"`
	// Name of the owner.
	OwnerName *string `parquet:"owner_name,dict" col:"class=identity"`
	// Annual revenue as recorded in the CRM.
	AnnualRevenue *float64 `parquet:"annual_revenue" col:"class=revenue"`
	// Lifetime value in US dollars, from the configured custom field.
	LtvUsd *float64 `parquet:"ltv_usd" col:"class=revenue"`
	// Parent account.
	ParentID *string `parquet:"parent_id" col:"max=18,class=identity"`
	// The account that this one was merged into; follow it until it is NULL.
	MasterAccountID *string `parquet:"master_account_id" col:"max=18,class=identity"`
	// Whether the account is deleted (or lost a merge).
	IsDeleted bool `parquet:"is_deleted"`
	// When the account was created.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// When the account last changed, by the CRM's clock (SystemModstamp).
	ModifiedAt *time.Time `parquet:"modified_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When the key was first written to the warehouse.
	FirstSeenAt *time.Time `parquet:"first_seen_at,timestamp(microsecond)" col:"set=insert"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
	// Hash of the account's versions.
	ChildrenHash *string `parquet:"children_hash" col:"max=32"`
}

func (*Account) table() *Table { return CrmAccounts }

// AccountVersion is what was true of an account during [valid_from, valid_to). A change is dated by the CRM's own history where it
// has one, and by the SystemModstamp with which it was first seen where not. The first version begins where the history, or else
// the first sight, does: a tier is never claimed for a time that nobody can vouch for.
type AccountVersion struct {
	// Salesforce id, 18 characters.
	AccountID string `parquet:"account_id" col:"key,max=18,class=identity"`
	// From when, by the CRM's clock.
	ValidFrom time.Time `parquet:"valid_from,timestamp(microsecond)" col:"key"`
	// Until when; NULL while it is true.
	ValidTo *time.Time `parquet:"valid_to,timestamp(microsecond)"`
	// Tier during that time.
	CustomerTier *string `parquet:"customer_tier,dict"`
	// Industry during that time.
	Industry *string `parquet:"industry,dict"`
	// Owner during that time.
	OwnerName *string `parquet:"owner_name,dict" col:"class=identity"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*AccountVersion) table() *Table { return CrmAccountVersions }

// AccountChange is one change of an account's tier, industry or owner, from the CRM's own history.
type AccountChange struct {
	// Salesforce id of the change, 18 characters.
	HistoryID string `parquet:"history_id" col:"key,max=18"`
	// The account that changed.
	AccountID *string `parquet:"account_id" col:"max=18,class=identity"`
	// When it changed, by the CRM's clock.
	ChangedAt *time.Time `parquet:"changed_at,timestamp(microsecond)"`
	// API name of the field, as the history has it: Account_Tier__c, Industry, Owner (once with names, once with ids).
	Field *string `parquet:"field,dict" col:"max=255"`
	// What the field was until then; NULL if it was empty.
	OldValue *string `parquet:"old_value,dict" col:"class=identity"`
	// What it has been since; NULL if it is empty.
	NewValue *string `parquet:"new_value,dict" col:"class=identity"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*AccountChange) table() *Table { return CrmAccountHistory }

// Case is a Salesforce case as it is now.
type Case struct {
	// Salesforce id, 18 characters.
	CaseID string `parquet:"case_id" col:"key,max=18,class=identity"`
	// The case's account.
	AccountID *string `parquet:"account_id" col:"max=18,class=identity"`
	// Category, from the configured field.
	Category *string `parquet:"category,dict"`
	// Status, as the organisation names it.
	Status *string `parquet:"status,dict"`
	// Priority.
	Priority *string `parquet:"priority,dict"`
	// Whether it is closed; NULL if the CRM did not say.
	IsClosed *bool `parquet:"is_closed"`
	// Whether it is deleted.
	IsDeleted bool `parquet:"is_deleted"`
	// When it was created.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// When it was closed.
	ClosedAt *time.Time `parquet:"closed_at,timestamp(microsecond)"`
	// When it last changed, by the CRM's clock (SystemModstamp).
	ModifiedAt *time.Time `parquet:"modified_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Case) table() *Table { return CrmCases }

// Opportunity is a Salesforce opportunity as it is now.
type Opportunity struct {
	// Salesforce id, 18 characters.
	OpportunityID string `parquet:"opportunity_id" col:"key,max=18,class=identity"`
	// The opportunity's account.
	AccountID *string `parquet:"account_id" col:"max=18,class=identity"`
	// Stage, as the organisation names it.
	Stage *string `parquet:"stage,dict" col:"class=revenue"`
	// Amount in the organisation's currency.
	Amount *float64 `parquet:"amount" col:"class=revenue"`
	// Whether it is closed; NULL if the CRM did not say.
	IsClosed *bool `parquet:"is_closed" col:"class=revenue"`
	// Whether it was won.
	IsWon *bool `parquet:"is_won" col:"class=revenue"`
	// Whether it is deleted.
	IsDeleted bool `parquet:"is_deleted"`
	// When it was created.
	CreatedAt *time.Time `parquet:"created_at,timestamp(microsecond)"`
	// When it last changed, by the CRM's clock (SystemModstamp).
	ModifiedAt *time.Time `parquet:"modified_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Opportunity) table() *Table { return CrmOpportunities }

// CrmUser is a Salesforce user as it is now: the owners of accounts.
type CrmUser struct {
	// Salesforce id, 18 characters.
	UserID string `parquet:"user_id" col:"key,max=18"`
	// Full name.
	Name *string `parquet:"name" col:"class=identity"`
	// Whether the user is active.
	IsActive *bool `parquet:"is_active"`
	// Whether it is deleted.
	IsDeleted bool `parquet:"is_deleted"`
	// When it last changed, by the CRM's clock (SystemModstamp).
	ModifiedAt *time.Time `parquet:"modified_at,timestamp(microsecond)"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*CrmUser) table() *Table { return CrmUsers }

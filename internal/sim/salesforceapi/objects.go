package salesforceapi

import (
	"slices"
	"strings"
	"time"

	"trunkline/internal/sim/scenario"
)

// object is what the organisation knows of a kind of record.
type object struct {
	name      string
	deletable bool // has IsDeleted, a recycle bin, and a list of deleted records
	fields    []field
}

// field is a field of an object as describe shows it.
type field struct {
	name         string
	kind         string // id, reference, string, textarea, picklist, boolean, double, currency, datetime, anyType
	relationship string // of a reference: how the parent is called in a query
	parent       string // of a reference: the object of the parent
}

// objects are what the simulated organisation has: as much of the standard objects as is ever asked for, and two custom
// fields of accounts.
var objects = []object{
	{name: "Account", deletable: true, fields: []field{
		{name: "Id", kind: "id"},
		{name: "IsDeleted", kind: "boolean"},
		{name: "MasterRecordId", kind: "reference", relationship: "MasterRecord", parent: "Account"},
		{name: "Name", kind: "string"},
		{name: "Type", kind: "picklist"},
		{name: "ParentId", kind: "reference", relationship: "Parent", parent: "Account"},
		{name: "Industry", kind: "picklist"},
		{name: "AnnualRevenue", kind: "currency"},
		{name: "Description", kind: "textarea"},
		{name: "OwnerId", kind: "reference", relationship: "Owner", parent: "User"},
		{name: "CreatedDate", kind: "datetime"},
		{name: "LastModifiedDate", kind: "datetime"},
		{name: "SystemModstamp", kind: "datetime"},
		{name: "Account_Tier__c", kind: "picklist"},
		{name: "Customer_LTV_USD__c", kind: "currency"},
	}},
	{name: accountHistory, fields: []field{
		{name: "Id", kind: "id"},
		{name: "IsDeleted", kind: "boolean"},
		{name: "AccountId", kind: "reference", relationship: "Account", parent: "Account"},
		{name: "CreatedDate", kind: "datetime"},
		{name: "Field", kind: "picklist"},
		{name: "DataType", kind: "picklist"},
		{name: "OldValue", kind: "anyType"},
		{name: "NewValue", kind: "anyType"},
	}},
	{name: "Case", deletable: true, fields: []field{
		{name: "Id", kind: "id"},
		{name: "IsDeleted", kind: "boolean"},
		{name: "MasterRecordId", kind: "reference", relationship: "MasterRecord", parent: "Case"},
		{name: "CaseNumber", kind: "string"},
		{name: "AccountId", kind: "reference", relationship: "Account", parent: "Account"},
		{name: "Type", kind: "picklist"},
		{name: "Status", kind: "picklist"},
		{name: "Reason", kind: "picklist"},
		{name: "Origin", kind: "picklist"},
		{name: "Subject", kind: "string"},
		{name: "Priority", kind: "picklist"},
		{name: "IsClosed", kind: "boolean"},
		{name: "ClosedDate", kind: "datetime"},
		{name: "OwnerId", kind: "reference", relationship: "Owner", parent: "User"},
		{name: "CreatedDate", kind: "datetime"},
		{name: "LastModifiedDate", kind: "datetime"},
		{name: "SystemModstamp", kind: "datetime"},
	}},
	{name: "Opportunity", deletable: true, fields: []field{
		{name: "Id", kind: "id"},
		{name: "IsDeleted", kind: "boolean"},
		{name: "AccountId", kind: "reference", relationship: "Account", parent: "Account"},
		{name: "Name", kind: "string"},
		{name: "StageName", kind: "picklist"},
		{name: "Amount", kind: "currency"},
		{name: "IsClosed", kind: "boolean"},
		{name: "IsWon", kind: "boolean"},
		{name: "OwnerId", kind: "reference", relationship: "Owner", parent: "User"},
		{name: "CreatedDate", kind: "datetime"},
		{name: "LastModifiedDate", kind: "datetime"},
		{name: "SystemModstamp", kind: "datetime"},
	}},
	{name: "User", fields: []field{
		{name: "Id", kind: "id"},
		{name: "Username", kind: "string"},
		{name: "Name", kind: "string"},
		{name: "Email", kind: "string"},
		{name: "IsActive", kind: "boolean"},
		{name: "CreatedDate", kind: "datetime"},
		{name: "LastModifiedDate", kind: "datetime"},
		{name: "SystemModstamp", kind: "datetime"},
	}},
}

// object finds an object as this server shows it, without the fields that are hidden.
func (s *Server) object(name string) (object, bool) {
	i := slices.IndexFunc(objects, func(o object) bool { return strings.EqualFold(o.name, name) })
	if i < 0 || slices.Contains(s.options.Hidden, objects[i].name) {
		return object{}, false
	}
	o := objects[i]
	o.fields = slices.DeleteFunc(slices.Clone(o.fields), func(f field) bool {
		return slices.Contains(s.options.Hidden, o.name+"."+f.name)
	})
	return o, true
}

func (o object) field(name string) (field, bool) {
	i := slices.IndexFunc(o.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
	if i < 0 {
		return field{}, false
	}
	return o.fields[i], true
}

// record is an object of the world at one moment.
type record struct {
	object  string
	id      string
	version scenario.Version
	created time.Time
	gone    time.Time // since when it is deleted; zero if it is not
}

// records gives those that exist at a moment, purged ones too, in the order of the source.
func (s *Server) records(object string, at time.Time) []record {
	var all []record
	for _, o := range s.of(object) {
		r := record{object: object, id: o.ID}
		for _, v := range o.Versions {
			if v.At.After(at) {
				break
			}
			if r.created.IsZero() {
				r.created = v.At
			}
			switch isGone := v.Deleted || v.Purged; {
			case !isGone:
				r.gone = time.Time{}
			case r.gone.IsZero():
				r.gone = v.At
			}
			r.version = v
		}
		if r.created.IsZero() || (object == accountHistory && at.Sub(r.created) > historyKept) {
			continue
		}
		all = append(all, r)
	}
	return all
}

// of gives every record of an object that ever exists.
func (s *Server) of(object string) []*scenario.Object {
	if object == accountHistory {
		return histories(s.source.Objects("Account"))
	}
	return s.source.Objects(object)
}

// value gives what a record has in a field: nil, string, float64, bool or time.Time.
func (r *record) value(path string) any {
	switch path {
	case "Id":
		return r.id
	case "IsDeleted":
		return r.version.Deleted
	case "MasterRecordId":
		if r.version.MasterRecordID != "" {
			return r.version.MasterRecordID
		}
	}
	if v, ok := r.version.Fields[path]; ok {
		return v
	}
	switch path {
	case "SystemModstamp", "LastModifiedDate":
		return r.version.At
	case "CreatedDate":
		return r.created
	}
	return nil
}

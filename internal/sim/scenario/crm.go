package scenario

import "time"

// Object is one record of the CRM through its whole life.
type Object struct {
	ID       string    // 18 characters
	Versions []Version // by At
}

// Version is what a CRM record is from a moment on.
type Version struct {
	At             time.Time      // its SystemModstamp
	Fields         map[string]any // by API name, parents' fields dotted (Owner.Name); values string, float64, bool, time.Time or nil
	Deleted        bool           // in the recycle bin
	Purged         bool           // gone for good: only the list of deleted records names it
	MasterRecordID string         // the account that it was merged into
}

// At is the version in force at t; false before the record exists.
func (o *Object) At(t time.Time) (Version, bool) { return Version{}, false }

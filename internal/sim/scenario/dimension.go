package scenario

import "time"

// User is a user of the contact centre.
type User struct {
	ID, Name, Email, State string // State: active, inactive or deleted
	Department, Title      string
	DivisionID             string
}

// Queue is a queue of the contact centre.
type Queue struct {
	ID, Name, DivisionID string
	Target               time.Duration // answers later than this miss the service level
}

// WrapupCode is a wrap-up code of the contact centre.
type WrapupCode struct{ ID, Name, DivisionID string }

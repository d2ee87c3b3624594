package redshiftsim

import (
	"slices"
	"time"
)

// Trouble is what can go wrong.
type Trouble int

// The troubles that a fault may be.
const (
	// Serialization refuses with ERROR 1023; the transaction is lost.
	Serialization Trouble = iota
	// LostBefore cuts the connection before the statement is done.
	LostBefore
	// LostAfter cuts the connection when the statement is done, a commit for good, and before the answer.
	LostAfter
	// Slow waits before the statement.
	Slow
	// ExpiredCredentials, AccessDenied and WrongRegion are what S3 answers to a COPY.
	ExpiredCredentials
	AccessDenied
	WrongRegion
)

// Fault is something that is to go wrong.
type Fault struct {
	Trouble Trouble
	// On is the statement that meets it, by its first word: commit, copy, insert. Empty is commit, or copy for the troubles of S3.
	On string
	// Times is how often; 0 is once. Skip lets that many go by before.
	Times, Skip int
	// Delay is how long Slow waits.
	Delay time.Duration
}

// Fail makes statements to come fail. Faults of the same kind of statement happen one after the other, in the order given.
func (s *Server) Fail(f Fault) {
	if f.On == "" {
		f.On = "commit"
		if f.Trouble >= ExpiredCredentials {
			f.On = "copy"
		}
	}
	f.Times = max(f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// fault gives the fault that a statement is to meet, if any.
func (s *Server) fault(verb string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.On == verb })
	if i < 0 {
		return Fault{}, false
	}
	f := &s.faults[i]
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	met := *f
	if f.Times--; f.Times == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return met, true
}

package scenario

import (
	"fmt"
	"strings"
	"time"
)

// User is a user of the contact centre.
type User struct {
	ID, Name, Email, State string // State: active, inactive or deleted
	Department, Title      string
	DivisionID             string
}

// Division is a part of the organisation.
type Division struct {
	ID, Name, Description string
	Home                  bool
}

// ServiceShare is the share of contacts that every queue wants answered in time.
const ServiceShare = 0.8

// Queue is a queue of the contact centre.
type Queue struct {
	ID, Name, DivisionID string
	Target               time.Duration // answers later than this miss the service level
}

// WrapupCode is a wrap-up code of the contact centre.
type WrapupCode struct{ ID, Name, DivisionID string }

// Flow is a flow as the contact centre lists it.
type Flow struct {
	ID, Name, Type, DivisionID string
	Deleted                    bool
}

// flowKind is a flow that conversations pass through.
type flowKind struct {
	id, name, kind, version string
	bot                     bool
}

var (
	firstNames = strings.Fields(`Amara Bruno Celia Dario Elif Farid Greta Hana Ivo Jonas Kaya Lena Mateo Nadia Omar Petra Quentin
		Rosa Samir Tilda Ugo Vera Wanda Xenia Yusuf Zoe Anton Bela Carla Dmitri Edda Fergus`)
	lastNames = strings.Fields(`Abara Brandt Castell Dunmore Eriksen Falk Garrity Hollis Ibarra Jansen Kowal Lindqvist Marlow Novak
		Oyelaran Pritchard Quist Rahimi Sorel Tanaka Ulrich Vasquez Whitlock Yardley Zeller Ashby Bellamy Corrigan`)
	queueNames = []string{
		"Billing", "Technical Support", "Sales", "Renewals", "Claims", "Onboarding", "Returns", "VIP Desk", "Collections", "Partner Line",
	}
	wrapupNames = []string{
		"Resolved", "Follow-up needed", "Complaint", "Order placed", "Address changed", "Refund", "Wrong number", "Information given",
	}
)

const timeoutCode = "ININ-WRAP-UP-TIMEOUT" // the system's own, listed nowhere

// farewell is when the user and the queue that vanish half-way are deleted.
func (w *World) farewell() int64 {
	return w.dayStart(max(w.cfg.Days/2, 1)).UnixMilli() + 15*hour
}

func (w *World) peopleDimensions() {
	seed := w.cfg.Seed
	for i := range 3 {
		w.divisions = append(w.divisions, uuidOf(seed, streamDivision, uint64(i)))
	}
	for i := range w.cfg.Agents + 6 {
		w.hire(i)
	}
	for i := range w.cfg.Queues {
		name := queueNames[i%len(queueNames)]
		if i >= len(queueNames) {
			name = fmt.Sprintf("%s %d", name, i/len(queueNames)+1)
		}
		w.queues = append(w.queues, Queue{
			ID: uuidOf(seed, streamQueue, uint64(i)), Name: name, DivisionID: w.divisions[i%len(w.divisions)],
			Target: time.Duration(20+10*(i%3)) * time.Second,
		})
		w.closes = append(w.closes, 0)
	}
	if n := len(w.queues); n > 2 {
		w.closes[n-1] = w.farewell()
	}
	for i, name := range wrapupNames {
		w.codes = append(w.codes, WrapupCode{uuidOf(seed, streamWrapup, uint64(i)), name, w.divisions[0]})
	}
	for i, f := range []flowKind{
		{name: "Main menu", kind: "INBOUNDCALL"},
		{name: "After hours", kind: "INBOUNDCALL"},
		{name: "Voice assistant", kind: "BOT", bot: true},
		{name: "Web assistant", kind: "DIGITALBOT", bot: true},
		{name: "Order bot", kind: "DIGITALBOT", bot: true},
		{name: "Voicemail", kind: "VOICEMAIL"},
	} {
		f.id, f.version = uuidOf(seed, streamFlow, uint64(i)), fmt.Sprintf("%d.0", 3+i)
		w.flows = append(w.flows, f)
	}
	for i := range 4 {
		w.outcomes = append(w.outcomes, uuidOf(seed, streamOutcome, uint64(i)))
	}
}

// hire adds user i: the first are agents, the last six leads, inactive or deleted.
func (w *World) hire(i int) {
	d := newDice(w.cfg.Seed, streamUser, uint64(i))
	first, last := pick(d, firstNames), pick(d, lastNames)
	u := User{
		ID: uuidOf(w.cfg.Seed, streamUser, uint64(i)), Name: first + " " + last,
		Email: strings.ToLower(fmt.Sprintf("%s.%s%d@centre.example", first, last, i)),
		State: "active", Department: "Service", Title: "Agent", DivisionID: w.divisions[i%len(w.divisions)],
	}
	var departs int64
	switch extra := i - w.cfg.Agents; {
	case extra < 0:
		w.agents = append(w.agents, i)
		if i == 1 {
			departs = w.farewell()
		}
	case extra < 2:
		u.Title = "Team lead"
		w.leads = append(w.leads, i)
	case extra < 4:
		u.State = "inactive"
	default:
		departs = w.cfg.Start.UnixMilli() - 90*day24
	}
	w.users = append(w.users, u)
	w.departs = append(w.departs, departs)
}

// Users are the contact centre's users at a moment, deleted ones included.
func (w *World) Users(at time.Time) []User {
	all := make([]User, len(w.users))
	for i, u := range w.users {
		if gone := w.departs[i]; gone != 0 && gone <= at.UnixMilli() {
			u.State = "deleted"
		}
		all[i] = u
	}
	return all
}

// Queues are the queues that the contact centre lists at a moment; a deleted one is gone.
func (w *World) Queues(at time.Time) []Queue {
	var listed []Queue
	for i, q := range w.queues {
		if gone := w.closes[i]; gone == 0 || gone > at.UnixMilli() {
			listed = append(listed, q)
		}
	}
	return listed
}

// WrapupCodes are the wrap-up codes listed at a moment; the system's own are never listed.
func (w *World) WrapupCodes(time.Time) []WrapupCode {
	return append([]WrapupCode(nil), w.codes...)
}

// Flows are the contact centre's flows at a moment, deleted ones included. The last, which nobody passes any more, is deleted
// half-way.
func (w *World) Flows(at time.Time) []Flow {
	var all []Flow
	for i, f := range w.flows {
		all = append(all, Flow{ID: f.id, Name: f.name, Type: f.kind, DivisionID: w.divisions[i%len(w.divisions)]})
	}
	old := uuidOf(w.cfg.Seed, streamFlow, uint64(len(all)))
	return append(all, Flow{
		ID: old, Name: "Old menu", Type: "INBOUNDCALL", DivisionID: w.divisions[0], Deleted: w.farewell() <= at.UnixMilli(),
	})
}

// Divisions are the divisions that the contact centre lists at a moment. The last, to which nothing belongs, is deleted half-way.
func (w *World) Divisions(at time.Time) []Division {
	all := []Division{
		{ID: w.divisions[0], Name: "Home", Home: true},
		{ID: w.divisions[1], Name: "Americas", Description: "Both of them"},
		{ID: w.divisions[2], Name: "Europe", Description: "Queues in English, French and German"},
	}
	if w.farewell() > at.UnixMilli() {
		all = append(all, Division{ID: uuidOf(w.cfg.Seed, streamDivision, uint64(len(all))), Name: "Pilot", Description: "Until it is over"})
	}
	return all
}

// anAgent draws an agent employed at t who is not among the given.
func (w *World) anAgent(d dice, t int64, not ...*User) *User {
	for {
		i := pick(d, w.agents)
		u := &w.users[i]
		taken := w.departs[i] != 0 && w.departs[i] <= t
		for _, other := range not {
			taken = taken || other == u
		}
		if !taken {
			return u
		}
	}
}

// aQueue draws a queue open at t other than the given.
func (w *World) aQueue(d dice, t int64, not *Queue) *Queue {
	for {
		i := d.IntN(len(w.queues))
		if q := &w.queues[i]; q != not && (w.closes[i] == 0 || w.closes[i] > t) {
			return q
		}
	}
}

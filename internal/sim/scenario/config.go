package scenario

import "time"

// Config says which world to make. Two equal Configs make the same world, to the byte.
type Config struct {
	Seed     uint64
	Start    time.Time      // local midnight of day 0
	Days     int            // days on which conversations begin
	PerDay   int            // conversations that begin on day 0
	Growth   float64        // share by which each day has more conversations than the day before: 0.01 is one per cent
	Location *time.Location // the organisation's time zone; nil is that of Start
	Shares   Shares
	// SettleDays bounds the late facts: nothing is added to a conversation later than SettleDays-1 days after its end, and none is
	// opened again, or stays open, for as many days. In a world that takes more than a week some conversations take that long.
	SettleDays int
	// Reprocess are the days, counted from that of its start, on one of whose afternoons metrics of a conversation are corrected, or
	// it is decided whether a further contact followed, without anything else to show for it; see Shares.Reprocessed and
	// Shares.Resolution. Zeros do not count.
	Reprocess  [4]int
	Accounts   int // accounts of the CRM
	Agents     int
	Queues     int
	RepeatDays int     // within how many days a contact of an account is a repeat: the setting kpis.repeat_days of who counts
	Trusst     Trusst  // zero: nobody analyses anything
	Release    Release // a story for the figures; without a name there is none
}

// Release is a product release after which customers of one tier are escalated more often. In a world with one, the flow says
// of every contact that enters a queue whether it was escalated.
type Release struct {
	Product, Name string
	Day           int     // customers have it from the begin of this day on
	Tier          string  // whose contacts change
	Queues        int     // in the first so many queues
	Before, After float64 // share of the contacts that are escalated, elsewhere and at other times, and where it shows
}

// Trusst says what Trusst analyses.
type Trusst struct {
	Analysed  float64 // share of the conversations that Trusst analyses
	OnPremise int     // calls a day in contact centres that Genesys Cloud knows nothing of, all of them analysed
}

// Shares are the probabilities that make up the mix. Those of the media are weights; the others lie between 0 and 1.
type Shares struct {
	Voice, Chat, Email, Message, Callback float64 // media

	NoAccount   float64 // no account id is given
	MalformedID float64 // what is given is no account id
	OrphanID    float64 // the id of an account that never existed
	MergedID    float64 // the id of an account that is merged away sooner or later
	CaseID      float64 // a case id is given

	Bot         float64 // a bot takes part, where the medium has bots
	Containment float64 // of those: the bot handles it alone
	IVR         float64 // voice calls that pass a menu
	IVRExit     float64 // of those: the caller hangs up in it
	Escalated   float64 // the flow sets the attribute escalated

	Abandon    float64 // the customer leaves the queue
	FlowOut    float64 // the queue hands over to a flow or another queue
	NoAnswer   float64 // the first agent does not answer
	Transfer   float64 // an agent passes it on
	Consult    float64 // of those, for calls: after asking a colleague, or asking only
	Hold       float64 // an agent puts the caller on hold
	Outbound   float64 // voice: an agent calls the customer
	Internal   float64 // voice: one user calls another
	Supervised float64 // voice: somebody listens in, coaches or barges in
	Conference float64 // voice: a second agent joins
	ToCallback float64 // voice: the caller asks to be called back
	Midnight   float64 // begins in the last minutes of the day
	Reopened   float64 // e-mail: the customer answers days later
	LongOpen   float64 // messages and e-mails that stay open for a day or more

	Evaluation float64 // of the handled ones: evaluated days later
	Survey     float64 // of the handled ones: a survey is sent
	Outcome    float64 // of the passages through a flow: it recorded what it achieved
	// Resolution: of the handled ones, the source decides later, silently, whether no further contact followed.
	Resolution float64
	// Reprocessed ones have metrics that the source corrects later, silently.
	Reprocessed float64
	OldStyle    float64 // recorded without any metric
	Odd         float64 // harmless oddities: nulls, new fields, short fractions, unknown enum values
	Broken      float64 // records that no reader can take; see Reject
}

// Default is a small, lively centre in New York.
func Default() Config {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil { // no time-zone database on this machine
		loc = time.UTC
	}
	return Config{
		Seed:       1,
		Start:      time.Date(2026, time.November, 16, 0, 0, 0, 0, loc),
		Days:       10,
		PerDay:     2000,
		Location:   loc,
		Shares:     DefaultShares(),
		SettleDays: 7,
		RepeatDays: 7,
		Reprocess:  [4]int{2},
		Accounts:   400,
		Agents:     60,
		Queues:     8,
	}
}

// DefaultShares is the mix in which every feature occurs within three days of a few hundred conversations.
func DefaultShares() Shares {
	return Shares{
		Voice: 0.60, Chat: 0.15, Email: 0.08, Message: 0.12, Callback: 0.05,
		NoAccount: 0.12, MalformedID: 0.015, OrphanID: 0.015, MergedID: 0.02, CaseID: 0.30,
		Bot: 0.30, Containment: 0.40, IVR: 0.70, IVRExit: 0.06, Escalated: 0.10,
		Abandon: 0.07, FlowOut: 0.03, NoAnswer: 0.08, Transfer: 0.12, Consult: 0.40, Hold: 0.25,
		Outbound: 0.08, Internal: 0.02, Supervised: 0.03, Conference: 0.03, ToCallback: 0.03,
		Midnight: 0.01, Reopened: 0.15, LongOpen: 0.08,
		Evaluation: 0.06, Survey: 0.15, Outcome: 0.50, OldStyle: 0.02, Odd: 0.05,
	}
}

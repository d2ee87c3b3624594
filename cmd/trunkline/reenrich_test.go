package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/unify"
)

// chance draws small CRMs and conversations in which everything that can happen to a customer happens often.
type chance struct {
	*rand.Rand
	accounts, cases []string
}

var worldBegins = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

func newChance(seed uint64) *chance {
	c := &chance{Rand: rand.New(rand.NewPCG(seed, 7))}
	for i := range 40 {
		account, _ := sfid.Normalize(fmt.Sprintf("001%s%02d%s00%02d", pickOne(c, "Aa", "aA", "BB", "bb"), 0, pickOne(c, "xYzQ", "XyZq", "abcd"), i))
		kase, _ := sfid.Normalize(fmt.Sprintf("500Aa000xYz00%02d", i))
		c.accounts, c.cases = append(c.accounts, account), append(c.cases, kase)
	}
	return c
}

func pickOne[T any](c *chance, from ...T) T { return from[c.IntN(len(from))] }

// maybe gives a text or NULL.
func maybe(c *chance, from ...string) *string {
	if c.IntN(4) == 0 {
		return nil
	}
	return new(pickOne(c, from...))
}

// crm draws the state of the mirror: of the same accounts every time, since a mirror forgets none, but some are not in it yet.
func (c *chance) crm(known int) map[string][]schema.Row {
	rows := map[string][]schema.Row{}
	add := func(r schema.Row) { rows[schema.Of(r).Name] = append(rows[schema.Of(r).Name], r) }
	for i := range 6 {
		add(&schema.CrmUser{UserID: fmt.Sprintf("005-%d", i), Name: maybe(c, "Olga", "Paul", "Rita")})
	}
	for i, id := range c.accounts[:known] {
		a := &schema.Account{
			AccountID: id, Name: maybe(c, "Acme", "Büro & Söhne"), CustomerTier: maybe(c, "Gold", "Silver"), Industry: maybe(c, "Retail"),
			OwnerID: maybe(c, "005-0", "005-1", "005-9"), OwnerName: maybe(c, "Olga", "Otto"), IsDeleted: c.IntN(6) == 0,
		}
		if c.IntN(3) > 0 {
			a.LtvUsd = new(float64(c.IntN(1e6)) / 7)
		}
		if c.IntN(4) == 0 { // chains, dead ends, circles, a master that nobody knows
			a.MasterAccountID, a.IsDeleted = new(pickOne(c, c.accounts...)), c.IntN(8) > 0
		}
		add(a)
		at := worldBegins.Add(time.Duration(c.IntN(1000)) * time.Hour)
		for range c.IntN(4) {
			v := &schema.AccountVersion{AccountID: id, ValidFrom: at, CustomerTier: maybe(c, "Gold", "Silver", "Bronze")}
			at = at.Add(time.Duration(1+c.IntN(300)) * time.Hour)
			if c.IntN(4) > 0 {
				v.ValidTo = new(at.Add(-time.Duration(c.IntN(2)*c.IntN(100)) * time.Minute))
			}
			add(v)
		}
		for j := range c.IntN(4) {
			o := &schema.Opportunity{OpportunityID: fmt.Sprintf("006-%d-%d", i, j), AccountID: maybe(c, c.accounts...), IsDeleted: c.IntN(5) == 0}
			if c.IntN(5) > 0 {
				o.IsClosed = new(c.IntN(2) == 0)
			}
			add(o)
		}
	}
	for _, id := range c.cases[:30] {
		k := &schema.Case{CaseID: id, AccountID: maybe(c, c.accounts...), Category: maybe(c, "Billing", "Outage"), IsDeleted: c.IntN(5) == 0}
		if c.IntN(5) > 0 {
			k.IsClosed = new(c.IntN(2) == 0)
		}
		add(k)
	}
	return rows
}

// over gives a mirror into which changes have come: what they do not bring stays. An account's versions go with the account.
func over(changes, was map[string][]schema.Row) map[string][]schema.Row {
	for name, rows := range was {
		for _, r := range rows {
			again := slices.ContainsFunc(changes[name], func(n schema.Row) bool { return schema.CompareKey(n, r) == 0 })
			if !again && name != schema.CrmAccountVersions.Name {
				changes[name] = append(changes[name], r)
			}
		}
	}
	return changes
}

// facts draws conversations with ids in every spelling that a telephone system comes up with.
func (c *chance) facts(n int) []schema.Row {
	var rows []schema.Row
	for i := range n {
		f := &schema.GenesysInteraction{
			ConversationID: fmt.Sprintf("c%04d", i), DataSource: "genesys_cloud", CrmIDStatus: "missing", Finality: "final",
			ConversationStart: worldBegins.Add(time.Duration(c.IntN(60*24*60)) * time.Minute), CrmCaseID: maybe(c, c.cases...),
		}
		f.BusinessDate = f.ConversationStart.Format(time.DateOnly)
		id := pickOne(c, c.accounts...)
		switch c.IntN(8) {
		case 0:
		case 1:
			f.CrmIDStatus, f.CrmAccountIDGiven = "malformed", new(id[:14])
		default:
			given := pickOne(c, id, id, id[:15], strings.ToLower(id), strings.ToUpper(id), " "+id+"\t", "\u00a0"+id[:15]+"\n")
			f.CrmAccountIDGiven, f.CrmMatchMethod, f.CrmIDStatus, f.CrmAccountID = &given, new("attribute"), "ok", &id
		}
		rows = append(rows, f)
	}
	return rows
}

// joinInGo gives the rows that the transform makes of conversations and a mirror, sealed.
func joinInGo(t *testing.T, crm map[string][]schema.Row, facts []schema.Row, observed time.Time) []schema.Row {
	t.Helper()
	in := map[string][]schema.Row{schema.GenesysInteractions.Name: nil}
	for name, rows := range crm {
		for _, r := range rows {
			in[name] = append(in[name], copied(t, r))
		}
	}
	for _, r := range facts {
		in[schema.GenesysInteractions.Name] = append(in[schema.GenesysInteractions.Name], copied(t, r))
	}
	var out []schema.Row
	err := unify.New(unify.Config{Back: -1}).Apply(t.Context(), pipeline.InMemory(pipeline.Inputs{Run: "nightly/2026-10-01T00-00-00Z"}, nil, in),
		func(rows ...schema.Row) error {
			for _, r := range rows {
				schema.Clean(r)
				schema.Seal(r, "nightly/2026-10-01T00-00-00Z", observed)
				out = append(out, r)
			}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, schema.Compare)
	return out
}

// copied gives a row of its own: transforms may change those that they get.
func copied(t *testing.T, r schema.Row) schema.Row {
	t.Helper()
	table := schema.Of(r)
	values := make([]any, len(table.Columns))
	for i, c := range table.Columns {
		values[i] = schema.Value(r, c)
	}
	made, err := table.Fill(values)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// putCRM gives a warehouse the state of the mirror.
func putCRM(t *testing.T, w mirrored, id string, observed time.Time, crm map[string][]schema.Row) {
	t.Helper()
	versions := crm["crm_account_versions"]
	for _, r := range crm["crm_accounts"] {
		var own []schema.Row
		for _, v := range versions {
			if v.(*schema.AccountVersion).AccountID == r.(*schema.Account).AccountID {
				own = append(own, v)
			}
		}
		if err := schema.SealFamily(r, own, id, observed); err != nil {
			t.Fatal(err)
		}
	}
	w.put(t, id, crm["crm_accounts"], versions)
	for _, name := range []string{"crm_users", "crm_cases", "crm_opportunities"} {
		for _, r := range crm[name] {
			schema.Seal(r, id, observed)
		}
		w.put(t, id, crm[name], nil)
	}
}

// Whatever becomes of the CRM: the warehouse's one query and joining everything anew in Go give identical rows, cell by cell
// and hash by hash, of all rows that are young enough, and leave the others alone. Every engine's query has to.
func TestReenrichmentEqualsJoiningEverythingInGo(t *testing.T) {
	t.Parallel()
	worlds := 6
	if short() {
		worlds = 2
	}
	t.Run("duckdb", func(t *testing.T) {
		evidence.Shows(t, "DuckDB", evidence.Reenriching, evidence.Engine)
		tryReenrichment(t, worlds, newDuckDB)
	})
	t.Run("postgres", func(t *testing.T) {
		evidence.Shows(t, "PostgreSQL", evidence.Reenriching, evidence.Engine)
		server := pgtest.Start(t, pgtest.Options{Language: "en-US", Settings: map[string]string{"timezone": "UTC"}})
		tryReenrichment(t, worlds, func(t *testing.T) mirrored { return newPostgres(t, server) })
	})
	t.Run("redshift", func(t *testing.T) {
		a := newAmazon(t)
		evidence.Shows(t, "Redshift", evidence.Reenriching, evidence.Simulator)
		tryReenrichment(t, worlds, func(t *testing.T) mirrored { return newRedshift(t, a) })
	})
}

func tryReenrichment(t *testing.T, worlds int, fresh func(*testing.T) mirrored) {
	moved := 0
	for seed := range uint64(worlds) {
		t.Run(fmt.Sprint("world ", seed), func(t *testing.T) { moved += followCRM(t, fresh(t), newChance(seed)) })
	}
	if moved < 200*worlds {
		t.Errorf("only %d rows followed the CRM: nothing was tried", moved)
	}
	t.Logf("%d worlds, %d rows followed the CRM", worlds, moved)
}

// followCRM lets a warehouse's rows follow a CRM through four changes, and counts how many rows did.
func followCRM(t *testing.T, w mirrored, c *chance) (moved int) {
	first, second := worldBegins.AddDate(0, 2, 0), worldBegins.AddDate(0, 2, 1)
	facts := c.facts(400)
	before := joinInGo(t, c.crm(0), facts, first)
	w.put(t, "first", before, nil)
	if rows := w.reenriched(t, time.Time{}); len(rows) > 0 {
		t.Errorf("%d rows follow a mirror that is empty", len(rows))
	}
	var crm map[string][]schema.Row
	for step, known := range []int{30, 35, 40, 40} {
		crm = over(c.crm(known), crm)
		putCRM(t, w, fmt.Sprint("crm", step), second.Add(time.Duration(step)*time.Hour), crm)
		want := joinInGo(t, crm, facts, first)
		since := worldBegins.AddDate(0, 0, 10*step)
		rows := sealed(w.reenriched(t, since))
		moved += len(rows)
		w.put(t, fmt.Sprint("reenrich", step), rows, nil)
		if again := w.reenriched(t, since); len(again) > 0 {
			t.Errorf("step %d: done again, it finds %d rows", step, len(again))
		}
		before = expected(before, want, since)
		compareInteractions(t, w, before, fmt.Sprint("step ", step))
	}
	return moved
}

// sealed seals rows as the pipeline does with those that follow the CRM.
func sealed(rows []schema.Row) []schema.Row {
	for _, r := range rows {
		schema.Seal(r, "later", r.(*schema.Interaction).ObservedAt)
	}
	return rows
}

// expected gives the rows of want that are young enough, and of before the others.
func expected(before, want []schema.Row, since time.Time) []schema.Row {
	out := slices.Clone(want)
	for i, r := range want {
		if r.(*schema.Interaction).ConversationStart.Before(since) {
			out[i] = before[i]
		}
	}
	return out
}

// compareInteractions holds the table against rows, in every column that tells of the world, and the hash of it.
func compareInteractions(t *testing.T, w mirrored, want []schema.Row, when string) {
	t.Helper()
	got := w.interactions(t)
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", when, len(got), len(want))
	}
	for i, r := range want {
		for j, c := range schema.UnifiedInteractions.Columns {
			if c.Volatile && c.Name != "row_hash" {
				continue
			}
			if is, joined := plain(got[i][j]), plain(schema.Value(r, c)); is != joined {
				t.Fatalf("%s: %s of %v is %v, joined in Go %v", when, c.Name, got[i][0], is, joined)
			}
		}
	}
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sfid"
	"trunkline/loaders/duckdb"
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

// put loads rows of a table, and of a child table, as a run does.
func put(t *testing.T, l *duckdb.Loader, id string, observed time.Time, parents, children []schema.Row) pipeline.Loaded {
	t.Helper()
	for _, p := range parents {
		if schema.Of(p) == schema.UnifiedInteractions {
			continue // sealed already
		}
		var own []schema.Row
		for _, c := range children {
			if c.(*schema.AccountVersion).AccountID == p.(*schema.Account).AccountID {
				own = append(own, c)
			}
		}
		if err := schema.SealFamily(p, own, id, observed); err != nil {
			t.Fatal(err)
		}
	}
	if len(parents) == 0 {
		return pipeline.Loaded{}
	}
	b := pipeline.Batch{ID: id + "/" + schema.Of(parents[0]).Name, Table: schema.Of(parents[0]), Files: []pipeline.File{parquetOf(t, parents)}}
	if len(children) > 0 {
		b.Children = []pipeline.Part{{Table: schema.Of(children[0]), Files: []pipeline.File{parquetOf(t, children)}}}
	}
	loaded, err := l.Load(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return loaded[b.Table.Name]
}

func parquetOf(t *testing.T, rows []schema.Row) pipeline.File {
	t.Helper()
	table := schema.Of(rows[0])
	slices.SortFunc(rows, schema.Compare)
	path := filepath.Join(t.TempDir(), table.Name+".parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := table.NewWriter(f, schema.WriterOptions{})
	for _, err := range []error{w.Write(rows), w.Close(), f.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return pipeline.File{Name: path, URI: path, Kind: table.Name, Rows: int64(len(rows)), SHA256: hex.EncodeToString(sum[:])}
}

func putCRM(t *testing.T, l *duckdb.Loader, id string, observed time.Time, crm map[string][]schema.Row) {
	t.Helper()
	put(t, l, id, observed, crm["crm_accounts"], crm["crm_account_versions"])
	for _, name := range []string{"crm_users", "crm_cases", "crm_opportunities"} {
		for _, r := range crm[name] {
			schema.Seal(r, id, observed)
		}
		rows := crm[name]
		if len(rows) > 0 {
			b := pipeline.Batch{ID: id + "/" + name, Table: schema.Of(rows[0]), Files: []pipeline.File{parquetOf(t, rows)}}
			if _, err := l.Load(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// reenriched gives what the warehouse's query has for rows since a time, sealed as the pipeline seals them.
func reenriched(t *testing.T, l *duckdb.Loader, since time.Time) []schema.Row {
	t.Helper()
	var rows []schema.Row
	err := l.Reenrich(context.Background(), since, func(r schema.Row) error {
		schema.Seal(r, "later", r.(*schema.Interaction).ObservedAt)
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Whatever becomes of the CRM: the warehouse's one query and joining everything anew in Go give identical rows, cell by cell
// and hash by hash, of all rows that are young enough, and leave the others alone.
func TestReenrichmentEqualsJoiningEverythingInGo(t *testing.T) {
	t.Parallel()
	worlds, moved := 6, 0
	if short() {
		worlds = 2
	}
	for seed := range uint64(worlds) {
		c := newChance(seed)
		dir := t.TempDir()
		l, err := duckdb.Open(t.Context(), duckdb.Config{Path: filepath.Join(dir, "w.duckdb"), Published: filepath.Join(dir, "p.duckdb"), MemoryLimit: "512MB"}, "test")
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Migrate(t.Context(), schema.All()); err != nil {
			t.Fatal(err)
		}
		first, second := worldBegins.AddDate(0, 2, 0), worldBegins.AddDate(0, 2, 1)
		facts := c.facts(400)
		before := joinInGo(t, c.crm(0), facts, first)
		put(t, l, "first", first, before, nil)
		if rows := reenriched(t, l, time.Time{}); len(rows) > 0 {
			t.Errorf("seed %d: %d rows follow a mirror that is empty", seed, len(rows))
		}
		var crm map[string][]schema.Row
		for step, known := range []int{30, 35, 40, 40} {
			crm = over(c.crm(known), crm)
			putCRM(t, l, fmt.Sprint("crm", step), second.Add(time.Duration(step)*time.Hour), crm)
			want := joinInGo(t, crm, facts, first)
			since := worldBegins.AddDate(0, 0, 10*step)
			rows := reenriched(t, l, since)
			moved += len(rows)
			put(t, l, fmt.Sprint("reenrich", step), first, rows, nil)
			if again := reenriched(t, l, since); len(again) > 0 {
				t.Errorf("seed %d, step %d: done again, it finds %d rows", seed, step, len(again))
			}
			before = expected(before, want, since)
			compareWarehouse(t, dir, l, before, fmt.Sprintf("seed %d, step %d", seed, step))
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if moved < 400 {
		t.Errorf("only %d rows followed the CRM: nothing was tried", moved)
	}
	t.Logf("%d worlds, %d rows followed the CRM", worlds, moved)
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

// compareWarehouse holds the table against rows, in every column that tells of the world, and the hash of it.
func compareWarehouse(t *testing.T, dir string, l *duckdb.Loader, want []schema.Row, when string) {
	t.Helper()
	copyTo := duckdb.Config{Published: filepath.Join(dir, "p.duckdb")}
	if _, err := l.Publish(t.Context(), pipeline.Publication{Run: when, GateOpen: true, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	g, err := ask(t.Context(), copyTo, "select * from unified_interactions order by conversation_start, conversation_id")
	if err != nil {
		t.Fatal(err)
	}
	if len(g.rows) != len(want) {
		t.Fatalf("%s: %d rows, want %d", when, len(g.rows), len(want))
	}
	for i, r := range want {
		for j, c := range schema.UnifiedInteractions.Columns {
			if c.Volatile && c.Name != "row_hash" {
				continue
			}
			w := schema.Value(r, c)
			if at, ok := w.(time.Time); ok {
				w = at.Format("2006-01-02T15:04:05.999999Z07:00")
			}
			if w != g.rows[i][j] {
				t.Fatalf("%s: %s of %v is %v, joined in Go %v", when, c.Name, g.rows[i][0], g.rows[i][j], w)
			}
		}
	}
}

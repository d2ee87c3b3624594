package sql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"trunkline/schema"
	"trunkline/sql"
)

// strange is keys that an identifier, a literal or a list of columns could break on.
func strange() []string {
	return []string{
		"quality_score", `"; drop table trusst_answers; --`, "it's", `back\slash`, "Größe – ok?", "质量", "stage", "contact_id", "2nd",
		strings.Repeat("long ", 40), strings.Repeat("long ", 40) + "too", strings.Repeat("ä", 100), "{{.x}}", "$1 %s",
	}
}

func TestPivotNames(t *testing.T) {
	for key, want := range map[string]string{
		"quality_score": "quality_score", "Main Topic (v2)": "main_topic_v2", "__a--b__": "a_b", "it's": "it_s", "Größe": "größe",
		"质量": "质量", strings.Repeat("x", 56): strings.Repeat("x", 56), "a\x00b\xffc": "a_b_c",
	} {
		got, err := sql.PivotOf(key)
		if want := (sql.Pivot{key, want + "_text", want + "_number", want + "_truth"}); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", key, got, err, want)
		}
	}
	for _, key := range []string{"", "-", "\x00", strings.Repeat("x", 256)} {
		if got, err := sql.PivotOf(key); err == nil {
			t.Errorf("%q: %v, want an error", key, got)
		}
	}
	names := map[string]bool{}
	for _, key := range strange() {
		p, err := sql.PivotOf(key)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{p.Text, p.Number, p.Truth} {
			if len(name) > 63 || names[name] {
				t.Errorf("%q: %s has %d bytes, or is there already", key, name, len(name))
			}
			names[name] = true
		}
	}
}

func TestPivotsThatCannotBe(t *testing.T) {
	var many []string
	for i := range 502 {
		many = append(many, fmt.Sprint("k", i))
	}
	for _, test := range []struct {
		keys   []string
		faults string
	}{
		{[]string{"topic", "Topic", "to-pic", "TO PIC"}, `1 "Topic" would be the column topic_text, which "topic" is already; ` +
			`3 "TO PIC" would be the column to_pic_text, which "to-pic" is already`},
		{[]string{"a", "?"}, `1 "?" has neither letter nor digit of which a column's name could be made`},
		{many, `200 is one too many: at most 200 keys can be columns`},
	} {
		var faults []string
		sql.PivotsOf(test.keys, func(i int, err error) { faults = append(faults, fmt.Sprint(i, " ", err)) })
		if diff := cmp.Diff(test.faults, strings.Join(faults, "; ")); diff != "" {
			t.Error(diff)
		}
		if _, err := sql.WithPivots(allViews(t), test.keys); err == nil {
			t.Errorf("%d keys are taken", len(test.keys))
		}
	}
}

// pivoted gives the view of answers with these keys.
func pivoted(t *testing.T, keys []string) sql.View {
	t.Helper()
	views, err := sql.WithPivots(allViews(t), keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Name == "trusst_answers_by_contact" {
			return v
		}
	}
	t.Fatal("there is no view of answers")
	return sql.View{}
}

func TestOnlyThePivotedViewFollowsTheKeys(t *testing.T) {
	before := allViews(t)
	after, err := sql.WithPivots(before, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range before {
		was, is := len(before[i].Columns), len(after[i].Columns)
		if pivots := len(before[i].PivotKeys); is != was-3*pivots {
			t.Errorf("%s has %d columns, and %d with no keys", after[i].Name, was, is)
		}
	}
	v := pivoted(t, []string{"a"})
	last := v.Columns[len(v.Columns)-3:]
	if last[0].Class != schema.Identity || last[1].Class != "" || last[2].Class != "" {
		t.Errorf("classes %v: free text may name a customer, a number and a truth cannot", last)
	}
}

// What each key's answer is stands under its name, whatever the key is made of; and so it does for the roles.
func tryStrangeKeys(t *testing.T, owner *pgx.Conn) {
	d := sql.PostgreSQL()
	v := pivoted(t, strange())
	query, err := v.Query(d)
	if err != nil {
		t.Fatal(err)
	}
	must(t, owner, d.CreateView(v.Name, query))
	defer must(t, owner, "drop view "+d.Quote(v.Name)+" cascade", "delete from trusst_contacts", "delete from trusst_answers")
	must(t, owner, `insert into trusst_contacts (contact_id, stage, is_deleted, source_run, observed_at, row_hash)
values ('a', 'COMPLETED', false, '', now(), '')`)
	for i, key := range strange() {
		_, err := owner.Exec(t.Context(), `insert into trusst_answers (
    contact_id, question_id, question_key, result, conversion_status, source_run, observed_at, row_hash
) values ('a', $1, $2, $3, 'ok', '', now(), '')`, fmt.Sprint(i), key, "answer to "+key)
		if err != nil {
			t.Fatal(err)
		}
	}
	share := sql.Share{Name: v.Name, View: &v}
	for _, r := range sql.Roles() {
		share.Columns = r.ViewColumns(&v)
		must(t, owner, d.GrantShares(r, []sql.Share{share}, "public")...)
		for _, key := range strange() {
			p, err := sql.PivotOf(key)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			if err := owner.QueryRow(t.Context(), "select "+d.Quote(p.Text)+" from "+r.Prefixed(v.Name)).Scan(&got); err != nil || got != "answer to "+key {
				t.Errorf("%s of %q is %q, %v", p.Text, key, got, err)
			}
		}
	}
}

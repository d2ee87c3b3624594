package sql_test

import (
	"strings"
	"testing"

	"trunkline/schema"
	"trunkline/sql"
)

// A backslash would take the meaning from the quote behind it, and with it everything from the literal.
func TestRedshiftLiterals(t *testing.T) {
	for text, want := range map[string]string{
		`it's`: `'it''s'`, `\`: `'\\'`, `\'; drop table x --`: `'\\''; drop table x --'`,
	} {
		if got := sql.Redshift().Literal(text); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// Redshift lengthens a text and alters no other type: the column is put aside and made anew.
func TestRedshiftChangesOfType(t *testing.T) {
	d := sql.Redshift()
	name, _ := schema.Queues.Column("name")
	target, _ := schema.Queues.Column("sla_target_ms")
	for _, c := range []struct{ got, want string }{
		{d.ChangeType(schema.Queues, name, "varchar(100)"), `alter table "queues" alter column "name" type varchar(255)`},
		{d.ChangeType(schema.Queues, name, "bigint"), `alter table "queues" rename column "name" to "name_before"`},
		{d.ChangeType(schema.Queues, target, "varchar(100)"), `alter table "queues" rename column "sla_target_ms" to "sla_target_ms_before"`},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

// Nothing that plain PostgreSQL would let pass and Redshift would not is in what is sent.
func TestRedshiftIsNotPostgreSQL(t *testing.T) {
	files, err := sql.Redshift().Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		for _, word := range []string{"on conflict", "is distinct from", "filter (", "string_agg", "unnest", "lateral", "current_setting", "do $$", "::", "collate", "on commit", "as varchar)", "as numeric)"} {
			if strings.Contains(text, word) {
				t.Errorf("%s has %q", name, word)
			}
		}
	}
}

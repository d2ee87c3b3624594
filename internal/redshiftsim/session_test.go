package redshiftsim_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/internal/redshiftsim"
)

// TestTables: keys are declared and not enforced, texts count bytes, designs are recorded and told.
func TestTables(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	c := connect(t, s)
	execute(t, c,
		`create table "People" (id varchar(5) not null, at timestamp, note text, primary key (id)) diststyle key distkey (id) compound sortkey (at, id)`,
		`comment on column "people"."note" is 'It''s what they said.'`,
		"insert into people values ('a', null, 'x'), ('a', null, 'y')", // r_CREATE_TABLE_NEW: informational only
		"alter table people add column extra varchar(4)",
		"create temp table copied (like people)",
		"create table if not exists people (other bigint)",
		"alter table people add primary key (id)",
	)
	refused(t, c, "22001 value too long for type character varying(5)", "insert into people (id) values ('äöü')")
	refused(t, c, "22001 value too long for type character varying(4)", "update people set extra = 'ääa'")
	refused(t, c, "22001 value too long for type character varying(4)", "insert into copied (id, extra) values ('a', $1)", "12345")
	refused(t, c, "22001 value too long for type character varying(256)", "insert into people (id, note) values ('a', $1)", strings.Repeat("x", 257))
	refused(t, c, "Cannot insert a NULL value into column id", "insert into copied (id) values (null)")
	refused(t, c, "nullable", "alter table people add primary key (at)")
	execute(t, c, "alter table people alter column extra type varchar(6)", "update people set extra = 'ääa'")
	refused(t, c, "character varying(6)", "update people set extra = 'äääa'")
	execute(t, c, "begin")
	refused(t, c, "cannot run inside a transaction block", "alter table people alter column extra type varchar(8)")
	execute(t, c, "rollback")
	for sql, want := range map[string]string{
		`select type || ' ' || distkey || ' ' || sortkey from pg_table_def where tablename = 'people' and "column" = 'id'`: "character varying(5) true 2",
		`select distkey from pg_table_def where tablename = 'copied' and "column" = 'id'`:                                  "true",
		"select diststyle || ' ' || sortkey1 from svv_table_info where \"table\" = 'people'":                               "KEY(id) at",
		"select remarks from svv_columns where table_name = 'people' and column_name = 'note'":                             "It's what they said.",
		"select data_type from svv_columns where table_name = $1 and column_name = 'at'":                                   "timestamp without time zone",
		"select trim(isolation_level) from stv_db_isolation_level where db_name = 'dev'":                                   "Serializable",
		"select count(*) from people": "2",
	} {
		var args []any
		if strings.Contains(sql, "$1") {
			args = []any{"people"}
		}
		if got := value(t, c, sql, args...); got != want {
			t.Errorf("%s: %s instead of %s", sql, got, want)
		}
	}
	if _, err := connect(t, s).Exec(t.Context(), "select id from copied"); err == nil {
		t.Error("a temporary table is seen by another session")
	}
}

// TestTransactions: TRUNCATE commits, an error ends a transaction, several statements of one text are one.
func TestTransactions(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	c := connect(t, s)
	execute(t, c, "create table a (n bigint)", "create table b (n bigint)", "insert into a values (1)")
	execute(t, c, "begin", "insert into b values (2)", "truncate a")
	if got := c.PgConn().TxStatus(); got != 'I' {
		t.Errorf("status %c after truncate", got)
	}
	execute(t, c, "rollback")
	if got := value(t, c, "select (select count(*) from a) * 10 + (select count(*) from b)"); got != "1" {
		t.Errorf("%s: truncate did not commit", got)
	}
	for _, wrong := range []string{"select 1 / 0", "insert into b values (3) on conflict do nothing", "show nothing"} {
		for _, args := range [][]any{nil, {pgx.QueryExecModeExec}} {
			execute(t, c, "begin", "insert into b values (3)")
			if _, err := c.Exec(t.Context(), wrong, args...); err == nil {
				t.Errorf("%s: no error", wrong)
			}
			if got := c.PgConn().TxStatus(); got != 'E' {
				t.Errorf("%s: status %c", wrong, got)
			}
			refused(t, c, "25P02", "select 1")
			refused(t, c, "25P02", "show query_group")
			execute(t, c, "commit") // which rolls back
		}
	}
	refused(t, c, "42601", "insert into b values (4); insert into b values (5) returning n")
	refused(t, c, "22012", "insert into b values (4); select 1 / 0")
	execute(t, c, "insert into b values (6); insert into b values (7)")
	if got := value(t, c, "select sum(n) from b"); !strings.HasPrefix(got, "{15 ") {
		t.Error(got)
	}
	tx, err := c.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Begin(t.Context()); err == nil {
		t.Error("there are savepoints")
	}
	_ = tx.Rollback(t.Context())
}

// TestMerge: duplicates are an error, a view is no source.
func TestMerge(t *testing.T) {
	t.Parallel()
	c := connect(t, redshiftsim.Start(t, redshiftsim.Options{}))
	execute(t, c, "create table t (id bigint, v bigint)", "create table s (id bigint, v bigint)", "create view w as select id, v from s",
		"insert into t values (1, 1)", "insert into s values (1, 2), (2, 3)")
	merge := "merge into t using %s as x on t.id = x.id when matched then update set v = x.v when not matched then insert values (x.id, x.v)"
	execute(t, c, fmt.Sprintf(merge, "s"))
	if got := value(t, c, "select cast(sum(v) as bigint) from t"); got != "5" {
		t.Error(got)
	}
	refused(t, c, "must be a table", fmt.Sprintf(merge, "w"))
	execute(t, c, "insert into s values (1, 9)")
	refused(t, c, "Found multiple matches to update the same tuple.", fmt.Sprintf(merge, "s"))
}

// TestConcurrency: who cannot be put in a row with others meets 1023, and one who waits for a lock does not.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	first, second := connect(t, s), connect(t, s)
	execute(t, first, "create table leases (token bigint)", "insert into leases values (1)")
	update := "update leases set token = token + 1"
	execute(t, first, "begin", update)
	execute(t, second, "begin")
	if got := value(t, second, "select token from leases"); got != "1" {
		t.Error(got)
	}
	done := make(chan error, 1)
	go func() {
		_, err := second.Exec(context.Background(), update)
		done <- err
	}()
	time.Sleep(50 * time.Millisecond) // it waits for the first, as a rule
	execute(t, first, "commit")
	if err := <-done; !strings.Contains(told(err), "XX000 1023 Serializable isolation violation on table") {
		t.Error(told(err))
	}
	execute(t, second, "rollback", "begin", "lock leases", update, "commit")
	if got := value(t, first, "select token from leases"); got != "3" {
		t.Error(got)
	}
}

// TestFaults: what is to go wrong does, once, and leaves what it says.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	c := connect(t, s)
	execute(t, c, "create table a (n bigint)")
	count := func() string { return value(t, connect(t, s), "select count(*) from a") }
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.Serialization, Times: 2})
	for range 2 {
		execute(t, c, "begin", "insert into a values (1)")
		refused(t, c, "1023", "commit")
		if got := c.PgConn().TxStatus(); got != 'I' {
			t.Errorf("status %c", got)
		}
	}
	execute(t, c, "begin", "insert into a values (1)", "commit")
	if got := count(); got != "1" {
		t.Errorf("%s rows", got)
	}
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.Serialization, On: "insert", Skip: 1})
	execute(t, c, "begin", "insert into a values (2)")
	refused(t, c, "1023", "insert into a values ($1)", 3)
	refused(t, c, "25P02", "select 1")
	execute(t, c, "rollback")
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.LostBefore})
	execute(t, c, "begin", "insert into a values (4)")
	if _, err := c.Exec(t.Context(), "commit"); err == nil || !c.IsClosed() {
		t.Errorf("%v, closed %v", err, c.IsClosed())
	}
	if got := count(); got != "1" {
		t.Errorf("%s rows: the commit was done", got)
	}
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.LostAfter})
	c = connect(t, s)
	execute(t, c, "begin", "insert into a values (5)")
	if _, err := c.Exec(t.Context(), "commit"); err == nil || !c.IsClosed() {
		t.Errorf("%v, closed %v", err, c.IsClosed())
	}
	if got := count(); got != "2" {
		t.Errorf("%s rows: the commit was not done", got)
	}
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.LostAfter, On: "insert"})
	c = connect(t, s)
	if _, err := c.Exec(t.Context(), "insert into a values ($1)", 6); err == nil {
		t.Error("no error")
	}
	if sent := s.Sent(); !slices.Contains(sent, "insert into a values ($1)") || !slices.Contains(sent, "commit") {
		t.Errorf("%q", sent)
	}
}

// TestCancel: a statement that the front holds up ends when its client cancels it.
func TestCancel(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	c := connect(t, s)
	execute(t, c, "create table a (n bigint)")
	s.Fail(redshiftsim.Fault{Trouble: redshiftsim.Slow, On: "insert", Delay: time.Hour})
	done := make(chan error, 1)
	go func() {
		_, err := c.Exec(context.Background(), "insert into a values (1)")
		done <- err
	}()
	for len(s.Sent()) < 2 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // now it waits, as a rule; a request that comes too early is for no statement
	for {
		if err := c.PgConn().CancelRequest(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			if !strings.Contains(told(err), "57014") {
				t.Error(told(err))
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestGrants: roles, their users, columns, views without schema binding.
func TestGrants(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{})
	c := connect(t, s)
	execute(t, c, "create table t (id bigint, ltv bigint, agent bigint)", "create role finance", "create role other", "create user anna password 'Secret123'",
		"grant role finance to anna", "grant usage on schema public to role finance", "grant select (id, ltv) on t to role finance",
		"create view late as select id, ltv from public.t with no schema binding", "create view early as select id, ltv from t",
		"grant select (id) on early to role finance", "create or replace view early as select ltv as id, id as ltv from t")
	refused(t, c, "that has it on columns", "grant select on t to role finance")
	execute(t, c, "grant select on t to role other", "grant select on t to anna", "revoke select on t from anna")
	refused(t, c, "late binding view", "grant select (id) on late to role finance")
	refused(t, c, "cannot change number of columns in view", "create or replace view early as select id, ltv, agent from t")
	refused(t, c, "2BP01", "drop table t")
	if got := value(t, c, "select has_table_privilege('anna', 'public.late', 'select')"); got != "false" {
		t.Error(got)
	}
	anna, err := connectAs(t, s, "anna", "Secret123")
	if err != nil {
		t.Fatal(err)
	}
	execute(t, anna, "select id, ltv from t", "select id from early", "create temp table own as select id from t")
	refused(t, anna, "42501", "select agent from t")
	refused(t, anna, "42501", "select id from late")
	refused(t, anna, "42501", "insert into t values (1, 2, 3)")
	execute(t, c, "revoke select (id, ltv) on t from role finance")
	refused(t, anna, "42501", "select id from t")
}

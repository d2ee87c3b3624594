package powerbi

import (
	"database/sql"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // the warehouse whose types are compared
	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
	statements "trunkline/sql"
)

// The types of the model are those that the views truly have.
func TestColumnsHaveTheTypesOfTheViews(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	d := statements.DuckDB()
	for _, table := range schema.All() {
		if _, err := db.ExecContext(t.Context(), d.CreateTable(table)); err != nil {
			t.Fatal(err)
		}
	}
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]string{
		"string": {"VARCHAR"}, "int64": {"BIGINT", "INTEGER"}, "double": {"DOUBLE"}, "boolean": {"BOOLEAN"}, "dateTime": {"TIMESTAMP", "VARCHAR"},
	}
	for _, v := range views {
		query, err := v.Query(d)
		if err != nil {
			t.Fatal(err)
		}
		table, err := tableOf(v)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := db.QueryContext(t.Context(), "select * from ("+query+") limit 0")
		if err != nil {
			t.Fatalf("%s: %v", v.Name, err)
		}
		types, err := rows.ColumnTypes()
		if err := errors.Join(err, rows.Close(), rows.Err()); err != nil { //nolint:sqlclosecheck // at once, not at the end of the loop
			t.Fatal(err)
		}
		for _, c := range table.columns {
			i := slices.IndexFunc(types, func(of *sql.ColumnType) bool { return of.Name() == c.name })
			if i < 0 {
				t.Errorf("%s has no column %s", v.Name, c.name)
			} else if !slices.Contains(kinds[c.kind.model], types[i].DatabaseTypeName()) {
				t.Errorf("%s.%s is %s here and %s in the view", v.Name, c.name, c.kind.model, types[i].DatabaseTypeName())
			}
		}
		if len(types) != len(table.columns) {
			t.Errorf("%s has %d columns, the view %d", v.Name, len(table.columns), len(types))
		}
	}
}

// A role of the model hides what the role of the warehouse has no share of, and pages for everybody show nothing that any role hides.
func TestRolesHideWhatTheWarehouseHides(t *testing.T) {
	all := files(t)
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	hidden := map[string]map[string]bool{} // by role, of tables and of columns
	for _, r := range statements.Roles() {
		name := strings.ToUpper(r.Name[:1]) + r.Name[1:]
		objects, err := parseTMDL(all[modelFolder+"definition/roles/"+name+".tmdl"])
		if err != nil || len(objects) != 1 {
			t.Fatalf("role %s: %v", name, err)
		}
		hides := map[string]bool{}
		for _, p := range objects[0].children {
			if p.properties["metadataPermission"] == "none" {
				hides[p.name] = true
			}
			for _, c := range p.children {
				hides[p.name+"."+c.name] = c.properties["metadataPermission"] == "none"
			}
		}
		for _, v := range views {
			for _, c := range v.Columns {
				may := slices.Contains(r.ViewColumns(&v), c.Name)
				if sees := !hides[v.Name] && !hides[v.Name+"."+c.Name]; sees != may {
					t.Errorf("%s: sees %s.%s is %v in the model and %v in the warehouse", name, v.Name, c.Name, sees, may)
				}
			}
		}
		hidden[name] = hides
	}
	if !hidden["Supervisor"]["revenue_by_segment.ltv_usd"] || !hidden["Finance"]["agent_performance_daily"] {
		t.Errorf("lifetime values or agents are hidden from nobody: %v", hidden)
	}
	wantOpenPages(t, all, hidden)
}

// wantOpenPages looks which pages show a field, or a measure of a column, that a role must not see.
func wantOpenPages(t *testing.T, all map[string]string, hidden map[string]map[string]bool) {
	t.Helper()
	dax := map[string]string{}
	for name, text := range all {
		if path.Ext(name) != ".tmdl" {
			continue
		}
		objects, err := parseTMDL(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			for _, m := range o.children {
				if m.kind == "measure" {
					dax[o.name+"."+m.name] = m.value
				}
			}
		}
	}
	closed := map[string]bool{}
	for name, text := range all {
		if path.Base(name) != "visual.json" {
			continue
		}
		var v visualFile
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		for _, state := range v.Visual.Query.QueryState {
			for _, p := range state.Projections {
				for _, m := range daxField.FindAllStringSubmatch("'"+strings.Replace(p.QueryRef, ".", "'[", 1)+"]"+dax[p.QueryRef], -1) {
					for role, hides := range hidden {
						if hides[m[1]] || hides[m[1]+"."+m[2]] {
							closed[strings.Split(name, "/")[3]+" "+role] = true
						}
					}
				}
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"agents Finance": true, "revenue Supervisor": true}, closed); diff != "" {
		t.Errorf("pages with fields that a role must not see (-want +got):\n%s", diff)
	}
}

// Visuals lie on their page, and not on each other.
func TestVisualsLieBesideEachOther(t *testing.T) {
	for _, p := range pages() {
		taken := map[[2]int]int{}
		for i, v := range p.visuals {
			if v.area.x < 0 || v.area.y < 0 || v.area.x+v.area.width > 12 || v.area.y+v.area.height > 12 || v.area.width < 1 || v.area.height < 1 {
				t.Errorf("%s, visual %d: %v is not on the page", p.title, i+1, v.area)
			}
			for x := v.area.x; x < v.area.x+v.area.width; x++ {
				for y := v.area.y; y < v.area.y+v.area.height; y++ {
					if other, ok := taken[[2]int{x, y}]; ok {
						t.Fatalf("%s: visuals %d and %d lie on each other", p.title, other+1, i+1)
					}
					taken[[2]int{x, y}] = i
				}
			}
		}
	}
}

// What needs the CRM says so, wherever it is shown.
func TestFiguresThatNeedTheCRMSaySo(t *testing.T) {
	needs := map[string]bool{}
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		needs[v.Name] = v.NeedsCRM
	}
	stamped := 0
	for name, text := range files(t) {
		if path.Base(name) != "visual.json" {
			continue
		}
		var v visualFile
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		want := false
		for _, state := range v.Visual.Query.QueryState {
			for _, p := range state.Projections {
				table, _, _ := strings.Cut(p.QueryRef, ".")
				want = want || needs[table]
			}
		}
		title := v.Visual.VisualContainerObjects.Title[0].Properties.Text.Expr.Literal.Value
		if got := strings.HasSuffix(title, "(identified customers only)'"); got != want {
			t.Errorf("%s: the title is %s, and it needs the CRM: %v", name, title, want)
		} else if got {
			stamped++
		}
	}
	if stamped == 0 {
		t.Error("no figure needs the CRM")
	}
}

// A view appears with its figures by being declared, and only so.
func TestAViewAppears(t *testing.T) {
	view := statements.View{
		Name: "calls_by_colour", Title: "Calls by colour", Question: "Which?", Period: "all", Grain: []string{"colour"},
		Columns: []statements.ViewColumn{
			{Name: "colour", Unit: "text", Meaning: "The colour."},
			{Name: "calls", Unit: "contacts", Meaning: "Calls."},
			{Name: "good", Unit: "contacts", Meaning: "Good ones."},
			{Name: "good_pct", Unit: "percent", Meaning: "good of calls.", Title: "Customer's joy", Numerator: "good", Denominator: "calls"},
		},
	}
	table, err := tableOf(view)
	if err != nil {
		t.Fatal(err)
	}
	got := document(table.object())
	for _, want := range []string{
		"\tmeasure 'Customer''s joy (calls by colour)' = 100 * DIVIDE ( SUM ( 'calls_by_colour'[good] ), SUM ( 'calls_by_colour'[calls] ) )\n\t\tformatString: #,##0.0\\%\n",
		"\tcolumn calls\n\t\tdataType: int64\n\t\tformatString: #,##0\n\t\tsummarizeBy: sum\n",
		"\tcolumn good_pct\n\t\tdataType: double\n\t\tformatString: #,##0.0\\%\n\t\tsummarizeBy: none\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks\n%s", got, want)
		}
	}
	if _, err := parseTMDL(got); err != nil {
		t.Error(err)
	}
	view.Columns[1].Unit = "furlongs"
	if _, err := newModel([]statements.View{view}); err == nil || !strings.Contains(err.Error(), `view calls_by_colour: column calls: no type is known for the unit "furlongs"`) {
		t.Errorf("got %v", err)
	}
	view.Columns[1].Unit, view.Columns[1].Title = "contacts", "Customer's joy"
	if _, err := newModel([]statements.View{view}); err == nil || !strings.Contains(err.Error(), `two measures have the title "Customer's joy"`) {
		t.Errorf("got %v", err)
	}
}

// A page that shows what is not there is refused, with its place.
func TestPagesThatShowNothingAreRefused(t *testing.T) {
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	m, err := newModel(views)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		visual visual
		want   string
	}{
		{visual{kind: "card", values: []figure{{"escalation_by_tier", "known_contacts"}}}, "page A, visual 1: escalation_by_tier has no measure known_contacts"},
		{visual{kind: "card", values: []figure{{"escalation", "rate"}}}, `page A, visual 1: there is no table "escalation"`},
		{visual{kind: "pie"}, `page A, visual 1: no kind of visual is "pie"`},
		{visual{kind: "card", by: byDay}, "page A, visual 1: a card has no place for the column Date.Date"},
		{visual{kind: "lineChart", by: byDay, rows: []string{byQueue}}, "page A, visual 1: a lineChart has no place for the column queue_performance_daily.queue_name"},
	} {
		if err := m.report([]page{{"a", "A", []visual{tt.visual}}}, map[string]any{}); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

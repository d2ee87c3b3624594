package salesforce

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// accounts is what Account has, as far as these tests go.
func accounts() *Object {
	return &Object{Name: "Account", Fields: []Field{
		{Name: "Id", Type: "id"},
		{Name: "IsDeleted", Type: "boolean"},
		{Name: "AnnualRevenue", Type: "currency"},
		{Name: "SystemModstamp", Type: "datetime"},
		{Name: "Name", Type: "string"},
	}}
}

func rowsOf(text string) (rows []string, err error) {
	t, err := newTable(strings.NewReader(text), accounts(), "v67.0")
	for err == nil {
		var row json.RawMessage
		if row, err = t.next(); err == nil {
			rows = append(rows, string(row))
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return rows, err
}

func TestRowsOfBulkHaveTheShapeOfREST(t *testing.T) {
	const header = `"Id","Owner.Name","IsDeleted","Owner.Id","AnnualRevenue","SystemModstamp","Name","Owner.Manager.Name"` + "\n"
	const attributes = `{"attributes":{"type":"Account","url":"/services/data/v67.0/sobjects/Account/1"},"Id":"1",`
	for name, c := range map[string]struct{ row, want string }{
		"full": {
			`"1","Ada","true","5","50000.00","2026-05-01T07:25:37.000Z","Acme","Bob"`,
			`"Owner":{"Name":"Ada","Id":"5","Manager":{"Name":"Bob"}},"IsDeleted":true,"AnnualRevenue":50000.00,"SystemModstamp":"2026-05-01T07:25:37.000+0000","Name":"Acme"}`,
		},
		"empty is null, and so is a parent without fields": {
			`"1","","","","","","",""`,
			`"Owner":null,"IsDeleted":null,"AnnualRevenue":null,"SystemModstamp":null,"Name":null}`,
		},
		"quotes, commas, and line ends": {
			"1,,false,5,1.23E7,x,\"a \"\"b\"\",\r\nc\",",
			`"Owner":{"Name":null,"Id":"5","Manager":null},"IsDeleted":false,"AnnualRevenue":1.23E7,"SystemModstamp":"x","Name":"a \"b\",\nc"}`,
		},
		"what is not of its type stays a text": {
			"1,,yes,,+5,2026,\x00,",
			`"Owner":null,"IsDeleted":"yes","AnnualRevenue":"+5","SystemModstamp":"2026","Name":"\u0000"}`,
		},
	} {
		rows, err := rowsOf(header + c.row + "\n")
		if d := cmp.Diff([]string{attributes + c.want}, rows); err != nil || d != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, d)
		}
	}
}

func TestBrokenPagesOfBulk(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                 "",
		"too few cells":           "Id,Name\n1\n",
		"a quote that never ends": "Id,Name\n1,\"x\n",
		"a column twice":          "Id,Id\n1,2\n",
		"a column without a name": "Id,\n1,2\n",
		"a column and a parent":   "Owner,Owner.Name\n1,2\n",
		"a parent and a column":   "Owner.Name,Owner\n1,2\n",
		"a parent without a name": ".Name\n1\n",
		"parents without end":     strings.Repeat("a.", 100) + "b\n1\n",
	} {
		if rows, err := rowsOf(text); ClassOf(err) != Damaged {
			t.Errorf("%s: %q, %v", name, rows, err)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add("Id,Owner.Name\n1,Ada\n")
	f.Add("\"Id\",\"AnnualRevenue\"\n\"1\",\"1.0E7\"\n")
	f.Add("IsDeleted\ntrue\n\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := rowsOf(text)
		if err != nil && ClassOf(err) != Damaged {
			t.Errorf("%v", err)
		}
		for _, r := range rows {
			var object map[string]any
			if err := json.Unmarshal([]byte(r), &object); err != nil {
				t.Errorf("row %q: %v", r, err)
			}
		}
		if n, countErr := countRows(strings.NewReader(text)); err == nil && (countErr != nil || n != len(rows)) {
			t.Errorf("counted %d rows of %d, %v", n, len(rows), countErr)
		}
	})
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`{"totalSize":1,"done":true,"records":[{"Id":"x"}]}`))
	f.Add([]byte(`null`))
	f.Add([]byte("{\"records\":[\"\xff\"]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var p *page
		if err := decode(body, &p); err != nil || p == nil {
			return
		}
		for _, r := range p.Records {
			if len(r) == 0 {
				t.Errorf("an empty row in %q", body)
			}
		}
	})
}

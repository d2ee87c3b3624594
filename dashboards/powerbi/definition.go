package powerbi

import (
	"fmt"
	"strings"
)

// The compatibility level of the model: that of Power BI Desktop since 2024.
const compatibility = "1601"

// read is the one place that knows the warehouses: a function of Power Query that gives a published table by its name.
const read = `(name as text) as table =>
let
    Found =
        if Warehouse = "PostgreSQL" then
            PostgreSQL.Database(Server, Database){[Schema = Schema, Item = name]}[Data]
        else if Warehouse = "Redshift" then
            AmazonRedshift.Database(Server, Database){[Name = Schema]}[Data]{[Name = name]}[Data]
        else if Warehouse = "BigQuery" then
            GoogleBigQuery.Database([BillingProject = Server]){[Name = Database]}[Data]{[Name = Schema]}[Data]{[Name = name]}[Data]
        else
            error Error.Record("trunkline", "The parameter Warehouse is PostgreSQL, Redshift or BigQuery", Warehouse)
in
    Found`

// days is the calendar: the whole years of all days in the model.
const days = `ADDCOLUMNS (
    CALENDARAUTO (),
    "Week", [Date] - WEEKDAY ( [Date], 2 ) + 1,
    "Month", FORMAT ( [Date], "yyyy-MM" ),
    "Year", YEAR ( [Date] )
)`

// files gives the files of the semantic model.
func (m *model) files() map[string]string {
	const folder = modelFolder + "definition/"
	root := object{
		kind: "model", name: "Model",
		properties: []property{
			is("culture", "en-US"), is("defaultPowerBIDataSourceVersion", "powerBI_V3"), is("sourceQueryCulture", "en-US"),
		},
	}
	refs := []object{root, {kind: "ref table", name: calendar}}
	files := map[string]string{
		folder + "database.tmdl":                document(object{kind: "database", name: "Trunkline", properties: []property{is("compatibilityLevel", compatibility)}}),
		folder + "expressions.tmdl":             document(expressions()...),
		folder + "tables/" + calendar + ".tmdl": document(calendarObject()),
	}
	var relationships []object
	for _, t := range m.tables {
		refs = append(refs, object{kind: "ref table", name: t.name})
		files[folder+"tables/"+t.name+".tmdl"] = document(t.object())
		for _, c := range t.columns {
			if c.calendar {
				relationships = append(relationships, object{
					kind: "relationship", name: t.name + "_" + c.name,
					properties: []property{is("fromColumn", t.name+"."+c.name), is("toColumn", calendar+".Date")},
				})
			}
		}
	}
	for _, r := range m.roles {
		refs = append(refs, object{kind: "ref role", name: r.name})
		files[folder+"roles/"+r.name+".tmdl"] = document(r)
	}
	files[folder+"relationships.tmdl"] = document(relationships...)
	files[folder+"model.tmdl"] = document(refs...)
	return files
}

// expressions gives the parameters of the model and the function that reads with them.
func expressions() []object {
	parameter := func(name, value, choice, doc string) object {
		return object{
			kind: "expression", name: name, doc: doc,
			value: fmt.Sprintf(`"%s" meta [IsParameterQuery = true, %sType = "Text", IsParameterQueryRequired = true]`, value, choice),
		}
	}
	choice := `List = {"PostgreSQL", "Redshift", "BigQuery"}, DefaultValue = "PostgreSQL", `
	return []object{
		parameter("Warehouse", "PostgreSQL", choice, "What holds the tables: PostgreSQL, Redshift or BigQuery."),
		parameter("Server", "localhost:5432", "", "Host and port; of BigQuery the project that pays for queries."),
		parameter("Database", "trunkline", "", "The database; of BigQuery the project that holds the tables."),
		parameter("Schema", "trunkline", "", "The schema; of BigQuery the dataset."),
		{kind: "expression", name: "Read", doc: "Gives a published table by its name, from the warehouse that the parameters name.", value: read},
	}
}

// object gives a table with its measures, columns and the query that fills it.
func (t table) object() object {
	o := object{kind: "table", name: t.name, doc: t.doc}
	for _, m := range t.measures {
		own := object{kind: "measure", name: m.name, doc: m.doc, value: m.dax}
		if m.format != "" {
			own.properties = append(own.properties, is("formatString", m.format))
		}
		own.properties = append(own.properties, is("displayFolder", m.folder))
		o.children = append(o.children, own)
	}
	var types []string
	for _, c := range t.columns {
		own := object{kind: "column", name: c.name, doc: c.doc, properties: []property{is("dataType", c.kind.model)}}
		if c.kind.format != "" {
			own.properties = append(own.properties, is("formatString", c.kind.format))
		}
		summarize := "none"
		if c.sums {
			summarize = "sum"
		}
		own.properties = append(own.properties, is("summarizeBy", summarize), is("sourceColumn", c.name))
		o.children = append(o.children, own)
		types = append(types, fmt.Sprintf("            {%q, %s}", c.name, c.kind.query))
	}
	query := fmt.Sprintf("let\n    Rows = Read(%q),\n    Typed = Table.TransformColumnTypes(\n        Rows,\n        {\n%s\n        },\n        \"en-US\"\n    )\nin\n    Typed",
		t.name, strings.Join(types, ",\n"))
	o.children = append(o.children, object{
		kind: "partition", name: t.name, value: "m",
		properties: []property{is("mode", "import"), {name: "source", value: query, expression: true}},
	})
	return o
}

// calendarObject gives the calendar, to which the days and weeks of all tables are joined.
func calendarObject() object {
	day := func(name, kind string, more ...property) object {
		properties := append([]property{is("dataType", kind)}, more...)
		return object{kind: "column", name: name, properties: append(properties,
			set("isNameInferred"), is("summarizeBy", "none"), is("sourceColumn", "["+name+"]"))}
	}
	dated := is("formatString", date.format)
	return object{
		kind: "table", name: calendar, doc: "The days of all figures. Business days of the organisation; a week is joined by its Monday.",
		properties: []property{is("dataCategory", "Time")},
		children: []object{
			day("Date", "dateTime", set("isKey"), dated), day("Week", "dateTime", dated), day("Month", "string"), day("Year", "int64", is("formatString", "0")),
			{
				kind: "partition", name: calendar, value: "calculated",
				properties: []property{is("mode", "import"), {name: "source", value: days, expression: true}},
			},
		},
	}
}

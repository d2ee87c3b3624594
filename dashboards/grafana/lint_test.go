package grafana

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trunkline/sql"
)

// object is a part of a dashboard as it is parsed.
type object = map[string]any

// lintRule is one of ours for dashboards. breaks makes a dashboard that keeps all rules break it.
type lintRule struct {
	says   string
	check  func(d object) []string
	breaks func(d object)
}

// The rules. The schema says what Grafana can read, these what its reader can.
func lintRules() []lintRule {
	return []lintRule{
		{"a dashboard has a uid of ours of 8 to 40 characters", lintUID, func(d object) { d["uid"] = "kpis" }},
		{"days are shown in UTC, as business days are dates, and the time is relative", lintTime, func(d object) { d["timezone"] = "browser" }},
		{"ids of panels are unique and not 0", lintIDs, func(d object) { panelsOf(d)[2]["id"] = panelsOf(d)[1]["id"] }},
		{"queries have a refId, each its own", lintRefs, func(d object) { delete(targets(panelsOf(d)[1])[0], "refId") }},
		{"panels and variables have a title", lintTitles, func(d object) { panelsOf(d)[1]["title"] = " " }},
		{"a panel says what it shows, in a sentence", lintDescriptions, func(d object) { panelsOf(d)[1]["description"] = "Rate" }},
		{"a number has a unit", lintUnits, func(d object) { delete(defaults(panelsOf(d)[1]), "unit") }},
		{"the reader chooses the data source", lintSources, func(d object) { panelsOf(d)[1]["datasource"] = object{"type": "x", "uid": "P1"} }},
		{"panels do not overlap and lie within the grid", lintGrid, func(d object) { panelsOf(d)[4]["gridPos"] = panelsOf(d)[3]["gridPos"] }},
		{"panels are large enough to be read and small enough for a screen", lintSizes, func(d object) { panelsOf(d)[4]["gridPos"].(object)["w"] = 2.0 }},
		{"columns are named, never select *", lintStars, func(d object) { ask(d, "select *\nfrom ${schema:raw}.join_quality_daily") }},
		{"the only macro is $__timeFilter of a column", lintMacros, func(d object) { ask(d, "select $__timeGroup(x, '1h') from ${schema:raw}.releases") }},
		{"a variable is declared, and is put in with a format", lintVariables, func(d object) { ask(d, "select 1 as value from ${schema:raw}.releases where product in ($product)") }},
		{"SQL is in lower case", lintCase, func(d object) { ask(d, "SELECT 1 as value from ${schema:raw}.releases") }},
		{"relations are looked for in the chosen schema", lintRelations, func(d object) { ask(d, "select 1 as value from releases") }},
		{"rates are of sums, never averaged", lintAverages, func(d object) { ask(d, "select avg(identified_pct) as value from ${schema:raw}.join_quality_daily") }},
		{"lines are in the order of time", lintOrder, func(d object) { ask(d, "select 1 as time from ${schema:raw}.releases", "timeseries") }},
		{"a line is named by what tells it apart", lintLines, func(d object) { ask(d, "select\n    time,\n    step,\n    1 as value", "timeseries") }},
		{"figures that need the CRM say whom they are about", lintIdentified, func(d object) { ask(d, "select 1 as value from ${schema:raw}.escalation_by_tier") }},
		{"releases are marked", lintReleases, func(d object) { d["annotations"].(object)["list"] = []any{} }},
	}
}

// TestDashboardsKeepTheRules: each of ours does, and for each rule a dashboard that breaks it is found out.
func TestDashboardsKeepTheRules(t *testing.T) {
	names, err := filepath.Glob("dashboards/*/*.json")
	if err != nil || len(names) != 12 {
		t.Fatalf("%d dashboards, want 12: %v", len(names), err)
	}
	uids := map[any]string{}
	for _, name := range names {
		d := parse(t, name)
		if other := uids[d["uid"]]; other != "" {
			t.Errorf("%s has the uid of %s", name, other)
		}
		uids[d["uid"]] = name
		for _, r := range lintRules() {
			for _, fault := range r.check(d) {
				t.Errorf("%s: %s: %s", name, fault, r.says)
			}
		}
	}
	for _, r := range lintRules() {
		d := parse(t, "dashboards/postgres/join_quality.json")
		r.breaks(d)
		if len(r.check(d)) == 0 {
			t.Errorf("a dashboard that breaks it is not noticed: %s", r.says)
		}
	}
}

// panelsOf gives all panels, rows and those in closed rows too.
func panelsOf(d object) (all []object) {
	list, _ := d["panels"].([]any)
	for _, p := range list {
		all = append(all, p.(object))
		all = append(all, panelsOf(p.(object))...)
	}
	return all
}

// shown gives the panels that are no rows.
func shown(d object) []object {
	return slices.DeleteFunc(panelsOf(d), func(p object) bool { return p["type"] == "row" })
}

func targets(p object) (all []object) {
	list, _ := p["targets"].([]any)
	for _, t := range list {
		all = append(all, t.(object))
	}
	return all
}

func defaults(p object) object { return p["fieldConfig"].(object)["defaults"].(object) }

// ask lets the second panel ask something else.
func ask(d object, text string, kind ...string) {
	p := panelsOf(d)[1]
	targets(p)[0]["rawSql"] = text
	for _, k := range kind {
		p["type"] = k
	}
}

// text gives a query's text.
func text(target object) string {
	for _, word := range []string{"rawSql", "rawSQL"} {
		if s, ok := target[word].(string); ok {
			return s
		}
	}
	return ""
}

// asks gives every query of a dashboard, by where it is.
func asks(d object) map[string]string {
	all := map[string]string{}
	for _, p := range shown(d) {
		for _, target := range targets(p) {
			all[fmt.Sprintf("panel %v %v", p["id"], p["title"])] = text(target)
		}
	}
	for _, v := range listed(d, "templating") {
		switch q := v["query"].(type) {
		case object:
			all[fmt.Sprintf("variable %v", v["name"])] = text(q)
		case string:
			if v["type"] == "query" {
				all[fmt.Sprintf("variable %v", v["name"])] = q
			}
		}
	}
	for _, a := range listed(d, "annotations") {
		all[fmt.Sprintf("annotation %v", a["name"])] = text(a["target"].(object))
	}
	return all
}

func listed(d object, what string) (all []object) {
	list, _ := d[what].(object)["list"].([]any)
	for _, v := range list {
		all = append(all, v.(object))
	}
	return all
}

// eachQuery checks every query of a dashboard.
func eachQuery(d object, fault func(text string) string) (faults []string) {
	for where, text := range asks(d) {
		if f := fault(text); f != "" {
			faults = append(faults, where+": "+f)
		}
	}
	return faults
}

// eachPanel checks every panel that is no row.
func eachPanel(d object, fault func(p object) string) (faults []string) {
	for _, p := range shown(d) {
		if f := fault(p); f != "" {
			faults = append(faults, fmt.Sprintf("panel %v %v: %s", p["id"], p["title"], f))
		}
	}
	return faults
}

func lintUID(d object) []string {
	uid, _ := d["uid"].(string)
	if !regexp.MustCompile(`^trunkline-[a-z_-]+$`).MatchString(uid) || len(uid) < 8 || len(uid) > 40 {
		return []string{"uid " + uid}
	}
	return nil
}

func lintTime(d object) []string {
	from, _ := d["time"].(object)["from"].(string)
	if d["timezone"] != "utc" || !strings.HasPrefix(from, "now-") || !strings.HasSuffix(from, "/d") {
		return []string{fmt.Sprint(d["timezone"], " ", d["time"])}
	}
	return nil
}

func lintIDs(d object) (faults []string) {
	seen := map[any]bool{0.0: true, nil: true}
	for _, p := range panelsOf(d) {
		if seen[p["id"]] {
			faults = append(faults, fmt.Sprintf("id %v of %v", p["id"], p["title"]))
		}
		seen[p["id"]] = true
	}
	return faults
}

func lintRefs(d object) []string {
	return eachPanel(d, func(p object) string {
		seen := map[any]bool{nil: true, "": true}
		for _, t := range targets(p) {
			if seen[t["refId"]] {
				return fmt.Sprintf("refId %v", t["refId"])
			}
			seen[t["refId"]] = true
		}
		if len(targets(p)) == 0 {
			return "no query"
		}
		return ""
	})
}

func lintTitles(d object) (faults []string) {
	blank := func(v any) bool { s, ok := v.(string); return !ok || strings.TrimSpace(s) == "" }
	for _, p := range panelsOf(d) {
		if blank(p["title"]) {
			faults = append(faults, fmt.Sprintf("panel %v", p["id"]))
		}
	}
	for _, v := range listed(d, "templating") {
		if blank(v["label"]) {
			faults = append(faults, fmt.Sprintf("variable %v", v["name"]))
		}
	}
	if blank(d["title"]) || blank(d["description"]) {
		faults = append(faults, "the dashboard")
	}
	return faults
}

func lintDescriptions(d object) []string {
	return eachPanel(d, func(p object) string {
		s, _ := p["description"].(string)
		if len(s) < 15 || !strings.HasSuffix(s, ".") {
			return "described as " + s
		}
		return ""
	})
}

func lintUnits(d object) []string {
	return eachPanel(d, func(p object) string {
		if unit, _ := defaults(p)["unit"].(string); unit == "" {
			return "no unit"
		}
		return ""
	})
}

func lintSources(d object) (faults []string) {
	chosen := func(holder object, where string) {
		ref, _ := holder["datasource"].(object)
		if uid, _ := ref["uid"].(string); uid != "${datasource}" {
			faults = append(faults, where+": data source "+uid)
		}
	}
	for _, p := range shown(d) {
		chosen(p, fmt.Sprint("panel ", p["title"]))
	}
	for _, v := range listed(d, "templating") {
		if v["type"] == "query" {
			chosen(v, fmt.Sprint("variable ", v["name"]))
		}
	}
	for _, a := range listed(d, "annotations") {
		chosen(a, fmt.Sprint("annotation ", a["name"]))
	}
	return faults
}

// lintGrid looks at the panels that are seen together: all outside of closed rows, and those of each closed row, which begin below it.
func lintGrid(d object) (faults []string) {
	type box struct{ x, y, w, h int }
	taken := map[[2]int]any{}
	list, _ := d["panels"].([]any)
	for _, each := range list {
		p := each.(object)
		g, _ := p["gridPos"].(object)
		at := func(name string) int { f, _ := g[name].(float64); return int(f) }
		b := box{at("x"), at("y"), at("w"), at("h")}
		if b.w < 1 || b.h < 1 || b.x+b.w > width {
			faults = append(faults, fmt.Sprintf("panel %v lies at %v", p["title"], b))
		}
		for x := b.x; x < b.x+b.w; x++ {
			for y := b.y; y < b.y+b.h; y++ {
				if other := taken[[2]int{x, y}]; other != nil {
					return append(faults, fmt.Sprintf("panel %v lies on %v", p["title"], other))
				}
				taken[[2]int{x, y}] = p["title"]
			}
		}
		if p["type"] == "row" {
			for _, inner := range panelsOf(p) {
				if y, _ := inner["gridPos"].(object)["y"].(float64); int(y) <= b.y {
					faults = append(faults, fmt.Sprintf("panel %v lies above its row", inner["title"]))
				}
			}
			faults = append(faults, lintGrid(p)...)
		}
	}
	return faults
}

func lintSizes(d object) []string {
	least := map[any][2]float64{"stat": {4, 3}, "timeseries": {8, 7}, "table": {12, 3}}
	return eachPanel(d, func(p object) string {
		g := p["gridPos"].(object)
		w, _ := g["w"].(float64)
		h, _ := g["h"].(float64)
		if l, known := least[p["type"]]; !known || w < l[0] || h < l[1] || h > 14 {
			return fmt.Sprintf("%v of %v by %v", p["type"], w, h)
		}
		return ""
	})
}

func lintStars(d object) []string {
	star := regexp.MustCompile(`(?i)(select|,)\s+(\w+\.)?\*`)
	return eachQuery(d, func(text string) string { return star.FindString(text) })
}

func lintMacros(d object) []string {
	filter := regexp.MustCompile(`\$__timeFilter\(\w+\)`)
	other := regexp.MustCompile(`\$__\w+`)
	return eachQuery(d, func(text string) string { return other.FindString(filter.ReplaceAllString(text, "")) })
}

func lintVariables(d object) []string {
	names := map[string]bool{}
	for _, v := range listed(d, "templating") {
		names[fmt.Sprint(v["name"])] = true
	}
	used := regexp.MustCompile(`\$\{(\w+):(raw|sqlstring|singlequote)\}`)
	return eachQuery(d, func(text string) string {
		for _, m := range used.FindAllStringSubmatch(text, -1) {
			if !names[m[1]] || m[2] == "raw" && m[1] != "schema" {
				return m[0]
			}
		}
		rest := strings.ReplaceAll(used.ReplaceAllString(text, ""), "$__timeFilter", "")
		if i := strings.Index(rest, "$"); i >= 0 {
			return rest[i:min(i+20, len(rest))]
		}
		return ""
	})
}

func lintCase(d object) []string {
	upper := regexp.MustCompile(`\b[A-Z]{2,}\b`)
	return eachQuery(d, func(text string) string { return upper.FindString(text) })
}

func lintRelations(d object) []string {
	from := regexp.MustCompile(`\b(?:from|join) (\S+)`)
	part := regexp.MustCompile(`\b(epoch|second) from `) // of a time
	with := regexp.MustCompile(`(?:with|,)\s+(\w+) as \(`)
	return eachQuery(d, func(text string) string {
		own := map[string]bool{}
		for _, m := range with.FindAllStringSubmatch(text, -1) {
			own[m[1]] = true
		}
		for _, m := range from.FindAllStringSubmatch(part.ReplaceAllString(text, ""), -1) {
			if !own[m[1]] && !strings.HasPrefix(m[1], "${schema:raw}.") {
				return m[0]
			}
		}
		return ""
	})
}

func lintAverages(d object) []string {
	average := regexp.MustCompile(`\b(avg|mean|median)\(`)
	return eachQuery(d, func(text string) string { return average.FindString(text) })
}

func lintOrder(d object) []string {
	return eachPanel(d, func(p object) string {
		for _, t := range targets(p) {
			if p["type"] == "timeseries" && !regexp.MustCompile(`order by\s+time\b`).MatchString(text(t)) {
				return "no order by time"
			}
		}
		return ""
	})
}

func lintLines(d object) []string {
	second := regexp.MustCompile(`(?s)select\s+(?:\w+ as )?time,\s+(\w+),`)
	return eachPanel(d, func(p object) string {
		name, _ := defaults(p)["displayName"].(string)
		for _, t := range targets(p) {
			m := second.FindStringSubmatch(text(t))
			if p["type"] == "timeseries" && m != nil && name != by(m[1]) {
				return "lines by " + m[1] + " are named " + name
			}
		}
		return ""
	})
}

func lintIdentified(d object) []string {
	views, err := sql.Views()
	if err != nil {
		return []string{err.Error()}
	}
	return eachPanel(d, func(p object) string {
		about, _ := p["description"].(string)
		for _, t := range targets(p) {
			for _, v := range views {
				if v.NeedsCRM && regexp.MustCompile(`\.`+v.Name+`\b`).MatchString(text(t)) && !strings.HasPrefix(about, identified) {
					return "it is of " + v.Name
				}
			}
		}
		return ""
	})
}

func lintReleases(d object) []string {
	for _, a := range listed(d, "annotations") {
		if strings.Contains(text(a["target"].(object)), ".releases") {
			return nil
		}
	}
	return []string{"no annotation asks for releases"}
}

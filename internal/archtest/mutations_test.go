package archtest

import (
	"fmt"
	"strings"
)

// mutation is a change of the sound tree that breaks one rule.
type mutation struct{ rule, file, text, want string }

func mutations() []mutation {
	docB := "// Package b makes rows.\npackage b\n\n"
	docSim := "// Package scenario is the truth.\npackage scenario\n\n"
	long := strings.Repeat("\tprintln()\n", maxFuncLines)
	return []mutation{
		{"layers", "transforms/b/b.go", docB + `import _ "trunkline/transforms/a"`, "transforms/b must not import transforms/a"},
		{"layers", "transforms/b/b_test.go", "package b\n\nimport _ \"trunkline/transforms/a\"", "transforms/b must not import transforms/a"},
		{"layers", "transforms/b/b.go", docB + `import _ "trunkline/internal/httpx"`, "must not import internal/httpx"},
		{"layers", "extractors/a/b.go", "package a\n\nimport _ \"trunkline/schema\"", "extractors/a must not import schema"},
		{"layers", "extractors/a/b.go", "package a\n\nimport _ \"trunkline/internal/sim\"", "extractors/a must not import internal/sim"},
		{"layers", "schema/b.go", "package schema\n\nimport _ \"trunkline/pipeline\"", "schema must not import pipeline"},
		{"layers", "pipeline/store/b.go", "// Package store keeps.\npackage store\n\nimport _ \"trunkline/sql\"", "pipeline/store must not import sql"},
		{"layers", "internal/httpx/b.go", "// Package httpx calls.\npackage httpx\n\nimport _ \"trunkline/pipeline\"", "internal/httpx must not import pipeline"},
		{"layers", "internal/sim/scenario/b.go", docSim + `import _ "trunkline/schema"`, "internal/sim/scenario must not import schema"},
		{"layers", "cmd/a/b.go", "// Command a runs.\npackage main\n\nimport _ \"trunkline/internal/redshiftsim\"", "cmd/a must not import internal/redshiftsim, which is for tests"},
		{"layers", "util/b.go", "// Package util helps.\npackage util\n", "no layer is known for util"},
		{"pure transforms", "transforms/b/b.go", docB + `import _ "net/url"`, "must not import net/url"},
		{"pure transforms", "transforms/b/b.go", docB + `import _ "os"`, "must not import os"},
		{"pure transforms", "transforms/b/b.go", docB + `import _ "database/sql"`, "must not import database/sql"},
		{"pure transforms", "transforms/b/in/b.go", "// Package in is deep.\npackage in\n\nimport _ \"log/slog\"", "must not import log/slog"},
		{"pure transforms", "transforms/b/b.go", docB + `import _ "example.com/other"`, "must not import example.com/other"},
		{"pure transforms", "transforms/b/b.go", docB + "import \"time\"\n\nvar now = time.Now()", "must not ask time.Now"},
		{"pure transforms", "internal/sfid/b.go", "// Package sfid computes.\npackage sfid\n\nimport _ \"os\"", "internal/sfid must not import os"},
		{"scenario alone", "internal/sim/scenario/b.go", docSim + `import _ "example.com/other"`, "must not import example.com/other"},
		{"file size", "transforms/b/b.go", docB + strings.Repeat("\n", maxFileLines), "503 lines, at most 500"},
		{"function size", "transforms/b/b.go", docB + "func long() {\n" + long + "}", "long has 82 lines, at most 80"},
		{"function size", "transforms/b/b.go", docB + "func long() {\n" + long[:50*len("\tprintln()\n")] + "}", "95th percentile is 52 lines"},
		{"parameters", "transforms/b/b.go", docB + "func f(a, b, c, d int, e, f string) {}", "6 parameters, at most 5"},
		{"parameters", "transforms/b/b.go", docB + "type i interface{ f(a, b, c, d, e, f int) }", "6 parameters, at most 5"},
		{"interface size", "transforms/b/b.go", docB + "type i interface{ a(); b(); c(); d(); e() }", "an interface of 5 methods, at most 4"},
		{"interface size", "transforms/b/b.go", docB + "type i interface{ a(); b(); c() }\n\ntype j interface{ i; d(); e() }", "an interface of 5 methods, at most 4"},
		{"cyclomatic", "transforms/b/b.go", docB + "func f(a bool) {\n" + strings.Repeat("\tif a || !a {\n\t}\n", 5) + "}", "95th percentile of the cyclomatic number is 11"},
		{"no init", "transforms/b/b.go", docB + "func init() {}", "an init function"},
		{"no init", "transforms/b/b_test.go", "package b\n\nfunc init() {}", "an init function"},
		{"no context in structs", "transforms/b/b.go", docB + "import c \"context\"\n\ntype s struct{ ctx c.Context }", "a struct that holds a context"},
		{"no context in structs", "transforms/b/b.go", docB + "import \"context\"\n\ntype s struct{ context.Context }", "a struct that holds a context"},
		{"package comments", "transforms/b/b.go", "package b\n", "no package comment"},
		{"package comments", "transforms/b/b.go", "// B makes rows.\npackage b\n", `does not begin with "Package b "`},
		{"package comments", "transforms/b/c.go", "// Package b makes rows again.\npackage b\n", "more than one package comment"},
		{"package comments", "cmd/other/main.go", "// Package main runs.\npackage main\n", `does not begin with "Command other "`},
		{"exported docs", "transforms/b/b.go", docB + "func Exported() {}", "Exported has no doc comment"},
		{"exported docs", "transforms/b/b.go", docB + "type Exported int", "Exported has no doc comment"},
		{"exported docs", "transforms/b/b.go", docB + "const Exported = 1", "Exported has no doc comment"},
		{"exported docs", "transforms/b/b.go", docB + "// T is one.\ntype T[A any] struct{}\n\nfunc (*T[A]) Exported() {}", "Exported has no doc comment"},
		{"error wording", "transforms/b/b.go", docB + "import \"fmt\"\n\nvar err = fmt.Errorf(\"failed to read: %w\", nil)", "an error that complains"},
		{"error wording", "transforms/b/b.go", docB + "import \"errors\"\n\nvar err = errors.New(\"Could not read\")", "an error that complains"},
		{"error wording", "transforms/b/b.go", docB + "var err = Error{What: \"page 3: failed to read\"}", "an error that complains"},
		{"skips", "transforms/b/b_test.go", "package b\n\nfunc TestB(t *testing.T) { t.Skip(\"no server\") }", "does not say what to set"},
		{"skips", "transforms/b/b_test.go", "package b\n\nfunc TestB(t *testing.T) { t.SkipNow() }", "says nothing"},
		{"no secrets", "extractors/a/testdata/b.json", `{"access_token": "` + strings.Repeat("0aZ", 8) + `"}`, "extractors/a/testdata/b.json:1: looks like a credential"},
		{"no secrets", "docs/b.md", "Send\nAuthorization: Bearer " + strings.Repeat("0aZ", 9), "docs/b.md:2: looks like a credential"},
		{"error pages", "pipeline/b.go", "package pipeline\n\nconst code = \"TL2999\"", "TL2999 has no page"},
		{"error pages", "docs/errors/README.md", "# Errors\n", "is stale"},
		{"error pages", "docs/errors/notes.md", "# Notes\n", "is no page of an error"},
		{"error pages", "docs/errors/TL2001.md", "# TL2001: the window is empty\n", "does not begin with a heading"},
		{"error pages", "docs/errors/TL2002.md", "# TL2002: nobody\n\nNothing.\n", "no code uses TL2002"},
		{"decisions", "docs/decisions.md", "# Decisions\n\n## Known `example.com/known`\n", "an entry without a date"},
		{"decisions", "docs/decisions.md", "# Decisions\n\n## 2026-11-20 `example.com/known`\n\n## 2026-11-21 Later\n", "newer than the entry above it"},
		{"decisions", "docs/decisions.md", fmt.Sprintf("# Decisions\n\n## 2026-11-20 `example.com/known`\n%s", strings.Repeat("\nword", maxDecisionLines-1)), "13 lines, at most 12"},
		{"links", "docs/b.md", "See [this](errors/TL2001.md), [that](https://example.com/x) and [nothing](nothing.md#at-all).\n", "docs/b.md: leads to nothing.md"},
		{"dependencies", "docs/decisions.md", "# Decisions\n\n## 2026-11-20 Begin\n", "example.com/known is imported"},
	}
}

package powerbi

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// `make check-powerbi` installs what these tests ask and sets both variables.
const (
	parserVariable  = "TRUNKLINE_TEST_POWERBI_PARSER"  // the program of Microsoft's modeling server, which has the parser of TMDL in it
	schemasVariable = "TRUNKLINE_TEST_POWERBI_SCHEMAS" // a folder of Microsoft's schemas, with an INDEX.json of their addresses
)

// Microsoft's own parser takes the model, and refuses one that is broken.
func TestMicrosoftParsesTheModel(t *testing.T) {
	program := os.Getenv(parserVariable)
	if program == "" {
		t.Skip("run make check-powerbi, or set TRUNKLINE_TEST_POWERBI_PARSER to the program of Microsoft's Power BI modeling server")
	}
	const definition = modelFolder + "definition/"
	for _, tt := range []struct{ name, file, old, new, refused string }{
		{name: "as it is"},
		{"unknown property", definition + "tables/match_bias.tmdl", "\t\tdataType: string\n", "\t\tdataTipe: string\n", "dataTipe"},
		{"relationship", definition + "relationships.tmdl", "satisfaction_daily.business_date", "satisfaction_daily.day", "satisfaction_daily"},
		{"role", definition + "roles/Supervisor.tmdl", "columnPermission ltv_usd", "columnPermission ltv", "ltv"},
		{"indentation", definition + "tables/Date.tmdl", "\t\tisKey\n", "\t\t\t\tisKey\n", "Date"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := files(t)
			if tt.file != "" {
				all[tt.file] = strings.Replace(all[tt.file], tt.old, tt.new, 1)
			}
			dir := t.TempDir()
			writeAll(t, dir, all)
			answer := connect(t, program, filepath.Join(dir, filepath.FromSlash(modelFolder)))
			taken := strings.Contains(answer, "Successfully loaded")
			if taken != (tt.refused == "") || !strings.Contains(answer, tt.refused) {
				t.Errorf("the parser said: %s", answer)
			}
			t.Log(answer)
		})
	}
}

// connect has the server load a model from a folder, with its network cut off, and gives what it says.
func connect(t *testing.T, program, folder string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "unshare", "--net", "--map-root-user", program, "--start", "--readonly")
	cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "DOTNET_CLI_TELEMETRY_OPTOUT=1")
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Kill() }, 5*time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the parser with its network cut off (unshare, of util-linux): %v", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	watchdog := time.AfterFunc(5*time.Minute, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()

	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	ask(t, in, lines, 1, "initialize", map[string]any{
		"protocolVersion": "2024-11-05", "capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "trunkline", "version": "0"},
	})
	tell(t, in, map[string]any{"jsonrpc": "2.0", "method": "notifications/initialized"})
	return ask(t, in, lines, 2, "tools/call", map[string]any{
		"name": "connection_operations", "arguments": map[string]any{"request": map[string]any{"operation": "ConnectFolder", "folderPath": folder}},
	})
}

func tell(t *testing.T, in io.Writer, message any) {
	t.Helper()
	if err := json.NewEncoder(in).Encode(message); err != nil {
		t.Fatalf("write to the parser: %v", err)
	}
}

// ask sends a request and gives the answer to it, as text.
func ask(t *testing.T, in io.Writer, lines *bufio.Scanner, id int, method string, parameters any) string {
	t.Helper()
	tell(t, in, map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": parameters})
	for lines.Scan() {
		var answer struct {
			ID     int
			Result struct{ Content []struct{ Text string } }
			Error  json.RawMessage
		}
		if json.Unmarshal(lines.Bytes(), &answer) != nil || answer.ID != id { // a notification
			continue
		}
		text := string(answer.Error)
		for _, c := range answer.Result.Content {
			text += c.Text
		}
		return text
	}
	t.Fatalf("the parser ended before it answered %s: %v", method, lines.Err())
	return ""
}

// schemaFolder is the folder of schemas that Microsoft publishes, by their addresses.
type schemaFolder map[string]string

// Load gives a schema. What the folder lacks, the inner parts of visuals, is open: references_test.go reads those strictly.
func (p schemaFolder) Load(url string) (any, error) {
	name, ok := p[url]
	if !ok {
		anything := map[string]any{"Selector": true, "QueryExpressionContainer": true, "Background": true, "LockAspect": true}
		return map[string]any{"definitions": anything}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return jsonschema.UnmarshalJSON(f)
}

// Each JSON file is as Microsoft's schema of it says, and a file that is not is found.
func TestMicrosoftSchemasHold(t *testing.T) {
	dir := os.Getenv(schemasVariable)
	if dir == "" {
		t.Skip("run make check-powerbi, or set TRUNKLINE_TEST_POWERBI_SCHEMAS to a folder of Microsoft's schemas with an INDEX.json")
	}
	text, err := os.ReadFile(filepath.Join(dir, "INDEX.json"))
	if err != nil {
		t.Fatal(err)
	}
	index := schemaFolder{}
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	for url, name := range index {
		index[url] = filepath.Join(dir, name)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(index)
	compiled, n := map[string]*jsonschema.Schema{}, 0
	for name, text := range files(t) {
		if path.Ext(name) == ".tmdl" {
			continue
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		url, _ := document.(map[string]any)["$schema"].(string)
		if _, ok := index[url]; !ok {
			t.Errorf("%s: its schema %q is not among those of %s", name, url, dir)
			continue
		}
		if compiled[url] == nil {
			if compiled[url], err = compiler.Compile(url); err != nil {
				t.Fatal(err)
			}
		}
		if err := compiled[url].Validate(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		delete(document.(map[string]any), "$schema")
		if compiled[url].Validate(document) == nil {
			t.Errorf("%s: its schema takes a file without $schema", name)
		}
		n++
	}
	if n == 0 {
		t.Error("there is no JSON file")
	}
	t.Logf("%d files are as %d of Microsoft's schemas say", n, len(compiled))
}

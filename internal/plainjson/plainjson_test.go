package plainjson_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/plainjson"
)

type tree struct {
	base
	Name  string   `json:"name"`
	Real  float64  `json:"real"`
	Big   int64    `json:"big"`
	Truth *bool    `json:"truth"`
	Count *int64   `json:"count"`
	Words []string `json:"words"`
	Left  *leaf    `json:"left"`
	Many  []leaf   `json:"many"`
}

type base struct {
	ID   string `json:"id"`
	Open bool   `json:"open"`
}

type leaf struct {
	Kind  string `json:"kind"`
	Twigs []twig `json:"twigs"`
}

type twig struct {
	Length *float64 `json:"length"`
	Leaves []int64  `json:"leaves"`
}

var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func large(lists, each int) string {
	var b strings.Builder
	b.WriteString(`{"id":"x","many":[`)
	for i := range lists {
		fmt.Fprintf(&b, `%s{"kind":"k%d","twigs":[`, strings.Repeat(",", min(i, 1)), i)
		for j := range each {
			fmt.Fprintf(&b, `%s{"length":%d.5,"leaves":[%d,%d]}`, strings.Repeat(",", min(j, 1)), j, i, j)
		}
		b.WriteString(`]}`)
	}
	return b.String() + `]}`
}

// What is accepted is what the library reads, and what is valid is not lost when the memory is used again or has to grow.
func TestReadsWhatIsPlainAsTheLibraryDoes(t *testing.T) {
	d := plainjson.New[tree]()
	for _, body := range []string{
		`{}`, ` { } `, `{"id":"a","open":true,"name":"é","real":-1.5e3,"big":-9223372036854775808,"truth":false,"count":0}`,
		`{"words":["","a\n\"\u00e9","é"],"left":{"kind":"l","twigs":[]},"many":[]}`, `{"words":null,"left":null,"many":null,"truth":null,"id":null}`,
		large(40, 40), `{"left":{}}`, large(3, 1), `{"other":{"a":[1,{"b":null}]},"id":"last"}`,
	} {
		var got, want tree
		if !d.Decode([]byte(body), &got) {
			t.Errorf("refused: %.80s", body)
		}
		if err := json.Unmarshal([]byte(body), &want, lenient); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%.80s: %+v, want %+v", body, got, want)
		}
	}
}

func TestRefusesWhatIsNot(t *testing.T) {
	d := plainjson.New[tree]()
	for _, body := range []string{
		``, ` `, `[]`, `null`, `"a"`, `{`, `{}{}`, `{"id"}`, `{"id":}`, `{"id":"a",}`, `{,}`, `{"id":"a" "name":"b"}`, `{id:"a"}`,
		`{"id":5}`, `{"id":"a`, `{"id":"\x"}`, `{"id":"\u12"}`, "{\"id\":\"\x01\"}", `{"real":01}`, `{"real":1.}`, `{"real":.5}`, `{"real":1e}`,
		`{"real":1e999}`, `{"real":"1"}`, `{"big":1.0}`, `{"big":9223372036854775808}`, `{"big":-}`, `{"truth":1}`, `{"truth":tru}`, `{"many":{}}`,
		`{"left":[]}`, `{"many":[{}`, `{"many":[{},]}`, `{"id":"a","id":"b"}`, `{"i\u0064":"a"}`, `{"other":[}`, `{"other":{"a" 1}}`, `{"other":nul}`,
		`{"other":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
	} {
		var v tree
		if d.Decode([]byte(body), &v) {
			t.Errorf("accepted: %.80s", body)
		}
	}
}

func TestATypeThatItDoesNotKnowIsAFault(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	plainjson.New[struct {
		M map[string]string `json:"m"`
	}]()
}

func BenchmarkDecode(b *testing.B) {
	d, body := plainjson.New[tree](), []byte(large(40, 40))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var v tree
		if !d.Decode(body, &v) {
			b.Fatal("refused")
		}
	}
}

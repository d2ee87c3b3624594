package genesys

import (
	stdjson "encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"
)

// agree fails if the fast decoder accepts what the library does not, or reads it as something else.
func agree(t *testing.T, d *decoder, body []byte) (accepted bool) {
	t.Helper()
	var fast, slow record
	if !d.plain.Decode(body, &fast) {
		return false
	}
	if err := json.Unmarshal(body, &slow, lenient); err != nil {
		t.Errorf("accepted, which the library does not (%v): %s", err, body)
	} else if !reflect.DeepEqual(fast, slow) {
		t.Errorf("read as\n%+v and not as\n%+v: %s", fast, slow, body)
	}
	return true
}

// bodies gives the real records, and some that have everything that a plain one may not.
func bodies(t testing.TB) [][]byte {
	t.Helper()
	all := [][]byte{
		[]byte(`{"conversationId":"a","divisionIds":[],"participants":[{"attributes":{"a":"\ud800","b":[1,{}]},"sessions":null}]}`),
		[]byte(`{"conversationId":"a\u0062\n","conversationStart":5,"selfServed":true,"mediaStatsMinConversationMos":-4.5e-1}`),
		[]byte(`{"analytics":{"conversationId":"é","participants":[{},{"sessions":[{"segments":[{"conference":false}],"flow":{}}]}]},"conversation":{"participants":[{"id":"x"}]}}`),
		[]byte(`{"participants":[{"sessions":[{"metrics":[{"name":"n","value":-0},{"value":9007199254740993}]}]}],"participants":[]}`),
		[]byte(" {\t\"unknown\" : [ null , true , 0.5e+9 , \"\\u00e9\xff\" ] , \"externalTag\" : null }\n"),
	}
	names, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var page struct{ Conversations []stdjson.RawMessage }
		if err := stdjson.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Conversations {
			all = append(all, c)
		}
		if len(page.Conversations) == 0 {
			all = append(all, body)
		}
	}
	return all
}

// Whatever is done to a record, the two decoders never differ; and the fast one is not given up on what is ordinary.
func TestTheFastDecoderReadsAsTheLibraryDoes(t *testing.T) {
	d, r := newDecoder(), rand.New(rand.NewPCG(5, 6))
	const odd = "{}[]\",:\\ 0123456789-+.eEtrufalsn\x00\x1f\x80\xc3\xa9"
	accepted, all, mutated := 0, bodies(t), 0
	for _, body := range all {
		if agree(t, d, body) {
			accepted++
		}
		for range 300 {
			b := append([]byte(nil), body...)
			for range 1 + r.IntN(3) {
				i, j := r.IntN(len(b)), r.IntN(len(b))
				switch from, to := min(i, j), min(max(i, j), min(i, j)+20); r.IntN(4) {
				case 0:
					b[i] = odd[r.IntN(len(odd))]
				case 1:
					b = append(b[:from:from], b[to:]...)
				case 2:
					b = append(b[:to:to], b[from:]...)
				default:
					b = append(append(b[:i:i], odd[r.IntN(len(odd))]), b[i:]...)
				}
				if len(b) == 0 {
					b = []byte{'0'}
				}
			}
			if agree(t, d, b) {
				mutated++
			}
		}
	}
	t.Logf("%d of %d records were accepted, and %d that were changed", accepted, len(all), mutated)
	if accepted < len(all)-2 || mutated == 0 {
		t.Errorf("only %d of %d records were accepted, and %d that were changed", accepted, len(all), mutated)
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range bodies(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) { agree(t, newDecoder(), body) })
}

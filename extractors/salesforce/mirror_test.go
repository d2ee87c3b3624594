package salesforce

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
)

// TestMirrorOfAWorld keeps a mirror for six nights, each beginning where the one before ended, and compares it with the world as
// it then is: every record, field by field, and every record that is gone.
func TestMirrorOfAWorld(t *testing.T) {
	config := scenario.Default()
	w := scenario.New(config)
	for name, change := range map[string]func(*Config){
		"REST": func(*Config) {},
		"Bulk": func(c *Config) { c.BulkThreshold = 5 },
	} {
		t.Run(name, func(t *testing.T) {
			now := config.Start
			c := serve(t, w, salesforceapi.Options{PageSize: 200, Now: func() time.Time { return now }})
			mirror := map[string]map[string]state{}
			watermark := map[string]time.Time{}
			for night := range 6 {
				now = config.Start.AddDate(0, 0, 1+night).Add(3*time.Hour + 7*time.Second)
				x := c.open(t, change)
				for _, s := range x.Streams() {
					if mirror[s.Name] == nil {
						mirror[s.Name] = map[string]state{}
					}
					from := watermark[s.Name]
					if !from.IsZero() {
						from = from.Add(-s.Settles)
					}
					for _, r := range read(t, x, s.Name, from, "").list {
						if r.At.After(watermark[s.Name]) {
							watermark[s.Name] = r.At
						}
						mirror[s.Name][r.Key] = stateOf(t, r.Body)
					}
				}
				for stream, object := range map[string]string{"accounts": "Account", "cases": "Case", "opportunities": "Opportunity", "users": "User"} {
					if d := cmp.Diff(truth(w, object, now), known(mirror[stream])); d != "" {
						t.Fatalf("night %d, %s (-world +mirror):\n%s", night+1, stream, d)
					}
				}
			}
		})
	}
}

// state is what a mirror must have right of a record.
type state struct {
	Gone                     bool
	Tier, Owner, Status, Won any
}

func stateOf(t *testing.T, body []byte) state {
	t.Helper()
	var row struct {
		IsDeleted bool
		Tier      any `json:"Account_Tier__c"`
		Owner     *struct{ Name any }
		Status    any
		IsWon     any
	}
	if err := json.Unmarshal(body, &row); err != nil {
		t.Fatal(err)
	}
	s := state{Gone: row.IsDeleted, Tier: row.Tier, Status: row.Status, Won: row.IsWon}
	if row.Owner != nil {
		s.Owner = row.Owner.Name
	}
	if s.Gone { // a tombstone tells no more
		return state{Gone: true}
	}
	return s
}

// known leaves out what is gone: whether a record that was gone before the mirror began is known depends on the recycle bin.
func known(mirror map[string]state) map[string]state {
	alive := map[string]state{}
	for id, s := range mirror {
		if !s.Gone {
			alive[id] = s
		}
	}
	return alive
}

func truth(w *scenario.World, object string, now time.Time) map[string]state {
	alive := map[string]state{}
	for _, o := range w.Objects(object) {
		v, ok := o.At(now)
		if ok && !v.Deleted && !v.Purged {
			alive[o.ID] = state{Tier: v.Fields["Account_Tier__c"], Owner: v.Fields["Owner.Name"], Status: v.Fields["Status"], Won: v.Fields["IsWon"]}
		}
	}
	return alive
}

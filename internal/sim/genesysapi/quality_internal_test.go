package genesysapi

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// A record whose days have one digit was scored like any other.
func TestScoresOfOddDatesAreCounted(t *testing.T) {
	for _, text := range []string{"2026-11-08T16:40:41.036Z", "2026-11-8T16:40:41.036Z"} {
		var s scored
		err := json.Unmarshal([]byte(`{"evaluations":[{"eventTime":"`+text+`"}],"surveys":[{"eventTime":"`+text+`"}]}`), &s)
		want := time.Date(2026, 11, 8, 16, 40, 41, 36e6, time.UTC)
		if err != nil || !s.Evaluations[0].EventTime.time.Equal(want) || !s.Surveys[0].EventTime.time.Equal(want) {
			t.Errorf("%s: %+v, %v", text, s, err)
		}
	}
}

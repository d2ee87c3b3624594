package kpis

import (
	"testing"

	"trunkline/pipeline"
	"trunkline/schema"
)

func TestSettingsAreThoseOfTheConfiguration(t *testing.T) {
	got := map[string]string{}
	err := New(Config{CountAbandons: false, ShortAbandons: "exclude", RepeatDays: 3}).Apply(t.Context(), &pipeline.Inputs{}, func(rows ...schema.Row) error {
		for _, r := range rows {
			s := r.(*schema.KpiSetting)
			got[s.Name] = s.Value
		}
		return nil
	})
	if err != nil || len(got) != 3 || got["count_abandons"] != "false" || got["short_abandons"] != "exclude" || got["repeat_days"] != "3" {
		t.Errorf("%v, %v", got, err)
	}
}

// Package kpis hands the organisation's switches of how figures are counted to the warehouse, where the views look.
package kpis

import (
	"context"
	"strconv"

	"trunkline/pipeline"
	"trunkline/schema"
)

// Config is the switches.
type Config struct {
	CountAbandons bool   // whether the service level counts abandoned entries against the queue
	ShortAbandons string // include or exclude: whether those sooner than the threshold are among them
	RepeatDays    int    // within how many days a contact of the same account is a repeat
}

// Transform makes the table kpi_settings.
type Transform struct{ config Config }

// New makes the transform.
func New(c Config) *Transform { return &Transform{c} }

// Reads gives the conversations: where there are none there is nothing to count.
func (*Transform) Reads() []pipeline.Input {
	return []pipeline.Input{{Kind: schema.UnifiedInteractions.Name}}
}

// Writes gives kpi_settings.
func (*Transform) Writes() []*schema.Table { return []*schema.Table{schema.KpiSettings} }

// Apply emits the switches.
func (t *Transform) Apply(_ context.Context, _ *pipeline.Inputs, emit func(...schema.Row) error) error {
	return emit(
		&schema.KpiSetting{Name: "count_abandons", Value: strconv.FormatBool(t.config.CountAbandons)},
		&schema.KpiSetting{Name: "short_abandons", Value: t.config.ShortAbandons},
		&schema.KpiSetting{Name: "repeat_days", Value: strconv.Itoa(t.config.RepeatDays)},
	)
}

package schema

import "time"

// What the views look at besides the sources' own tables.
var (
	KpiSettings = declare[KpiSetting]("kpi_settings", sortedBy("name"), snapshot())
	Releases    = declare[Release]("releases", sortedBy("released_on", "product", "release"), snapshot())
)

// KpiSetting is one of the organisation's switches of how figures are counted. Views look here, so that what they show and
// how it was counted are never apart; a setting that is not here has its default.
type KpiSetting struct {
	// The setting: count_abandons, short_abandons or repeat_days.
	Name string `parquet:"name" col:"key,max=50"`
	// Its value, as text.
	Value string `parquet:"value" col:"max=50"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*KpiSetting) table() *Table { return KpiSettings }

// Release is one release of one of the organisation's products: what changes in the figures are held against.
type Release struct {
	// Product.
	Product string `parquet:"product,dict" col:"key,max=100"`
	// Release, as the organisation names it: 4.2.
	Release string `parquet:"release" col:"key,max=100"`
	// Day on which customers got it, in the organisation's time zone, YYYY-MM-DD.
	ReleasedOn string `parquet:"released_on,dict" col:"max=10"`
	// What there is to know about it.
	Note *string `parquet:"note" col:"max=1000"`
	// Whether the list no longer has it. Views leave such releases out.
	IsDeleted bool `parquet:"is_deleted"`

	// The run that made this version of the row.
	SourceRun string `parquet:"source_run,dict" col:"volatile,max=100"`
	// When the source was asked.
	ObservedAt time.Time `parquet:"observed_at,timestamp(microsecond)" col:"volatile"`
	// 128-bit hash of all columns that tell of the world.
	RowHash string `parquet:"row_hash" col:"volatile,max=32"`
	// When this version was written to the warehouse.
	EtlLoadedAt *time.Time `parquet:"etl_loaded_at,timestamp(microsecond)" col:"set=change"`
}

func (*Release) table() *Table { return Releases }

package trusst

import _ "embed"

// The statements that are sent, as they are sent.
var (
	//go:embed sql/position.sql
	positionSQL string
	//go:embed sql/columns.sql
	columnsSQL string
	//go:embed sql/questions.sql
	questionsSQL string
	//go:embed sql/changed.sql
	changedSQL string
	//go:embed sql/newest.sql
	newestSQL string
	//go:embed sql/hydrate.sql
	hydrateSQL string
	//go:embed sql/fingerprints.sql
	fingerprintsSQL string
	//go:embed sql/asked.sql
	askedSQL string
	//go:embed sql/streams.sql
	streamsSQL string
	//go:embed sql/began.sql
	beganSQL string
	//go:embed sql/range.sql
	rangeSQL string
	//go:embed sql/undated.sql
	undatedSQL string
)

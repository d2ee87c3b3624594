package warehouse

// Finding is one thing that was looked at to see whether a run would trip over it: a right, a bucket, a region, a role, a clock.
type Finding struct {
	Name   string
	Detail string // what was found, where it is well
	Err    error  // what is not well; best a *pipeline.Error with its cure
}

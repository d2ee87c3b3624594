package genesys

// Lenient is how records are decoded.
var Lenient = lenient

// NewDecoded makes what a record is decoded into.
func NewDecoded() any { return new(record) }

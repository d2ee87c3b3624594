package main

import (
	"context"

	"trunkline/pipeline"
)

// loaders gives every warehouse there is, by name; nil where the configuration has no section for it.
func loaders(c *Config) map[string]func(context.Context) (pipeline.Loader, error) {
	return map[string]func(context.Context) (pipeline.Loader, error){}
}

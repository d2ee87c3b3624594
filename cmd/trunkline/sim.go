package main

import "github.com/spf13/cobra"

func newSim(a *app) *cobra.Command { return &cobra.Command{Use: "sim"} }

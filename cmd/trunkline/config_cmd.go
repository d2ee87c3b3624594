package main

import (
	_ "embed"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed config.schema.json
var configSchema string

// newConfig is the command about the configuration itself.
func newConfig(a *app) *cobra.Command {
	parent := &cobra.Command{
		Use: "config", Short: "Show, validate and describe the configuration", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	parent.AddCommand(
		&cobra.Command{
			Use: "schema", Short: "Print the JSON Schema of trunkline.yaml", Args: noArgs,
			RunE: func(*cobra.Command, []string) error {
				a.print("%s", configSchema)
				return nil
			},
		},
		&cobra.Command{
			Use: "validate", Short: "Check the configuration, variables included", Args: noArgs,
			RunE: func(*cobra.Command, []string) error {
				if _, err := a.complete(); err != nil {
					return err
				}
				a.print("%s is good\n", a.flags.config)
				return nil
			},
		},
		&cobra.Command{
			Use: "show", Short: "Print the configuration as it is understood, without secrets", Args: noArgs,
			RunE: func(*cobra.Command, []string) error {
				c, err := a.config()
				if err != nil {
					return err
				}
				var b strings.Builder
				showYAML(&b, reflect.ValueOf(c).Elem(), "")
				a.print("%s", a.masker.Mask(b.String()))
				return nil
			},
		},
	)
	return parent
}

// showYAML writes what a configuration holds, defaults included. A Secret shows itself as a mask.
func showYAML(b *strings.Builder, v reflect.Value, indent string) {
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Tag.Get("yaml"), v.Field(i)
		if name == "" || field.Kind() == reflect.Pointer && field.IsNil() {
			continue
		}
		if field.Kind() == reflect.Pointer {
			field = field.Elem()
		}
		fmt.Fprintf(b, "%s%s:", indent, name)
		text, isText := reflect.TypeAssert[encoding.TextMarshaler](field)
		switch {
		case isText:
			s, _ := text.MarshalText() // of this program's own types: cannot fail
			fmt.Fprintf(b, " %s\n", s)
		case field.Kind() == reflect.Struct:
			b.WriteByte('\n')
			showYAML(b, field, indent+"  ")
		case field.Kind() == reflect.Slice:
			list, _ := json.Marshal(field.Interface()) // of texts or numbers: cannot fail, and YAML reads it
			fmt.Fprintf(b, " %s\n", list)
		case field.Kind() == reflect.String:
			fmt.Fprintf(b, " %q\n", field.String())
		default:
			fmt.Fprintf(b, " %v\n", field.Interface())
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// expander replaces ${…} in scalar values. What it puts in is text and is never read as YAML or expanded again.
type expander struct {
	env func(string) (string, bool)
	dir string // relative file names are relative to it
}

// unsetError says that a variable has no value and no default.
type unsetError struct{ name string }

// Error names the variable.
func (e unsetError) Error() string { return "${" + e.name + "} is not set" }

// expand replaces every ${NAME}, ${NAME:-default} and ${file:path}; $${ is a literal ${.
func (x expander) expand(text string) (string, error) {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		if !found {
			out.WriteString(text)
			return out.String(), nil
		}
		if literal, escaped := strings.CutSuffix(before, "$"); escaped {
			out.WriteString(literal + "${")
			text = after
			continue
		}
		reference, rest, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("${%s is not closed with }", after)
		}
		value, err := x.value(reference)
		if err != nil {
			return "", err
		}
		out.WriteString(before)
		out.WriteString(value)
		text = rest
	}
}

func (x expander) value(reference string) (string, error) {
	if path, ok := strings.CutPrefix(reference, "file:"); ok {
		return x.file(path)
	}
	if strings.HasPrefix(reference, "aws-sm:") {
		return "", fmt.Errorf("${%s}: AWS Secrets Manager is not in this version; use ${NAME} or ${file:path}", reference)
	}
	name, fallback, hasDefault := strings.Cut(reference, ":-")
	if !isName(name) {
		return "", fmt.Errorf("${%s} is none of ${NAME}, ${NAME:-default}, ${file:path}", reference)
	}
	if v, ok := x.env(name); ok && (v != "" || !hasDefault) {
		return v, nil
	}
	if !hasDefault {
		return "", unsetError{name}
	}
	return fallback, nil
}

// file gives a file's text without the newline at its end, which editors put there and nobody means.
func (x expander) file(path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(x.dir, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("${file:…}: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

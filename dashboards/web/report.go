package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Write writes the pages as files into a folder, making it if there is none: what a browser shows without anybody to ask. Files of
// these names are replaced, others are left alone. The role is whose file is shown.
func (s *Site) Write(ctx context.Context, role, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "assets"), 0o755); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	for _, p := range s.list() {
		html, err := s.render(ctx, &visit{site: s, page: p, query: url.Values{}, Role: role, static: true})
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		name := p.name
		if name == "overview" {
			name = "index"
		}
		if err := os.WriteFile(filepath.Join(dir, name+".html"), html, 0o644); err != nil { //nolint:gosec // a report is to be read
			return fmt.Errorf("write the report: %w", err)
		}
	}
	for name, a := range s.assets.files {
		if err := os.WriteFile(filepath.Join(dir, "assets", name), a.body, 0o644); err != nil { //nolint:gosec // likewise
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

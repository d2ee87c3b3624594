package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"trunkline/pipeline"
)

//go:embed templates
var written embed.FS

type roleKey struct{}

func withRole(ctx context.Context, role string) context.Context {
	return context.WithValue(ctx, roleKey{}, role)
}

// visit is one answer: what it is made of, and what is said beside the page's own matter.
type visit struct {
	site    *Site
	snap    *snapshot
	page    page
	query   url.Values
	static  bool
	status  int    // of the answer
	medium  string // the only one that the overview counts; "" for all
	Role    string
	Notices []string // of what in the address was ignored
	Banner  *banner
	Fresh   fresh
	gate    map[string]publication
}

// ignore says that a part of the address was not understood.
func (v *visit) ignore(format string, args ...any) {
	v.Notices = append(v.Notices, fmt.Sprintf(format, args...))
}

// shell is what the template gets.
type shell struct {
	*visit

	Body any
}

// Title is the page's.
func (v *visit) Title() string { return v.page.title }

// Name is the page's name.
func (v *visit) Name() string { return v.page.name }

// Version is that of trunkline.
func (v *visit) Version() string { return v.site.config.Version }

// Static tells whether the page is a file and nobody answers.
func (v *visit) Static() bool { return v.static }

// Asset gives the address of an asset.
func (v *visit) Asset(name string) string { return "assets/" + v.site.assets.names[name] }

// Zone is the organisation's time zone.
func (v *visit) Zone() string { return v.site.config.Location.String() }

// Menu is one entry of the menu.
type Menu struct {
	Title, Link string
	Here        bool
}

// Menus gives the menu.
func (v *visit) Menus() []Menu {
	var all []Menu
	for _, p := range v.site.list() {
		all = append(all, Menu{p.title, v.link(p.name, nil), p.name == v.page.name})
	}
	return all
}

// link gives the address of a page, relative to every other page.
func (v *visit) link(name string, query url.Values) string {
	switch {
	case v.static && name == "overview":
		return "index.html"
	case v.static:
		return name + ".html"
	case name == "overview":
		name = "."
	}
	if len(query) > 0 {
		return name + "?" + query.Encode()
	}
	return name
}

// Link gives the address of a page.
func (v *visit) Link(name string) string { return v.link(name, nil) }

func readTemplates() (map[string]*template.Template, error) {
	layout, err := template.New("layout").ParseFS(written, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	entries, err := written.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		if name == "layout" || name == "parts" {
			continue
		}
		own, err := layout.Clone()
		if err == nil {
			pages[name], err = own.ParseFS(written, "templates/"+e.Name())
		}
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// answerTime is how long a page may take.
const answerTime = 30 * time.Second

// answer makes the handler of a page.
func (s *Site) answer(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		role, _ := ctx.Value(roleKey{}).(string)
		v := &visit{site: s, page: p, query: r.URL.Query(), status: http.StatusOK, Role: role}
		html, err := s.render(ctx, v)
		if err != nil {
			s.fail(ctx, w, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Vary", "Accept-Encoding, Cookie")
		if !takesGzip(r) {
			w.WriteHeader(v.status)
			_, _ = w.Write(html)
			return
		}
		h.Set("Content-Encoding", "gzip")
		w.WriteHeader(v.status)
		out := gzip.NewWriter(w)
		_, _ = out.Write(html)
		_ = out.Close() // who no longer listens need not be told
	})
}

// fail tells that there is no page, and why if the reader can do something about it.
func (s *Site) fail(ctx context.Context, w http.ResponseWriter, err error) {
	s.config.Log.WarnContext(ctx, "no answer", "error", err)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if known, ok := errors.AsType[*pipeline.Error](err); ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintf(w, "%s %s\n%s\n", known.Code, known.What, known.Cure)
		return
	}
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte("The page cannot be made; the log of trunkline serve says why.\n"))
}

// render makes a page out of what is published for the role.
func (s *Site) render(ctx context.Context, v *visit) (html []byte, err error) {
	src := s.sources[v.Role]
	if src == nil {
		return nil, &pipeline.Error{
			Code: "TL6005", Kind: pipeline.Misuse, What: "no file is published for the role " + v.Role,
			Cure: "Set warehouse.duckdb.roles, then run: trunkline run",
		}
	}
	if v.snap, err = src.take(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.snap.give()) }()
	key := ""
	if !v.static && v.query.Get("sql") == "" && !v.tellsRuns() {
		key = v.page.name + "?" + v.query.Encode() + v.late()
		if made := v.snap.pages.get(key); made != nil {
			return made, nil
		}
	}
	if html, err = v.make(ctx); err == nil && key != "" {
		v.snap.pages.put(key, html)
	}
	return html, err
}

// make makes the page anew.
func (v *visit) make(ctx context.Context) ([]byte, error) {
	if err := v.about(ctx); err != nil {
		return nil, err
	}
	body, err := v.page.fill(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("make the page %s: %w", v.page.name, err)
	}
	var b bytes.Buffer
	if err := v.site.pages[v.page.name].ExecuteTemplate(&b, "layout", shell{v, body}); err != nil {
		return nil, fmt.Errorf("make the page %s: %w", v.page.name, err)
	}
	return b.Bytes(), nil
}

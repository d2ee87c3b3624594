package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// csp lets a page load from here and nowhere else; no script or style stands in it.
const csp = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// cookie holds the token of a browser.
const cookie = "trunkline_token"

// protect sets the headers of every answer, and refuses a request that another site's name has led here: a page of that site could
// read the answer.
func (s *Site) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store") // figures are of those who may see them
		if len(s.config.Tokens) == 0 && !local(r.Host) {
			http.Error(w, "This page answers to its own address only. Open it as http://127.0.0.1, or give it tokens.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// local tells whether a host is this machine itself.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	at, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && at.IsLoopback()
}

// admit lets those in who show a token, as a cookie, as Authorization: Bearer, or once as ?token=, which becomes a cookie.
func (s *Site) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(s.config.Tokens) == 0 {
			next.ServeHTTP(w, r.WithContext(withRole(r.Context(), s.config.Role)))
			return
		}
		query := r.URL.Query()
		if shownOnce := query.Get("token"); shownOnce != "" {
			if _, ok := s.roleOf(shownOnce); !ok {
				s.refuse(w)
				return
			}
			//nolint:gosec // Secure where the connection is: without TLS a browser would not send it back
			http.SetCookie(w, &http.Cookie{Name: cookie, Value: shownOnce, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil || s.config.BehindTLS})
			query.Del("token")
			here := *r.URL
			here.RawQuery, here.Scheme, here.Host = query.Encode(), "", ""
			here.Path = "/" + strings.TrimLeft(here.Path, "/") // //host would be another site
			http.Redirect(w, r, here.String(), http.StatusSeeOther)
			return
		}
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if c, err := r.Cookie(cookie); token == "" && err == nil {
			token = c.Value
		}
		role, ok := s.roleOf(token)
		if !ok {
			s.refuse(w)
			return
		}
		if role == MetricsRole && r.URL.Path != "/metrics" {
			http.Error(w, "This token is for /metrics alone.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r.WithContext(withRole(r.Context(), role)))
	})
}

// MetricsRole is that of a token for /metrics and nothing else: who collects metrics need not be able to read customers.
const MetricsRole = "metrics"

// wholeOnly refuses who reads the page with less than all columns: what the runs tell is not cut to his role.
func wholeOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if role, known := r.Context().Value(roleKey{}).(string); !known || role != "" && role != MetricsRole {
			http.Error(w, "Metrics are for the token of admin or of metrics.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// roleOf gives the role of who shows a token. How long it takes tells nothing of how near the token was.
func (s *Site) roleOf(token string) (role string, ok bool) {
	hash := sha256.Sum256([]byte(token))
	for t, r := range s.config.Tokens {
		known := sha256.Sum256([]byte(t))
		if subtle.ConstantTimeCompare(hash[:], known[:]) == 1 {
			role, ok = r, true
		}
	}
	return role, ok
}

func (s *Site) refuse(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="trunkline"`)
	http.Error(w, "A token is needed: open the address that you were given, which ends in ?token=…", http.StatusUnauthorized)
}

// roles gives the roles that the site has a file of, the whole first.
func (s *Site) roles() []string {
	var all []string
	for role := range s.sources {
		all = append(all, role)
	}
	slices.Sort(all)
	return all
}

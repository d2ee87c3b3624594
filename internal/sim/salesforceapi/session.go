package salesforceapi

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// login gives a token for client credentials. As the real one, it does not say when the token expires.
func (s *Server) login(r *http.Request) answer {
	refused := func(code, description string) answer {
		a := reply(map[string]string{"error": code, "error_description": description})
		a.status = http.StatusBadRequest
		return a
	}
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<16)
	if err := r.ParseForm(); err != nil {
		return refused("invalid_request", "malformed form")
	}
	if grant := r.PostForm.Get("grant_type"); grant != "client_credentials" {
		return refused("unsupported_grant_type", "grant type not supported")
	}
	id, key, basic := r.BasicAuth()
	if !basic {
		id, key = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if subtle.ConstantTimeCompare([]byte(id), []byte(s.options.ClientID)) == 0 {
		return refused("invalid_client_id", "client identifier invalid")
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(s.options.ClientSecret)) == 0 {
		return refused("invalid_client", "invalid client credentials")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Logins++
	token := fmt.Sprintf("00D000000000001!simulated.%06d", s.stats.Logins)
	s.sessions[token] = time.Now().Add(s.options.SessionTTL)
	home := "http://" + r.Host
	if r.TLS != nil {
		home = "https://" + r.Host
	}
	return reply(map[string]string{
		"access_token": token,
		"instance_url": home,
		"id":           home + "/id/00D000000000001AAA/005000000000001AAA",
		"token_type":   "Bearer",
		"issued_at":    strconv.FormatInt(time.Now().UnixMilli(), 10),
		"signature":    "c2ltdWxhdGVk",
		"scope":        "api",
	})
}

// ExpireSessions ends every session that is open.
func (s *Server) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// cookieOf signs the demonstration account of a role in at a server and gives the header
// that its further requests carry.
func cookieOf(t *testing.T, address string, role auth.Role) http.Header {
	t.Helper()
	body, err := json.Marshal(map[string]string{"name": auth.DemoName(role), "password": auth.DemoPassword})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/v1/session", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for _, c := range res.Cookies() {
		if c.Name == authhttp.CookieName && res.StatusCode == http.StatusOK {
			return http.Header{"Cookie": {c.Name + "=" + c.Value}}
		}
	}
	t.Fatalf("the demonstration account %s is not let in: %d", role, res.StatusCode)
	return nil
}

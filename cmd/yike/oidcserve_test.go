package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yike/internal/auth/oidclogin/oidctest"
	"yike/internal/postgres/dbtest"
)

// hop asks once, following nothing, and gives the status, where to go on and the cookies
// that are set.
func hop(t *testing.T, address string, cookies []string) (int, string, []string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", strings.Join(cookies, "; "))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, res.Body)
	var set []string
	for _, c := range res.Cookies() {
		if c.MaxAge >= 0 {
			set = append(set, c.Name+"="+c.Value)
		}
	}
	return res.StatusCode, res.Header.Get("Location"), set
}

// TestServeSignsInAtAProvider runs the whole server and a real provider: somebody whose
// identity there was linked on the server signs in, and somebody else does not.
func TestServeSignsInAtAProvider(t *testing.T) {
	t.Parallel()
	provider := oidctest.Start(t, oidctest.Config{
		Users:   []oidctest.User{{Subject: "7", Name: "wang.xm", Display: "王小明"}, {Subject: "8", Name: "li.h", Display: "李红"}},
		Clients: []oidctest.Client{{ID: "yike", Secret: "s3cret", RedirectURL: "https://map.example.cn" + oidcCallback}},
	})
	env := []string{
		"DATABASE_URL=" + dbtest.URL(t), "YIKE_STATE_DIR=" + t.TempDir(), "YIKE_PUBLIC_URL=https://map.example.cn",
		"YIKE_OIDC_ISSUER=" + provider.Issuer, "YIKE_OIDC_CA_FILE=" + provider.CAFile(t), "YIKE_OIDC_CLIENT_ID=yike",
		"YIKE_OIDC_CLIENT_SECRET=s3cret",
	}
	p, address := serving(t, env, "--data", demoPack(t, 2000))
	if said := p.output(); !strings.Contains(said, "首个管理员账号") {
		t.Errorf("the first administrator's password is not printed:\n%s", said)
	}
	for _, args := range [][]string{
		{"account", "create", "wang", "--role", "planner"},
		{"account", "link", "wang", "--issuer", provider.Issuer, "--subject", "7"},
	} {
		if code, said := runProgram(t, env, args...); code != exitOK {
			t.Fatalf("%v ends with %d: %s", args, code, said)
		}
	}
	signIn := func(subject string) (string, []string) {
		status, there, cookies := hop(t, address+"/api/v1/session/oidc?next=/facilities", nil)
		if status != http.StatusFound || !strings.HasPrefix(there, provider.Issuer) {
			t.Fatalf("begun: %d to %s", status, there)
		}
		back, err := url.Parse(provider.SignIn(t, there, subject))
		if err != nil {
			t.Fatal(err)
		}
		_, next, set := hop(t, address+back.RequestURI(), cookies)
		return next, set
	}
	next, set := signIn("7")
	if next != "/facilities" || len(set) != 1 {
		t.Fatalf("signed in, goes on to %q with %v", next, set)
	}
	var session struct {
		Account struct {
			Name, Method string
			Actions      []string
		}
		OIDC map[string]string
	}
	status, body := fetchAs(t, http.Header{"Cookie": set}, address+"/api/v1/session")
	if err := json.Unmarshal([]byte(body), &session); err != nil || session.Account.Name != "wang" || session.Account.Method != "oidc" ||
		session.OIDC["name_zh"] != "统一身份认证" {
		t.Errorf("%d %s", status, body)
	}
	if next, set := signIn("8"); !strings.HasPrefix(next, "/login?error=oidc_unknown") || len(set) != 0 {
		t.Errorf("somebody who is not linked goes on to %q with %v", next, set)
	}
	if strings.Contains(p.output(), "s3cret") {
		t.Error("the log holds the client's secret")
	}
}

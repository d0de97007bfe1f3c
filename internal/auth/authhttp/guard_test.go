package authhttp_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"yike/internal/auth"
	"yike/internal/auth/authhttp"
	"yike/internal/httpapi"
)

// names resolves secrets that are names.
type names map[string]auth.Identity

var errAway = errors.New("the database is away")

func (n names) Resolve(_ context.Context, adcode string, c auth.Credential, client auth.Client) (auth.Identity, error) {
	if c.Session == "away" {
		return auth.Identity{}, errAway
	}
	i, ok := n[c.Session+c.Token]
	if !ok || adcode != "990101" {
		return auth.Identity{}, auth.ErrNoSession
	}
	if i.Demo && !client.Demo {
		return auth.Identity{}, auth.ErrDemoNotHere
	}
	return i, nil
}

func people() names {
	return names{
		"planner": {AccountID: "1", Name: "planner", Grants: []auth.Grant{{Role: auth.Planner}}, SessionID: "s"},
		"nobody":  {AccountID: "2", Name: "nobody", SessionID: "s"},
		"late":    {AccountID: "3", Name: "late", Grants: []auth.Grant{{Role: auth.Planner}}, Must: auth.MustChangePassword, SessionID: "s"},
		"plain":   {AccountID: "4", Name: "plain", Grants: []auth.Grant{{Role: auth.Planner}}, Must: auth.MustSetUpTOTP, SessionID: "s"},
		"yk_gis":  {AccountID: "1", Name: "planner", Grants: []auth.Grant{{Role: auth.Planner}}, TokenActions: []auth.Action{auth.MapRead}},
		"demo":    {AccountID: "5", Name: "demo", Grants: []auth.Grant{{Role: auth.Planner}}, Demo: true, SessionID: "s"},
		"yk_demo": {AccountID: "5", Name: "demo", Grants: []auth.Grant{{Role: auth.Planner}}, Demo: true, TokenActions: []auth.Action{auth.MapRead}},
	}
}

// gated is a router with the door and the guard before routes that say who asked.
type gated struct {
	http.Handler
	refused, missing []string
}

func gate(t *testing.T, demo bool) *gated {
	t.Helper()
	g := &gated{}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	guard, err := authhttp.Guard(authhttp.Gate{
		Routes: r,
		Access: []authhttp.Access{
			{Method: "GET", Pattern: "/public", Public: true},
			{Method: "GET", Pattern: "/own", AnyAccount: true},
			{Method: "GET", Pattern: "/duty", AnyAccount: true, DuringDuty: true},
			{Method: "GET", Pattern: "/things/{id}", Action: auth.MapRead},
			{Method: "POST", Pattern: "/things/{id}", Action: auth.FacilityWrite},
			{Method: "*", Pattern: "/any/*", Public: true},
			{Method: "GET", Pattern: "/sub/things", Action: auth.AuditRead},
		},
		Refused: func(_ context.Context, i auth.Identity, r authhttp.Refusal) {
			g.refused = append(g.refused, i.Name+" "+string(r.Action)+" "+r.Method+" "+r.Pattern)
		},
		Missing: func(_ context.Context, method, pattern string) { g.missing = append(g.missing, method+" "+pattern) },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Use(authhttp.Authenticate(authhttp.Door{Resolver: people(), AdCode: func() string { return "990101" }, Demo: func() bool { return demo }}), guard)
	say := func(w http.ResponseWriter, r *http.Request) {
		i, _ := auth.From(r.Context())
		_, _ = w.Write([]byte("hello " + i.Name))
	}
	for _, path := range []string{"/public", "/own", "/duty", "/things/{id}", "/forgotten"} {
		r.Get(path, say)
	}
	r.Post("/things/{id}", say)
	r.Handle("/any/*", http.HandlerFunc(say))
	r.Route("/sub", func(r chi.Router) { r.Get("/things", say) })
	g.Handler = r
	return g
}

// ask sends a request with a cookie, or for a token with an Authorization header.
func ask(h http.Handler, method, path, who string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = "127.0.0.1:4711"
	switch {
	case strings.HasPrefix(who, "yk_"):
		r.Header.Set("Authorization", "Bearer "+who)
	case who != "":
		r.AddCookie(&http.Cookie{Name: authhttp.CookieName, Value: who})
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestGuard(t *testing.T) {
	t.Parallel()
	g := gate(t, true)
	for _, tc := range []struct {
		method, path, who string
		status            int
		says              string
	}{
		{"GET", "/public", "", 200, "hello "},
		{"GET", "/public", "planner", 200, "hello planner"},
		{"GET", "/public", "late", 200, "hello late"},
		{"GET", "/public", "away", 200, "hello "},
		{"GET", "/own", "", 401, "sign_in_required"},
		{"GET", "/own", "nobody", 200, "hello nobody"},
		{"GET", "/own", "late", 403, `"duty"`},
		{"GET", "/own", "away", 500, "internal"},
		{"GET", "/duty", "late", 200, "hello late"},
		{"GET", "/duty", "plain", 200, "hello plain"},
		{"GET", "/things/1", "", 401, "sign_in_required"},
		{"GET", "/things/1", "planner", 200, "hello planner"},
		{"HEAD", "/things/1", "planner", 200, ""},
		{"HEAD", "/things/1", "", 401, ""},
		{"GET", "/things/1", "nobody", 403, "map.read"},
		{"GET", "/things/1", "late", 403, "修改密码"},
		{"GET", "/things/1", "plain", 403, "动态验证码"},
		{"GET", "/things/1", "yk_gis", 200, "hello planner"},
		{"POST", "/things/1", "planner", 200, "hello planner"},
		{"POST", "/things/1", "yk_gis", 403, "登记和修改设施"},
		{"GET", "/things/a%2Fb", "nobody", 403, "map.read"},
		{"GET", "/sub/things", "planner", 403, "audit.read"},
		{"GET", "/forgotten", "planner", 403, "no_such_right"},
		{"HEAD", "/forgotten", "", 403, ""},
		{"GET", "/any/thing", "", 200, "hello "},
		{"DELETE", "/any/thing", "", 200, "hello "},
		{"GET", "/nowhere", "", 404, "no_such_path"},
		{"DELETE", "/public", "", 405, "method_not_allowed"},
		{"GET", "/things/1/", "", 404, "no_such_path"},
		{"GET", "//things/1", "", 404, "no_such_path"},
	} {
		w := ask(g, tc.method, tc.path, tc.who)
		if w.Code != tc.status || tc.method != "HEAD" && !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s by %q: %d %s, want %d %s", tc.method, tc.path, tc.who, w.Code, w.Body, tc.status, tc.says)
		}
		if challenged := w.Header().Get("WWW-Authenticate") != ""; challenged != (w.Code == 401) {
			t.Errorf("%s %s by %q: %d with challenge %v", tc.method, tc.path, tc.who, w.Code, challenged)
		}
	}
	if len(g.refused) != 4 || g.refused[0] != "nobody map.read GET /things/{id}" || g.refused[3] != "planner audit.read GET /sub/things" {
		t.Errorf("told of the refusals %v", g.refused)
	}
	if len(g.missing) != 2 || g.missing[0] != "GET /forgotten" {
		t.Errorf("told of the routes without a row %v", g.missing)
	}
	english := ask(g, "GET", "/things/1", "nobody", func(r *http.Request) { r.Header.Set("Accept-Language", "en") })
	if !strings.Contains(english.Body.String(), "may not see the map and the registry") {
		t.Errorf("in English: %s", english.Body)
	}
}

func TestGuardIsSetUpWell(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]authhttp.Access{
		"twice":      {{Method: "GET", Pattern: "/a", Public: true}, {Method: "GET", Pattern: "/a", AnyAccount: true}},
		"no way":     {{Method: "GET", Pattern: "/a"}},
		"two ways":   {{Method: "GET", Pattern: "/a", Public: true, Action: auth.MapRead}},
		"two others": {{Method: "GET", Pattern: "/a", Public: true, AnyAccount: true}},
	} {
		if _, err := authhttp.Guard(authhttp.Gate{Routes: chi.NewRouter(), Access: rows}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestDoor(t *testing.T) {
	t.Parallel()
	header := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", value) }
	}
	basic := func(password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth("anybody", password) }
	}
	g := gate(t, false)
	for _, tc := range []struct {
		name, cookie string
		change       func(*http.Request)
		status       int
		says         string
		clears       bool
	}{
		{"nothing", "", nil, 200, "hello ", false},
		{"session", "planner", nil, 200, "hello planner", false},
		{"session that is over", "gone", nil, 200, "hello ", true},
		{"demonstration elsewhere", "demo", nil, 200, "hello ", true},
		{"bearer", "", header("Bearer yk_gis"), 200, "hello planner", false},
		{"bearer in small letters", "", header("bearer yk_gis"), 200, "hello planner", false},
		{"bad bearer", "", header("Bearer yk_no"), 401, "bad_token", false},
		{"empty bearer", "", header("Bearer "), 401, "bad_token", false},
		{"another scheme", "", header("Digest yk_gis"), 401, "bad_token", false},
		{"basic", "", basic("yk_gis"), 200, "hello planner", false},
		{"bad basic", "", basic("no"), 401, "bad_token", false},
		{"basic without password", "", basic(""), 401, "bad_token", false},
		{"bad bearer beside a session", "planner", header("Bearer yk_no"), 401, "bad_token", false},
		{"demonstration token elsewhere", "", header("Bearer yk_demo"), 403, "demo_not_here", false},
	} {
		if tc.change == nil {
			tc.change = func(*http.Request) {}
		}
		w := ask(g, "GET", "/public", tc.cookie, tc.change)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s", tc.name, w.Code, w.Body)
		}
		if got := w.Header().Get("Set-Cookie"); (got == "__Host-yike=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax") != tc.clears || !tc.clears && got != "" {
			t.Errorf("%s: Set-Cookie %q", tc.name, got)
		}
		if tc.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", tc.name)
		}
	}
}

// TestDemoIsHere holds from where demonstration accounts may be used.
func TestDemoIsHere(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	from := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	for _, tc := range []struct {
		name   string
		demo   bool
		change func(*http.Request)
		want   bool
	}{
		{"this machine", true, from("127.0.0.1:1"), true},
		{"this machine by IPv6", true, from("[::1]:1"), true},
		{"a server on other addresses too", false, from("127.0.0.1:1"), false},
		{"another machine", true, from("192.0.2.1:1"), false},
		{"through a proxy on this machine", true, set("X-Forwarded-For", "127.0.0.1"), false},
		{"through another", true, set("Forwarded", "for=127.0.0.1"), false},
	} {
		w := ask(gate(t, tc.demo), "GET", "/public", "demo", tc.change)
		if got := w.Body.String() == "hello demo"; got != tc.want {
			t.Errorf("%s: %s", tc.name, w.Body)
		}
	}
}

func TestNobodyIsKnownBeforeADistrictIs(t *testing.T) {
	t.Parallel()
	door := authhttp.Authenticate(authhttp.Door{Resolver: people(), AdCode: func() string { return "" }, Demo: func() bool { return false }})
	h := door(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if i, ok := auth.From(r.Context()); ok {
			t.Errorf("%s is known", i.Name)
		}
	}))
	if w := ask(h, "GET", "/", "planner"); w.Header().Get("Set-Cookie") != "" {
		t.Error("the session's cookie is taken away")
	}
}

func TestLimitSignIns(t *testing.T) {
	t.Parallel()
	served := 0
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	r.Use(authhttp.LimitSignIns(3))
	r.Post("/api/v1/session", func(http.ResponseWriter, *http.Request) { served++ })
	r.Get("/api/v1/session", func(http.ResponseWriter, *http.Request) {})
	from := func(address string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = address } }
	var last *httptest.ResponseRecorder
	for range 5 {
		last = ask(r, "POST", "/api/v1/session", "", from("192.0.2.1:1"))
	}
	if served != 3 || last.Code != 429 || last.Header().Get("Retry-After") != "60" || !strings.Contains(last.Body.String(), "too_many_requests") {
		t.Errorf("%d served, the last one %d %s %s", served, last.Code, last.Header(), last.Body)
	}
	if w := ask(r, "GET", "/api/v1/session", "", from("192.0.2.1:1")); w.Code != 200 {
		t.Errorf("another request: %d", w.Code)
	}
	if w := ask(r, "POST", "/api/v1/session", "", from("192.0.2.2:1")); w.Code != 200 {
		t.Errorf("another address: %d", w.Code)
	}
	for _, tc := range []struct {
		name, header string
		want         int
	}{{"this machine", "", 5}, {"a proxy on this machine", "192.0.2.3", 3}} {
		before := served
		for range 5 {
			ask(r, "POST", "/api/v1/session", "", from("127.0.0.1:1"), func(r *http.Request) {
				if tc.header != "" {
					r.Header.Set("X-Forwarded-For", tc.header)
				}
			})
		}
		if served-before != tc.want {
			t.Errorf("%s: %d of 5 served; want %d", tc.name, served-before, tc.want)
		}
	}
}

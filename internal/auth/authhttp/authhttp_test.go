package authhttp_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/auth/authhttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/keys"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

// house is a served store on a database of its own, and its door is where cmd/yike has it.
type house struct {
	*httpapitest.Server
	store *authdb.Accounts
	db    *postgres.DB
	now   *time.Time
	demo  bool
}

func access() []authhttp.Access {
	duty := func(method, path string) authhttp.Access {
		return authhttp.Access{Method: method, Pattern: "/api/v1" + path, AnyAccount: true, DuringDuty: true}
	}
	account := func(method, path string) authhttp.Access {
		return authhttp.Access{Method: method, Pattern: "/api/v1" + path, AnyAccount: true}
	}
	may := func(method, path string, a auth.Action) authhttp.Access {
		return authhttp.Access{Method: method, Pattern: "/api/v1" + path, Action: a}
	}
	public := func(method, path string) authhttp.Access {
		return authhttp.Access{Method: method, Pattern: "/api/v1" + path, Public: true}
	}
	return []authhttp.Access{
		public("GET", "/openapi.json"), public("GET", "/openapi-3.0.json"),
		public("GET", "/session"), public("POST", "/session"), public("DELETE", "/session"),
		public("GET", "/session/oidc"), public("GET", "/session/oidc/callback"),
		duty("GET", "/account"), account("PATCH", "/account"), duty("POST", "/account/password"),
		duty("POST", "/account/totp"), duty("POST", "/account/totp/confirm"), account("DELETE", "/account/totp"),
		account("GET", "/account/sessions"), account("DELETE", "/account/sessions/{id}"),
		account("GET", "/account/tokens"), account("POST", "/account/tokens"), account("DELETE", "/account/tokens/{id}"),
		account("GET", "/roles"),
		may("GET", "/accounts", auth.AccountRead), may("POST", "/accounts", auth.AccountWrite),
		may("GET", "/accounts/{id}", auth.AccountRead), may("PATCH", "/accounts/{id}", auth.AccountWrite),
		may("POST", "/accounts/{id}/password-reset", auth.AccountWrite), may("POST", "/accounts/{id}/unlock", auth.AccountWrite),
		may("POST", "/accounts/{id}/reveal", auth.PersonalReveal),
		may("POST", "/accounts/{id}/grants", auth.GrantWrite), may("DELETE", "/accounts/{id}/grants/{grant}", auth.GrantWrite),
		may("GET", "/security-policy", auth.AccountRead), may("PUT", "/security-policy", auth.PolicyWrite),
	}
}

// writer is what cmd/yike makes of a request by somebody signed in.
func writer(ctx context.Context) postgres.Writer {
	i, _ := auth.From(ctx)
	f := httpapi.FactsOf(ctx)
	w := postgres.Writer{AdCode: i.AdCode, Account: i.AccountID, Who: i.Name, From: f.From, TraceID: f.TraceID, Key: f.Key, RequestHash: f.RequestHash}
	for _, a := range i.TokenActions {
		w.TokenActions = append(w.TokenActions, string(a))
	}
	return w
}

func open(t *testing.T, provider *authhttp.OIDC) *house {
	t.Helper()
	ring, err := keys.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if provider != nil {
		provider.Sealer = ring
	}
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	h := &house{db: dbtest.New(t), now: &at}
	log := slog.New(slog.DiscardHandler)
	h.store = authdb.New(h.db, ring, log, authdb.Options{
		Now:     func() time.Time { return *h.now },
		Hashing: authdb.Hashing{MemoryKiB: 8, Passes: 1, Lanes: 1, AtOnce: 2, Waiting: 10},
	})
	r := httpapi.NewRouter(log)
	demo, code := func() bool { return h.demo }, func() string { return adcode }
	guard, err := authhttp.Guard(authhttp.Gate{Routes: r, Access: access()})
	if err != nil {
		t.Fatal(err)
	}
	r.Use(authhttp.Authenticate(authhttp.Door{Resolver: h.store, AdCode: code, Demo: demo}), guard)
	c := authhttp.Config[postgres.Writer]{Store: h.store, Writer: writer, AdCode: code, Demo: demo, OIDC: provider}
	authhttp.Register(httpapi.NewAPI(r), c)
	authhttp.MountOIDC(r, c)
	h.Server = httpapitest.New(t, r)
	return h
}

const password = "correct-horse-battery-7"

// console is the writer of the command line.
func console() postgres.Writer { return postgres.System(adcode, "test") }

// person makes an account with roles everywhere, whose password is password.
func (h *house) person(t *testing.T, name string, roles ...auth.Role) auth.Account {
	t.Helper()
	acc, once, err := h.store.Create(t.Context(), console(), auth.NewAccount{Name: name, DisplayName: "王小明", Department: "民政局", Phone: "13812341234"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if _, err := h.store.Grant(t.Context(), console(), acc.ID, auth.Grant{Role: r}, "a test"); err != nil {
			t.Fatal(err)
		}
	}
	own := postgres.Writer{AdCode: adcode, Account: acc.ID, Who: name}
	if err := h.store.ChangePassword(t.Context(), own, "", once, password); err != nil {
		t.Fatal(err)
	}
	return acc
}

type object = map[string]any

// ask sends a request, expects a status, and gives the body.
func (h *house) ask(t *testing.T, status int, method, path string, header http.Header, body any) (object, *httptest.ResponseRecorder) {
	t.Helper()
	w := h.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, status)
	}
	var out object
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return out, w
}

// refused is ask that expects the code of a problem.
func (h *house) refused(t *testing.T, status int, code, method, path string, header http.Header, body any) *httptest.ResponseRecorder {
	t.Helper()
	out, w := h.ask(t, status, method, path, header, body)
	if (status == http.StatusUnauthorized) != (w.Header().Get("WWW-Authenticate") != "") {
		t.Errorf("%s %s: %d with the challenge %q", method, path, status, w.Header().Get("WWW-Authenticate"))
	}
	if out["code"] != code {
		t.Errorf("%s %s: %v, want %s", method, path, out, code)
	}
	return w
}

// signIn gives the header of a session.
func (h *house) signIn(t *testing.T, name string) http.Header {
	t.Helper()
	_, w := h.ask(t, 200, "POST", "/api/v1/session", nil, object{"name": name, "password": password})
	return sessionIn(t, w)
}

func sessionIn(t *testing.T, w *httptest.ResponseRecorder) http.Header {
	t.Helper()
	set := w.Header().Values("Set-Cookie")
	last := set[len(set)-1]
	value, attributes, _ := strings.Cut(last, ";")
	if !strings.HasPrefix(value, "__Host-yike=") || attributes != " Path=/; HttpOnly; Secure; SameSite=Lax" {
		t.Fatalf("the cookie is %q", last)
	}
	return http.Header{"Cookie": {value}}
}

// and adds to a header.
func and(h http.Header, name, value string) http.Header {
	out := h.Clone()
	if out == nil {
		out = http.Header{}
	}
	out.Set(name, value)
	return out
}

// local is the house as a client on its own machine finds it.
func (h *house) local() *house {
	here := *h
	here.Server = h.From("127.0.0.1:4711")
	return &here
}

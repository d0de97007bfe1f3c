package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"yike/facilities"
	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/facilitydb"
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/plates/doorpage"
)

// matrix is the whole server in this process, with somebody of every role who works in
// one of two subdistricts.
type matrix struct {
	s           *server
	handler     http.Handler
	routes      chi.Routes
	own, other  facilities.Facility // in the subdistrict of the staff, and in another
	subdistrict string              // of the staff
	estates     map[string]string   // an estate in the division of each facility, by its id
	names       map[string]string   // a place name in the division of each facility, by its id
	cookies     map[auth.Role]string
}

func openMatrix(t *testing.T) *matrix {
	t.Helper()
	url := dbtest.URL(t)
	a := &app{log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard, config: config{
		Addr: "127.0.0.1", StateDir: t.TempDir(), Data: demoPack(t, 20_000), DatabaseURL: secret(url),
		Serving: servingConfig{Limits: httpapi.Limits{Work: 64, Waiting: 64, Patience: time.Minute, Streams: 8, Timeout: time.Minute}},
	}}
	m := &matrix{s: newServer(a), cookies: map[auth.Role]string{}, estates: map[string]string{}, names: map[string]string{}}
	if err := m.s.boot(t.Context(), func(context.Context) (string, error) { return url, nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.s.close)
	m.handler = *m.s.front.router.Load()
	m.routes = m.handler.(chi.Routes)
	m.findPlaces(t)
	for _, info := range auth.Roles() {
		m.cookies[info.Role] = m.hire(t, info)
	}
	return m
}

// findPlaces picks two facilities of different subdistricts.
func (m *matrix) findPlaces(t *testing.T) {
	t.Helper()
	list, err := facilitydb.New(m.s.db).List(t.Context(), m.s.people.adcode)
	if err != nil {
		t.Fatal(err)
	}
	const digits = 9 // of a subdistrict's code
	for _, f := range list {
		if len(f.DivisionCode) < digits {
			continue
		}
		switch {
		case m.own.ID == "":
			m.own, m.subdistrict = f, f.DivisionCode[:digits]
		case m.other.ID == "" && f.DivisionCode[:digits] != m.subdistrict:
			m.other = f
		}
	}
	if m.other.ID == "" {
		t.Fatal("the district has facilities in one subdistrict only")
	}
	for _, f := range []facilities.Facility{m.own, m.other} {
		e, err := estatedb.New(m.s.db).Create(t.Context(), postgres.System(m.s.people.adcode, "test"),
			estates.Estate{Name: "和顺家园", Kind: estates.New, DivisionCode: f.DivisionCode}, record.Change{Reason: "a test"}, record.DayOf(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		m.estates[f.ID] = e.ID
		m.names[f.ID] = m.placeName(t, f.DivisionCode)
	}
}

func (m *matrix) register(t *testing.T) *placenamedb.Store {
	t.Helper()
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return placenamedb.New(m.s.db, catalogue)
}

// placeName makes a record in a division.
func (m *matrix) placeName(t *testing.T, division string) string {
	t.Helper()
	n, err := m.register(t).Create(t.Context(), postgres.System(m.s.people.adcode, "test"),
		placenames.Name{Text: "和顺路", Kind: "road", State: placenames.Draft, Divisions: []string{division}}, record.Change{Reason: "a test"}, record.DayOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return n.ID
}

// hire makes an account with a role, in the staff's subdistrict where the role is one
// that is bounded, and signs it in.
func (m *matrix) hire(t *testing.T, info auth.RoleInfo) string {
	t.Helper()
	const password = "a-password-of-the-matrix-1"
	accounts, system := m.s.people.accounts, postgres.System(m.s.people.adcode, "test")
	name := "of-" + auth.DemoName(info.Role)
	grant := auth.Grant{Role: info.Role}
	if info.Bounded {
		grant.Division = m.subdistrict
	}
	acc, once, err := accounts.Create(t.Context(), system, auth.NewAccount{Name: name, DisplayName: name})
	if err == nil {
		_, err = accounts.Grant(t.Context(), system, acc.ID, grant, "a test")
	}
	if err == nil {
		err = accounts.ChangePassword(t.Context(), postgres.Writer{AdCode: system.AdCode, Account: acc.ID, Who: name}, "", once, password)
	}
	if err != nil {
		t.Fatal(err)
	}
	in, err := accounts.SignIn(t.Context(), system.AdCode, auth.Credentials{Name: name, Password: password}, auth.Client{From: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	return authhttp.CookieName + "=" + in.Token
}

// request is what the matrix asks a route with: ids that are there for records of a
// division, and for all else ids that nobody has and bodies that nobody takes, so that
// what is allowed changes nothing.
func (m *matrix) request(t *testing.T, method, pattern string, at facilities.Facility) *http.Request {
	t.Helper()
	id := uuid.NewString()
	if strings.HasPrefix(pattern, "/api/v1/facilities") {
		id = at.ID
	}
	if strings.HasPrefix(pattern, "/api/v1/estates/{id}") {
		id = m.estates[at.ID]
	}
	if strings.HasPrefix(pattern, "/api/v1/place-names/{id}") {
		id = m.names[at.ID]
	}
	path := strings.NewReplacer("{id}", id, "{grant}", uuid.NewString(), "{job}", uuid.NewString(), "{layers}", "roads", doorpage.CodeForm, "00000000000000",
		"{version}", "1", "{z}", "12", "{x}", "3371", "{y}", "1551", "*", "nothing").Replace(pattern)
	body := `{}`
	header := map[string]string{"Content-Type": "application/json"}
	switch method + " " + pattern {
	case "POST /api/v1/facilities":
		body = fmt.Sprintf(`{"type":%q,"name_zh":"新食堂","status":"planned","lon":%v,"lat":%v,"reason":"新建"}`, at.Type, at.Point.Lon(), at.Point.Lat())
		header["Idempotency-Key"] = uuid.NewString()
	case "POST /api/v1/facilities/{id}/attachments":
		body = attachmentForm("document", "a.pdf", "%PDF-1.4\n%%EOF")
		header["Idempotency-Key"], header["Content-Type"] = uuid.NewString(), attachmentFormType
	case "POST /api/v1/estates":
		body = fmt.Sprintf(`{"name":%q,"kind":"new","division_code":%q,"reason":"新建"}`, uuid.NewString(), at.DivisionCode)
		header["Idempotency-Key"] = uuid.NewString()
	case "PATCH /api/v1/estates/{id}":
		now, err := estatedb.New(m.s.db).ByID(t.Context(), postgres.System(m.s.people.adcode, "test"), id)
		if err != nil {
			t.Fatal(err)
		}
		body, header["If-Match"] = fmt.Sprintf(`{"note":%q,"reason":"核实"}`, uuid.NewString()), httpapi.ETag(now.Version)
	case "POST /api/v1/place-names":
		body = fmt.Sprintf(`{"text":"和顺路","kind":"road","state":"draft","divisions":[%q],"reason":"新建"}`, at.DivisionCode)
		header["Idempotency-Key"] = uuid.NewString()
	case "PATCH /api/v1/place-names/{id}":
		now, err := m.register(t).ByID(t.Context(), postgres.System(m.s.people.adcode, "test"), id)
		if err != nil {
			t.Fatal(err)
		}
		body, header["If-Match"] = fmt.Sprintf(`{"note":%q,"reason":"核实"}`, uuid.NewString()), httpapi.ETag(now.Version)
	case "PATCH /api/v1/facilities/{id}":
		now, err := facilitydb.New(m.s.db).ByID(t.Context(), postgres.System(m.s.people.adcode, "test"), at.ID)
		if err != nil {
			t.Fatal(err)
		}
		body, header["If-Match"] = `{"capacity":`+fmt.Sprint(now.Capacity+1)+`,"reason":"核实"}`, httpapi.ETag(now.Version)
	}
	if method == http.MethodGet || method == http.MethodHead {
		body = ""
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "127.0.0.1", "127.0.0.1:4321"
	for k, v := range header {
		r.Header.Set(k, v)
	}
	return r
}

// ask gives the status and, of a problem, its code.
func (m *matrix) ask(r *http.Request, cookie string) (int, string) {
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	var p struct{ Code string }
	_ = json.Unmarshal(w.Body.Bytes(), &p) // a page or a tile has none
	return w.Code, p.Code
}

// boundToDivision are the routes whose records are somebody's by where they lie.
func boundToDivision() []string {
	return []string{
		"POST /api/v1/facilities", "PATCH /api/v1/facilities/{id}", "GET /api/v1/facilities/{id}/history", "POST /api/v1/facilities/{id}/attachments",
		"POST /api/v1/estates", "PATCH /api/v1/estates/{id}", "GET /api/v1/estates/{id}/history",
		"POST /api/v1/place-names", "PATCH /api/v1/place-names/{id}", "GET /api/v1/place-names/{id}/history",
	}
}

// TestEveryRouteAsEveryRole asks every route of the server as nobody and as every role, for
// a record of the role's own subdistrict and of another, and holds each answer to the
// table of access. A route without a row fails, and so does a row without a route.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	m := openMatrix(t)
	rows := map[string]authhttp.Access{}
	for _, a := range access() {
		rows[a.Method+" "+a.Pattern] = a
	}
	asked := map[string]bool{}
	cells := 0
	var last []func() // signing out comes last
	err := chi.Walk(m.routes, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		key := method + " " + pattern
		if method == http.MethodHead {
			key = http.MethodGet + " " + pattern
		}
		row, ok := rows[key]
		row.Method = method
		if !ok {
			t.Errorf("%s has no row in the table of access", key)
			return nil
		}
		asked[key] = true
		check := func() { cells += m.checkRoute(t, row) }
		if key == "DELETE /api/v1/session" {
			last = append(last, check)
			return nil
		}
		check()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range last {
		check()
	}
	for key := range rows {
		if !asked[key] && !strings.Contains(key, "/session/oidc") { // there with an identity provider only
			t.Errorf("%s has a row and no route", key)
		}
	}
	t.Logf("%d answers of %d routes", cells, len(asked))
	if cells < 1000 {
		t.Errorf("only %d answers", cells)
	}
}

// checkRoute holds a route's answers to its row and counts them.
func (m *matrix) checkRoute(t *testing.T, row authhttp.Access) int {
	t.Helper()
	key := row.Method + " " + row.Pattern
	status, code := m.ask(m.request(t, row.Method, row.Pattern, m.own), "")
	if open := status != http.StatusUnauthorized || code == "bad_credentials"; open != row.Public {
		t.Errorf("%s as nobody: %d %s", key, status, code)
	}
	cells := 1
	for _, info := range auth.Roles() {
		for _, own := range []bool{true, false} {
			at := m.own
			if !own {
				at = m.other
			}
			may := row.Public || row.AnyAccount || auth.Allows(info.Role, row.Action)
			if !own && info.Bounded && slices.Contains(boundToDivision(), key) {
				may = false
			}
			status, code := m.ask(m.request(t, row.Method, row.Pattern, at), m.cookies[info.Role])
			cells++
			refused := status == http.StatusForbidden && code == "forbidden"
			if refused == may || may && (status == http.StatusUnauthorized && code != "bad_credentials" || status >= http.StatusInternalServerError) {
				t.Errorf("%s as %s, own division %v: %d %s; may: %v", key, info.Role, own, status, code, may)
			}
			if may && slices.Contains(boundToDivision(), key) && status != http.StatusOK && status != http.StatusCreated {
				t.Errorf("%s as %s in the own division: %d %s; want it done", key, info.Role, status, code)
			}
		}
	}
	return cells
}

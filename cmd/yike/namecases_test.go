package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"yike/facilities"
	"yike/internal/attachments/attachmenthttp"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/namepaperhttp"
	caseprocess "yike/placenames/process"
)

type apiCase struct {
	ID, Number, Ending string
	Version            int
	State              string `json:"name_state"`
	NameID             string `json:"name_id"`
	Track              string
	Steps              []struct {
		Code, State string
		Needs       []struct {
			Code  string
			There bool
		}
		Acting []struct {
			Kind    string
			Office  struct{ Code string }
			Entered bool
		}
	}
	Dues    []struct{ Code, By string }
	Events  []apiEvent
	Pending *struct{ Step string }
}

type apiEvent struct {
	Kind, Person string
	Entered      bool
	Missing      []struct{ Code string }
	Step         string
	Checked      *struct {
		Text     string
		Errors   int
		Findings []struct{ Rule string }
	}
}

// caseOffice serves the register, its cases and their files to people of several roles.
type caseOffice struct {
	*office
	files      http.Handler // of files, whose forms the document of the others cannot say
	own, other string
	papers     *namePapers
	keys       int
}

func openCaseOffice(t *testing.T) *caseOffice {
	t.Helper()
	_, db := demo(t)
	o := &caseOffice{office: openOffice(t, db)}
	_, o.own, o.other = o.home(t)
	log := slog.New(slog.DiscardHandler)
	files, err := newAttachmentFiles(&app{log: log, config: config{StateDir: t.TempDir()}}, db, o.state.Pack.AdCode)
	if err != nil {
		t.Fatal(err)
	}
	forms := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain, Routes: longRoutes()})
	forms.Use(o.signIn)
	attachmenthttp.Register(httpapi.NewAPI(forms), files)
	o.files = forms
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain})
	r.Use(o.signIn)
	api := httpapi.NewAPI(r)
	d := desk{db: db, adcode: o.state.Pack.AdCode, served: &districtAPI{held: o.live.held, status: readyStatus}, live: o.live}
	now := func() time.Time { return o.now }
	refused := refusals{db: db, log: log}
	if _, err := mountPlaceNames(api, d, refused, now); err != nil {
		t.Fatal(err)
	}
	live, _, err := newNameMemory(db, d.adcode)
	if err != nil {
		t.Fatal(err)
	}
	checks, err := mountNameChecks(api, config{}, d, live, refused, now)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := mountNameCases(api, d, checks, refused, now, func(_ context.Context, id string) ([]string, string, error) {
		return []string{"survey_record"}, "踏勘 " + id[:4], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.files = files
	panels, err := newNamePanels(d, refused, now)
	if err == nil {
		o.papers, err = newNamePapers(d, cases, panels, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	namepaperhttp.Register(api, o.papers)
	o.Server = httpapitest.New(t, r)
	o.hire(t, "registrar", auth.PlaceNameRegistrar, "")
	o.hire(t, "elsewhere", auth.PlaceNameRegistrar, o.other)
	o.hire(t, "expert", auth.Expert, "")
	o.hire(t, "member", auth.CommitteeMember, "")
	o.hire(t, "approver", auth.Approver, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	return o
}

func (o *caseOffice) by(name string, more ...string) http.Header {
	o.keys++
	return as(name, append([]string{"Idempotency-Key", fmt.Sprint("k", o.keys)}, more...)...)
}

func (o *caseOffice) asked(t *testing.T, method, path string, header http.Header, body any, status int) apiCase {
	t.Helper()
	w := o.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	var c apiCase
	if err := json.Unmarshal(w.Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

const casesPath = "/api/v1/name-cases"

// begun drafts a road and begins its case.
func (o *caseOffice) begun(t *testing.T, text string) apiCase {
	t.Helper()
	w := o.Do(http.MethodPost, "/api/v1/place-names", o.by("registrar"), map[string]any{
		"text": text, "kind": "road", "state": "draft", "divisions": []string{o.own}, "extent": map[string]any{"from": "甲路", "to": "乙路"}, "size": map[string]any{"length_m": 800},
		"reason": "登记",
	})
	var made struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return o.asked(t, http.MethodPost, casesPath, o.by("registrar"), map[string]any{
		"act": "naming", "name_id": made.ID, "applicant": map[string]any{"name": "示例建设单位"}, "reason": "新建道路",
	}, http.StatusCreated)
}

// file asks about files.
func (o *caseOffice) file(t *testing.T, method, path string, header http.Header, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	o.files.ServeHTTP(w, r)
	return w
}

// bring uploads a file for a material.
func (o *caseOffice) bring(t *testing.T, who, id, material string, status int) {
	t.Helper()
	form := attachmentForm("document", "a.pdf", "%PDF-1.4\n%%EOF", "subject", material)
	if w := o.file(t, http.MethodPost, casesPath+"/"+id+"/attachments", o.by(who, "Content-Type", attachmentFormType), form); w.Code != status {
		t.Fatalf("upload %s as %s: %d %s", material, who, w.Code, w.Body)
	}
}

// TestNameCasesOverHTTP follows a case through the API: papers, steps as several people, what
// is refused to whom, a return, a desk, and the record at the end.
func TestNameCasesOverHTTP(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	c := o.begun(t, "清源路")
	one := casesPath + "/" + c.ID
	if c.Number != "2026-001" || c.State != "proposed" || c.Track != "decide" || c.Steps[0].State != "open" || !c.Steps[0].Acting[0].Entered {
		t.Fatalf("%+v", c)
	}
	take := func(who string, version int, body map[string]any, status int) apiCase {
		t.Helper()
		body["day"] = "2026-11-27"
		return o.asked(t, http.MethodPost, one+"/events", o.by(who, "If-Match", httpapi.ETag(version)), body, status)
	}
	step := func(who, code string) {
		t.Helper()
		for _, s := range c.Steps {
			for _, n := range s.Needs {
				if s.Code == code && !n.There {
					o.bring(t, who, c.ID, n.Code, http.StatusCreated)
				}
			}
		}
		body := map[string]any{"kind": "done", "step": code}
		if code == "approval" {
			body["document"], body["title"], body["reason"] = "示例函〔2026〕7号", "关于清源路命名的批复", "专家认为可用"
		}
		c = take(who, c.Version, body, http.StatusCreated)
	}
	if w := o.Do(http.MethodPost, one+"/events", o.by("registrar", "If-Match", httpapi.ETag(c.Version)), map[string]any{"kind": "done", "step": "application", "day": "2026-11-27"}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/materials") {
		t.Errorf("without the application: %d %s", w.Code, w.Body)
	}
	step("registrar", "application")
	take("registrar", c.Version-1, map[string]any{"kind": "done", "step": "acceptance"}, http.StatusPreconditionFailed)
	take("reader", c.Version, map[string]any{"kind": "done", "step": "acceptance"}, http.StatusForbidden)
	take("elsewhere", c.Version, map[string]any{"kind": "done", "step": "acceptance"}, http.StatusForbidden)
	o.bring(t, "reader", c.ID, "map", http.StatusForbidden)
	c = take("registrar", c.Version, map[string]any{"kind": "returned", "step": "acceptance", "reason": "缺位置图", "missing": []string{"map"}}, http.StatusCreated)
	if c.Pending == nil || c.Pending.Step != "acceptance" || c.Events[1].Missing[0].Code != "map" {
		t.Errorf("returned: %+v", c.Pending)
	}
	o.bring(t, "registrar", c.ID, "map", http.StatusCreated)
	c = take("registrar", c.Version, map[string]any{"kind": "corrected", "step": "acceptance"}, http.StatusCreated)
	step("registrar", "acceptance")
	step("registrar", "survey") // whose record another room shows
	step("registrar", "assessment")
	take("registrar", c.Version, map[string]any{"kind": "done", "step": "experts"}, http.StatusForbidden)
	step("expert", "experts")
	step("registrar", "consultation")
	step("member", "deliberation")
	take("member", c.Version, map[string]any{"kind": "done", "step": "approval", "document": "1"}, http.StatusForbidden)
	o.deskOf(t, "approver", 1, "approval")
	o.deskOf(t, "registrar", 0, "")
	o.putWords(t, "banned", false, "清源")
	if w := o.Do(http.MethodPost, one+"/events", o.by("approver", "If-Match", httpapi.ETag(c.Version)), map[string]any{
		"kind": "done", "step": "approval", "day": "2026-11-27", "document": "1",
	}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/reason") {
		t.Errorf("approved against a rule without a reason: %d %s", w.Code, w.Body)
	}
	step("approver", "approval")
	if at := slices.IndexFunc(c.Events, func(e apiEvent) bool { return e.Step == "approval" }); c.Events[at].Checked.Errors != 1 {
		t.Errorf("kept with the approval: %+v", c.Events[at].Checked)
	}
	if c.State != "approved" || len(c.Dues) != 3 || c.Dues[0].By == "" {
		t.Errorf("approved: %s %+v", c.State, c.Dues)
	}
	o.froze(t, c, "清源路", "application", "approval")
	step("registrar", "announcement")
	step("registrar", "filing")
	step("registrar", "sign")
	if c.Ending != "completed" {
		t.Errorf("it ended %q", c.Ending)
	}
	var rec struct{ Events []struct{ Kind string } }
	if w := o.Do(http.MethodGet, one+"/record", as("reader"), nil); json.Unmarshal(w.Body.Bytes(), &rec) != nil || len(rec.Events) != 13 {
		t.Errorf("the record has %d events", len(rec.Events))
	}
	o.fixed(t, c.ID)
}

// froze holds which events of a case keep what the rules said of which name.
func (o *caseOffice) froze(t *testing.T, c apiCase, text string, steps ...string) {
	t.Helper()
	var got []string
	for _, e := range c.Events {
		if e.Checked == nil {
			continue
		}
		got = append(got, e.Step)
		if e.Checked.Text != text || len(e.Checked.Findings) == 0 {
			t.Errorf("kept at %s: %+v", e.Step, e.Checked)
		}
	}
	if !slices.Equal(got, steps) {
		t.Errorf("a check was kept at %v, want %v", got, steps)
	}
}

// fixed holds that a paper which a step was taken on is not taken away.
func (o *caseOffice) fixed(t *testing.T, id string) {
	t.Helper()
	var files struct {
		Attachments []struct {
			ID, Subject string
			Version     int
		}
	}
	w := o.file(t, http.MethodGet, casesPath+"/"+id+"/attachments", as("reader"), "")
	if err := json.Unmarshal(w.Body.Bytes(), &files); err != nil || len(files.Attachments) == 0 || files.Attachments[0].Subject == "" {
		t.Fatalf("%s", w.Body)
	}
	f := files.Attachments[0]
	if w := o.file(t, http.MethodDelete, casesPath+"/"+id+"/attachments/"+f.ID+"?reason=x", as("registrar", "If-Match", httpapi.ETag(f.Version)), ""); w.Code != http.StatusConflict {
		t.Errorf("taken away: %d %s", w.Code, w.Body)
	}
}

// deskOf holds what waits for somebody.
func (o *caseOffice) deskOf(t *testing.T, who string, mine int, step string) {
	t.Helper()
	var d struct {
		Counts struct{ Mine, Open int }
		Items  []struct {
			Group string
			Next  *struct{ Step struct{ Code string } }
		}
	}
	w := o.Do(http.MethodGet, "/api/v1/name-desk", as(who), nil)
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != http.StatusOK || d.Counts.Mine != mine || d.Counts.Open != 1 {
		t.Fatalf("the desk of %s: %d %s", who, w.Code, w.Body)
	}
	if mine > 0 && d.Items[0].Next.Step.Code != step {
		t.Errorf("%s is to take %s", who, d.Items[0].Next.Step.Code)
	}
}

// TestNameCaseRequests holds what a request must be.
func TestNameCaseRequests(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	c := o.begun(t, "请求路")
	o.begun(t, "另一路")
	one := casesPath + "/" + c.ID
	opening := map[string]any{"act": "renaming", "name_id": c.NameID, "applicant": map[string]any{"name": "x"}, "reason": "x", "proposed_text": "y"}
	for name, tc := range map[string]struct {
		method, path string
		header       http.Header
		body         any
		status       int
		says         string
	}{
		"no key":              {http.MethodPost, casesPath, as("registrar"), opening, http.StatusBadRequest, "idempotency_key_required"},
		"a proposal renamed":  {http.MethodPost, casesPath, o.by("registrar"), opening, http.StatusUnprocessableEntity, "#/name_id"},
		"no such name":        {http.MethodPost, casesPath, o.by("registrar"), map[string]any{"act": "naming", "name_id": c.ID, "applicant": map[string]any{"name": "x"}, "reason": "x"}, http.StatusNotFound, "unknown_name"},
		"no such case":        {http.MethodGet, casesPath + "/x", as("reader"), nil, http.StatusNotFound, "unknown_case"},
		"no record of none":   {http.MethodGet, casesPath + "/x/record", as("reader"), nil, http.StatusNotFound, "unknown_case"},
		"an event, no key":    {http.MethodPost, one + "/events", as("registrar", "If-Match", `"1"`), map[string]any{"kind": "done", "day": "2026-11-27"}, http.StatusBadRequest, "idempotency_key_required"},
		"an event, no match":  {http.MethodPost, one + "/events", o.by("registrar"), map[string]any{"kind": "done", "day": "2026-11-27"}, http.StatusPreconditionRequired, "precondition_required"},
		"a change, no match":  {http.MethodPatch, one, as("registrar"), map[string]any{"reason": "x"}, http.StatusPreconditionRequired, ""},
		"a change to null":    {http.MethodPatch, one, as("registrar", "If-Match", `"1"`), json.RawMessage(`{"reason":"x","case_reason":null}`), http.StatusUnprocessableEntity, "#/case_reason"},
		"a naming's new name": {http.MethodPatch, one, as("registrar", "If-Match", `"1"`), map[string]any{"reason": "x", "proposed_text": "y", "proposed_roman": "z"}, http.StatusUnprocessableEntity, "#/proposed_text"},
		"a telephone":         {http.MethodPatch, one, as("registrar", "If-Match", `"1"`), map[string]any{"reason": "x", "applicant": map[string]any{"name": "李某 13800138000"}}, http.StatusUnprocessableEntity, "#/applicant/name"},
		"a bad cursor":        {http.MethodGet, casesPath + "?cursor=x", as("reader"), nil, http.StatusUnprocessableEntity, "bad_cursor"},
		"an unknown place":    {http.MethodGet, casesPath + "?division=000000", as("reader"), nil, http.StatusNotFound, "unknown_division"},
		"a calendar, old":     {http.MethodPut, "/api/v1/working-calendar", as("registrar", "If-Match", `"7"`), map[string]any{"years": []any{}, "reason": "x"}, http.StatusPreconditionFailed, "stale"},
		"a calendar, no tag":  {http.MethodPut, "/api/v1/working-calendar", as("registrar"), map[string]any{"years": []any{}, "reason": "x"}, http.StatusPreconditionRequired, ""},
		"a procedure, no tag": {http.MethodPut, "/api/v1/name-procedures", as("registrar"), map[string]any{"preset": "national", "reason": "x"}, http.StatusPreconditionRequired, ""},
		"a procedure of none": {http.MethodPut, "/api/v1/name-procedures", as("registrar", "If-Match", `"0"`), map[string]any{"preset": "moon", "reason": "x"}, http.StatusUnprocessableEntity, "#/preset"},
		"a bad year":          {http.MethodPut, "/api/v1/working-calendar", as("registrar", "If-Match", `"0"`), map[string]any{"years": []any{map[string]any{"year": 2026, "off": []string{"x"}, "worked": []string{}, "source": "s"}}, "reason": "x"}, http.StatusUnprocessableEntity, "#/years/0/off/0"},
	} {
		if w := o.Do(tc.method, tc.path, tc.header, tc.body); w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: %d %s; want %d %s", name, w.Code, w.Body, tc.status, tc.says)
		}
	}
	page := func(query string) (numbers []string, next *string) {
		var p struct {
			Cases []struct{ Number string }
			Next  *string
		}
		w := o.Do(http.MethodGet, casesPath+query, as("reader"), nil)
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for _, c := range p.Cases {
			numbers = append(numbers, c.Number)
		}
		return numbers, p.Next
	}
	first, next := page("?limit=1&division=" + o.own)
	if !slices.Equal(first, []string{"2026-002"}) || next == nil {
		t.Fatalf("the first page is %v", first)
	}
	if second, last := page("?limit=1&cursor=" + *next); !slices.Equal(second, []string{"2026-001"}) || last != nil {
		t.Errorf("the second page is %v", second)
	}
}

// TestNameSettingsOverHTTP holds that what was set is given back whole.
func TestNameSettingsOverHTTP(t *testing.T) {
	t.Parallel()
	o := openCaseOffice(t)
	local := `"preset":"ningbo","offices":{"committee":"本区地名委员会"},"authorities":{"street":["new_area_authority"]},
		"changes":[{"track":"decide","step":"survey","waivable":false,"needs":["survey_record","map"],"cite":{"source":"local1","clause_zh":"第三条","grade":"R"}}],
		"clocks":[{"track":"decide","clock":{"code":"own","zh":"踏勘期限","en":"survey in time","from":"acceptance","to":"survey","days":7,"unit":"working","pauses":true,"severity":"warning","alarms":[{"days":-1,"to":"committee"}],"cite":{"source":"local1","grade":"P"}}}],
		"sources":[{"code":"local1","zh":"本区规程","en":"our rules"}]`
	var got struct {
		Local   json.RawMessage
		Version int
		InForce []struct {
			Steps  []struct{ Code string }
			Clocks []struct{ Code string }
		} `json:"in_force"`
		Sources []struct{ Code string }
	}
	w := o.Do(http.MethodPut, "/api/v1/name-procedures", as("registrar", "If-Match", `"0"`), json.RawMessage(`{`+local+`,"reason":"本区规程"}`))
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || got.Version != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var want, have any
	if json.Unmarshal([]byte(`{`+local+`}`), &want) != nil || json.Unmarshal(got.Local, &have) != nil || fmt.Sprint(want) != fmt.Sprint(have) {
		t.Errorf("it gives back\n%v, want\n%v", have, want)
	}
	if clocks := got.InForce[0].Clocks; clocks[len(clocks)-1].Code != "own" || got.Sources[len(got.Sources)-1].Code != "local1" {
		t.Errorf("in force are %v", clocks)
	}
	years := json.RawMessage(`{"years":[{"year":2026,"off":["2026-10-01"],"worked":["2026-10-10"],"source":"国办通知"}],"reason":"录入"}`)
	if w := o.Do(http.MethodPut, "/api/v1/working-calendar", as("registrar", "If-Match", `"0"`), years); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"covered":true`) {
		t.Errorf("the calendar: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, "/api/v1/working-calendar", as("reader"), nil); w.Header().Get("ETag") != `"1"` || !strings.Contains(w.Body.String(), `"may_write":false`) {
		t.Errorf("read: %s", w.Body)
	}
}

// TestDemoNameCases holds that the cases of the demonstration are at different steps of both
// tracks, one late, one returned, one refused, one with its sign outstanding.
func TestDemoNameCases(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	const adcode, today = "990100", record.Day("2026-11-27")
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := fillDemoDesk(t.Context(), db, adcode, types, today); err != nil {
			t.Fatal(err)
		}
	}
	store, _, err := newNameCaseStore(db)
	if err != nil {
		t.Fatal(err)
	}
	w := postgres.System(adcode, "test")
	list, err := store.List(t.Context(), w, caseprocess.Filter{Limit: 100})
	if err != nil || len(list) != len(demoCaseList()) {
		t.Fatalf("%d cases: %v", len(list), err)
	}
	set, err := store.Settings(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := set.Years.Calendar(today)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	tracks := map[string]int{}
	for _, d := range list {
		r := d.Frozen.Rules
		tracks[r.Code.Code]++
		open := r.OpenSteps(d.Standing)
		found["returned"] = found["returned"] || d.Standing.Pending != nil
		found["refused"] = found["refused"] || d.Standing.Ending == caseprocess.Refusal
		found["sign"] = found["sign"] || slices.Equal(open, []string{"sign"})
		found["late"] = found["late"] || slices.ContainsFunc(r.Dues(d.Standing, cal, today), func(due caseprocess.Due) bool { return due.Late > 0 && due.DoneOn == "" })
	}
	for _, what := range []string{"returned", "refused", "sign", "late"} {
		if !found[what] {
			t.Errorf("none is %s", what)
		}
	}
	if tracks["decide"] < 4 || tracks["opinion"] < 2 {
		t.Errorf("tracks: %v", tracks)
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
)

const premisesPath = "/api/v1/premises"

type apiRoom struct {
	ID, Division  string
	Name          string
	Version       int
	DivisionCode  string `json:"division_code"`
	KeyContact    string `json:"key_contact"`
	MayWrite      bool   `json:"may_write"`
	Misused       bool
	PresentUse    string `json:"present_use"`
	Rectification *struct{ ID, Progress, Deadline string }
	tag           string
}

func (o *office) room(t *testing.T, method, path string, header http.Header, body any, status int) apiRoom {
	t.Helper()
	w := o.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	var r apiRoom
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	r.tag = w.Header().Get("ETag")
	return r
}

// TestPremises follows a room through the API as people of several roles: entered where
// the point lies, found misused, put right, and summed up per 100 households.
func TestPremises(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "reviewer", auth.EstateReviewer, own)
	o.hire(t, "stranger", auth.Steward, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	room := map[string]any{
		"name": "花桥里社区用房", "lon": at.Lon(), "lat": at.Lat(), "owner": "某区民政局", "approved_use": "community_service", "present_use": "community_service",
		"area_m2": 640, "state": "handed_over", "handed_over_on": "2022-09-01", "key_holder": "居委会", "key_contact": "13800001234", "reason": "建账",
	}
	first := o.room(t, http.MethodPost, premisesPath, as("reviewer", "Idempotency-Key", "k1"), room, http.StatusCreated)
	if again := o.room(t, http.MethodPost, premisesPath, as("reviewer", "Idempotency-Key", "k1"), room, http.StatusCreated); again.ID != first.ID {
		t.Errorf("the same request made %s and %s", first.ID, again.ID)
	}
	if w := o.Do(http.MethodPost, premisesPath, as("stranger", "Idempotency-Key", "k2"), room); w.Code != http.StatusForbidden {
		t.Errorf("next door: %d %s", w.Code, w.Body)
	}
	one := premisesPath + "/" + first.ID
	if r := o.room(t, http.MethodGet, one, as("reader"), nil, http.StatusOK); r.KeyContact != "***" || r.MayWrite {
		t.Errorf("a reader sees %+v", r)
	}
	if r := o.room(t, http.MethodGet, one, as("reviewer"), nil, http.StatusOK); r.KeyContact != "13800001234" || !r.MayWrite || r.tag != first.tag {
		t.Errorf("a reviewer sees %+v", r)
	}
	look := map[string]any{"day": "2026-11-20", "by": "科", "verdict": "misuse", "use_found": "commercial", "deadline": "2026-12-01"}
	if w := o.Do(http.MethodPost, one+"/inspections", as("stranger", "Idempotency-Key", "k3"), look); w.Code != http.StatusForbidden {
		t.Errorf("inspects next door: %d %s", w.Code, w.Body)
	}
	found := o.room(t, http.MethodPost, one+"/inspections", as("reviewer", "Idempotency-Key", "k4"), look, http.StatusCreated)
	if !found.Misused || found.Rectification == nil || found.Rectification.Progress != "ordered" {
		t.Fatalf("found %+v", found)
	}
	rect := one + "/rectifications/" + found.Rectification.ID
	if w := o.Do(http.MethodPatch, rect, as("reviewer", "If-Match", `"1"`), map[string]any{"reported_on": "2026-11-25", "report": "已腾退", "reason": "报告"}); w.Code != http.StatusOK {
		t.Errorf("reported: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodPatch, rect, as("stranger", "If-Match", `"2"`), map[string]any{"report": "a", "reason": "a"}); w.Code != http.StatusForbidden {
		t.Errorf("reports next door: %d %s", w.Code, w.Body)
	}
	fine := map[string]any{"day": "2026-11-26", "by": "科", "verdict": "ok", "use_found": "community_service"}
	closed := o.room(t, http.MethodPost, one+"/inspections", as("reviewer", "Idempotency-Key", "k5"), fine, http.StatusCreated)
	if closed.Misused || closed.Rectification != nil || closed.PresentUse != "community_service" {
		t.Errorf("put right: %+v", closed)
	}
	o.checkSummary(t, first.DivisionCode)
	for _, path := range []string{premisesPath, one + "/inspections", one + "/history"} {
		if w := o.Do(http.MethodGet, path, as("reviewer"), nil); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodGet, one+"/history", as("reader"), nil); w.Code != http.StatusForbidden {
		t.Errorf("a reader asks for history: %d", w.Code)
	}
	if w := o.Do(http.MethodGet, one+"/history", http.Header{}, nil); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody asks for history: %d", w.Code)
	}
	if w := o.Do(http.MethodDelete, one+"?reason=a", as("reviewer", "If-Match", closed.tag), nil); w.Code != http.StatusConflict {
		t.Errorf("one that was inspected is removed: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodPatch, one, as("reviewer", "If-Match", httpapi.ETag(1)), map[string]any{"note": "a", "reason": "a"}); w.Code != http.StatusPreconditionFailed {
		t.Errorf("a version behind: %d %s", w.Code, w.Body)
	}
}

// checkSummary holds the rate of the community that the only room is in to the households
// that its source says it has.
func (o *office) checkSummary(t *testing.T, code string) {
	t.Helper()
	var households int
	for _, d := range o.state.Divisions {
		if d.Level == divisions.Community && d.Code == code {
			households = d.Households
		}
	}
	var got struct {
		Communities []struct {
			Code       string
			Households *int
			Counted    []struct {
				Per *float64 `json:"per_100_households"`
			}
		}
		Total struct{ Rooms int }
	}
	w := o.Do(http.MethodGet, "/api/v1/premises-summary", as("reader"), nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Total.Rooms != 1 {
		t.Fatalf("%v: %d %s", err, w.Code, w.Body)
	}
	for _, c := range got.Communities {
		if c.Code != code {
			continue
		}
		if households == 0 || *c.Households != households || *c.Counted[0].Per != 64000/float64(households) {
			t.Errorf("%+v of %d households", c, households)
		}
		return
	}
	t.Errorf("no community %s among %+v", code, got.Communities)
}

// list sends a file of rooms.
func (o *office) list(t *testing.T, who, path, file string, more ...string) *httptest.ResponseRecorder {
	t.Helper()
	return o.RawDo(http.MethodPost, path, as(who, more...), []byte(file))
}

// TestListsOfRooms brings a list of rooms, tries it, takes it, brings it back as the ledger
// was written, and sends faults and files that are none.
func TestListsOfRooms(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "steward", auth.Steward, own)
	o.hire(t, "reader", auth.ReadOnly, "")
	const (
		trial = "/api/v1/premises-import/trial?name=rooms.csv"
		take  = "/api/v1/premises-import?name=rooms.csv&reason=list"
	)
	file := fmt.Sprintf("台账编号,名称,移交状态,经度,纬度,建筑面积（㎡）,批准用途,保管人联系方式\r\nG-1,一号,已移交,%v,%v,100.5,社区服务,13800001234\r\nG-2,二号,规划中,%v,%v,,,\r\n", at.Lon(), at.Lat(), at.Lon(), at.Lat())
	said := func(w *httptest.ResponseRecorder, status int, want ...string) {
		t.Helper()
		if w.Code != status {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for _, each := range want {
			if !strings.Contains(w.Body.String(), each) {
				t.Errorf("%s without %s", w.Body, each)
			}
		}
	}
	said(o.list(t, "steward", trial, file), 200, `"taken":false`, `"created":2`, `"fault_count":0`)
	said(o.list(t, "steward", take, file, "Idempotency-Key", "l1"), 200, `"taken":true`, `"created":2`)
	said(o.list(t, "steward", take, file, "Idempotency-Key", "l2"), 200, `"created":0`, `"unchanged":2`)
	for _, name := range []string{"premises.csv", "premises.xlsx"} {
		back := o.RawDo(http.MethodGet, "/api/v1/"+name, as("steward"), nil)
		said(o.list(t, "steward", strings.Replace(trial, "rooms.csv", name, 1), back.Body.String()), 200, `"updated":0`, `"unchanged":2`, `"fault_count":0`, `"ignored":[]`)
	}
	said(o.list(t, "steward", trial, strings.Replace(file, "100.5", "120", 1)), 200, `"updated":1`, `{"field":"area_m2","before":100.5,"after":120}`)
	bad := "台账编号,名称,辖区编码,移交状态\r\nG-3,三号," + other + ",已移交\r\nG-4,四号," + own + ",交了\r\n"
	said(o.list(t, "steward", trial, bad), 200, `"faulty":2`, `"row":2,"column":"辖区编码"`, `"row":3,"column":"移交状态","value":"交了"`)
	said(o.list(t, "steward", take, bad, "Idempotency-Key", "l3"), 422, `"list_faulty"`, `"row":3`, `"column":"移交状态"`)
	said(o.list(t, "steward", strings.Replace(trial, "rooms.csv", "a.pdf", 1), "%PDF-1.7"), 422, `"bad_file"`)
	said(o.list(t, "steward", trial, ""), 422, `"bad_file"`)
	said(o.list(t, "steward", "/api/v1/premises-import/trial?name=", file), 400, `"bad_file_name"`)
	said(o.list(t, "steward", take, file), 400, `idempotency_key_required`)
	said(o.list(t, "steward", "/api/v1/premises-import?name=a.csv", file, "Idempotency-Key", "l4"), 422, `reason`)
	said(o.list(t, "reader", trial, file), 403)
	w := o.RawDo(http.MethodGet, "/api/v1/premises-template.xlsx", as("steward"), nil)
	said(o.list(t, "steward", strings.Replace(trial, "rooms.csv", "template.xlsx", 1), w.Body.String()), 200, `"rows":0`, `"fault_count":0`)
}

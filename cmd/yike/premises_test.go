package main

import (
	"encoding/json"
	"net/http"
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

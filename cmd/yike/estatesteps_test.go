package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yike/internal/auth"
)

type apiSteps struct {
	Next       *string
	MayAsk     bool `json:"may_ask"`
	Milestones []struct {
		Milestone string
		Passed    bool
		CanAsk    bool `json:"can_ask"`
		Offices   []struct{ Office string }
		Rounds    []struct {
			Request struct {
				ID, Day, By string
				Checked     struct{ Conclusion string }
			}
			Waiting []struct {
				Office, Norm, Due string
				Late              int  `json:"late_days"`
				May               bool `json:"may_answer"`
			}
			Opinions []struct {
				ID, Office, Letter, Signer string
				Corrections                []struct {
					Reason string
					Was    []string
				}
			}
			Refused, Passed bool
		}
	}
	Conditions []struct {
		ID, Text string
		Met      bool
		May      bool `json:"may_correct"`
		Marks    []struct{ By, Document, RecordedBy string }
	}
	Due []struct {
		Kind, Due string
		Late      int `json:"late_days"`
	}
	Handover struct {
		Ready, May bool
		Months     int
		Rooms      []struct {
			ID       string
			LedgerID string `json:"ledger_id"`
			Faults   []struct{ ZH string }
		}
	}
}

func (o *office) steps(t *testing.T, method, path string, header http.Header, body any, status int) apiSteps {
	t.Helper()
	w := o.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	var s apiSteps
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEstateSteps follows an estate through the API from its planning conditions into the
// ledger of premises, as people of several roles: a refusal, its rectification, what is late,
// a correction, and what nobody may do.
func TestEstateSteps(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	_, own, other := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reviewer", auth.EstateReviewer, own)
	o.hire(t, "stranger", auth.EstateReviewer, other)
	o.hire(t, "reader", auth.ReadOnly, "")
	w := o.Do(http.MethodPost, estatesPath, as("planner", "Idempotency-Key", "e"), map[string]any{
		"name": "春和家园", "kind": "new", "division_code": own, "developer": "某某置业", "households": 500, "reason": "登记",
		"rooms": []map[string]any{
			{"name": "社区用房", "building": "3", "floor": "1", "room_no": "101", "use": "community_service", "area": 400},
			{"name": "养老用房", "building": "3", "floor": "1", "room_no": "102", "use": "elderly_service", "area": 0},
		},
	})
	var made apiEstate
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	one := estatesPath + "/" + made.ID
	key := 0
	by := func(name string) http.Header {
		key++
		return as(name, "Idempotency-Key", fmt.Sprint("k", key))
	}
	refuses := func(what, name, path string, body map[string]any, status int, code string) {
		t.Helper()
		if w := o.Do(http.MethodPost, one+path, by(name), body); w.Code != status || !strings.Contains(w.Body.String(), code) {
			t.Errorf("%s: %d %s; want %d %s", what, w.Code, w.Body, status, code)
		}
	}
	ask := func(m, day string) map[string]any {
		return map[string]any{"milestone": m, "day": day, "by": "区规划资源局"}
	}
	opinion := func(m, norm, verdict, day, letter string) map[string]any {
		office := map[string]string{"elderly_premises": "区民政局", "community_premises": "区委社会工作部"}[norm]
		return map[string]any{"milestone": m, "norm": norm, "office": office, "verdict": verdict, "day": day, "letter": letter, "signer": "王", "text": "说明"}
	}
	refuses("a stranger asks", "stranger", "/steps/requests", ask("conditions", "2026-10-01"), http.StatusForbidden, "forbidden")
	refuses("a milestone is skipped", "planner", "/steps/requests", ask("acceptance", "2026-10-01"), http.StatusConflict, "milestone_skipped")
	refuses("tomorrow", "planner", "/steps/requests", ask("conditions", "2026-11-28"), http.StatusUnprocessableEntity, "not_yet")
	refuses("nobody asked", "reviewer", "/steps/opinions", opinion("conditions", "elderly_premises", "agreed", "2026-10-05", "函1"), http.StatusForbidden, "forbidden")
	s := o.steps(t, http.MethodPost, one+"/steps/requests", by("planner"), ask("conditions", "2026-10-01"), http.StatusCreated)
	if r := s.Milestones[0].Rounds[0]; len(r.Waiting) != 2 || r.Waiting[0].Due != "2026-10-16" || r.Waiting[0].Late != 42 || r.Request.Checked.Conclusion == "" || s.Milestones[0].CanAsk {
		t.Errorf("asked: %+v", s.Milestones[0])
	}
	s = o.steps(t, http.MethodGet, one+"/steps", as("reader"), nil, http.StatusOK)
	if s.MayAsk || s.Milestones[0].Rounds[0].Waiting[0].May || len(s.Due) != 2 || s.Due[0].Late != 42 {
		t.Errorf("a reader sees %+v", s)
	}
	o.late(t, made.ID, own, 2)
	s = o.steps(t, http.MethodPost, one+"/steps/opinions", by("reviewer"), opinion("conditions", "elderly_premises", "refused", "2026-10-05", "函1"), http.StatusCreated)
	if m := s.Milestones[0]; !m.Rounds[0].Refused || !m.CanAsk || len(s.Due) != 1 || s.Due[0].Kind != "rectification" || s.Due[0].Due != "2026-11-04" {
		t.Errorf("refused: %+v %+v", m, s.Due)
	}
	refuses("a letter twice", "reviewer", "/steps/opinions", opinion("conditions", "community_premises", "agreed", "2026-10-05", "函1"), http.StatusUnprocessableEntity, "letter_taken")
	refuses("answers again", "reviewer", "/steps/opinions", opinion("conditions", "elderly_premises", "agreed", "2026-10-06", "函2"), http.StatusUnprocessableEntity, "already_answered")
	for i, m := range []string{"conditions", "plan_review", "construction", "acceptance", "handover"} {
		day := fmt.Sprintf("2026-11-%02d", 10+i)
		o.steps(t, http.MethodPost, one+"/steps/requests", by("planner"), ask(m, day), http.StatusCreated)
		o.steps(t, http.MethodPost, one+"/steps/opinions", by("reviewer"), opinion(m, "elderly_premises", "conditional", day, "民"+m), http.StatusCreated)
		s = o.steps(t, http.MethodPost, one+"/steps/opinions", by("reviewer"), opinion(m, "community_premises", "agreed", day, "社"+m), http.StatusCreated)
		if !s.Milestones[i].Passed {
			t.Fatalf("%s is not passed: %+v", m, s.Milestones[i])
		}
	}
	if s.Next != nil || len(s.Conditions) != 5 || !s.Handover.Ready || len(s.Handover.Rooms) != 2 || len(s.Handover.Rooms[1].Faults) == 0 || s.Handover.Months != 3 {
		t.Errorf("through: %+v", s)
	}
	o.met(t, one, s, by)
	o.corrected(t, one, s, by)
	o.handedOver(t, one, by)
}

// late holds that what is late is listed where it is looked for.
func (o *office) late(t *testing.T, estate, division string, want int) {
	t.Helper()
	for path, n := range map[string]int{"/api/v1/estates-overdue": want, "/api/v1/estates-overdue?division=" + division: want} {
		w := o.Do(http.MethodGet, path, as("reader"), nil)
		var got struct {
			Counts map[string]int
			Rows   []struct {
				EstateID string `json:"estate_id"`
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Rows) != n || got.Counts["opinion"] != n || got.Rows[0].EstateID != estate {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	if w := o.Do(http.MethodGet, "/api/v1/estates-overdue?division=999", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("nowhere: %d", w.Code)
	}
	if w := o.Do(http.MethodGet, estatesPath+"?overdue=true", as("reader"), nil); !strings.Contains(w.Body.String(), `"overdue":2`) {
		t.Errorf("the list: %s", w.Body)
	}
}

// met follows a condition that is met, and is not after all.
func (o *office) met(t *testing.T, one string, s apiSteps, by func(string) http.Header) {
	t.Helper()
	id := s.Conditions[0].ID
	open := func(s apiSteps) (n int) {
		for _, d := range s.Due {
			if d.Kind == "condition" {
				n++
			}
		}
		return n
	}
	if open(s) != 5 {
		t.Errorf("five conditions are open: %+v", s.Due)
	}
	mark := map[string]any{"opinion": id, "met": true, "day": "2026-11-20", "by": "赵", "document": "津建审2号"}
	for name, status := range map[string]int{"stranger": http.StatusForbidden, "reader": http.StatusForbidden} {
		if w := o.Do(http.MethodPost, one+"/steps/conditions", by(name), mark); w.Code != status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodPost, one+"/steps/conditions", as("reviewer"), mark); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d", w.Code)
	}
	if w := o.Do(http.MethodPost, one+"/steps/conditions", by("reviewer"), map[string]any{"opinion": id, "met": true, "day": "2026-11-20", "by": "赵"}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/document") {
		t.Errorf("without a document: %d %s", w.Code, w.Body)
	}
	s = o.steps(t, http.MethodPost, one+"/steps/conditions", by("reviewer"), mark, http.StatusCreated)
	if c := s.Conditions[0]; !c.Met || !c.May || len(c.Marks) != 1 || c.Marks[0].Document != "津建审2号" || open(s) != 4 {
		t.Errorf("met: %+v, %+v", c, s.Due)
	}
	undone := map[string]any{"opinion": id, "met": false, "day": "2026-11-21", "by": "赵", "note": "又改了"}
	if s = o.steps(t, http.MethodPost, one+"/steps/conditions", by("reviewer"), undone, http.StatusCreated); s.Conditions[0].Met || len(s.Conditions[0].Marks) != 2 || open(s) != 5 {
		t.Errorf("not after all: %+v", s.Conditions[0])
	}
}

// corrected corrects the first opinion of the acceptance.
func (o *office) corrected(t *testing.T, one string, s apiSteps, by func(string) http.Header) {
	t.Helper()
	id := s.Milestones[3].Rounds[0].Opinions[0].ID
	right := map[string]any{"verdict": "agreed", "day": "2026-11-13", "signer": "李四"}
	got := o.steps(t, http.MethodPost, one+"/steps/corrections", by("reviewer"), map[string]any{"event": id, "opinion": right, "reason": "签发人写错"}, http.StatusCreated)
	first := got.Milestones[3].Rounds[0].Opinions[0]
	if first.Signer != "李四" || first.Letter != "民acceptance" || len(first.Corrections) != 1 || strings.Join(first.Corrections[0].Was, ",") != "verdict: conditional,signer: 王,text: 说明" {
		t.Errorf("corrected: %+v", first)
	}
	right["verdict"], right["text"] = "refused", "不行"
	for name, c := range map[string]struct {
		who    string
		body   map[string]any
		status int
	}{
		"what follows":    {"reviewer", map[string]any{"event": id, "opinion": right, "reason": "x"}, http.StatusUnprocessableEntity},
		"nothing":         {"reviewer", map[string]any{"event": id, "reason": "x"}, http.StatusUnprocessableEntity},
		"without a cause": {"reviewer", map[string]any{"event": id, "opinion": right, "reason": ""}, http.StatusUnprocessableEntity},
		"a stranger":      {"stranger", map[string]any{"event": id, "opinion": right, "reason": "x"}, http.StatusForbidden},
	} {
		if w := o.Do(http.MethodPost, one+"/steps/corrections", by(c.who), c.body); w.Code != c.status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// handedOver has the ledger take the rooms over, once what is missing of one is known.
func (o *office) handedOver(t *testing.T, one string, by func(string) http.Header) {
	t.Helper()
	give := map[string]any{"day": "2026-11-20", "owner": "某街道办事处", "reason": "移交协议"}
	w := o.Do(http.MethodPost, one+"/handover", by("planner"), give)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/rooms/1/area") || !strings.Contains(w.Body.String(), "养老用房") {
		t.Errorf("a room of unknown area: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodPost, one+"/handover", by("reader"), give); w.Code != http.StatusForbidden {
		t.Errorf("a reader hands over: %d", w.Code)
	}
	var e apiEstate
	if err := json.Unmarshal(o.Do(http.MethodGet, one, as("planner"), nil).Body.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	e.Rooms[1]["area"] = 300
	if w := o.Do(http.MethodPatch, one, as("planner", "If-Match", fmt.Sprintf("%q", fmt.Sprint(e.Version))), map[string]any{"rooms": e.Rooms, "reason": "补测"}); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for i, want := range []string{`"already":0`, `"already":2`} {
		w := o.Do(http.MethodPost, one+"/handover", by("planner"), give)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("hand-over %d: %d %s", i, w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodGet, premisesPath+"?q=春和家园", as("reader"), nil); strings.Count(w.Body.String(), `"obtained_by":"provision"`) != 2 {
		t.Errorf("the ledger: %s", w.Body)
	}
	if w := o.Do(http.MethodDelete, one+"?reason=x", as("planner", "If-Match", `"3"`), nil); w.Code != http.StatusConflict {
		t.Errorf("removed: %d %s", w.Code, w.Body)
	}
}

func TestEstateDuties(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	_, own, _ := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "bounded", auth.EstateReviewer, own)
	const path = "/api/v1/estate-duties"
	var d struct {
		Version int
		May     bool `json:"may_write"`
		Duties  []map[string]any
	}
	w := o.Do(http.MethodGet, path, as("bounded"), nil)
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || d.May || d.Version != 0 || len(d.Duties) != 15 {
		t.Fatalf("%s", w.Body)
	}
	body := map[string]any{"duties": d.Duties[:3], "rectify_days": 20, "handover_months": 2, "reason": "三定"}
	for name, c := range map[string]struct {
		header http.Header
		status int
	}{
		"bounded": {as("bounded", "If-Match", `"0"`), http.StatusForbidden}, "without a version": {as("planner"), http.StatusPreconditionRequired},
		"a former version": {as("planner", "If-Match", `"7"`), http.StatusPreconditionFailed},
	} {
		if w := o.Do(http.MethodPut, path, c.header, body); w.Code != c.status {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	w = o.Do(http.MethodPut, path, as("planner", "If-Match", `"0"`), body)
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != http.StatusOK || d.Version != 1 || len(d.Duties) != 3 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	d.Duties[0]["milestone"], d.Duties[1]["office"] = "x", ""
	body["duties"] = d.Duties
	w = o.Do(http.MethodPut, path, as("planner", "If-Match", `"1"`), body)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/duties/0/milestone") || !strings.Contains(w.Body.String(), "#/duties/1/office") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

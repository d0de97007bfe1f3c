package scenariohttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariohttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

const (
	path  = "/api/v1/scenarios"
	id    = "01900000-0000-7000-8000-000000000001"
	today = record.Day("2026-11-27")
)

// shelf has one scenario, and fails with err where it is asked to write or compare.
type shelf struct {
	item    scenarios.Item
	err     error
	now     scenariohttp.Now
	nowErr  error
	asked   scenarios.Filter
	after   scenarios.After
	made    scenarios.Scenario
	patched scenarios.Patch
	decided scenarios.Decision
	refresh bool
	reason  string
}

func (s *shelf) List(_ context.Context, f scenarios.Filter, after scenarios.After, limit int) ([]scenarios.Item, *scenarios.After, error) {
	s.asked, s.after = f, after
	if limit == 1 {
		return []scenarios.Item{s.item}, &scenarios.After{ChangedAt: s.item.ChangedAt, ID: id}, s.err
	}
	return nil, nil, s.err
}

func (s *shelf) Scenario(_ context.Context, which string) (scenarios.Item, error) {
	if which != id {
		return scenarios.Item{}, scenarios.ErrNotFound
	}
	return s.item, nil
}

func (s *shelf) Now(context.Context, scenarios.Scenario) (scenariohttp.Now, error) {
	return s.now, s.nowErr
}

func (s *shelf) Create(_ context.Context, in scenarios.Scenario) (scenarios.Item, error) {
	s.made = in
	return s.item, s.err
}

func (s *shelf) Update(_ context.Context, _ string, _ int, p scenarios.Patch, refresh bool, reason string) (scenarios.Item, error) {
	s.patched, s.refresh, s.reason = p, refresh, reason
	return s.item, s.err
}

func (s *shelf) Decide(_ context.Context, _ string, _ int, d scenarios.Decision) (scenarios.Item, error) {
	s.decided = d
	return s.item, s.err
}

func (s *shelf) Remove(_ context.Context, _ string, _ int, reason string) error {
	s.reason = reason
	return s.err
}

func (s *shelf) History(context.Context, string) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{}, s.err
}

func (s *shelf) Compare(context.Context, scenariohttp.Asked) (*scenariohttp.Compared, error) {
	return nil, s.err
}

func (s *shelf) Version() string { return "v2" }

func newShelf() *shelf {
	return &shelf{item: scenarios.Item{Scenario: scenarios.Scenario{
		ID: id, Version: 3, Name: "甲", DivisionCode: "990001", State: scenarios.Shared, SharedOn: today, DataVersion: "v1",
		Question: scenarios.Question{"type": "elderly_canteen"},
		Steps: []scenarios.Step{
			{Do: "add", ID: "new-a", Name: "老菜场", At: orb.Point{117, 39}}, {Do: "add_path", ID: "path-a", Line: orb.LineString{{117, 39}, {117.01, 39}}},
		},
		Costs:    []scenarios.CostLine{{What: "装修", Kind: scenarios.OneOff, Fen: 100, Source: "区"}, {What: "运营", Kind: scenarios.PerYear, Fen: 7}},
		Decision: scenarios.Decision{Verdict: scenarios.Adopted, Reason: "多", On: today, By: "乙"},
		Owner:    scenarios.Owner{Name: "丙"}, Saved: []scenarios.Figure{{Band: "70+", Population: 90_000, Before: 40_000, Gained: 30_000, Lost: 15_000}},
		ChangedAt: time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC),
	}, Mine: true, MayDecide: true}}
}

func serve(t *testing.T, s scenariohttp.Shelf) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	scenariohttp.Register(httpapi.NewAPI(r), s, func() record.Day { return today })
	return httpapitest.New(t, r)
}

func header(pairs ...string) http.Header {
	h := http.Header{"Accept-Language": {"en"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestARecordTellsEverything(t *testing.T) {
	t.Parallel()
	shelf := newShelf()
	shelf.now = scenariohttp.Now{Version: "v2", Fault: &scenariohttp.StepFault{Step: 0, Reason: coverage.Text{ZH: "不行", EN: "No"}}}
	s := serve(t, shelf)
	w := s.Do(http.MethodGet, path+"/"+id, header(), nil)
	want := `{"id":"` + id + `","version":3,"name":"甲","division_code":"990001","question":{"type":"elderly_canteen"},` +
		`"steps":[{"do":"add","id":"new-a","name":"老菜场","lon":117,"lat":39},{"do":"add_path","id":"path-a","line":[[117,39],[117.01,39]]}],` +
		`"costs":[{"what":"装修","kind":"one_off","fen":100,"source":"区"},{"what":"运营","kind":"per_year","fen":7}],"state":"shared","shared_on":"2026-11-27",` +
		`"owner":{"name":"丙","me":true},"decision":{"verdict":"adopted","reason":"多","on":"2026-11-27","by":"乙"},` +
		`"cost":{"one_off_fen":100,"per_year_fen":7,"by_source":[{"source":"区","one_off_fen":100,"per_year_fen":0},{"source":"","one_off_fen":0,"per_year_fen":7}]},` +
		`"saved":[{"band":"70+","population":9,"covered_before":4,"gained":3,"lost":1.5,"net":1.5}],"data_version":"v1","outdated":true,"changed_at":"2026-11-27T01:02:03Z",` +
		`"may_change":false,"may_decide":true,"now":{"version":"v2","figures":[],"fault":{"step":0,"reason":{"zh":"不行","en":"No"},"hint":{"zh":"","en":""}}}}`
	if got := strings.TrimSpace(w.Body.String()); got != want || w.Header().Get("ETag") != `"3"` {
		t.Errorf("%d %s\n%s\nwant\n%s", w.Code, w.Header().Get("ETag"), got, want)
	}
	for _, err := range []error{scenariohttp.ErrNotReady, &scenariohttp.QuestionFault{Param: "type"}} {
		shelf.nowErr = err
		if w := s.Do(http.MethodGet, path+"/"+id, header(), nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"now"`) {
			t.Errorf("%v: %d %s", err, w.Code, w.Body)
		}
	}
	shelf.nowErr = errors.New("broken")
	if w := s.Do(http.MethodGet, path+"/"+id, header(), nil); w.Code != http.StatusInternalServerError {
		t.Errorf("broken: %d", w.Code)
	}
}

func TestAListIsTurnedPageByPage(t *testing.T) {
	t.Parallel()
	shelf := newShelf()
	s := serve(t, shelf)
	w := s.Do(http.MethodGet, path+"?limit=1&state=shared&mine=true&q=%20x%20&type=y", header(), nil)
	var page struct {
		Scenarios []struct{ ID string }
		Next      *string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Scenarios) != 1 || page.Next == nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if want := (scenarios.Filter{State: scenarios.Shared, Mine: true, Text: "x", Type: "y"}); shelf.asked != want {
		t.Errorf("asked %+v", shelf.asked)
	}
	if w := s.Do(http.MethodGet, path+"?cursor="+*page.Next, header(), nil); w.Code != http.StatusOK || shelf.after.ID != id || !shelf.after.ChangedAt.Equal(shelf.item.ChangedAt) {
		t.Errorf("%d after %+v", w.Code, shelf.after)
	}
	for _, cursor := range []string{"%21", "e30", "bnVsbA"} {
		if w := s.Do(http.MethodGet, path+"?cursor="+cursor, header(), nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "bad_cursor") {
			t.Errorf("cursor %s: %d", cursor, w.Code)
		}
	}
	if w := s.Do(http.MethodGet, path+"?state=lost", header(), nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no such state: %d", w.Code)
	}
}

func TestWritesReachTheShelf(t *testing.T) {
	t.Parallel()
	shelf := newShelf()
	s := serve(t, shelf)
	content := map[string]any{
		"name": "乙", "question": map[string]string{"type": "x"}, "steps": []any{map[string]any{"do": "close", "id": "f", "lon": 1, "lat": 1}},
		"costs": []any{map[string]any{"what": "a", "kind": "one_off", "fen": 5}},
	}
	if w := s.Do(http.MethodPost, path, header("Idempotency-Key", "k"), content); w.Code != http.StatusCreated || w.Header().Get("Location") != path+"/"+id {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if made := shelf.made; made.Name != "乙" || made.Steps[0].ID != "f" || made.Steps[0].At != (orb.Point{}) || made.Costs[0].Fen != 5 {
		t.Errorf("made %+v", made)
	}
	if w := s.Do(http.MethodPost, path+"/"+id+"/copies", header("Idempotency-Key", "k"), map[string]any{"name": "丙"}); w.Code != http.StatusCreated || shelf.made.Name != "丙" || len(shelf.made.Steps) != 2 {
		t.Errorf("copied: %d %+v", w.Code, shelf.made)
	}
	patch := map[string]any{
		"name": "丁", "note": "n", "division_code": "1", "question": map[string]string{"type": "y"}, "steps": []any{}, "costs": []any{}, "state": "archived", "refresh": true, "reason": "r",
	}
	if w := s.Do(http.MethodPatch, path+"/"+id, header("If-Match", `"3"`), patch); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if p := shelf.patched; *p.Name != "丁" || *p.Note != "n" || *p.DivisionCode != "1" || (*p.Question)["type"] != "y" || len(*p.Steps)+len(*p.Costs) != 0 ||
		*p.State != scenarios.Archived || !shelf.refresh || shelf.reason != "r" {
		t.Errorf("patched %+v", p)
	}
	if w := s.Do(http.MethodPut, path+"/"+id+"/decision", header("If-Match", `"3"`), map[string]any{"verdict": "declined", "reason": " 贵 "}); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if want := (scenarios.Decision{Verdict: scenarios.Declined, Reason: "贵", On: today}); shelf.decided != want {
		t.Errorf("decided %+v", shelf.decided)
	}
	if w := s.Do(http.MethodDelete, path+"/"+id+"?reason=x", header("If-Match", `"3"`), nil); w.Code != http.StatusNoContent || shelf.reason != "x" {
		t.Errorf("removed: %d", w.Code)
	}
	if w := s.Do(http.MethodGet, path+"/"+id+"/history", header(), nil); w.Code != http.StatusOK {
		t.Errorf("history: %d", w.Code)
	}
}

// What a write needs besides its body.
func TestWritesNeedKeysAndVersions(t *testing.T) {
	t.Parallel()
	s := serve(t, newShelf())
	content := map[string]any{"name": "乙", "question": map[string]string{"type": "x"}, "steps": []any{}}
	for _, tt := range []struct {
		method, path string
		body         any
		status       int
	}{
		{http.MethodPost, path, content, http.StatusBadRequest},
		{http.MethodPost, path + "/" + id + "/copies", map[string]any{"name": "x"}, http.StatusBadRequest},
		{http.MethodPatch, path + "/" + id, map[string]any{}, http.StatusPreconditionRequired},
		{http.MethodPut, path + "/" + id + "/decision", map[string]any{"verdict": "", "reason": "x"}, http.StatusPreconditionRequired},
		{http.MethodDelete, path + "/" + id + "?reason=x", nil, http.StatusPreconditionRequired},
	} {
		if w := s.Do(tt.method, tt.path, header(), tt.body); w.Code != tt.status {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, w.Code, w.Body)
		}
	}
	if w := s.Do(http.MethodPost, path+"/x/copies", header("Idempotency-Key", "k"), map[string]any{"name": "x"}); w.Code != http.StatusNotFound {
		t.Errorf("a copy of nothing: %d", w.Code)
	}
	if w := s.Do(http.MethodPatch, path+"/"+id, header("If-Match", `"3"`), json.RawMessage(`{"name":null}`)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("null: %d %s", w.Code, w.Body)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	shelf := newShelf()
	s := serve(t, shelf)
	words := coverage.Text{ZH: "不行", EN: "No"}
	for _, tt := range []struct {
		err           error
		status        int
		code, pointer string
	}{
		{scenariohttp.ErrNotReady, http.StatusServiceUnavailable, "not_ready", ""},
		{scenarios.ErrNotFound, http.StatusNotFound, "unknown_scenario", ""},
		{scenarios.ErrNotOwner, http.StatusForbidden, "not_owner", ""},
		{scenarios.ErrDecided, http.StatusConflict, "decided", ""},
		{scenarios.ErrNotShared, http.StatusConflict, "not_shared", ""},
		{&scenariohttp.StepFault{Step: 1, Reason: words, Hint: words}, http.StatusUnprocessableEntity, "step_impossible", "#/steps/1"},
		{&scenariohttp.StepFault{Step: -1, Reason: words}, http.StatusUnprocessableEntity, "plan_impossible", ""},
		{&scenariohttp.QuestionFault{Param: "limit", Value: "x", Reason: words}, http.StatusUnprocessableEntity, "bad_question", "#/question/limit"},
		{record.Invalid([]record.Fault{{Field: "name", ZH: "重名", EN: "taken"}}), http.StatusUnprocessableEntity, "validation", "#/name"},
		{errors.New("broken"), http.StatusInternalServerError, "internal", ""},
	} {
		shelf.err = tt.err
		w := s.Do(http.MethodPatch, path+"/"+id, header("If-Match", `"3"`), map[string]any{"name": "x"})
		checkProblem(t, tt.err, w.Code, w.Body.Bytes(), tt.status, tt.code, tt.pointer)
	}
	for _, tt := range []struct {
		err     error
		status  int
		code    string
		pointer string
	}{
		{&scenariohttp.UnknownScenario{Index: 1}, http.StatusNotFound, "unknown_scenario", "#/ids/1"},
		{
			&scenariohttp.DifferentQuestions{First: scenarios.Question{"type": "a"}, Others: map[int]scenarios.Question{1: {"type": "b"}}},
			http.StatusUnprocessableEntity, "different_questions", "#/ids/1",
		},
	} {
		shelf.err = tt.err
		w := s.Do(http.MethodPost, path+"/compare", header(), map[string]any{"ids": []string{id, "x"}})
		checkProblem(t, tt.err, w.Code, w.Body.Bytes(), tt.status, tt.code, tt.pointer)
	}
	for name, body := range map[string]any{
		"none": map[string]any{"ids": []string{}}, "nine": map[string]any{"ids": strings.Split("123456789", "")}, "twice": map[string]any{"ids": []string{"a", "a"}},
		"level": map[string]any{"ids": []string{"a"}, "level": "street"},
	} {
		if w := s.Do(http.MethodPost, path+"/compare", header(), body); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func checkProblem(t *testing.T, err error, status int, body []byte, wantStatus int, code, pointer string) {
	t.Helper()
	var p struct {
		Code, Detail string
		Errors       []struct{ Pointer string }
	}
	if json.Unmarshal(body, &p) != nil || status != wantStatus || p.Code != code || p.Detail == "" || err.Error() == "" {
		t.Errorf("%v: %d %s", err, status, body)
	}
	if pointer != "" && (len(p.Errors) == 0 || p.Errors[0].Pointer != pointer) {
		t.Errorf("%v points at %+v", err, p.Errors)
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/facilities"
	"yike/internal/auth"
)

const scenariosPath = "/api/v1/scenarios"

type apiScenario struct {
	ID, Name, State string
	Version         int
	Question        map[string]string
	DivisionCode    string `json:"division_code"`
	Saved           []struct {
		Band              string
		Gained, Lost, Net float64
	}
	Now *struct {
		Figures []struct{ Gained float64 }
		Fault   *struct{ Step *int }
	}
	Decision  *struct{ Verdict, By, Reason string }
	Owner     struct{ Me bool }
	Outdated  bool
	MayChange bool `json:"may_change"`
	MayDecide bool `json:"may_decide"`
	tag       string
}

type apiComparison struct {
	Question map[string]string
	Options  []struct {
		Scenario struct{ ID, Name string }
		Reasked  bool
		Fault    *struct {
			Step   *int
			Reason struct{ ZH string }
		}
		Remark *struct{ ZH string }
		Result *struct {
			Gained, Lost, Net float64
			OnlyGained        float64 `json:"only_gained"`
			PerPerson         *struct {
				OneOff int64 `json:"one_off_fen"`
			} `json:"per_person"`
			DominatedBy *struct {
				ID      string
				Because struct{ ZH string }
			} `json:"dominated_by"`
		}
	}
	Divisions []struct {
		Options []*struct{ Gained, Lost float64 }
	}
	Rest       []*struct{ Gained, Lost float64 }
	Facilities []struct {
		NameZH  string `json:"name_zh"`
		Added   bool
		Options []*struct{ Gained, Lost float64 }
	}
	Gained struct {
		Any, All float64
		By       []float64
	}
	Map struct {
		Outlines []struct{ Code string }
		Cells    []struct {
			Options []*struct{ Gained float64 }
		}
		Options []struct {
			Circles [][][2]float64
			Pins    []struct{ Do string }
		}
	}
}

// told asks and decodes what comes.
func told[T any](t *testing.T, o *office, method, path string, header http.Header, body any, status int) (T, *httptest.ResponseRecorder) {
	t.Helper()
	var out T
	w := o.Do(method, path, header, body)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s; want %d", method, path, w.Code, w.Body, status)
	}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
	}
	return out, w
}

func (o *office) scenario(t *testing.T, method, path string, header http.Header, body any, status int) apiScenario {
	t.Helper()
	s, w := told[apiScenario](t, o, method, path, header, body, status)
	s.tag = w.Header().Get("ETag")
	return s
}

// keep makes a scenario of the planner's and shares it.
func (o *office) keep(t *testing.T, name string, question map[string]string, fen int64, steps ...map[string]any) apiScenario {
	t.Helper()
	body := map[string]any{"name": name, "question": question, "steps": steps}
	if fen > 0 {
		body["costs"] = []map[string]any{{"what": "装修", "kind": "one_off", "fen": fen, "source": "区财政"}}
	}
	made := o.scenario(t, http.MethodPost, scenariosPath, as("planner", "Idempotency-Key", url.QueryEscape(name)), body, http.StatusCreated)
	return o.scenario(t, http.MethodPatch, scenariosPath+"/"+made.ID, as("planner", "If-Match", made.tag), map[string]any{"state": "shared"}, http.StatusOK)
}

// canteensOf gives the open canteens of a district.
func canteensOf(st *coveragelive.State) []facilities.Facility {
	var out []facilities.Facility
	for _, f := range st.Facilities {
		if f.Type == "elderly_canteen" && f.Status == facilities.Open {
			out = append(out, f)
		}
	}
	return out
}

func askedCanteens(limit int) map[string]string {
	return map[string]string{"type": "elderly_canteen", "limit": fmt.Sprint(limit)}
}

// TestScenarios follows a plan from the map to a decision, as people of several roles.
func TestScenarios(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, _ := o.home(t)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "colleague", auth.Planner, "")
	o.hire(t, "steward", auth.Steward, own)
	o.hire(t, "reader", auth.ReadOnly, "")
	body := map[string]any{
		"name": "开在这里", "question": askedCanteens(600),
		"steps": []any{map[string]any{"do": "add", "id": "new-a", "name": "老菜场二楼", "lon": at.Lon(), "lat": at.Lat()}},
		"costs": []any{map[string]any{"what": "装修", "kind": "one_off", "fen": 30_000_000, "source": "区财政"}},
	}
	made := o.scenario(t, http.MethodPost, scenariosPath, as("planner", "Idempotency-Key", "k"), body, http.StatusCreated)
	again := o.scenario(t, http.MethodPost, scenariosPath, as("planner", "Idempotency-Key", "k"), body, http.StatusCreated)
	if made.ID != again.ID || made.State != "draft" || len(made.Saved) == 0 || made.Question["speed"] != "0.9" || made.Outdated {
		t.Errorf("%+v and %+v", made, again)
	}
	one := scenariosPath + "/" + made.ID
	// What it comes to is what the map says.
	w := o.whatIf(t, body)
	if made.Saved[0].Gained != w.Bands[0].Gained {
		t.Errorf("kept with %v, the map says %v", made.Saved[0].Gained, w.Bands[0].Gained)
	}
	for _, who := range []string{"colleague", "steward", "reader"} {
		for _, path := range []string{one, one + "/history"} {
			told[struct{}](t, o, http.MethodGet, path, as(who), nil, http.StatusNotFound)
		}
		if list, _ := told[struct{ Scenarios []apiScenario }](t, o, http.MethodGet, scenariosPath, as(who), nil, http.StatusOK); len(list.Scenarios) > 0 {
			t.Errorf("%s is shown a draft: %+v", who, list)
		}
		told[struct{}](t, o, http.MethodPost, scenariosPath+"/compare", as(who), map[string]any{"ids": []string{made.ID}}, http.StatusNotFound)
	}
	told[struct{}](t, o, http.MethodGet, one+"/history", http.Header{}, nil, http.StatusUnauthorized)
	told[struct{}](t, o, http.MethodPost, one+"/copies", as("colleague", "Idempotency-Key", "c0"), map[string]any{"name": "x"}, http.StatusNotFound)
	o.decideAbout(t, made)
	// A steward's is of their subdistrict.
	body["name"] = "街道的"
	if s := o.scenario(t, http.MethodPost, scenariosPath, as("steward", "Idempotency-Key", "s"), body, http.StatusCreated); s.DivisionCode != own {
		t.Errorf("a steward's is of %s", s.DivisionCode)
	}
	told[struct{}](t, o, http.MethodPost, scenariosPath, as("reader", "Idempotency-Key", "r"), body, http.StatusForbidden)
}

// decideAbout shares a scenario of the planner's and has the colleague adopt it.
func (o *office) decideAbout(t *testing.T, made apiScenario) {
	t.Helper()
	one := scenariosPath + "/" + made.ID
	shared := o.scenario(t, http.MethodPatch, one, as("planner", "If-Match", made.tag), map[string]any{"state": "shared"}, http.StatusOK)
	seen := o.scenario(t, http.MethodGet, one, as("colleague"), nil, http.StatusOK)
	if seen.Owner.Me || seen.MayChange || !seen.MayDecide || seen.Now == nil || seen.Now.Figures[0].Gained != made.Saved[0].Gained || seen.tag != shared.tag {
		t.Errorf("a colleague sees %+v", seen)
	}
	for _, tt := range []struct {
		name, method, path, who string
		body                    any
		status                  int
	}{
		{"another changes it", http.MethodPatch, one, "colleague", map[string]any{"note": "x"}, http.StatusForbidden},
		{"another deletes it", http.MethodDelete, one + "?reason=x", "colleague", nil, http.StatusForbidden},
		{"null", http.MethodPatch, one, "planner", map[string]any{"note": nil}, http.StatusUnprocessableEntity},
		{"no reason", http.MethodPut, one + "/decision", "colleague", map[string]any{"verdict": "adopted", "reason": " "}, http.StatusUnprocessableEntity},
		{"a reader decides", http.MethodPut, one + "/decision", "reader", map[string]any{"verdict": "adopted", "reason": "x"}, http.StatusForbidden},
		{"a steward decides for the district", http.MethodPut, one + "/decision", "steward", map[string]any{"verdict": "adopted", "reason": "x"}, http.StatusForbidden},
	} {
		if w := o.Do(tt.method, tt.path, as(tt.who, "If-Match", shared.tag), tt.body); w.Code != tt.status {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
	}
	adopted := o.scenario(t, http.MethodPut, one+"/decision", as("colleague", "If-Match", shared.tag), map[string]any{"verdict": "adopted", "reason": "覆盖最多"}, http.StatusOK)
	if adopted.Decision == nil || adopted.Decision.Verdict != "adopted" || !strings.Contains(adopted.Decision.By, "colleague") {
		t.Errorf("%+v", adopted)
	}
	told[struct{}](t, o, http.MethodPatch, one, as("planner", "If-Match", adopted.tag), map[string]any{"note": "x"}, http.StatusConflict)
	told[struct{}](t, o, http.MethodDelete, one+"?reason=x", as("planner", "If-Match", adopted.tag), nil, http.StatusConflict)
	copied := o.scenario(t, http.MethodPost, one+"/copies", as("colleague", "Idempotency-Key", "c1"), map[string]any{"name": "我的一份"}, http.StatusCreated)
	if copied.State != "draft" || !copied.Owner.Me || copied.Saved[0].Gained != made.Saved[0].Gained || copied.Decision != nil {
		t.Errorf("copied: %+v", copied)
	}
	told[struct{}](t, o, http.MethodDelete, scenariosPath+"/"+copied.ID+"?reason="+url.QueryEscape("不要了"), as("colleague", "If-Match", copied.tag), nil, http.StatusNoContent)
	history, _ := told[struct{ Versions []struct{ Version int } }](t, o, http.MethodGet, one+"/history", as("reader"), nil, http.StatusOK)
	if len(history.Versions) != 2 { // shared and adopted; what it was before is the planner's
		t.Errorf("a reader sees %+v", history)
	}
}

func (o *office) whatIf(t *testing.T, scenario map[string]any) (out struct{ Bands []struct{ Gained float64 } }) {
	t.Helper()
	st := o.live.held.State()
	q, _, err := questionAsked(st, scenario["question"].(map[string]string))
	if err != nil {
		t.Fatal(err)
	}
	step := scenario["steps"].([]any)[0].(map[string]any)
	w, err := st.WhatIf(t.Context(), q, []coveragelive.Step{{Kind: "add", ID: "a", At: [2]float64{step["lon"].(float64), step["lat"].(float64)}}})
	if err != nil {
		t.Fatal(err)
	}
	out.Bands = append(out.Bands, struct{ Gained float64 }{float64(w.Delta.Total[0].Gained) / 10_000})
	return out
}

// TestCompareScenarios sets plans side by side, also after the data changed under them.
func TestCompareScenarios(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	st := o.live.held.State()
	canteens := canteensOf(st)
	far := uncoveredHome(t, st)
	add := map[string]any{"do": "add", "id": "new-a", "name": "新食堂址", "lon": far[0], "lat": far[1]}
	dear := o.keep(t, "贵", askedCanteens(600), 50_000_000, add)
	cheap := o.keep(t, "便宜", askedCanteens(600), 20_000_000, add)
	moves := o.keep(t, "搬", askedCanteens(600), 0, map[string]any{"do": "move", "id": canteens[0].ID, "lon": far[0], "lat": far[1]})
	other := o.keep(t, "另问", askedCanteens(900), 0, add)
	ids := func(list ...apiScenario) map[string]any {
		var out []string
		for _, s := range list {
			out = append(out, s.ID)
		}
		return map[string]any{"ids": out}
	}
	c, _ := told[apiComparison](t, o, http.MethodPost, scenariosPath+"/compare", as("reader"), ids(dear, cheap, moves), http.StatusOK)
	checkComparisonCloses(t, c)
	first := c.Options[0].Result
	if first.DominatedBy == nil || first.DominatedBy.ID != cheap.ID || first.DominatedBy.Because.ZH != "“便宜”一次性投入少 300,000 元，其余不比它差" {
		t.Errorf("%+v", first.DominatedBy)
	}
	if c.Options[1].Result.DominatedBy != nil || c.Options[1].Result.PerPerson == nil || c.Options[2].Result.PerPerson != nil {
		t.Errorf("%+v", c.Options)
	}
	if len(c.Map.Outlines) == 0 || len(c.Map.Cells) == 0 || len(c.Map.Options[0].Circles) == 0 || c.Map.Options[2].Pins[0].Do != "move" {
		t.Errorf("%+v", c.Map.Options)
	}
	if c.Facilities[len(c.Facilities)-1].NameZH != "新食堂址" || !c.Facilities[len(c.Facilities)-1].Added {
		t.Errorf("%+v", c.Facilities)
	}
	o.compareOthers(t, ids(cheap, other), other)
	o.closeUnder(t, canteens[0].ID, ids(cheap, moves), moves)
	if w := o.Do(http.MethodPost, scenariosPath+"/compare", as("reader"), map[string]any{"ids": []string{cheap.ID}, "band": "?"}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no such band: %d %s", w.Code, w.Body)
	}
}

// compareOthers compares scenarios that ask different questions.
func (o *office) compareOthers(t *testing.T, body map[string]any, other apiScenario) {
	t.Helper()
	w := o.Do(http.MethodPost, scenariosPath+"/compare", as("reader"), body)
	var p struct {
		Code   string
		Errors []struct{ Pointer, Value string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != "different_questions" || len(p.Errors) != 1 || p.Errors[0].Pointer != "#/ids/1" || !strings.Contains(p.Errors[0].Value, "limit=900") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	body["question_of"] = other.ID
	c, _ := told[apiComparison](t, o, http.MethodPost, scenariosPath+"/compare", as("reader"), body, http.StatusOK)
	if !c.Options[0].Reasked || c.Options[1].Reasked || c.Question["limit"] != "900" || c.Options[0].Result.Gained != c.Options[1].Result.Gained {
		t.Errorf("%+v", c.Options)
	}
}

// closeUnder closes a facility that a scenario moves, and looks what becomes of the scenario.
func (o *office) closeUnder(t *testing.T, id string, body map[string]any, moves apiScenario) {
	t.Helper()
	path := "/api/v1/facilities/" + id
	_, w := told[apiFacility](t, o, http.MethodGet, path, as("planner"), nil, http.StatusOK)
	told[apiFacility](t, o, http.MethodPatch, path, as("planner", "If-Match", w.Header().Get("ETag")), map[string]any{"status": "closed", "reason": "停办"}, http.StatusOK)
	c, _ := told[apiComparison](t, o, http.MethodPost, scenariosPath+"/compare", as("reader"), body, http.StatusOK)
	if c.Options[0].Result == nil || c.Options[0].Remark == nil || !strings.HasPrefix(c.Options[0].Remark.ZH, "数据已更新：") {
		t.Errorf("after a canteen closed: %+v", c.Options[0])
	}
	fault := c.Options[1].Fault
	if c.Options[1].Result != nil || fault == nil || fault.Step == nil || *fault.Step != 0 || fault.Reason.ZH == "" {
		t.Errorf("the one that moves it: %+v", c.Options[1])
	}
	checkComparisonCloses(t, c)
	one := scenariosPath + "/" + moves.ID
	seen := o.scenario(t, http.MethodGet, one, as("reader"), nil, http.StatusOK)
	if seen.Now == nil || seen.Now.Fault == nil || len(seen.Now.Figures) != 0 || !seen.Outdated || len(seen.Saved) == 0 {
		t.Errorf("%+v", seen)
	}
	// It cannot be saved anew as it is; its name can still be changed.
	if w := o.Do(http.MethodPatch, one, as("planner", "If-Match", seen.tag), map[string]any{"refresh": true}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/steps/0") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	o.scenario(t, http.MethodPatch, one, as("planner", "If-Match", seen.tag), map[string]any{"name": "搬不了"}, http.StatusOK)
}

// checkComparisonCloses adds every table up to the totals of each option.
func checkComparisonCloses(t *testing.T, c apiComparison) {
	t.Helper()
	same := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	by := 0.0
	for _, n := range c.Gained.By {
		by += n
	}
	if !same(by, c.Gained.Any) {
		t.Errorf("by numbers of options %v of %v", by, c.Gained.Any)
	}
	for i, o := range c.Options {
		if o.Result == nil {
			if c.Rest[i] != nil {
				t.Errorf("option %d is not answered and has %+v", i, c.Rest[i])
			}
			continue
		}
		divisions, sites, cells := c.Rest[i].Gained-c.Rest[i].Lost, 0.0, 0.0
		for _, d := range c.Divisions {
			divisions += d.Options[i].Gained - d.Options[i].Lost
		}
		for _, f := range c.Facilities {
			if f.Options[i] != nil {
				sites += f.Options[i].Gained - f.Options[i].Lost
			}
		}
		for _, cell := range c.Map.Cells {
			if cell.Options[i] != nil {
				cells += cell.Options[i].Gained
			}
		}
		if !same(divisions, o.Result.Net) || !same(sites, o.Result.Net) || !same(cells, o.Result.Gained) {
			t.Errorf("option %d: divisions %v, facilities %v, squares %v of %+v", i, divisions, sites, cells, o.Result)
		}
	}
}

// uncoveredHome is where somebody lives whom no canteen is near.
func uncoveredHome(t *testing.T, st *coveragelive.State) [2]float64 {
	t.Helper()
	a, err := st.Coverage(t.Context(), coveragelive.Query{Type: "elderly_canteen", LimitS: 600, Speed: 900})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range a.Result.State {
		if s == 1 && a.Demand.People[0][i] > 0 && a.Demand.Snaps[i].OK() {
			return a.Demand.Points[i]
		}
	}
	t.Fatal("everybody is covered")
	return [2]float64{}
}

// TestScenarioQuestions reads kept questions as the map does.
func TestScenarioQuestions(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	st := o.live.held.State()
	f := canteensOf(st)[0]
	step := map[string]any{"do": "close", "id": f.ID}
	for name, tt := range map[string]struct {
		question map[string]string
		step     map[string]any
		pointer  string
	}{
		"no type":         {map[string]string{"limit": "900"}, step, "#/question/type"},
		"unknown type":    {map[string]string{"type": "?"}, step, "#/question/type"},
		"a word":          {map[string]string{"type": "elderly_canteen", "limit": "soon"}, step, "#/question/limit"},
		"unknown":         {map[string]string{"type": "elderly_canteen", "colour": "red"}, step, "#/question/colour"},
		"too wide":        {map[string]string{"type": "elderly_canteen", "limit": "7200"}, step, "#/question/limit"},
		"no place":        {askedCanteens(900), map[string]any{"do": "add", "id": "a"}, "#/steps/0/lon"},
		"no such canteen": {askedCanteens(900), map[string]any{"do": "close", "id": "nobody"}, "#/steps/0"},
	} {
		w := o.Do(http.MethodPost, scenariosPath, as("planner", "Idempotency-Key", url.QueryEscape(name)), map[string]any{"name": name, "question": tt.question, "steps": []any{tt.step}})
		var p struct{ Errors []struct{ Pointer string } }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnprocessableEntity || len(p.Errors) == 0 || p.Errors[0].Pointer != tt.pointer {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	_, whole, err := questionAsked(st, scenarios.Question{"type": "elderly_canteen"})
	if err != nil || whole["limit"] != "900" || whole["base"] == "" {
		t.Errorf("%v %v", err, whole)
	}
}

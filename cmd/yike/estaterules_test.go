package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/auth"
)

const estateRulesPath = "/api/v1/estate-rules"

type apiRule struct {
	ID, State string
	Version   int
	Attached  int
	Words     struct {
		Key         string
		ThresholdZH string `json:"threshold_zh"`
		SourceZH    string `json:"source_zh"`
	}
	Adoption *struct{ By, Day, Reason string }
	Tried    *struct{ Version int }
	Lacks    []struct{ Field string }
	MayWrite bool `json:"may_write"`
}

type apiRules struct {
	MayWrite bool `json:"may_write"`
	Rules    []struct {
		Key, Local string
		Waivers    []struct{ Local string }
	}
	Local []apiRule
}

type apiTrial struct {
	Day   string
	Total int
	All   struct{ Checked, Changed, Turned int }

	Differences []struct {
		Name, Rule    string
		Before, After struct {
			Outcome, Waiver string
			Missing         float64
		}
		ConclusionBefore string `json:"conclusion_before"`
		ConclusionAfter  string `json:"conclusion_after"`
	}
}

// elderlyTotal asks for so many square metres of elderly premises in each estate.
func elderlyTotal(division, value string) map[string]any {
	return map[string]any{
		"kind": "norm", "division": division, "form": "elderly_total", "value_text": value, "applies": "new", "severity": "error", "grade": "R",
		"sentence": "每个新建小区养老用房不少于五百平方米", "source": map[string]any{"title": "关于养老用房的通知", "number": "民发〔2026〕3号", "day": "2026-02-01"},
		"read_by": "王工", "read_on": "2026-02-03", "reason": "区政府通知",
	}
}

// newEstate makes an estate with 400 m² of elderly premises.
func (o *office) newEstate(t *testing.T, name string, at orb.Point) {
	t.Helper()
	o.estatesMade(t, map[string]any{
		"name": name, "kind": "new", "boundary": square(at), "households": 1000, "people": 3100, "reason": "登记",
		"rooms": []any{map[string]any{"name": "日间照料", "use": "elderly_service", "area": 400, "land_share": 620, "floor": "1"}},
	})
}

func (o *office) estatesMade(t *testing.T, body map[string]any) {
	t.Helper()
	answer[apiEstate](t, o, http.MethodPost, estatesPath, as("planner", "Idempotency-Key", fmt.Sprintf("%x", body["name"])), body, http.StatusCreated)
}

// outcomeOf gives what an estate's check finds of rules of an aspect that a bureau made.
func (o *office) outcomeOf(t *testing.T, title string) string {
	t.Helper()
	list := answer[struct{ Estates []struct{ ID string } }](t, o, http.MethodGet, estatesPath, as("planner"), nil, http.StatusOK)
	c := answer[struct {
		Findings []struct {
			Outcome  string
			TitleZH  string `json:"title_zh"`
			ReasonZH string `json:"reason_zh"`
		}
	}](t, o, http.MethodGet, estatesPath+"/"+list.Estates[0].ID+"/check", as("planner"), nil, http.StatusOK)
	var out []string
	for _, f := range c.Findings {
		if f.TitleZH == title {
			out = append(out, strings.TrimSpace(f.Outcome+" "+f.ReasonZH))
		}
	}
	return strings.Join(out, ", ")
}

// TestEstateRules follows a local rule from what is typed to its adoption, a change under its
// trial, and its end; then a declaration that a rule does not hold.
func TestEstateRules(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, _ := o.home(t)
	district := o.state.Pack.AdCode
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "part", auth.Planner, own)
	o.hire(t, "reader", auth.ReadOnly, "")
	o.newEstate(t, "和顺家园", at)
	o.typedRules(t, district)

	draft := elderlyTotal(district, "500㎡")
	made := answer[apiRule](t, o, http.MethodPost, estateRulesPath, as("planner", "Idempotency-Key", "r1"), draft, http.StatusCreated)
	again := answer[apiRule](t, o, http.MethodPost, estateRulesPath, as("planner", "Idempotency-Key", "r1"), draft, http.StatusCreated)
	if made.ID != again.ID || made.State != "draft" || made.Words.ThresholdZH != "≥ 500\u2009㎡" || made.Words.SourceZH != "《关于养老用房的通知》（民发〔2026〕3号，2026-02-01）" || len(made.Lacks) > 0 || !made.MayWrite {
		t.Errorf("%+v and %s", made, again.ID)
	}
	for who, status := range map[string]int{"reader": http.StatusForbidden, "part": http.StatusForbidden} {
		if w := o.Do(http.MethodPost, estateRulesPath, as(who, "Idempotency-Key", who), draft); w.Code != status {
			t.Errorf("%s: %d %s", who, w.Code, w.Body)
		}
	}
	const title = "每个小区养老用房面积"
	if got := o.outcomeOf(t, title); got != "" {
		t.Errorf("a draft finds %q", got)
	}
	one := estateRulesPath + "/" + made.ID
	post := func(path, key, tag string, status int, says string) {
		t.Helper()
		w := o.Do(http.MethodPost, one+path, as("planner", "Idempotency-Key", key, "If-Match", tag), map[string]any{"reason": "办公会议定"})
		if w.Code != status || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: %d %s; want %d %s", path, w.Code, w.Body, status, says)
		}
	}
	post("/adopt", "a0", `"1"`, http.StatusConflict, "not_tried")
	trial := answer[apiTrial](t, o, http.MethodPost, one+"/trial", as("planner", "If-Match", `"1"`), nil, http.StatusOK)
	if trial.All.Checked != 1 || trial.Total != 1 || trial.Differences[0].Rule != "RAT-04" || trial.Differences[0].Before.Outcome != "" ||
		trial.Differences[0].After.Outcome != "fail" || trial.Differences[0].After.Missing != 100 || trial.Day != "2026-11-27" {
		t.Errorf("%+v", trial)
	}
	if w := o.Do(http.MethodGet, one+"/trial.csv?words=zh", as("reader"), nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "和顺家园,,RAT-04") || !strings.Contains(w.Body.String(), "无此要求,不通过") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	// Another estate comes: the trial no longer stands, and says why.
	o.newEstate(t, "和顺二期", orb.Point{at[0] + 0.0002, at[1]})
	post("/adopt", "a1", `"1"`, http.StatusConflict, "1 added")
	answer[apiTrial](t, o, http.MethodPost, one+"/trial", as("planner", "If-Match", `"1"`), nil, http.StatusOK)
	post("/adopt", "a2", `"1"`, http.StatusOK, `"state":"adopted"`)
	post("/adopt", "a2", `"1"`, http.StatusOK, `"state":"adopted"`)
	if got := o.outcomeOf(t, title); got != "fail" {
		t.Errorf("in force it finds %q", got)
	}
	if w := o.Do(http.MethodPut, one, as("planner", "If-Match", `"2"`), draft); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "rule_in_force") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	post("/withdraw", "w0", `"2"`, http.StatusConflict, "not_tried")
	back := answer[apiTrial](t, o, http.MethodPost, one+"/trial", as("planner", "If-Match", `"2"`), nil, http.StatusOK)
	if back.Total != 2 || back.Differences[0].Before.Outcome != "fail" || back.Differences[0].After.Outcome != "" {
		t.Errorf("%+v", back)
	}
	post("/withdraw", "w1", `"2"`, http.StatusOK, `"state":"withdrawn"`)
	if got := o.outcomeOf(t, title); got != "" {
		t.Errorf("withdrawn it finds %q", got)
	}
	history := answer[struct{ Versions []struct{ Why string } }](t, o, http.MethodGet, one+"/history", as("planner"), nil, http.StatusOK)
	if len(history.Versions) != 3 || history.Versions[1].Why != "办公会议定" {
		t.Errorf("%+v", history)
	}
	o.waives(t, district)
}

// typedRules are rules as somebody types them, which are checked and tried and not kept.
func (o *office) typedRules(t *testing.T, district string) {
	t.Helper()
	type check struct {
		Faults, Lacks []struct{ Field, ZH string }
		Value         *float64
		Beside        []struct {
			Rule     struct{ Key string }
			Relation string
		}
	}
	ask := func(how func(map[string]any)) check {
		t.Helper()
		d := elderlyTotal(district, "500")
		delete(d, "reason")
		how(d)
		return answer[check](t, o, http.MethodPost, estateRulesPath+"/check", as("planner"), d, http.StatusOK)
	}
	if c := ask(func(d map[string]any) { d["value_text"] = "20㎡/百户" }); len(c.Faults) != 1 || c.Faults[0].Field != "value" || !strings.Contains(c.Faults[0].ZH, "单位") {
		t.Errorf("%+v", c)
	}
	land := func(text string) func(map[string]any) {
		return func(d map[string]any) { d["form"], d["value_text"] = "elderly_land", text }
	}
	if c := ask(land("200㎡/千人")); len(c.Faults) > 0 || *c.Value != 0.2 || len(c.Beside) == 0 || c.Beside[0].Relation != "stricter" {
		t.Errorf("%+v", c)
	}
	if c := ask(land("0.05")); c.Beside[0].Relation != "looser" {
		t.Errorf("%+v", c)
	}
	if c := ask(func(d map[string]any) { d["read_by"], d["sentence"] = "", "" }); len(c.Lacks) != 2 || len(c.Faults) > 0 {
		t.Errorf("%+v", c)
	}
	d := elderlyTotal(district, "500")
	delete(d, "reason")
	if got := answer[apiTrial](t, o, http.MethodPost, estateRulesPath+"/trial", as("planner"), d, http.StatusOK); got.Total != 1 {
		t.Errorf("%+v", got)
	}
	d["value_text"] = "many"
	for _, path := range []string{"", "/trial"} {
		d["reason"] = "a"
		if path != "" {
			delete(d, "reason")
		}
		if w := o.Do(http.MethodPost, estateRulesPath+path, as("planner", "Idempotency-Key", "bad"), d); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/value") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if w := o.Do(http.MethodGet, estateRulesPath+"/x", as("planner"), nil); w.Code != http.StatusNotFound {
		t.Errorf("none: %d", w.Code)
	}
	forms := answer[struct {
		Forms []struct {
			Code   string
			UnitZH string `json:"unit_zh"`
		}
	}](t, o, http.MethodGet, "/api/v1/estate-rule-forms", as("reader"), nil, http.StatusOK)
	if len(forms.Forms) < 20 || forms.Forms[0].UnitZH != "㎡/百户" {
		t.Errorf("%+v", forms)
	}
}

// waives declares by a document that a rule of the program does not hold.
func (o *office) waives(t *testing.T, district string) {
	t.Helper()
	list := answer[apiRules](t, o, http.MethodGet, estateRulesPath, as("reader"), nil, http.StatusOK)
	if list.MayWrite || len(list.Local) != 1 || len(list.Rules) < 10 {
		t.Errorf("%v %d %d", list.MayWrite, len(list.Local), len(list.Rules))
	}
	made := answer[apiRule](t, o, http.MethodPost, estateRulesPath, as("planner", "Idempotency-Key", "w"), map[string]any{
		"kind": "waiver", "division": district, "waives": "RAT-11@", "sentence": "另行规定", "source": map[string]any{"title": "复函", "day": "2026-03-01"}, "reason": "函",
	}, http.StatusCreated)
	if len(made.Lacks) != 1 || made.Lacks[0].Field != "attachments" {
		t.Fatalf("%+v", made)
	}
	one := estateRulesPath + "/" + made.ID
	trial := answer[apiTrial](t, o, http.MethodPost, one+"/trial", as("planner", "If-Match", `"1"`), nil, http.StatusOK)
	if trial.Total != 2 || trial.Differences[0].After.Waiver != made.ID {
		t.Errorf("%+v", trial)
	}
	if w := o.Do(http.MethodPost, one+"/adopt", as("planner", "Idempotency-Key", "x", "If-Match", `"1"`), map[string]any{"reason": "a"}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "#/attachments") {
		t.Errorf("without its document: %d %s", w.Code, w.Body)
	}
	body := map[string]any{
		"kind": "waiver", "division": district, "waives": "RAT-11@", "sentence": "另行规定", "source": map[string]any{"title": "复函", "day": "2026-03-01"}, "reason": "函",
		"read_by": "王工", "read_on": "2026-03-02",
	}
	answer[apiRule](t, o, http.MethodPut, one, as("planner", "If-Match", `"1"`), body, http.StatusOK)
	answer[apiTrial](t, o, http.MethodPost, one+"/trial", as("planner", "If-Match", `"2"`), nil, http.StatusOK)
	answer[apiRule](t, o, http.MethodPost, one+"/adopt", as("planner", "Idempotency-Key", "y", "If-Match", `"2"`), map[string]any{"reason": "a"}, http.StatusOK)
	if got := o.outcomeOf(t, "面积不重复计算"); got != "not_applicable 本局依据《复函》（2026-03-01）声明本条在此不适用" {
		t.Errorf("%q", got)
	}
	list = answer[apiRules](t, o, http.MethodGet, estateRulesPath, as("planner"), nil, http.StatusOK)
	declared := 0
	for _, r := range list.Rules {
		if r.Key == "RAT-11@" {
			declared = len(r.Waivers)
		}
	}
	if !list.MayWrite || declared != 1 {
		t.Errorf("%v, %d declarations", list.MayWrite, declared)
	}
	gone := answer[apiRule](t, o, http.MethodPost, estateRulesPath, as("planner", "Idempotency-Key", "g"), elderlyTotal(district, "600"), http.StatusCreated)
	if w := o.Do(http.MethodDelete, estateRulesPath+"/"+gone.ID+"?reason=a", as("planner", "If-Match", `"1"`), nil); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

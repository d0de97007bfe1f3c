package indicatorhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/facilities/indicators/indicatorhttp"
	"yike/geo/divisions"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

func ptr[T any](v T) *T { return &v }

// fakePlans keeps what it was asked to write, and answers from one plan or with an error.
type fakePlans struct {
	whole indicators.Whole
	fail  error
	files error

	wrote    any
	rows     []indicators.Indicator
	projects []indicators.Project
	expected int
	reason   string
	again    bool
	format   string
	kind     indicators.ReviewKind
	year     int
}

func (p *fakePlans) Today() record.Day { return "2026-11-27" }

func (p *fakePlans) Types() ([]facilities.TypeInfo, error) {
	if errors.Is(p.fail, indicatorhttp.ErrNotReady) {
		return nil, p.fail
	}
	return facilities.Catalogue()
}

func (p *fakePlans) Notices() ([]indicators.Text, error) {
	return []indicators.Text{{ZH: "合成示例", EN: "synthetic"}}, nil
}

func (p *fakePlans) List(context.Context) ([]indicatorhttp.Listed, error) {
	return []indicatorhttp.Listed{{Plan: p.whole.Plan, Indicators: 3, Numbered: 2, Projects: 1}}, p.fail
}

func (p *fakePlans) Whole(_ context.Context, id string) (indicators.Whole, error) {
	if p.fail == nil && id != p.whole.Plan.ID {
		return indicators.Whole{}, indicatorhttp.ErrNotFound
	}
	w := p.whole
	w.Indicators = slices.Clone(w.Indicators)
	return w, p.fail
}

func (p *fakePlans) Facts(_ context.Context, year int) (*indicators.Facts, error) {
	day, ok := indicators.FactsDay(year, p.Today())
	if !ok {
		return nil, p.fail
	}
	types, err := facilities.Catalogue()
	place := func(id string, fields map[string]any) facilities.Facility {
		return facilities.Facility{ID: id, NameZH: "食堂" + id, Type: "elderly_canteen", Status: facilities.Open, Stage: facilities.Published, DivisionCode: "990001001001", Fields: fields, ValidFrom: "2020-01-01"}
	}
	return &indicators.Facts{
		Day: day, Types: types, Facilities: []facilities.Facility{place("1", map[string]any{"grade": "1"}), place("2", nil)},
		Divisions: []divisions.Division{{Code: "990001001001", Level: divisions.Community, NameZH: "甲"}, {Code: "990001001002", Level: divisions.Community, NameZH: "乙"}},
		Elders:    []indicators.People{{Base: divisions.Registered, Number: 2000}},
		Reach: func([]facilities.Type) indicators.Reach {
			return indicators.Reach{Covered: 80, Population: 100, Base: divisions.Resident, Band: "60+", Minutes: 15}
		},
	}, errors.Join(err, p.fail)
}

func (p *fakePlans) ValueHistory(_ context.Context, _, id string) ([]httpapi.RecordVersion, error) {
	if p.fail == nil && id != "v" {
		return nil, indicatorhttp.ErrNotFound
	}
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	return []httpapi.RecordVersion{{
		Version: 1, RecordedFrom: at, RecordDeed: httpapi.RecordDeed{Who: "王", Why: "填报", At: &at, Change: "c", Action: "plan_value.create"},
		Fields: []httpapi.RecordField{{Field: "number", After: 0}},
	}}, p.fail
}

func (p *fakePlans) keep(wrote any, expected int, reason string) error {
	p.wrote, p.expected, p.reason = wrote, expected, reason
	return p.fail
}

func (p *fakePlans) Create(_ context.Context, plan indicators.Plan, rows []indicators.Indicator, projects []indicators.Project, reason string) (indicators.Plan, error) {
	p.rows, p.projects = rows, projects
	err := p.keep(plan, 0, reason)
	plan.ID, plan.Version = "9", 1
	return plan, err
}

func (p *fakePlans) Update(_ context.Context, id string, expected int, plan indicators.Plan, reason string) (indicators.Plan, error) {
	err := p.keep(plan, expected, reason)
	plan.ID, plan.Version = id, expected+1
	return plan, err
}

func (p *fakePlans) Delete(_ context.Context, id string, expected int, reason string) error {
	return p.keep(id, expected, reason)
}

func (p *fakePlans) AddIndicator(_ context.Context, plan string, i indicators.Indicator, reason string) (indicators.Indicator, error) {
	err := p.keep(i, 0, reason)
	i.ID, i.PlanID, i.Version = "9", plan, 1
	return i, err
}

func (p *fakePlans) UpdateIndicator(_ context.Context, _, id string, expected int, i indicators.Indicator, reason string) (indicators.Indicator, error) {
	err := p.keep(i, expected, reason)
	i.ID, i.Version = id, expected+1
	return i, err
}

func (p *fakePlans) DeleteIndicator(_ context.Context, _, id string, expected int, reason string) error {
	return p.keep(id, expected, reason)
}

func (p *fakePlans) AddValue(_ context.Context, _ string, v indicators.Value, reason string) (indicators.Value, error) {
	err := p.keep(v, 0, reason)
	v.ID, v.Version, v.Source = "9", 1, indicators.Entered
	return v, err
}

func (p *fakePlans) UpdateValue(_ context.Context, _, id string, expected int, v indicators.Value, reason string) (indicators.Value, error) {
	err := p.keep(v, expected, reason)
	v.ID, v.Version, v.Source = id, expected+1, indicators.Entered
	return v, err
}

func (p *fakePlans) DeleteValue(_ context.Context, _, id string, expected int, reason string) error {
	return p.keep(id, expected, reason)
}

func (p *fakePlans) AddProject(_ context.Context, _ string, j indicators.Project, reason string) (indicators.Project, error) {
	err := p.keep(j, 0, reason)
	j.ID, j.Version = "9", 1
	return j, err
}

func (p *fakePlans) UpdateProject(_ context.Context, _, id string, expected int, j indicators.Project, reason string) (indicators.Project, error) {
	err := p.keep(j, expected, reason)
	j.ID, j.Version = id, expected+1
	return j, err
}

func (p *fakePlans) DeleteProject(_ context.Context, _, id string, expected int, reason string) error {
	return p.keep(id, expected, reason)
}

func (p *fakePlans) Seal(_ context.Context, _ string, values []indicators.Value, again bool, reason string) (indicatorhttp.Sealed, error) {
	p.again = again
	return indicatorhttp.Sealed{Kept: len(values)}, p.keep(values, 0, reason)
}

func (p *fakePlans) Write(w io.Writer, format string, b indicators.Board, kind indicators.ReviewKind, english bool, _ record.Day, notices []indicators.Text) error {
	p.format, p.kind, p.year = format, kind, b.Year
	if p.files != nil {
		return p.files
	}
	_, err := io.WriteString(w, map[bool]string{true: "English ", false: "中文 "}[english]+format+" "+notices[0].ZH)
	return err
}

func plans() *fakePlans {
	source := indicators.Source{Document: "S", Where: "表1", Quote: "1 食堂 4"}
	unit := indicators.Formula{Kind: indicators.UnitCoverage, Of: []indicators.Selection{{Type: "elderly_canteen"}}}
	some := indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{{Type: "elderly_canteen", Where: []indicators.Condition{{Field: "grade", Is: []string{"1"}}}}}}
	return &fakePlans{whole: indicators.Whole{
		Plan: indicators.Plan{
			ID: "p", Version: 3, Title: indicators.Text{ZH: "规划"}, BaseYear: 2025, TargetYear: 2030, Groups: []indicators.Group{{Key: "e", Text: indicators.Text{ZH: "养老"}}},
			Documents: []indicators.Document{{Key: "S", Title: "全文"}},
		},
		Indicators: []indicators.Indicator{
			{
				ID: "a", Version: 2, Position: 1, Number: 1, Group: "e", Name: indicators.Text{ZH: "覆盖率"}, Unit: indicators.Text{ZH: "%"}, Ratio: true, Kind: indicators.Binding, Prefer: indicators.PreferComputed,
				Baseline: indicators.ParseAmount("—"), Target: indicators.ParseAmount("全覆盖"), Sources: []indicators.Source{source}, Formula: unit, Base: indicators.Communities,
				Contradict: []indicators.Contradiction{{What: indicators.Text{ZH: "多少"}, A: indicators.Version{Says: indicators.Text{ZH: "4"}, Source: source}, B: indicators.Version{Says: indicators.Text{ZH: "5"}}}},
			},
			{ID: "b", Version: 1, Position: 2, Name: indicators.Text{ZH: "一级食堂"}, Prefer: indicators.PreferComputed, Target: indicators.ParseAmount("4"), Formula: some, Yearly: []indicators.YearTarget{{Year: 2027, Target: indicators.ParseAmount("2"), Source: source}}},
			{ID: "c", Version: 1, Position: 3, Name: indicators.Text{ZH: "标准"}, Prefer: indicators.PreferComputed, Target: indicators.ParseAmount("不低于市级标准"), Formula: indicators.Formula{Kind: indicators.ByHand}},
		},
		Values: []indicators.Value{
			{ID: "v", Version: 1, IndicatorID: "c", Year: 2026, Source: indicators.Entered, Number: ptr(0.0), Verdict: indicators.VerdictMet, Evidence: indicators.Evidence{Document: "表"}, Who: "王", On: "2026-11-01"},
			{ID: "w", Version: 1, IndicatorID: "a", Year: 2025, Source: indicators.Sealed, Number: ptr(40.0), Who: "李", On: "2026-01-02", Kept: &indicators.Kept{Day: "2025-12-31", Formula: unit}},
		},
		Projects: []indicators.Project{{ID: "j", Version: 1, Name: indicators.Text{ZH: "新建"}, To: 2027, State: indicators.ProjectPlanned, IndicatorID: "b", Source: source}},
	}}
}

func serve(t *testing.T, p *fakePlans, who *auth.Identity) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	if who != nil {
		router.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), *who)))
			})
		})
	}
	indicatorhttp.Register(httpapi.NewAPI(router), p, p)
	return httpapitest.New(t, router)
}

type object = map[string]any

func get(t *testing.T, s *httpapitest.Server, path string) object {
	t.Helper()
	w := s.Get(path, nil)
	var out object
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return out
}

// at follows keys and indices into an answer.
func at(v any, path ...any) any {
	for _, key := range path {
		switch key := key.(type) {
		case string:
			v = v.(object)[key]
		case int:
			v = v.([]any)[key]
		}
	}
	return v
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	s := serve(t, plans(), nil)
	rows, list := 0.0, at(get(t, s, "/api/v1/plan-templates"), "templates").([]any)
	for _, tpl := range list {
		rows += at(tpl, "numbered").(float64)
		one := get(t, s, "/api/v1/plan-templates/"+at(tpl, "key").(string))
		n := len(at(one, "indicators").([]any))
		if float64(n) != at(tpl, "numbered").(float64)+at(tpl, "in_text").(float64) || at(one, "indicators", 0, "sources", 0, "quote") == "" || at(one, "indicators", 0, "formula_text", "zh") == "" {
			t.Errorf("%s has %d rows", at(tpl, "key"), n)
		}
	}
	if len(list) != 4 || rows != 72 {
		t.Errorf("%d templates with %v rows", len(list), rows)
	}
	xixian := get(t, s, "/api/v1/plan-templates/xixian-145")
	if at(xixian, "indicators", 7, "baseline", "number") != nil || at(xixian, "indicators", 7, "baseline", "text") != "---" || at(xixian, "indicators", 14, "baseline", "number") != 0.0 {
		t.Error("a dash is a number, or 0 is none")
	}
	formulas := get(t, s, "/api/v1/plan-formulas")
	if n := len(at(formulas, "formulas").([]any)); n != len(indicators.Formulas()) {
		t.Errorf("%d formulas", n)
	}
	if at(formulas, "types", 0, "type") != "elderly_institution" || len(at(formulas, "types", 0, "numbers").([]any)) < 3 || at(formulas, "types", 0, "conditions", 0, "values", 0, "value") == "" {
		t.Errorf("%v", at(formulas, "types", 0))
	}
}

func TestReading(t *testing.T) {
	t.Parallel()
	s := serve(t, plans(), nil)
	list := get(t, s, "/api/v1/plans")
	if at(list, "plans", 0, "indicators") != 3.0 || at(list, "plans", 0, "base_year") != 2025.0 {
		t.Errorf("%v", list)
	}
	w := s.Get("/api/v1/plans/p", nil)
	if w.Header().Get("ETag") != `"3"` || w.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("headers %v", w.Header())
	}
	if past := get(t, s, "/api/v1/plans/p/values/v/history"); at(past, "versions", 0, "who") != "王" || at(past, "versions", 0, "fields", 0, "after") != 0.0 {
		t.Errorf("%v", past)
	}
	whole := get(t, s, "/api/v1/plans/p")
	if at(whole, "values", 0, "number") != 0.0 || at(whole, "values", 1, "kept_day") != "2025-12-31" || at(whole, "projects", 0, "indicator") != "b" || at(whole, "indicators", 1, "yearly", 0, "target", "number") != 2.0 {
		t.Errorf("%v", whole)
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	s := serve(t, plans(), nil)
	b := get(t, s, "/api/v1/plans/p/board")
	if at(b, "year") != 2026.0 || at(b, "day") != "2026-11-27" || at(b, "notices", 0, "zh") != "合成示例" || at(b, "kind") != "" {
		t.Errorf("%v", b)
	}
	a := at(b, "lines", 0)
	// One of two communities has a canteen; four of five people walk to one.
	if at(a, "number") != 50.0 || at(a, "from") != "computed" || at(a, "live", "reach", "share") != 80.0 || at(a, "live", "units", "without") != 1.0 || at(a, "live", "units", "own") != 1.0 {
		t.Errorf("%v", a)
	}
	if notes, _ := json.Marshal(at(a, "live", "notes")); !strings.Contains(string(notes), "30 个百分点") {
		t.Errorf("%s", notes)
	}
	// Of one canteen nobody knows the grade.
	lower := at(b, "lines", 1)
	if at(lower, "number") != nil || at(lower, "at_least") != 1.0 || at(lower, "live", "lacking") != 1.0 || at(lower, "status") != "unknown" {
		t.Errorf("%v", lower)
	}
	words := at(b, "lines", 2)
	if at(words, "number") != 0.0 || at(words, "entered", "verdict") != "met" || words.(object)["live"] != nil {
		t.Errorf("%v", words)
	}
	later := get(t, s, "/api/v1/plans/p/board?year=2029")
	if at(later, "day") != "" || at(later, "lines", 0).(object)["live"] != nil || at(later, "lines", 0, "number") != nil {
		t.Errorf("of a year to come: %v", later)
	}
	past := get(t, s, "/api/v1/plans/p/board?year=2025")
	if at(past, "day") != "2025-12-31" || at(past, "lines", 0, "from") != "sealed" || !strings.Contains(at(past, "lines", 0, "apart", "zh").(string), "封存 40") {
		t.Errorf("of a sealed year: %v", at(past, "lines", 0))
	}
}

func TestReview(t *testing.T) {
	t.Parallel()
	p := plans()
	s := serve(t, p, nil)
	if b := get(t, s, "/api/v1/plans/p/review?kind=mid-term"); at(b, "year") != 2028.0 || at(b, "kind") != "mid-term" {
		t.Errorf("%v", b)
	}
	if b := get(t, s, "/api/v1/plans/p/review?kind=final&year=2026"); at(b, "year") != 2026.0 {
		t.Errorf("%v", b)
	}
	for path, want := range map[string]struct {
		mime, body string
		kind       indicators.ReviewKind
		year       int
	}{
		"/api/v1/plans/p/review.csv":                         {"text/csv; charset=utf-8", "中文 csv 合成示例", "", 2026},
		"/api/v1/plans/p/review.csv?kind=final&words=en":     {"text/csv; charset=utf-8", "English csv 合成示例", indicators.Final, 2030},
		"/api/v1/plans/p/review.pdf?kind=mid-term&year=2027": {"application/pdf", "中文 pdf 合成示例", indicators.MidTerm, 2027},
	} {
		w := s.Raw(path, nil) // the reader of documents knows no PDF
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want.mime || w.Body.String() != want.body || p.kind != want.kind || p.year != want.year ||
			!strings.Contains(w.Header().Get("Content-Disposition"), "filename*=UTF-8''%E8%A7%84%E5%88%92-") {
			t.Errorf("%s: %d %v %s; %s %d", path, w.Code, w.Header(), w.Body, p.kind, p.year)
		}
	}
}

func TestExplanation(t *testing.T) {
	t.Parallel()
	s := serve(t, plans(), nil)
	e := get(t, s, "/api/v1/plans/p/indicators/a/explanation")
	if at(e, "line", "number") != 50.0 || len(at(e, "facilities").([]any)) != 2 || at(e, "without", 0, "name_zh") != "乙" || at(e, "withheld") != false {
		t.Errorf("%v", e)
	}
	e = get(t, s, "/api/v1/plans/p/indicators/b/explanation")
	if at(e, "facilities", 0, "id") != "2" || at(e, "facilities", 0, "counted") != false || at(e, "facilities", 1, "counted") != true {
		t.Errorf("what lacks something comes first: %v", at(e, "facilities"))
	}
	e = get(t, s, "/api/v1/plans/p/indicators/c/explanation")
	if len(at(e, "facilities").([]any)) != 0 || at(e, "line", "entered", "who") != "王" {
		t.Errorf("%v", e)
	}
	// What facilities there were on a past day is for who may look back.
	if e = get(t, s, "/api/v1/plans/p/indicators/a/explanation?year=2025"); at(e, "withheld") != true || len(at(e, "facilities").([]any)) != 0 || len(at(e, "without").([]any)) != 1 {
		t.Errorf("%v", e)
	}
	s = serve(t, plans(), &auth.Identity{Grants: []auth.Grant{{Role: auth.Planner}}})
	if e = get(t, s, "/api/v1/plans/p/indicators/a/explanation?year=2025"); at(e, "withheld") != false || len(at(e, "facilities").([]any)) != 2 {
		t.Errorf("%v", e)
	}
}

func keyed() http.Header { return http.Header{"Idempotency-Key": {"k"}} }

func seen() http.Header { return http.Header{"If-Match": {`"3"`}} }

func TestCreate(t *testing.T) {
	t.Parallel()
	p := plans()
	s := serve(t, p, nil)
	w := s.Do(http.MethodPost, "/api/v1/plans", keyed(), object{"template": "xiqing-145", "title": object{"zh": "本区规划"}, "reason": "采用"})
	if w.Code != http.StatusCreated || w.Header().Get("Location") != "/api/v1/plans/9" || w.Header().Get("ETag") != `"1"` {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if plan := p.wrote.(indicators.Plan); plan.Title.ZH != "本区规划" || plan.Template != "xiqing-145" || len(p.rows) < 25 || len(p.projects) == 0 || p.reason != "采用" {
		t.Errorf("%+v, %d rows, %d projects", plan, len(p.rows), len(p.projects))
	}
	w = s.Do(http.MethodPost, "/api/v1/plans", keyed(), object{"title": object{"zh": "“十五五”规划"}, "base_year": 2025, "target_year": 2030, "groups": []object{{"key": "e", "zh": "养老"}}, "reason": "新建"})
	want := indicators.Plan{Title: indicators.Text{ZH: "“十五五”规划"}, BaseYear: 2025, TargetYear: 2030, Groups: []indicators.Group{{Key: "e", Text: indicators.Text{ZH: "养老"}}}}
	if d := cmp.Diff(want, p.wrote, cmpopts.EquateEmpty()); d != "" || w.Code != http.StatusCreated || len(p.rows) != 0 {
		t.Errorf("%d %s", w.Code, d)
	}
}

func TestUpdatePlan(t *testing.T) {
	t.Parallel()
	p := plans()
	s := serve(t, p, nil)
	whole := get(t, s, "/api/v1/plans/p")
	body := at(whole, "plan").(object)
	for _, own := range []string{"id", "version", "template"} {
		delete(body, own)
	}
	body["reason"], body["ended"] = "结束", true
	w := s.Do(http.MethodPut, "/api/v1/plans/p", seen(), body)
	want := p.whole.Plan
	want.ID, want.Version, want.Ended = "", 0, true
	if d := cmp.Diff(want, p.wrote, cmpopts.EquateEmpty()); d != "" || w.Code != http.StatusOK || w.Header().Get("ETag") != `"4"` || p.expected != 3 || p.reason != "结束" {
		t.Errorf("%d %s %s", w.Code, w.Body, d)
	}
	if w := s.Do(http.MethodDelete, "/api/v1/plans/p?reason=x", seen(), nil); w.Code != http.StatusNoContent || p.wrote != "p" || p.reason != "x" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// What the API gives of an indicator can be sent back, and is the same indicator.
func TestIndicatorRoundTrip(t *testing.T) {
	t.Parallel()
	templates, err := indicators.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range templates {
		p := plans()
		s := serve(t, p, nil)
		given := at(get(t, s, "/api/v1/plan-templates/"+tpl.Key), "indicators").([]any)
		for n, i := range tpl.Indicators {
			body := given[n].(object)
			for _, own := range []string{"id", "version", "key", "formula_text"} {
				delete(body, own)
			}
			body["baseline"], body["target"], body["reason"] = at(body, "baseline", "text"), at(body, "target", "text"), "照录"
			for _, y := range body["yearly"].([]any) {
				y.(object)["target"] = at(y, "target", "text")
			}
			w := s.Do(http.MethodPut, "/api/v1/plans/p/indicators/a", seen(), body)
			i.Key, i.Position = "", 0
			if d := cmp.Diff(i, p.wrote, cmpopts.EquateEmpty()); d != "" || w.Code != http.StatusOK {
				t.Errorf("%s %d: %d %s %s", tpl.Key, n, w.Code, w.Body, d)
			}
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	p := plans()
	s := serve(t, p, nil)
	indicator := object{"name": object{"zh": "食堂"}, "target": "≥160", "formula": object{"kind": "entered"}, "reason": "新增"}
	if w := s.Do(http.MethodPost, "/api/v1/plans/p/indicators", keyed(), indicator); w.Code != http.StatusCreated || p.wrote.(indicators.Indicator).Prefer != indicators.PreferComputed || *p.wrote.(indicators.Indicator).Target.Number != 160 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	value := object{"indicator": "c", "year": 2026, "number": 0, "evidence": object{"document": "统计表", "quote": "第 3 行", "day": "2026-11-01"}, "reason": "填报"}
	if w := s.Do(http.MethodPost, "/api/v1/plans/p/values", keyed(), value); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"number":0`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if v := p.wrote.(indicators.Value); v.Number == nil || *v.Number != 0 || v.IndicatorID != "c" || v.Year != 2026 || v.Evidence.Day != "2026-11-01" {
		t.Errorf("%+v", v)
	}
	for name, body := range map[string]object{
		"left out": {"words": "尚未统计", "verdict": "not_met", "evidence": object{"document": "a"}, "reason": "更正"},
		"null":     {"number": nil, "words": "尚未统计", "verdict": "not_met", "evidence": object{"document": "a"}, "reason": "更正"},
	} {
		w := s.Do(http.MethodPut, "/api/v1/plans/p/values/v", seen(), body)
		if v := p.wrote.(indicators.Value); w.Code != http.StatusOK || v.Number != nil || v.Verdict != indicators.VerdictNot || p.expected != 3 {
			t.Errorf("a number %s: %d %s %+v", name, w.Code, w.Body, v)
		}
	}
	project := object{
		"name": object{"zh": "新建"}, "from": 2026, "to": 0, "state": "building", "place": "中北镇", "indicator": "b", "facility": "", "note": "", "source": object{"quote": ""}, "reason": "立项",
	}
	if w := s.Do(http.MethodPost, "/api/v1/plans/p/projects", keyed(), project); w.Code != http.StatusCreated || p.wrote.(indicators.Project).Place != "中北镇" || p.wrote.(indicators.Project).IndicatorID != "b" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	project["state"] = "done"
	if w := s.Do(http.MethodPut, "/api/v1/plans/p/projects/j", seen(), project); w.Code != http.StatusOK || p.wrote.(indicators.Project).State != indicators.ProjectDone || w.Header().Get("ETag") != `"4"` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, path := range []string{"indicators/a", "values/v", "projects/j"} {
		if w := s.Do(http.MethodDelete, "/api/v1/plans/p/"+path+"?reason=x", seen(), nil); w.Code != http.StatusNoContent || p.wrote != path[strings.Index(path, "/")+1:] || p.expected != 3 || p.reason != "x" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	p := plans()
	s := serve(t, p, nil)
	w := s.Do(http.MethodPost, "/api/v1/plans/p/seals", keyed(), object{"year": 2026, "again": true, "reason": "封存 2026 年度数值"})
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"kept":1`) || !strings.Contains(w.Body.String(), `"unknown":1`) || !p.again {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if list := p.wrote.([]indicators.Value); len(list) != 1 || list[0].IndicatorID != "a" || *list[0].Number != 50 || list[0].Kept.Day != "2026-11-27" {
		t.Errorf("%+v", list)
	}
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	loading, gone, invalid, fontless := plans(), plans(), plans(), plans()
	loading.fail, gone.fail, fontless.files = indicatorhttp.ErrNotReady, indicatorhttp.ErrNotFound, indicatorhttp.ErrNoFonts
	invalid.fail = &record.InvalidError{Faults: []record.Fault{{Field: "formula.of[0].type", Value: "pub", ZH: "没有", EN: "none"}}}
	plain, served := plans(), map[*fakePlans]*httpapitest.Server{}
	value := object{"number": 1, "evidence": object{"document": "a"}, "reason": "a"}
	indicator := object{"name": object{"zh": "a"}, "formula": object{"kind": "entered"}, "reason": "a"}
	for _, tc := range []struct {
		p            *fakePlans
		method, path string
		header       http.Header
		body         object
		status       int
		code         string
	}{
		{loading, "GET", "plans", nil, nil, 503, "not_ready"},
		{loading, "GET", "plans/p", nil, nil, 503, "not_ready"},
		{loading, "GET", "plans/p/board", nil, nil, 503, "not_ready"},
		{loading, "GET", "plan-templates/xiqing-145", nil, nil, 503, "not_ready"},
		{plain, "GET", "plan-templates/none", nil, nil, 404, "unknown_plan_template"},
		{plain, "GET", "plans/q", nil, nil, 404, "unknown_plan"},
		{plain, "GET", "plans/p/values/x/history", nil, nil, 404, "unknown_plan"},
		{plain, "GET", "plans/q/board", nil, nil, 404, "unknown_plan"},
		{plain, "GET", "plans/p/board?year=2024", nil, nil, 422, "bad_year"},
		{plain, "GET", "plans/p/board?year=2061", nil, nil, 422, "bad_year"},
		{plain, "GET", "plans/p/board?year=soon", nil, nil, 422, "validation"},
		{plain, "GET", "plans/p/review", nil, nil, 422, "validation"},
		{plain, "GET", "plans/p/review?kind=yearly", nil, nil, 422, "validation"},
		{plain, "GET", "plans/p/indicators/q/explanation", nil, nil, 404, "unknown_plan"},
		{plain, "GET", "plans/p/indicators/a/explanation?year=2000", nil, nil, 422, "bad_year"},
		{fontless, "GET", "plans/p/review.pdf", nil, nil, 503, "no_fonts"},
		{plain, "POST", "plans", keyed(), object{"template": "none", "reason": "a"}, 404, "unknown_plan_template"},
		{plain, "POST", "plans", nil, object{"reason": "a"}, 400, "idempotency_key_required"},
		{plain, "POST", "plans/p/indicators", nil, indicator, 400, "idempotency_key_required"},
		{plain, "POST", "plans/p/values", nil, object{"indicator": "a", "year": 2026, "evidence": object{"document": "a"}, "reason": "a"}, 400, "idempotency_key_required"},
		{plain, "POST", "plans/p/seals", nil, object{"year": 2026, "reason": "a"}, 400, "idempotency_key_required"},
		{plain, "POST", "plans/p/seals", keyed(), object{"year": 2027, "reason": "a"}, 422, "year_not_begun"},
		{plain, "PUT", "plans/p/values/v", nil, value, 428, "precondition_required"},
		{plain, "PUT", "plans/p/indicators/a", nil, indicator, 428, "precondition_required"},
		{plain, "DELETE", "plans/p", nil, nil, 428, "precondition_required"},
		{plain, "DELETE", "plans/p/values/v", nil, nil, 428, "precondition_required"},
		{plain, "DELETE", "plans/p/projects/j", nil, nil, 428, "precondition_required"},
		{gone, "PUT", "plans/p/values/v", seen(), value, 404, "unknown_plan"},
		{gone, "DELETE", "plans/p/indicators/a", seen(), nil, 404, "unknown_plan"},
		{invalid, "PUT", "plans/p/indicators/a", seen(), indicator, 422, "validation"},
		{plain, "PUT", "plans/p/indicators/a", seen(), object{"name": object{"zh": "a"}, "formula": object{"kind": "guess"}, "reason": "a"}, 422, "validation"},
	} {
		s := served[tc.p]
		if s == nil {
			s = serve(t, tc.p, nil)
			served[tc.p] = s
		}
		var body any
		if tc.body != nil {
			body = tc.body
		}
		w := s.Do(tc.method, "/api/v1/"+tc.path, tc.header, body)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code+`"`) {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
		if tc.p == invalid && !strings.Contains(w.Body.String(), `"pointer":"#/formula/of/0/type"`) {
			t.Errorf("%s", w.Body)
		}
	}
}

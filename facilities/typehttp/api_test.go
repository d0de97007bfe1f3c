package typehttp_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/typehttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fake answers with one type or an error, and keeps what it was asked.
type fake struct {
	fail  error
	made  facilities.TypeInfo
	patch facilities.TypePatch
	asked string
}

func bath() facilities.TypeInfo {
	most := 100.0
	return facilities.TypeInfo{
		Type: "bath_point", ZH: "助浴点", EN: "bathing point", Group: "elderly", CapacityUnit: "visits_per_day", CapacityField: "visits", Serves: "elders",
		Measure: facilities.Walk, DoorPage: true, Icon: "bath", Standards: []string{"FAC-11"}, Origin: facilities.FromBureau,
		Limits: []facilities.Limit{{Minutes: 15, Grade: "P", CiteZH: "本局意见", CiteEN: "ours"}},
		Fields: []facilities.FieldInfo{{Field: "visits", ZH: "人次", EN: "visits", Kind: facilities.Integer, Tab: facilities.Service, Max: &most, Required: true}},
		Past: []facilities.FieldInfo{{
			Field: "ways", ZH: "方式", EN: "ways", Kind: facilities.Chosen, Tab: facilities.Service, Choices: []facilities.Choice{{Value: "home", ZH: "上门", EN: "home"}},
		}},
	}
}

func (f *fake) kept() facilities.LocalType {
	base := bath()
	return facilities.LocalType{ID: "i", Version: 3, Definition: bath(), Base: &base}
}

func (f *fake) Parts(context.Context) (typehttp.Parts, error) {
	return typehttp.Parts{
		Units: []facilities.Choice{{Value: "m2", ZH: "㎡", EN: "m²"}}, Groups: []facilities.Group{{Group: "funeral", ZH: "殡葬", EN: "Funeral", NeverAtDoors: true}},
		Common: bath().Fields, Standards: []typehttp.Standard{{ID: "FAC-11", ZH: "步行", EN: "walk"}}, Misfits: []facilities.Misfit{{Type: "old", Err: errors.New("no unit")}},
	}, f.fail
}

func (f *fake) Type(_ context.Context, code facilities.Type) (facilities.LocalType, error) {
	f.asked = string(code)
	return f.kept(), f.fail
}

func (f *fake) Check(_ context.Context, t facilities.TypeInfo) (facilities.TypeCheck, []typehttp.Head, error) {
	f.made = t
	c := facilities.NewCensus(bath(), facilities.TypeInfo{Type: "bath_point"}, 0)
	c.Add(facilities.Facility{Type: "bath_point", Stage: facilities.Published, Fields: map[string]any{"visits": 3.0}})
	return facilities.TypeCheck{Definition: bath(), Census: c, AtDoors: true, Faults: c.Refusals(nil)}, []typehttp.Head{{Code: "name_zh", Head: "名称", Required: true}}, f.fail
}

func (f *fake) Create(_ context.Context, t facilities.TypeInfo, c record.Change) (facilities.LocalType, error) {
	f.made, f.asked = t, c.Reason
	return f.kept(), f.fail
}

func (f *fake) Update(_ context.Context, code facilities.Type, expected int, p facilities.TypePatch, c record.Change) (facilities.LocalType, error) {
	f.patch, f.asked = p, string(code)+c.Reason
	k := f.kept()
	k.Version = expected + 1
	return k, f.fail
}

func (f *fake) Remove(_ context.Context, code facilities.Type, _ int, c record.Change) error {
	f.asked = string(code) + c.Reason
	return f.fail
}

func (f *fake) History(context.Context, facilities.Type) ([]httpapi.RecordVersion, error) {
	return []httpapi.RecordVersion{}, f.fail
}

func serve(t *testing.T, f *fake) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	typehttp.Register(httpapi.NewAPI(router), f)
	return httpapitest.New(t, router)
}

const path = "/api/v1/facility-types"

func headers() http.Header {
	return http.Header{"Idempotency-Key": {"k"}, "If-Match": {`"2"`}}
}

func draft() map[string]any {
	return map[string]any{
		"zh": "助浴点", "group": "elderly", "capacity_unit": "visits_per_day", "serves": "elders", "measure": "walk", "reason": "新开",
		"fields":      []map[string]any{{"zh": "人次", "kind": "integer", "tab": "service", "min": 0}},
		"past_fields": []map[string]any{{"field": "ways", "zh": "方式", "kind": "choice", "tab": "service", "choices": []map[string]any{{"zh": "上门"}}}},
		"limits":      []map[string]any{{"minutes": 15, "grade": "P", "cite_zh": "本局意见"}},
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := serve(t, f)
	checked := draft()
	delete(checked, "reason")
	for _, r := range []struct {
		method, path string
		body         map[string]any
		status       int
		holds        []string
	}{
		{http.MethodGet, "/api/v1/facility-type-parts", nil, 200, []string{`"never_at_doors":true`, `"why":"no unit"`, `"id":"FAC-11"`, `"unit":"m2"`}},
		{http.MethodGet, path + "/bath_point", nil, 200, []string{`"origin":"bureau"`, `"base":{`, `"past_fields":[{"field":"ways"`}},
		{http.MethodPost, path, draft(), 201, []string{`"version":3`}},
		{http.MethodPost, path + "/check", checked, 200, []string{`"faults":[{"`, `"pointer":"#/fields"`, `"effects":[{"field":"visits"`, `"what":"removed"`, `"used":[{"field":"visits","records":1}]`, `"head":"名称"`, `"at_doors":true`}},
		{http.MethodPatch, path + "/bath_point", map[string]any{"zh": "助浴站", "retired": true, "measure": "drive", "fields": []any{}, "past_fields": []any{}, "limits": []any{}, "standards": []any{}, "reason": "改"}, 200, []string{`"version":3`}},
		{http.MethodDelete, path + "/bath_point?reason=x", nil, 204, nil},
		{http.MethodGet, path + "/bath_point/history", nil, 200, []string{`"versions":[]`}},
	} {
		var body any
		if r.body != nil {
			body = r.body
		}
		w := s.Do(r.method, r.path, headers(), body)
		if w.Code != r.status {
			t.Errorf("%s %s: %d %s", r.method, r.path, w.Code, w.Body)
		}
		for _, text := range r.holds {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s %s: no %s in %s", r.method, r.path, text, w.Body)
			}
		}
	}
	if f.made.EN != "助浴点" || f.made.Type != "" || f.made.Fields[0].Min == nil || f.made.Past[0].Choices[0].EN != "上门" || f.made.Limits[0].CiteEN != "本局意见" {
		t.Errorf("%+v", f.made)
	}
	if p := f.patch; *p.ZH != "助浴站" || !*p.Retired || *p.Measure != facilities.Drive || len(*p.Fields) != 0 || len(*p.Limits) != 0 || p.EN != nil || p.DoorPage != nil {
		t.Errorf("%+v", p)
	}
	if w := s.Do(http.MethodPost, path, headers(), draft()); w.Header().Get("Location") != path+"/bath_point" || w.Header().Get("ETag") != `"3"` {
		t.Errorf("%v", w.Header())
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	fault := record.Invalid([]record.Fault{{Field: "fields.0.zh", ZH: "请填写", EN: "is needed"}})
	for name, tc := range map[string]struct {
		method, path string
		header       http.Header
		body         map[string]any
		fail         error
		status       int
		says         string
	}{
		"no key":           {http.MethodPost, path, nil, draft(), nil, 400, "idempotency"},
		"no version":       {http.MethodPatch, path + "/a", nil, map[string]any{"reason": "x"}, nil, 428, "precondition_required"},
		"no version, gone": {http.MethodDelete, path + "/a?reason=x", nil, nil, nil, 428, "precondition_required"},
		"null":             {http.MethodPatch, path + "/a", headers(), map[string]any{"zh": nil, "reason": "x"}, nil, 422, "#/zh"},
		"no such kind":     {http.MethodPatch, path + "/a", headers(), map[string]any{"measure": "fly", "reason": "x"}, nil, 422, "measure"},
		"faults":           {http.MethodPost, path, headers(), draft(), fault, 422, "#/fields/0/zh"},
		"faults of change": {http.MethodPatch, path + "/a", headers(), map[string]any{"reason": "x"}, fault, 422, "#/fields/0/zh"},
		"none":             {http.MethodGet, path + "/a", nil, nil, facilities.ErrNoType, 404, "unknown_facility_type"},
		"none to change":   {http.MethodPatch, path + "/a", headers(), map[string]any{"reason": "x"}, facilities.ErrNoType, 404, "unknown_facility_type"},
		"no history":       {http.MethodGet, path + "/a/history", nil, nil, facilities.ErrNoType, 404, "unknown_facility_type"},
		"in use":           {http.MethodDelete, path + "/a?reason=x", headers(), nil, typehttp.ErrInUse, 409, "facility_type_in_use"},
		"not changed":      {http.MethodDelete, path + "/a?reason=x", headers(), nil, typehttp.ErrNotLocal, 409, "facility_type_unchanged"},
		"not ready":        {http.MethodGet, "/api/v1/facility-type-parts", nil, nil, typehttp.ErrNotReady, 503, "not_ready"},
		"check fails":      {http.MethodPost, path + "/check", headers(), map[string]any{"zh": "a", "group": "b", "capacity_unit": "m2", "serves": "elders", "measure": "walk"}, typehttp.ErrNotReady, 503, "not_ready"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var body any
			if tc.body != nil {
				body = tc.body
			}
			w := serve(t, &fake{fail: tc.fail}).RawDo(tc.method, tc.path, tc.header, body)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

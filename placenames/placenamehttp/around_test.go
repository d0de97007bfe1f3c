package placenamehttp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamehttp"
)

const plan = "/api/v1/planned-names"

func (f *fake) Family(context.Context, string) ([]placenames.Kin, error) { return f.kin, f.fail }

func (f *fake) Map(_ context.Context, frame orb.Bound, filter placenames.Filter, division string, limit int) ([]placenames.Drawn, bool, error) {
	f.frame, f.filter, f.division, f.limit = frame, filter, division, limit
	return f.drawn, true, f.fail
}

func (f *fake) Planned(_ context.Context, p placenames.PlannedFilter, division string) ([]placenames.PlannedItem, error) {
	f.plan, f.division = p, division
	return []placenames.PlannedItem{f.planned}, f.fail
}

func (f *fake) PlannedName(context.Context, string) (placenames.PlannedItem, error) {
	return f.planned, f.fail
}

func (f *fake) Reserve(_ context.Context, p placenames.Planned, c record.Change) (placenames.PlannedItem, error) {
	f.reserved, f.change = p, c
	return f.planned, f.fail
}

func (f *fake) ChangePlanned(_ context.Context, _ string, expected int, change func(placenames.Planned) (placenames.Planned, []record.Fault), c record.Change) (placenames.PlannedItem, error) {
	f.expected, f.change = expected, c
	var faults []record.Fault
	f.reserved, faults = change(f.planned.Planned)
	if err := record.Invalid(faults); err != nil {
		return f.planned, err
	}
	return f.planned, f.fail
}

func (f *fake) Unreserve(_ context.Context, _ string, expected int, reason string) error {
	f.expected, f.reason = expected, reason
	return f.fail
}

func TestFamilyAndMap(t *testing.T) {
	t.Parallel()
	row := placenames.Row{ID: nameID, Text: "甲路", Kind: "road", Class: "street", State: placenames.Approved, Divisions: []string{"1"}}
	f := &fake{
		kin:   []placenames.Kin{{Row: row, Relation: placenames.Member, Depth: 1}, {Row: row, Relation: placenames.Reuser}},
		drawn: []placenames.Drawn{{ID: nameID, Text: "甲路", Kind: "road", Class: "street", State: placenames.Approved, GeoJSON: []byte(`{"type":"Point","coordinates":[117,39]}`)}},
	}
	s := serve(t, f)
	kin := bodyOf(t, s.Get(path+"/"+nameID+"/family", nil))["kin"].([]any)
	if len(kin) != 2 || kin[0].(map[string]any)["relation"] != "member" || kin[0].(map[string]any)["depth"] != 1.0 || kin[0].(map[string]any)["text"] != "甲路" {
		t.Errorf("%v", kin)
	}
	layer := bodyOf(t, s.Get(path+"/map?bbox=117,39,117.2,39.1&class=street&division=1", nil))
	if layer["truncated"] != true || layer["limit"] != 2000.0 || len(layer["features"].([]any)) != 1 || f.division != "1" || f.limit != 2000 {
		t.Errorf("%v", layer)
	}
	if f.frame != (orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.2, 39.1}}) || len(f.filter.States) != 5 || f.filter.Classes[0] != "street" {
		t.Errorf("%v %+v", f.frame, f.filter)
	}
	s.Get(path+"/map?bbox=117,39,117.2,39.1&state=retired", nil)
	if diff := cmp.Diff([]placenames.State{placenames.Retired}, f.filter.States); diff != "" {
		t.Error(diff)
	}
	for _, bbox := range []string{"", "117,39", "117,39,x,40", "117,39,117,40", "117,39,118,38", "117,39,999,40", "NaN,39,118,40"} {
		if w := s.Get(path+"/map?bbox="+bbox, nil); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", bbox, w.Code)
		}
	}
	f.fail = placenames.ErrNotFound
	if w := s.Get(path+"/"+nameID+"/family", nil); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	f.fail = placenamehttp.ErrUnknownDivision
	if w := s.Get(path+"/map?bbox=117,39,117.2,39.1", nil); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestThePlan(t *testing.T) {
	t.Parallel()
	content := placenames.Planned{
		Text: "𬭚山路", Kind: "road", Plan: "规划", Division: "990001001", Until: "2030-12-31", Note: "备用",
		Document: placenames.Decision{Kind: placenames.Naming, Number: "1号", Day: "2025-01-01", Body: "区", Title: "批复"},
	}
	f := &fake{planned: placenames.PlannedItem{Planned: content, Version: 3, ValidFrom: "2025-01-01", MayWrite: true}}
	f.planned.ID, f.planned.TakenBy = nameID, other
	s := serve(t, f)
	w := s.Get(plan+"/"+nameID, nil)
	one := bodyOf(t, w)
	if w.Header().Get("ETag") != `"3"` || one["taken_by"] != other || one["until"] != "2030-12-31" {
		t.Errorf("%v", one)
	}
	list := bodyOf(t, s.Get(plan+"?plan=x&kind=road,lane&division=1&free=false&q=山", nil))["names"].([]any)
	if len(list) != 1 || f.plan.Plan != "x" || len(f.plan.Kinds) != 2 || *f.plan.Free || f.plan.Text != "山" || f.division != "1" {
		t.Errorf("%v %+v", list, f.plan)
	}
	for _, field := range []string{"id", "version", "taken_by", "valid_from", "may_write", "$schema"} {
		delete(one, field)
	}
	one["reason"] = "预留"
	if w := s.Do(http.MethodPost, plan, seen(), one); w.Code != http.StatusCreated || w.Header().Get("Location") != plan+"/"+nameID {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if diff := cmp.Diff(content, f.reserved); diff != "" || f.change.Reason != "预留" {
		t.Error(diff)
	}
	if w := s.Do(http.MethodPatch, plan+"/"+nameID, seen(), json.RawMessage(`{"until":null,"document":{"number":"2号"},"reason":"改"}`)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	content.Until, content.Document.Number = "", "2号"
	if diff := cmp.Diff(content, f.reserved); diff != "" || f.expected != 3 {
		t.Error(diff)
	}
	if w := s.Do(http.MethodDelete, plan+"/"+nameID+"?reason=x", seen(), nil); w.Code != http.StatusNoContent || f.reason != "x" {
		t.Errorf("%d", w.Code)
	}
	for _, tc := range []struct {
		method, path string
		header       http.Header
		body         any
		fail         error
		status       int
	}{
		{http.MethodGet, plan + "/" + nameID, nil, nil, placenames.ErrNotPlanned, http.StatusNotFound},
		{http.MethodGet, plan, nil, nil, placenamehttp.ErrUnknownDivision, http.StatusNotFound},
		{http.MethodPost, plan, nil, one, nil, http.StatusBadRequest},
		{http.MethodPost, plan, seen(), one, record.Invalid([]record.Fault{{Field: "text", ZH: "有", EN: "twice"}}), http.StatusUnprocessableEntity},
		{http.MethodPatch, plan + "/" + nameID, nil, json.RawMessage(`{"reason":"x"}`), nil, http.StatusPreconditionRequired},
		{http.MethodPatch, plan + "/" + nameID, seen(), json.RawMessage(`{"reason":"x"}`), placenames.ErrTaken, http.StatusConflict},
		{http.MethodDelete, plan + "/" + nameID + "?reason=x", seen(), nil, placenames.ErrTaken, http.StatusConflict},
	} {
		f.fail = tc.fail
		if w := s.Do(tc.method, tc.path, tc.header, tc.body); w.Code != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"yike/facilities"
	"yike/facilities/imports"
	"yike/internal/auth"
)

// bathPoint is a type as a planner adds it, without code words.
func bathPoint() map[string]any {
	return map[string]any{
		"zh": "社区助浴点", "en": "community bathing point", "group": "elderly", "icon": "bath", "capacity_unit": "visits_per_day", "capacity_field": "visits",
		"serves": "elders", "measure": "walk", "door_page": true, "standards": []string{"FAC-11"},
		"limits": []map[string]any{{"minutes": 15, "grade": "P", "cite_zh": "本局意见"}},
		"fields": []map[string]any{
			{"field": "visits", "zh": "日服务能力", "kind": "integer", "unit": "visits_per_day", "tab": "service", "required": true},
			{"zh": "助浴方式", "kind": "choices", "tab": "service", "choices": []map[string]any{{"zh": "到点助浴"}, {"zh": "上门助浴"}}},
		},
		"reason": "按市局通知新增",
	}
}

const bathCode = "she_qu_zhu_yu_dian"

// knows reports whether a server's catalogue has the bathing point.
func (o *office) knows(t *testing.T) bool {
	t.Helper()
	w := o.Get("/api/v1/facility-types", as("reader"))
	var got struct {
		Types []struct{ Type, Origin string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d, %v", w.Code, err)
	}
	return slices.ContainsFunc(got.Types, func(t struct{ Type, Origin string }) bool { return t.Type == bathCode && t.Origin == "bureau" })
}

// TestFacilityTypes keeps types in the product, with two servers on one database.
func TestFacilityTypes(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	here, there := openOffice(t, db), openOffice(t, db)
	here.hire(t, "planner", auth.Planner, "")
	here.hire(t, "reader", auth.ReadOnly, "")
	there.staff = here.staff
	inForceEverywhere(t, here, there)
	inUse(t, here)
	changeUnderReaders(t, here)
}

// inForceEverywhere adds a type through one server and holds that there it is in force at
// once, and on another without a restart: in the catalogue, the record's form, the import
// template, the words of an import, the matrix, coverage and the standards.
func inForceEverywhere(t *testing.T, here, there *office) {
	t.Helper()
	version := there.live.held.State().Version
	w := here.Do(http.MethodPost, "/api/v1/facility-types", as("planner", "Idempotency-Key", "bath"), bathPoint())
	if w.Code != http.StatusCreated || w.Header().Get("Location") != "/api/v1/facility-types/"+bathCode {
		t.Fatalf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	if !here.knows(t) || there.knows(t) {
		t.Error("it is not in force here at once, or is there before the other server looked")
	}
	// The other server did not look yet, and takes a record of it all the same.
	at, _, _ := here.home(t)
	record := newCanteen(at)
	record["type"], record["name_zh"], record["fields"] = bathCode, "甲助浴点", map[string]any{"visits": 40, "zhu_yu_fang_shi": []string{"dao_dian_zhu_yu"}}
	delete(record, "capacity")
	facilityIn(t, there.Do(http.MethodPost, "/api/v1/facilities", as("planner", "Idempotency-Key", "first"), record), http.StatusCreated)
	if err := there.live.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := here.live.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*office{"here": here, "there": there} {
		if !o.knows(t) || o.live.held.State().Version == version {
			t.Errorf("%s it is not in force after a look", name)
		}
		for path, text := range map[string]string{
			"/api/v1/facility-templates/" + bathCode + "?format=csv":               "日服务能力",
			"/api/v1/coverage?limit=900&speed=1&type=" + bathCode:                  `"type":"` + bathCode,
			"/api/v1/community-matrix?type=" + bathCode:                            "社区助浴点",
			"/api/v1/facilities?type=" + bathCode:                                  "甲助浴点",
			"/api/v1/export-fields":                                                "助浴方式",
			"/api/v1/facility-types/" + bathCode:                                   `"origin":"bureau"`,
			"/api/v1/facility-export?format=csv&type=" + url.QueryEscape(bathCode): "到点助浴",
		} {
			if w := o.RawDo(http.MethodGet, path, as("planner"), nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s %s: %d, no %s", name, path, w.Code, text)
			}
		}
	}
	a := &app{}
	types, err := a.typesOf(here.db)(t.Context(), there.state.Pack.AdCode)
	if err != nil {
		t.Fatal(err)
	}
	words, err := imports.NewLanguage(types)
	if err != nil || words.Guess("社区助浴点名册.xlsx", "") != bathCode {
		t.Errorf("an import does not know it: %v", err)
	}
	checks, err := newStandardsAPI(a, there.live.held, here.db, &facilityRecords{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := checks.District(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(found.Types, func(i facilities.TypeInfo) bool { return i.Type == bathCode && slices.Contains(i.Standards, "FAC-11") }) {
		t.Error("the standards do not know it")
	}
}

// inUse changes a type of the program and takes the change back; an old version is refused,
// and so is the removal of a type that facilities are of.
func inUse(t *testing.T, o *office) {
	t.Helper()
	gone := o.Do(http.MethodDelete, "/api/v1/facility-types/"+bathCode+"?reason=x", as("planner", "If-Match", `"1"`), nil)
	if gone.Code != http.StatusConflict {
		t.Errorf("a type in use goes: %d %s", gone.Code, gone.Body)
	}
	w := o.Do(http.MethodPatch, "/api/v1/facility-types/elderly_canteen", as("planner", "If-Match", `"0"`), map[string]any{"capacity_field": "seats", "zh": "老年食堂", "reason": "本区叫法"})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"capacity_field":"meals_per_day"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w = o.Do(http.MethodPatch, "/api/v1/facility-types/elderly_canteen", as("planner", "If-Match", `"0"`), map[string]any{"zh": "食堂", "reason": "再改"})
	if w.Code != http.StatusPreconditionFailed {
		t.Errorf("an old version: %d %s", w.Code, w.Body)
	}
	if info, _ := o.live.held.State().TypeInfo("elderly_canteen"); info.ZH != "老年食堂" {
		t.Errorf("%+v", info)
	}
	w = o.Do(http.MethodGet, "/api/v1/facility-types/elderly_canteen/history", as("planner"), nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "本区叫法") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = o.Do(http.MethodDelete, "/api/v1/facility-types/elderly_canteen?reason="+url.QueryEscape("改回"), as("planner", "If-Match", `"1"`), nil)
	if info, _ := o.live.held.State().TypeInfo("elderly_canteen"); w.Code != http.StatusNoContent || info.ZH != "老人家食堂" {
		t.Errorf("%d %s %+v", w.Code, w.Body, info)
	}
	if w := o.Do(http.MethodGet, "/api/v1/facility-type-parts", as("planner"), nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "visits_per_day") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// changeUnderReaders changes types while others read and look, which the race detector
// watches; nobody sees half a catalogue.
func changeUnderReaders(t *testing.T, o *office) {
	t.Helper()
	const rounds = 4
	least := len(o.live.held.State().Types)
	var all sync.WaitGroup
	all.Go(func() {
		for i := range rounds {
			b := bathPoint()
			b["zh"], b["en"] = fmt.Sprint("助浴点", i), fmt.Sprint("bath ", i)
			if w := o.Do(http.MethodPost, "/api/v1/facility-types", as("planner", "Idempotency-Key", fmt.Sprint("t", i)), b); w.Code != http.StatusCreated {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
	for range 2 {
		all.Go(func() {
			for range 4 * rounds {
				w := o.Get("/api/v1/facility-types", as("reader"))
				if n := strings.Count(w.Body.String(), `"capacity_unit"`); w.Code != http.StatusOK || n < least {
					t.Errorf("%d, %d types", w.Code, n)
				}
				if err := o.live.look(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(o.live.held.State().Types); n != least+rounds {
		t.Errorf("%d types", n)
	}
}

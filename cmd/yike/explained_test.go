package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/go-chi/chi/v5"

	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities/standards"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres/dbtest"
)

// explainRouter serves answers and what explains them.
func explainRouter(t *testing.T, held *coveragelive.Holder) chi.Router {
	t.Helper()
	set, err := standards.Set()
	if err != nil {
		t.Fatal(err)
	}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	api := httpapi.NewAPI(r)
	served := &districtAPI{held: held, status: readyStatus}
	coveragehttp.Register(api, served)
	coveragehttp.RegisterExplain(api, &explanationsAPI{districtAPI: served, set: set})
	return r
}

// coverageFigures are the figures that a screen shows.
type coverageFigures struct {
	Bands     []bandFigures
	Divisions []struct {
		Code, Level string
		Bands       []bandFigures
		Units       int
		UnitsWith   int `json:"units_with"`
	}
	Facilities []struct {
		ID      string
		Reached []json.Number
	}
	Gaps []struct {
		ID     string
		People []json.Number
	}
}

type bandFigures struct {
	Band                                      string
	Population, Covered, Uncovered, Unsnapped json.Number
}

func (b bandFigures) parts() map[string]json.Number {
	return map[string]json.Number{"population": b.Population, "covered": b.Covered, "uncovered": b.Uncovered, "unsnapped": b.Unsnapped}
}

// explainedDistrict is the demo district behind a server.
type explainedDistrict struct {
	*httpapitest.Server
	t *testing.T
}

func (d explainedDistrict) get(path string, into any) []byte {
	d.t.Helper()
	w := d.Get("/api/v1/coverage"+path, nil)
	if w.Code != http.StatusOK {
		d.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			d.t.Fatalf("%s: %v", path, err)
		}
	}
	return w.Body.Bytes()
}

// figure asks for the people behind a figure and gives their sum, and one of them.
func (d explainedDistrict) figure(v url.Values) (people json.Number, someone string) {
	d.t.Helper()
	var got struct {
		People json.Number
		Points int
		Rows   []struct {
			ID     string
			People float64
		}
	}
	v.Set("type", "elderly_canteen")
	v.Set("page", "1000")
	d.get("/points?"+v.Encode(), &got)
	sum := 0.0
	for _, r := range got.Rows {
		sum += r.People
		someone = r.ID
	}
	if said, err := got.People.Float64(); err != nil || said-sum > 1e-6 || sum-said > 1e-6 || len(got.Rows) != got.Points {
		d.t.Errorf("%v: the rows make %g of %s", v, sum, got.People)
	}
	return got.People, someone
}

// Every figure that the API tells opens to people who make it, exactly.
func TestEveryFigureOpens(t *testing.T) {
	t.Parallel()
	held := &coveragelive.Holder{}
	held.Publish(loaded(t, dbtest.New(t), demoPack(t, 3_000)))
	d := explainedDistrict{httpapitest.New(t, explainRouter(t, held)), t}
	var a coverageFigures
	d.get("?type=elderly_canteen", &a)
	opened := 0
	same := func(want json.Number, ask url.Values) {
		t.Helper()
		if got, _ := d.figure(ask); got != want {
			t.Errorf("%v: %s, the figure is %s", ask, got, want)
		}
		opened++
	}
	for i, b := range a.Bands {
		for part, want := range b.parts() {
			same(want, url.Values{"part": {part}, "band": {b.Band}})
			for _, division := range a.Divisions {
				code := division.Code
				if division.Level == "outside" {
					code = "outside"
				}
				same(division.Bands[i].parts()[part], url.Values{"part": {part}, "band": {b.Band}, "division": {code}})
			}
		}
		for _, f := range a.Facilities {
			same(f.Reached[i], url.Values{"part": {"covered"}, "band": {b.Band}, "facility": {f.ID}})
		}
		for _, g := range a.Gaps {
			same(g.People[i], url.Values{"part": {"uncovered"}, "band": {b.Band}, "gap": {g.ID}})
		}
	}
	if opened < 50 || len(a.Gaps) == 0 || len(a.Facilities) == 0 {
		t.Errorf("only %d figures of %d gaps and %d facilities", opened, len(a.Gaps), len(a.Facilities))
	}
	for _, division := range a.Divisions {
		var got struct {
			Units     int
			UnitsWith int `json:"units_with"`
		}
		if division.Code != "" {
			d.get("/units?type=elderly_canteen&division="+division.Code, &got)
		}
		if got.Units != division.Units || got.UnitsWith != division.UnitsWith {
			t.Errorf("%s: %d of %d communities, the rate says %d of %d", division.Code, got.UnitsWith, got.Units, division.UnitsWith, division.Units)
		}
	}
}

// The same question gives the same bytes, whoever answers it and however many work at it.
func TestSameQuestionSameBytes(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	first := loaded(t, db, demoPack(t, 3_000))
	serve := func(workers int) explainedDistrict {
		from := stores(db)
		from.Workers = workers
		s, err := coveragelive.Load(t.Context(), from, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		held := &coveragelive.Holder{}
		held.Publish(s)
		return explainedDistrict{httpapitest.New(t, explainRouter(t, held)), t}
	}
	one, two := serve(1), serve(2)
	_, far := one.figure(url.Values{"part": {"uncovered"}})
	_, near := one.figure(url.Values{"part": {"covered"}})
	questions := map[string]string{"usual": "", "elders": "&profile=elder", "by distance": "&metres=500", "fast": "&speed=1.2&limit=600"}
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		for _, path := range []string{"?", "/points?part=uncovered&", "/points?part=several&page=7&", "/points.csv?part=covered&", "/units?", "/route?from=" + near + "&", "/route?from=" + far + "&", "/sources?"} {
			ask := fmt.Sprint(path, "type=elderly_canteen", questions[name])
			if a, b := one.get(ask, nil), two.get(ask, nil); !bytes.Equal(a, b) {
				t.Errorf("%s: one worker says %s, two %s", ask, a, b)
			}
		}
	}
	plan := map[string]any{"type": "elderly_canteen", "part": "gained", "steps": []any{map[string]any{"do": "add", "id": "n", "lon": first.Bounds.Center().Lon(), "lat": first.Bounds.Center().Lat()}}}
	a, b := one.Do(http.MethodPost, whatIfPath+"/points", nil, plan), two.Do(http.MethodPost, whatIfPath+"/points", nil, plan)
	if a.Code != http.StatusOK || !bytes.Equal(a.Body.Bytes(), b.Body.Bytes()) {
		t.Errorf("of a plan one says %s, two %s", a.Body, b.Body)
	}
}

// What is behind the figures of a district: where its data come from, and which texts say
// how far a canteen may be.
func TestSourcesOfADistrict(t *testing.T) {
	t.Parallel()
	held := &coveragelive.Holder{}
	d := explainedDistrict{httpapitest.New(t, explainRouter(t, held)), t}
	for _, path := range []string{"/points?part=covered&", "/points.csv?part=covered&", "/units?", "/route?from=x&", "/sources?"} {
		if w := d.Get("/api/v1/coverage"+path+"type=elderly_canteen", nil); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s while loading: %d", path, w.Code)
		}
	}
	held.Publish(loaded(t, dbtest.New(t), demoPack(t, 2_000)))
	var got struct {
		AsOf    string `json:"as_of"`
		Network string `json:"network_version"`
		Layers  []struct {
			Kind     string
			Rows     int
			Digest   string
			StoredAt *string `json:"stored_at"`
			Files    []struct{ Name string }
		}
		Limits []struct{ Minutes int }
		Rules  []struct {
			Rule, Sentence string
			Here           bool
		}
	}
	d.get("/sources?type=elderly_canteen", &got)
	if got.AsOf == "" || got.Network == "" || len(got.Layers) != 5 {
		t.Errorf("%+v", got)
	}
	for _, l := range got.Layers {
		if l.Digest == "" || l.StoredAt == nil || l.Rows == 0 || len(l.Files) == 0 {
			t.Errorf("a layer without its origin: %+v", l)
		}
	}
	if len(got.Limits) == 0 || got.Limits[0].Minutes != 15 || len(got.Rules) == 0 || got.Rules[0].Rule != "FAC-11" || got.Rules[0].Sentence == "" || got.Rules[0].Here {
		t.Errorf("why a quarter of an hour: %+v %+v", got.Limits, got.Rules)
	}
	d.get("/sources?type=elderly_centre", &got)
	if !slices.ContainsFunc(got.Rules, func(r struct {
		Rule, Sentence string
		Here           bool
	},
	) bool {
		return r.Rule == "FAC-09" && r.Here
	}) {
		t.Errorf("the reach of a centre: %+v", got.Rules)
	}
	for ask, code := range map[string]string{
		"/points?part=covered&band=x&type=elderly_canteen":     "unknown_band",
		"/points?part=covered&division=1&type=elderly_canteen": "unknown_division",
		"/points?part=covered&facility=1&type=elderly_canteen": "unknown_site",
		"/points?part=covered&gap=1&type=elderly_canteen":      "unknown_gap",
		"/route?from=1&type=elderly_canteen":                   "unknown_point",
		"/units?division=1&type=elderly_canteen":               "unknown_division",
		"/sources?type=none":                                   "unknown_facility_type",
		"/points?part=covered&limit=7200&type=elderly_canteen": "walks_too_long",
	} {
		var fault struct{ Code string }
		w := d.Get("/api/v1/coverage"+ask, nil)
		if err := json.Unmarshal(w.Body.Bytes(), &fault); err != nil || fault.Code != code {
			t.Errorf("%s: %d %s", ask, w.Code, w.Body)
		}
	}
}

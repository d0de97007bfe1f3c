package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"testing"

	"yike/coverage"
	catchment "yike/coverage/access"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres/dbtest"
)

const accessPath = "/api/v1/coverage/access"

func accessRouter(held *coveragelive.Holder) http.Handler {
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterAccess(httpapi.NewAPI(r), &districtAPI{held: held})
	return r
}

type accessSpreadTold struct {
	People, Without           float64
	Half                      float64 `json:"below_half"`
	Mean, P10, P50, P90, Gini *float64
	Under                     []struct{ Places, People, Share float64 }
}

type accessTold struct {
	accessSpreadTold
	Supply, Unsnapped float64
	Reached           float64 `json:"supply_reached"`
	Handed            float64 `json:"handed_out"`
	Capacities        coveragehttp.AccessCensus
	Lorenz            []float64
}

type accessShareTold struct {
	Capacity, Ratio, Load *float64
	Source                string `json:"capacity_source"`
	Counts                bool
	Within, Demand        float64
}

type accessAnswered struct {
	Band, Method string
	Unit         struct{ Unit, ZH, EN string }
	Law          coveragehttp.Text
	Before       accessTold
	After        *accessTold
	Change       *struct{ Mean, More, Less float64 }
	Divisions    []struct {
		Code, Parent string
		Before       accessSpreadTold
		After        *accessSpreadTold
		Change       *struct{ Mean, More, Less *float64 }
		Geometry     *struct{ Type string }
	}
	Facilities []struct {
		ID            string
		Added         bool
		Before, After *accessShareTold
	}
}

type accessClient struct {
	*httpapitest.Server
	state *coveragelive.State
}

func (c accessClient) ask(t *testing.T, body map[string]any) accessAnswered {
	t.Helper()
	w := c.Do(http.MethodPost, accessPath, nil, withCanteens(body))
	var out accessAnswered
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%v: %d %.300s", body, w.Code, w.Body)
	}
	return out
}

func withCanteens(body map[string]any) map[string]any {
	if body["type"] == nil {
		body["type"] = "elderly_canteen"
	}
	return body
}

func TestAccessOfADistrict(t *testing.T) {
	t.Parallel()
	state := loaded(t, dbtest.New(t), demoPack(t, 30_000))
	held := &coveragelive.Holder{}
	c := accessClient{httpapitest.New(t, accessRouter(held)), state}
	if w := c.Do(http.MethodPost, accessPath, nil, withCanteens(map[string]any{})); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d while loading", w.Code)
	}
	held.Publish(state)
	t.Run("every method is the core's", func(t *testing.T) { checkAccessMethods(t, c) })
	t.Run("a plan is the same asked anew", func(t *testing.T) { checkAccessPlan(t, c) })
	t.Run("divisions and facilities", func(t *testing.T) { checkAccessRows(t, c) })
	t.Run("what cannot be asked", func(t *testing.T) { checkAccessFaults(t, c) })
}

// byCore asks the core about the open canteens of the district.
func byCore(t *testing.T, s *coveragelive.State, rule catchment.Rule) (*catchment.Measure, []facilities.Facility, *coverage.Demand) {
	t.Helper()
	var sites []coverage.Site
	var supply []float64
	var which []int32
	var list []facilities.Facility
	for _, f := range s.Facilities {
		if f.Type == "elderly_canteen" && f.Status == facilities.Open {
			which = append(which, int32(len(sites))) //nolint:gosec // few
			sites = append(sites, coverage.Site{ID: f.ID, Point: f.Point, Snap: s.Network.Snap(f.Point, s.SnapLimitM), Division: -1})
			supply, list = append(supply, float64(f.Capacity)), append(list, f)
		}
	}
	d := s.Demand[s.Bases[0]]
	b := coverage.NewGround(s.Network, d, s.Hierarchy, s.SnapLimitM).Baseline(sites, coverage.Params{Limit: 900_000, Speed: 900}, 1)
	m, err := catchment.New(coveragelive.AccessQuestion(b, which, supply, coverage.BandIndex(s.Bands, defaultBand)), rule)
	if err != nil {
		t.Fatal(err)
	}
	return m, list, d
}

func about(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

func checkAccessMethods(t *testing.T, c accessClient) {
	bell := catchment.Gaussian(900_000)
	for method, rule := range map[string]catchment.Rule{
		"": {Weight: bell}, "gaussian": {Weight: bell}, "2sfca": {Weight: catchment.Binary(900_000)}, "enhanced": {Weight: catchment.Thirds(900_000)},
		"gravity": {Weight: catchment.Inverse(900_000, 60_000)}, "3sfca": {Weight: bell, Choice: bell},
	} {
		body := map[string]any{"band": defaultBand, "under": []float64{20}}
		if method != "" {
			body["method"] = method
		}
		got := c.ask(t, body)
		m, list, d := byCore(t, c.state, rule)
		people, sum, few := 0.0, 0.0, 0.0
		for i, n := range d.People[coverage.BandIndex(c.state.Bands, defaultBand)] {
			persons := float64(n) / float64(coverage.Person)
			people += persons
			sum += persons * m.Access()[i]
			if m.Access()[i] < 0.02 {
				few += persons
			}
		}
		f := got.Before
		if !about(*f.Mean, sum/people*1000) || !about(f.Handed, sum) || !about(f.Handed, f.Reached) || !about(f.Reached, m.Reached()) ||
			!about(f.Under[0].People, few) || f.Under[0].Places != 20 || got.After != nil || got.Change != nil {
			t.Errorf("%q: %+v; the core hands out %v of %v", method, f, sum, m.Reached())
		}
		for j, facility := range list {
			at := slices.IndexFunc(got.Facilities, func(row struct {
				ID            string
				Added         bool
				Before, After *accessShareTold
			},
			) bool {
				return row.ID == facility.ID
			})
			if row := got.Facilities[at].Before; !about(row.Demand, m.Demand(j)) || !about(*row.Capacity, float64(facility.Capacity)) ||
				m.Demand(j) > 0 && !about(*row.Ratio, m.Ratio(j)*1000) || row.Source != "recorded" {
				t.Errorf("%q: %s is %+v; the core shares it among %v", method, facility.NameZH, row, m.Demand(j))
			}
		}
		if len(list) < 3 || got.Unit.EN != "meals a day" || got.Law.ZH == "" || got.Law.EN == "" {
			t.Errorf("%d canteens, %+v, %+v", len(list), got.Unit, got.Law)
		}
	}
}

func checkAccessPlan(t *testing.T, c accessClient) {
	first := c.ask(t, map[string]any{"method": "3sfca"})
	shut := first.Facilities[0].ID
	home := c.state.Demand[c.state.Bases[0]].Points[0]
	plan := map[string]any{"method": "3sfca", "band": "", "steps": []any{
		map[string]any{"do": "close", "id": shut}, map[string]any{"do": "add", "id": "new", "lon": home.Lon(), "lat": home.Lat()},
	}, "capacities": []any{map[string]any{"id": "new", "capacity": 120}}}
	got := c.ask(t, plan)
	if !about(got.Before.Handed, first.Before.Handed) || !about(got.After.Handed, got.After.Reached) || got.Change.More == 0 || got.Change.Less == 0 ||
		!about(got.Change.Mean, *got.After.Mean-*got.Before.Mean) || got.After.Capacities.Planned != 1 || got.After.Capacities.Open != first.Before.Capacities.Open {
		t.Errorf("%+v, changed %+v", got.After, got.Change)
	}
	if got.Facilities[0].After != nil || got.Facilities[0].Before == nil {
		t.Errorf("the canteen that is closed: %+v", got.Facilities[0])
	}
	// A facility that supplies nothing and draws nobody in two steps is none: closing is a capacity of 0.
	two := func(more map[string]any) *accessTold {
		more["method"] = "2sfca"
		return c.ask(t, more).After
	}
	closed, empty := two(map[string]any{"steps": []any{map[string]any{"do": "close", "id": shut}}}), two(map[string]any{"capacities": []any{map[string]any{"id": shut, "capacity": 0}}})
	if !about(*closed.Mean, *empty.Mean) || !about(*closed.Gini, *empty.Gini) || empty.Capacities.Zero != 1 {
		t.Errorf("closed %+v, without room %+v", closed, empty)
	}
}

func checkAccessRows(t *testing.T, c accessClient) {
	got := c.ask(t, map[string]any{"boundaries": true})
	if len(got.Divisions) != len(c.state.Divisions) || len(got.Before.Lorenz) != 21 || got.Before.Lorenz[20] != 1 {
		t.Fatalf("%d divisions, curve %v", len(got.Divisions), got.Before.Lorenz)
	}
	below := map[string]float64{}
	without, drawn := map[string]float64{}, 0
	for _, d := range got.Divisions {
		below[d.Parent] += d.Before.People
		without[d.Parent] += d.Before.Without
		if d.Geometry != nil && d.Geometry.Type == "MultiPolygon" {
			drawn++
		}
	}
	for _, d := range got.Divisions {
		if n, ok := below[d.Code]; ok && d.Before.People < n-1e-6 || without[d.Code] > d.Before.Without+1e-6 {
			t.Errorf("%s has %v people, %v without; those below it have %v, %v", d.Code, d.Before.People, d.Before.Without, n, without[d.Code])
		}
	}
	if drawn < len(got.Divisions)/2 || c.ask(t, map[string]any{}).Divisions[0].Geometry != nil {
		t.Errorf("%d of %d are drawn", drawn, len(got.Divisions))
	}
	load, n := 0.0, 0.0
	for _, f := range got.Facilities {
		if f.Before.Load != nil && f.Before.Demand > 0 {
			load += *f.Before.Load * *f.Before.Capacity
			n += *f.Before.Capacity
		}
	}
	if !about(load, n) {
		t.Errorf("the mean load is %v", load/n)
	}
	// The capacity that is stated for unknown ones changes nothing where all are known.
	if stated := c.ask(t, map[string]any{"capacity_for_unknown": 5}); !about(*stated.Before.Mean, *got.Before.Mean) || stated.Before.Capacities.Unknown+stated.Before.Capacities.Stated > 0 {
		t.Errorf("%+v", stated.Before.Capacities)
	}
}

func checkAccessFaults(t *testing.T, c accessClient) {
	id := c.ask(t, map[string]any{}).Facilities[0].ID
	capacity := func(id string, n float64) map[string]any { return map[string]any{"id": id, "capacity": n} }
	for name, f := range map[string]struct {
		body          map[string]any
		status        int
		code, pointer string
	}{
		"no such type":           {map[string]any{"type": "pub"}, 404, "unknown_facility_type", ""},
		"nobody walks there":     {map[string]any{"type": "columbarium"}, 422, "type_not_walked", "#/type"},
		"no such band":           {map[string]any{"band": "3+"}, 422, "unknown_band", "#/band"},
		"too wide":               {map[string]any{"limit": 7200}, 422, "walks_too_long", "#/limit"},
		"no such method":         {map[string]any{"method": "4sfca"}, 422, "validation", "#/method"},
		"below none":             {map[string]any{"capacity_for_unknown": -1}, 422, "validation", "#/capacity_for_unknown"},
		"a threshold of 0":       {map[string]any{"under": []float64{0}}, 422, "bad_threshold", "#/under"},
		"many thresholds":        {map[string]any{"under": []float64{1, 2, 3, 4, 5, 6}}, 422, "validation", "#/under"},
		"a step":                 {map[string]any{"steps": []any{map[string]any{"do": "close", "id": "?"}}}, 422, "step_impossible", "#/steps/0"},
		"no place":               {map[string]any{"steps": []any{map[string]any{"do": "add", "id": "?"}}}, 422, "step_impossible", "#/steps/0"},
		"capacity of none":       {map[string]any{"capacities": []any{capacity(id, 3), capacity("?", 3)}}, 422, "no_such_facility", "#/capacities/1"},
		"capacity twice":         {map[string]any{"capacities": []any{capacity(id, 3), capacity(id, 4)}}, 422, "capacity_twice", "#/capacities/1"},
		"a capacity below none":  {map[string]any{"capacities": []any{capacity(id, -3)}}, 422, "validation", "#/capacities/0/capacity"},
		"something nobody knows": {map[string]any{"colour": "red"}, 422, "validation", "#/colour"},
	} {
		w := c.Do(http.MethodPost, accessPath, nil, withCanteens(f.body))
		var p struct {
			Code   string
			Errors []struct{ Pointer string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != f.status || p.Code != f.code ||
			f.pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != f.pointer) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// TestEveryAccessFaultIsTold holds what the memory refuses to what the screen says.
func TestEveryAccessFaultIsTold(t *testing.T) {
	t.Parallel()
	for err, pointer := range map[error]string{
		coveragelive.ErrCapacity:      "#/capacity_for_unknown",
		coveragelive.ErrUnknownMethod: "#/method",
		&coveragelive.PlannedCapacityError{At: 2, Err: coveragelive.ErrCapacity}: "#/capacities/2",
	} {
		var fault *coveragehttp.AccessFault
		if !errors.As(accessError(err), &fault) || fault.Pointer != pointer || fault.Reason.ZH == "" || fault.Error() == "" {
			t.Errorf("%v: %+v", err, fault)
		}
	}
	if other := errors.New("other"); !errors.Is(accessError(other), other) {
		t.Error("another error is lost")
	}
}

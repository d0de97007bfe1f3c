package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// askedServer serves the demo district's coverage and completeness.
func askedServer(t *testing.T) (*coveragelive.State, *httpapitest.Server) {
	t.Helper()
	state, db := demo(t)
	held := &coveragelive.Holder{}
	held.Publish(state)
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	api := httpapi.NewAPI(r)
	served := &districtAPI{held: held, status: readyStatus}
	coveragehttp.Register(api, served)
	coveragehttp.RegisterCompleteness(api, surveyAPI{served, coveragedb.New(db)})
	return state, httpapitest.New(t, r)
}

type countedBand struct {
	Population, Covered, Uncovered, Unsnapped json.Number
	One                                       json.Number `json:"covered_by_one"`
	Several                                   json.Number `json:"covered_by_several"`
}

// closes wants one + several + uncovered + unsnapped to be everybody, exactly.
func (b countedBand) closes() bool {
	sum, all := new(big.Rat), new(big.Rat)
	for _, n := range []json.Number{b.One, b.Several, b.Uncovered, b.Unsnapped} {
		part, ok := new(big.Rat).SetString(n.String())
		if !ok {
			return false
		}
		sum.Add(sum, part)
	}
	_, ok := all.SetString(b.Population.String())
	return ok && sum.Cmp(all) == 0
}

// Whatever is asked, in all and in every division those covered by one, by several, by
// none, and those of whom nothing is known are everybody.
func TestOverlapsCloseWhateverIsAsked(t *testing.T) {
	t.Parallel()
	state, s := askedServer(t)
	present := state.PresentTypes()
	rapid.Check(t, func(rt *rapid.T) {
		q := url.Values{"type": {string(rapid.SampledFrom(present).Draw(rt, "type"))}, "base": {string(rapid.SampledFrom(state.Bases).Draw(rt, "base"))}}
		set := func(key string, values ...string) {
			if v := rapid.SampledFrom(append(values, "")).Draw(rt, key); v != "" {
				q.Set(key, v)
			}
		}
		if rapid.Bool().Draw(rt, "by distance") {
			q.Set("metres", strconv.Itoa(rapid.IntRange(50, 3600).Draw(rt, "metres")))
		} else {
			set("limit", "60", "300", "900", "1800")
			set("speed", "0.7", "0.9", "2")
			set("profile", "plain", "elder", "step_free")
		}
		set("at", "always", "03:15", "12:00")
		set("tier", "5", "10", "15")
		w := s.Get("/api/v1/coverage?"+q.Encode(), nil)
		var got struct {
			Bands     []countedBand
			Divisions []struct {
				Code  string
				Bands []countedBand
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || len(got.Bands) == 0 || len(got.Divisions) == 0 {
			rt.Fatalf("%s: %d, %v", q.Encode(), w.Code, err)
		}
		rows := [][]countedBand{got.Bands}
		for _, d := range got.Divisions {
			rows = append(rows, d.Bands)
		}
		for i, row := range rows {
			for _, b := range row {
				if !b.closes() {
					rt.Fatalf("%s: row %d: %+v does not close", q.Encode(), i, b)
				}
			}
		}
	})
}

// Walkers of the demo district walk as a plain Dijkstra over their streets says: it has
// neither slopes nor crossings, so that their times are those of the lengths.
func TestWalkersOfTheDemo(t *testing.T) {
	t.Parallel()
	state, _ := demo(t)
	for _, who := range []coverage.Walker{coverage.Elder, coverage.StepFree} {
		for _, hour := range []walknet.Hour{walknet.AnyHour, walknet.AllHours} {
			profile, err := who.At(hour)
			if err != nil {
				t.Fatal(err)
			}
			net, err := state.Network.For(profile)
			if err != nil {
				t.Fatal(err)
			}
			a, err := state.Coverage(t.Context(), coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900, Profile: who, Hour: hour})
			if err != nil {
				t.Fatal(err)
			}
			sites := make([]walknet.Snap, len(a.Facilities))
			for i, f := range a.Facilities {
				sites[i] = net.Snap(f.Point, state.SnapLimitM)
			}
			covered := 0
			for i, at := range a.Demand.Points {
				// The way from one door, searched alone.
				snap, best := net.Snap(at, state.SnapLimitM), walknet.Unreached
				for _, site := range sites {
					if ms := net.Reach(site, 900_000, 900).At(snap); snap.OK() && ms != walknet.Unreached && (best == walknet.Unreached || ms < best) {
						best = ms
					}
				}
				if a.Result.Time[i] != best {
					t.Fatalf("%s at %q, point %s: %d ms, alone %d", who, hour, a.Demand.IDs[i], a.Result.Time[i], best)
				}
				if a.Result.State[i] == coverage.Covered {
					covered++
				}
			}
			if covered == 0 {
				t.Errorf("%s at %q: nobody is covered; the test shows nothing", who, hour)
			}
		}
	}
}

// Every community of the demo district is judged, by its buildings, too.
func TestCompletenessOfTheDemo(t *testing.T) {
	t.Parallel()
	state, s := askedServer(t)
	var got struct {
		Level     string
		Divisions []struct {
			Code, Class string
			Score       *int
			Buildings   int
			Street      float64 `json:"street_m"`
		}
	}
	w := s.Get("/api/v1/coverage/completeness", nil)
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v", w.Code, err)
	}
	want := slices.DeleteFunc(slices.Clone(state.Divisions), func(d divisions.Division) bool { return d.Level != divisions.Community })
	if got.Level != "community" || len(got.Divisions) != len(want) {
		t.Fatalf("%d of %d communities, level %s", len(got.Divisions), len(want), got.Level)
	}
	buildings := 0
	for i, d := range got.Divisions {
		buildings += d.Buildings
		if d.Code != want[i].Code || d.Street <= 0 || (d.Score == nil) != (d.Class == "unknown") {
			t.Errorf("%+v", d)
		}
	}
	if buildings == 0 {
		t.Error("no building counts")
	}
	if again := s.Get("/api/v1/coverage/completeness?base="+string(state.Bases[len(state.Bases)-1]), nil); again.Code != http.StatusOK {
		t.Errorf("%d", again.Code)
	}
}

// A type's division answers what the registry says, and no circle is drawn.
func TestTypesByDivisionOfTheDemo(t *testing.T) {
	t.Parallel()
	state, _ := demo(t)
	judged := 0
	for _, typ := range state.PresentTypes() {
		info, _ := state.TypeInfo(typ)
		if info.Measure == facilities.Walk {
			continue
		}
		judged++
		a := ask(t, state, typ, 900, 900)
		level := a.Result.Params.Level
		for i, at := range a.Demand.Division {
			unit := state.Hierarchy.At(at, level)
			want := coverage.Unsnapped
			if unit >= 0 {
				want = coverage.Uncovered
				for _, f := range a.Facilities {
					if lies := state.Hierarchy.At(state.Hierarchy.Find(f.DivisionCode), level); lies == unit || servesUnit(state, f, unit) {
						want = coverage.Covered
					}
				}
			}
			if a.Result.State[i] != want {
				t.Fatalf("%s, point %s: %s, by the registry %s", typ, a.Demand.IDs[i], a.Result.State[i], want)
			}
		}
		features, err := circleFeatures(t.Context(), nil, state, tileQuery{asks: true, Query: coveragelive.Query{Type: typ}})
		if err != nil || len(features) != 0 {
			t.Errorf("%s: %d circles, %v", typ, len(features), err)
		}
		checkCloses(t, a)
	}
	if judged < 3 {
		t.Errorf("%d types are judged by division; the test shows little", judged)
	}
}

func servesUnit(state *coveragelive.State, f facilities.Facility, unit int32) bool {
	return slices.ContainsFunc(f.Serves, func(code string) bool {
		served := state.Hierarchy.Find(code)
		for up := unit; up >= 0; up = state.Hierarchy.Parent(up) {
			if up == served {
				return true
			}
		}
		return false
	})
}

// Both sides of the wiring carry every field of a question.
func TestQuestionsKeepEveryField(t *testing.T) {
	t.Parallel()
	q := coveragehttp.Query{Type: "a", Base: "b", Limit: 60_000, Speed: 3, Metres: 4, Profile: "c", Hour: 5, Tier: 6}
	if got := httpQuery(liveQuery(q)); got != q {
		t.Errorf("%+v of %+v", got, q)
	}
	if fmt.Sprintf("%+v", liveQuery(q)) != fmt.Sprintf("%+v", liveQuery(httpQuery(liveQuery(q)))) {
		t.Error("a question does not come back")
	}
}

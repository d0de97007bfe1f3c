package coveragehttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/walknet"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

// noter keeps the last question.
type noter struct {
	*street
	last coveragehttp.Query
}

func (n *noter) Coverage(ctx context.Context, q coveragehttp.Query) (*coveragehttp.Answer, error) {
	n.last = q
	return n.street.Coverage(ctx, q)
}

type told struct {
	Query struct {
		Type, Profile, At, Tier, Base string
		Limit, Metres                 *int
		Speed                         *float64
	}
	Judged  string `json:"judged_by"`
	Remarks []coveragehttp.Text
}

func TestQuestionsAsAsked(t *testing.T) {
	t.Parallel()
	src := &noter{street: newStreet(t)}
	s := serve(t, src)
	type query = coveragehttp.Query
	usual := query{Type: "elderly_canteen", Limit: 900_000, Speed: 900}
	with := func(change func(*query)) query {
		q := usual
		change(&q)
		return q
	}
	tags := map[string]string{}
	for params, want := range map[string]query{
		"":                            usual,
		"&limit=600":                  with(func(q *query) { q.Limit = 600_000 }),
		"&speed=1.2":                  with(func(q *query) { q.Speed = 1200 }),
		"&profile=elder":              with(func(q *query) { q.Profile = coverage.Elder }),
		"&profile=step_free":          with(func(q *query) { q.Profile = coverage.StepFree }),
		"&at=always":                  with(func(q *query) { q.Hour = walknet.AllHours }),
		"&at=07:30":                   with(func(q *query) { q.Hour = walknet.AtMinute(450) }),
		"&tier=5":                     with(func(q *query) { q.Tier = 5 }),
		"&tier=15":                    with(func(q *query) { q.Tier = 15 }),
		"&base=resident":              with(func(q *query) { q.Base = divisions.Resident }),
		"&metres=900":                 with(func(q *query) { q.Metres, q.Limit, q.Speed = 900, 900_000, 1000 }),
		"&limit=900&speed=1.0":        with(func(q *query) { q.Speed = 1000 }),
		"&profile=elder&speed=0.7":    with(func(q *query) { q.Profile, q.Speed = coverage.Elder, 700 }),
		"&metres=300&at=22:00":        with(func(q *query) { q.Metres, q.Limit, q.Speed, q.Hour = 300, 300_000, 1000, walknet.AtMinute(22*60) }),
		"&metres=300&tier=10&at=":     with(func(q *query) { q.Metres, q.Limit, q.Speed, q.Tier = 300, 300_000, 1000, 10 }),
		"&profile=step_free&at=00:00": with(func(q *query) { q.Profile, q.Hour = coverage.StepFree, walknet.AtMinute(0) }),
	} {
		w := s.Get("/api/v1/coverage?type=elderly_canteen"+params, nil)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", params, w.Code, w.Body)
			continue
		}
		if diff := cmp.Diff(want, src.last); diff != "" {
			t.Errorf("%s: %s", params, diff)
		}
		tag := w.Header().Get("ETag")
		if other, taken := tags[tag]; taken || tag == "" {
			t.Errorf("%s has the tag of %s: %s", params, other, tag)
		}
		tags[tag] = params
	}
	if w := s.Get("/api/v1/coverage?type=elderly_canteen&profile=plain", nil); tags[w.Header().Get("ETag")] != "" {
		t.Errorf("the plain walker is another question: %s", w.Header())
	}
	got := decode[told](t, s.Get("/api/v1/coverage?type=elderly_canteen&metres=500&at=08:00&tier=5", nil)).Query
	if got.Metres == nil || *got.Metres != 500 || got.Limit != nil || got.Speed != nil || got.Profile != "plain" || got.At != "08:00" || got.Tier != "5" {
		t.Errorf("%+v", got)
	}
	if zh := s.Get("/api/v1/coverage?type=elderly_canteen&metres=500&limit=600", nil).Body.String(); !strings.Contains(zh, "距离和时限只能给一个") {
		t.Errorf("not told in Chinese: %s", zh)
	}
}

// Overlaps close with the covered, and are left out where they were not counted.
func TestOverlapsInTheAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	type counted struct {
		Bands []struct {
			Covered coveragehttp.Persons
			One     *coveragehttp.Persons `json:"covered_by_one"`
			Several *coveragehttp.Persons `json:"covered_by_several"`
		}
		Facilities []struct{ Reached, Only, Shared, Nearest []coveragehttp.Persons }
	}
	a := decode[counted](t, s.Get("/api/v1/coverage?type=elderly_canteen&limit=300", nil))
	if b := a.Bands[0]; b.One == nil || b.Several == nil || *b.One != 12_345 || *b.Several != 0 || b.Covered != 12_345 {
		t.Errorf("%+v", a.Bands[0])
	}
	if f := a.Facilities[0]; len(f.Only) != 2 || f.Only[0] != 12_345 || f.Shared[0] != 0 || f.Nearest[0] != 12_345 {
		t.Errorf("%+v", a.Facilities[0])
	}
	a = decode[counted](t, s.Get("/api/v1/coverage?type=elderly_canteen&limit=7200", nil))
	if a.Bands[0].One != nil || a.Bands[0].Several != nil || a.Facilities[0].Only != nil || a.Facilities[0].Reached == nil {
		t.Errorf("%+v %+v", a.Bands[0], a.Facilities[0])
	}
}

// A distance has no seconds, and the times of an elder are no metres.
func TestPointsOfDistancesAndElders(t *testing.T) {
	t.Parallel()
	s := serve(t, newStreet(t))
	type point struct {
		Seconds *float64
		Walk    *float64 `json:"walk_m"`
	}
	for params, want := range map[string][2]bool{"": {true, true}, "&metres=900": {false, true}, "&profile=elder": {true, false}} {
		got := decode[point](t, s.Get("/api/v1/people/near?type=elderly_canteen"+params, nil))
		if (got.Seconds != nil) != want[0] || (got.Walk != nil) != want[1] {
			t.Errorf("%q: %+v", params, got)
		}
	}
}

// surveyed is a source of two communities, one of which nobody can judge.
type surveyed struct{ *street }

func (s surveyed) Completeness(_ context.Context, base divisions.Base) (*coveragehttp.Survey, error) {
	if base == divisions.Registered {
		return nil, coveragehttp.ErrUnknownBase
	}
	return &coveragehttp.Survey{
		Version: "v1", Base: divisions.Resident, Level: divisions.Community, Divisions: s.divisions,
		List: []coverage.Completeness{
			{Division: 1, AreaHa: 12.345, StreetM: 900.4, People: 12_345, FarPeople: 5, Buildings: 3, FarBuildings: 1, Dangles: 2, Parts: coverage.Parts{Density: 91, Near: 66, Joined: -1, Ends: 80}, Score: 66, Class: coverage.Thin},
			{Division: 0, Parts: coverage.Parts{Density: -1, Near: -1, Joined: -1, Ends: -1}, Score: -1, Class: coverage.Unknown},
		},
	}, nil
}

func TestCompleteness(t *testing.T) {
	t.Parallel()
	src := surveyed{newStreet(t)}
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	coveragehttp.RegisterCompleteness(httpapi.NewAPI(r), src)
	s := httpapitest.New(t, r)
	type part = *int
	got := decode[struct {
		Level, Base string
		Divisions   []struct {
			Code, Class string
			Score       part
			Parts       struct{ Density, Near, Joined, Ends part }
			Area        float64              `json:"area_ha"`
			Street      float64              `json:"street_m"`
			Far         coveragehttp.Persons `json:"far_people"`
		}
	}](t, s.Get("/api/v1/coverage/completeness", nil))
	if got.Level != "community" || got.Base != "resident" || len(got.Divisions) != 2 {
		t.Fatalf("%+v", got)
	}
	if d := got.Divisions[0]; d.Code != "990101001001" || d.Class != "thin" || d.Score == nil || *d.Score != 66 || d.Parts.Joined != nil || *d.Parts.Near != 66 || d.Area != 12.35 || d.Street != 900 || d.Far != 5 {
		t.Errorf("%+v", d)
	}
	if d := got.Divisions[1]; d.Score != nil || d.Class != "unknown" {
		t.Errorf("%+v", d)
	}
	w := s.Get("/api/v1/coverage/completeness?base=registered", nil)
	if p := decode[refusal](t, w); w.Code != http.StatusNotFound || p.Code != "unknown_base" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	first := s.Get("/api/v1/coverage/completeness", nil)
	if again := s.Get("/api/v1/coverage/completeness", http.Header{"If-None-Match": {first.Header().Get("ETag")}}); again.Code != http.StatusNotModified {
		t.Errorf("%d for what the reader holds", again.Code)
	}
	src.loading = true
	if w := s.Get("/api/v1/coverage/completeness", nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d while loading", w.Code)
	}
}

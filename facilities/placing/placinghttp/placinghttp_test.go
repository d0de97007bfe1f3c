package placinghttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/facilities/placing/placinghttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

type fakePlaces struct {
	asked  placing.Query
	result placing.Result
	fail   error
}

func (f *fakePlaces) Place(_ context.Context, q placing.Query) (placing.Result, error) {
	f.asked = q
	return f.result, f.fail
}

func serve(t *testing.T, f *fakePlaces) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	placinghttp.Register(httpapi.NewAPI(router), f)
	return httpapitest.New(t, router)
}

type answer struct {
	Candidates []struct {
		Kind       string
		Lon, Lat   *float64
		Bounds     [4]float64
		Confidence int
		Sure       bool
		ZH         string
	}
	Division string `json:"division_code"`
	ZH       string
}

func TestSearch(t *testing.T) {
	t.Parallel()
	show := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.1, 39.1}}
	f := &fakePlaces{result: placing.Result{
		Candidates: []placing.Candidate{
			{Kind: placing.Door, Point: orb.Point{117.05, 39.05}, Placed: true, Show: show, Confidence: 92, ZH: "解放路 12 号", EN: "No. 12"},
			{Kind: placing.Road, Show: show, Confidence: 15, ZH: "解放路", EN: "the road"},
		},
		Division: "990001001", ZH: "已定位", EN: "placed",
	}}
	w := serve(t, f).Get("/api/v1/place-search?q="+url.QueryEscape("解放路12号")+"&name=x&division=990001001&except=e&limit=3", nil)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if f.asked != (placing.Query{Text: "解放路12号", Name: "x", Division: "990001001", Except: "e", Limit: 3}) {
		t.Errorf("asked for %+v", f.asked)
	}
	door, road := a.Candidates[0], a.Candidates[1]
	if !door.Sure || *door.Lon != 117.05 || door.Bounds != [4]float64{117, 39, 117.1, 39.1} || road.Sure || road.Lon != nil || road.Lat != nil || a.Division != "990001001" || a.ZH != "已定位" {
		t.Errorf("%s", w.Body)
	}
	// Two that are as good as each other are not sure.
	f.result.Candidates[1] = placing.Candidate{Kind: placing.Door, Point: orb.Point{117.09, 39.05}, Placed: true, Show: show, Confidence: 91, ZH: "另一处", EN: "another"}
	if w := serve(t, f).Get("/api/v1/place-search?q=a", nil); strings.Contains(w.Body.String(), `"sure":true`) {
		t.Errorf("%s", w.Body)
	}
}

func TestNothingFound(t *testing.T) {
	t.Parallel()
	w := serve(t, &fakePlaces{result: placing.Result{ZH: "没有", EN: "none"}}).Get("/api/v1/place-search?name=x", nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"candidates":[]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestBadSearches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		query  string
		fail   error
		status int
		code   string
	}{
		{"", nil, 422, "validation"},
		{"q=%20&name=%20", nil, 422, "validation"},
		{"q=a&limit=0", nil, 422, "validation"},
		{"q=a&limit=21", nil, 422, "validation"},
		{"q=" + strings.Repeat("a", 301), nil, 422, "validation"},
		{"q=a", placinghttp.ErrNotReady, 503, "not_ready"},
		{"q=a&division=1", placinghttp.ErrUnknownDivision, 404, "unknown_division"},
		{"q=a", errors.New("the database is away"), 500, "internal"},
	} {
		w := serve(t, &fakePlaces{fail: tc.fail}).Get("/api/v1/place-search?"+tc.query, nil)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code) {
			t.Errorf("%s: %d %s", tc.query, w.Code, w.Body)
		}
	}
}

package likenesshttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/likeness"
	"yike/facilities/likeness/likenesshttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

type fakeDuplicates struct {
	asked   likenesshttp.Question
	page    likenesshttp.Page
	decided likeness.Decision
	limit   int
	fail    error
}

func (f *fakeDuplicates) Pairs(_ context.Context, q likenesshttp.Question) (likenesshttp.Page, error) {
	f.asked = q
	return f.page, f.fail
}

func (f *fakeDuplicates) Decide(_ context.Context, d likeness.Decision) (likeness.Decision, error) {
	f.decided = d
	d = d.Clean()
	d.By, d.At = "planner", time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC)
	return d, f.fail
}

func (f *fakeDuplicates) Decisions(_ context.Context, limit int) ([]likenesshttp.Decided, error) {
	f.limit = limit
	return []likenesshttp.Decided{{Decision: likeness.Decision{A: "a", B: "b", Verdict: likeness.Same, Reason: "r", By: "planner"}, NameA: "甲食堂"}}, f.fail
}

func serve(t *testing.T, f *fakeDuplicates) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	likenesshttp.Register(httpapi.NewAPI(router), f)
	return httpapitest.New(t, router)
}

const path = "/api/v1/facility-duplicates"

func TestPairs(t *testing.T) {
	t.Parallel()
	f := &fakeDuplicates{page: likenesshttp.Page{
		Pairs: []likenesshttp.Pair{{
			Match: likeness.Match{A: "1", B: "2", Score: 93, Parts: []likeness.Part{{Part: "name", Score: 0.5, Weight: 3, ZH: "名称相近", EN: "names alike"}}},
			A: facilities.Facility{
				ID: "1", Version: 4, Type: "elderly_canteen", NameZH: "甲食堂", Status: facilities.Open, Stage: facilities.Published, Point: orb.Point{117, 39},
				Fields: map[string]any{"contact_phone": "27391234", "operator": "某公司"}, VerifiedOn: "2026-01-02",
			},
			B:        facilities.Facility{ID: "2", Version: 1, Type: "meal_point", NameZH: "甲助餐点", Status: facilities.Open, Stage: facilities.Draft, Unplaced: true},
			Decision: likeness.Same, DistM: -1,
		}},
		Total: 7, Next: &likenesshttp.After{Score: 93, A: "1", B: "2"},
	}}
	s := serve(t, f)
	w := s.Get(path+"?type=elderly_canteen&division=990001001&limit=1", nil)
	var page struct {
		Pairs []struct {
			A, B struct {
				ID, Phone string
				Version   int
				Lon       *float64
			}
			Score    int
			Likely   bool
			Decision string
			DistM    *float64 `json:"distance_m"`
			Parts    []struct {
				Part   string
				Points float64
			}
		}
		Total int
		Next  *string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK || len(page.Pairs) != 1 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	p := page.Pairs[0]
	if p.A.Version != 4 || *p.A.Lon != 117 || p.B.Lon != nil || !p.Likely || p.Decision != "same" || p.DistM != nil || p.Parts[0].Points != 1.5 || page.Total != 7 ||
		!strings.Contains(w.Body.String(), `"contact_phone":"27391234"`) || !strings.Contains(w.Body.String(), `"verified_on":"2026-01-02"`) {
		t.Errorf("%s", w.Body)
	}
	if want := (likenesshttp.Question{Type: "elderly_canteen", Division: "990001001", Limit: 1}); !cmp.Equal(f.asked, want) {
		t.Errorf("asked %+v", f.asked)
	}
	s.Get(path+"?cursor="+url.QueryEscape(*page.Next), nil)
	if f.asked.After == nil || *f.asked.After != (likenesshttp.After{Score: 93, A: "1", B: "2"}) || f.asked.Limit != 50 {
		t.Errorf("the next page asks %+v", f.asked)
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	f := &fakeDuplicates{}
	s := serve(t, f)
	body := map[string]any{"a": "2", "b": "1", "decision": "different", "reason": "两处"}
	w := s.Do(http.MethodPost, path+"/decisions", http.Header{"Idempotency-Key": {"k"}}, body)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"a":"1"`) || !strings.Contains(w.Body.String(), `"decided_by":"planner"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if want := (likeness.Decision{A: "2", B: "1", Verdict: likeness.Different, Reason: "两处"}); f.decided != want {
		t.Errorf("%+v", f.decided)
	}
	if w := s.Do(http.MethodPost, path+"/decisions", nil, body); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d %s", w.Code, w.Body)
	}
	body["decision"] = "maybe"
	if w := s.Do(http.MethodPost, path+"/decisions", http.Header{"Idempotency-Key": {"k"}}, body); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no verdict: %d %s", w.Code, w.Body)
	}
	if w := s.Get(path+"/decisions?limit=5", nil); w.Code != http.StatusOK || f.limit != 5 || !strings.Contains(w.Body.String(), `"decision":"same"`) || !strings.Contains(w.Body.String(), `"a_name":"甲食堂","b_name":""`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		query  string
		fail   error
		status int
		code   string
	}{
		{"?cursor=%25", nil, 422, "bad_cursor"},
		{"?cursor=YSBi", nil, 422, "bad_cursor"},
		{"?cursor=eCAxIDI", nil, 422, "bad_cursor"},
		{"?limit=0", nil, 422, "validation"},
		{"", likenesshttp.ErrNotReady, 503, "not_ready"},
		{"", likenesshttp.ErrUnknownDivision, 404, "unknown_division"},
		{"", likenesshttp.ErrUnknownType, 404, "unknown_facility_type"},
		{"/decisions", likenesshttp.ErrNotReady, 503, "not_ready"},
		{"", errors.New("away"), 500, "internal"},
	} {
		w := serve(t, &fakeDuplicates{fail: tc.fail}).Get(path+tc.query, nil)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code) {
			t.Errorf("%s %v: %d %s", tc.query, tc.fail, w.Code, w.Body)
		}
	}
	for _, tc := range []struct {
		fail   error
		status int
		code   string
	}{
		{likenesshttp.ErrUnknownFacility, 404, "unknown_facility"},
		{record.Invalid([]record.Fault{{Field: "reason", ZH: "请写明理由", EN: "say why"}}), 422, "validation"},
	} {
		body := map[string]any{"a": "2", "b": "1", "decision": "different", "reason": ""}
		w := serve(t, &fakeDuplicates{fail: tc.fail}).Do(http.MethodPost, path+"/decisions", http.Header{"Idempotency-Key": {"k"}}, body)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), `"code":"`+tc.code) {
			t.Errorf("%v: %d %s", tc.fail, w.Code, w.Body)
		}
	}
}

// An empty registry has no pairs, which is an answer and no error.
func TestNoPairs(t *testing.T) {
	t.Parallel()
	w := serve(t, &fakeDuplicates{}).Get(path, nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"pairs":[]`) || !strings.Contains(w.Body.String(), `"next":null`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

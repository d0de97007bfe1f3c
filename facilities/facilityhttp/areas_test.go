package facilityhttp_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// fakeAreas keeps what it was asked, and answers with two of each or with an error.
type fakeAreas struct {
	asked string
	fail  error
}

func (a *fakeAreas) Areas(_ context.Context, division string) ([]facilities.ServiceArea, error) {
	a.asked = "areas " + division
	return []facilities.ServiceArea{
		{ID: "e", Version: 2, NameZH: "东片", Division: "1", Communities: []string{"11", "12"}},
		{ID: "w", Version: 1, NameZH: "西片", Division: "1", Communities: []string{"12"}},
	}, a.fail
}

func (a *fakeAreas) CreateArea(_ context.Context, made facilities.ServiceArea, c record.Change) (facilities.ServiceArea, error) {
	a.asked = fmt.Sprint(made, c)
	made.ID, made.Version = "n", 1
	return made, a.fail
}

func (a *fakeAreas) UpdateArea(_ context.Context, id string, expected int, p facilities.AreaPatch, c record.Change) (facilities.ServiceArea, error) {
	now := p.Apply(facilities.ServiceArea{ID: id, Version: expected + 1, NameZH: "东片"})
	a.asked = fmt.Sprint(now, c)
	return now, a.fail
}

func (a *fakeAreas) Stewards(context.Context) ([]facilities.Steward, error) {
	return []facilities.Steward{{ID: "s", Version: 1, Division: "1", Office: "办事处", VerifyDays: 180}}, a.fail
}

func (a *fakeAreas) CreateSteward(_ context.Context, s facilities.Steward, c record.Change) (facilities.Steward, error) {
	a.asked = fmt.Sprint(s, c)
	s.ID, s.Version = "n", 1
	return s, a.fail
}

func (a *fakeAreas) UpdateSteward(_ context.Context, id string, expected int, p facilities.StewardPatch, c record.Change) (facilities.Steward, error) {
	now := p.Apply(facilities.Steward{ID: id, Version: expected + 1})
	a.asked = fmt.Sprint(now, c)
	return now, a.fail
}

func serveAreas(t *testing.T, a *fakeAreas) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.RegisterAreas(httpapi.NewAPI(router), a)
	return httpapitest.New(t, router)
}

func TestAreasAndStewards(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, path string
		header       http.Header
		body         body
		status       int
		asked, says  string
	}{
		{"GET", "/service-areas?division=1", nil, nil, 200, "areas 1", `"overlaps":[{"community":"12","area":"e","other":"w"}]`},
		{
			"POST", "/service-areas", keyed("k"),
			body{"name_zh": "南片", "name_en": "S", "division_code": "1", "communities": []string{"13"}, "reason": "划定", "valid_from": "2026-01-01"},
			201, "{ 0 南片 S 1 [13] false } {划定 2026-01-01 false}", `"id":"n"`,
		},
		{"PATCH", "/service-areas/e", held(`"2"`), body{"name_zh": "大东片", "name_en": "E", "communities": []string{"11"}, "closed": true, "reason": "并"}, 200, "{e 3 大东片 E  [11] true } {并  false}", `"version":3`},
		{"GET", "/stewards", nil, nil, 200, "", `"verify_days":180`},
		{"POST", "/stewards", keyed("k"), body{"division_code": "1", "office": "办事处", "reason": "明确"}, 201, "{ 0 1 办事处   365 } {明确  false}", `"id":"n"`},
		{"PATCH", "/stewards/s", held(`"1"`), body{"office": "新办", "post": "干事", "phone": "123", "verify_days": 90, "reason": "改"}, 200, "{s 2  新办 干事 123 90 } {改  false}", `"verify_days":90`},
	} {
		a := &fakeAreas{}
		var b any
		if tc.body != nil {
			b = tc.body
		}
		w := serveAreas(t, a).Do(tc.method, "/api/v1"+tc.path, tc.header, b)
		if w.Code != tc.status || a.asked != tc.asked || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s: %d %s; asked %q", tc.method, tc.path, w.Code, w.Body, a.asked)
		}
		if tc.status == http.StatusCreated && (w.Header().Get("ETag") != `"1"` || !strings.HasSuffix(w.Header().Get("Location"), tc.path+"/n")) {
			t.Errorf("%s: %v", tc.path, w.Header())
		}
	}
}

func TestAreasAndStewardsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	area, who := body{"name_zh": "南片", "division_code": "1", "communities": []string{"13"}, "reason": "a"}, body{"division_code": "1", "office": "a", "reason": "a"}
	fault := record.Invalid([]record.Fault{{Field: "name_zh", ZH: "已有", EN: "there is"}})
	for _, tc := range []struct {
		method, path string
		header       http.Header
		body         body
		fail         error
		status       int
		says         string
	}{
		{"GET", "/service-areas", nil, nil, facilityhttp.ErrNotReady, 503, "not_ready"},
		{"GET", "/stewards", nil, nil, facilityhttp.ErrNotReady, 503, "not_ready"},
		{"POST", "/service-areas", nil, area, nil, 400, "idempotency_key_required"},
		{"POST", "/stewards", nil, who, nil, 400, "idempotency_key_required"},
		{"POST", "/service-areas", keyed("k"), area, fault, 422, "#/name_zh"},
		{"POST", "/stewards", keyed("k"), who, fault, 422, "#/name_zh"},
		{"PATCH", "/service-areas/e", nil, body{"reason": "a"}, nil, 428, "precondition_required"},
		{"PATCH", "/stewards/s", nil, body{"reason": "a"}, nil, 428, "precondition_required"},
		{"PATCH", "/service-areas/e", held(`"1"`), body{"reason": "a", "name_zh": nil}, nil, 422, "#/name_zh"},
		{"PATCH", "/stewards/s", held(`"1"`), body{"reason": "a", "office": nil}, nil, 422, "#/office"},
		{"PATCH", "/service-areas/e", held(`"1"`), body{"reason": "a"}, facilityhttp.ErrNoArea, 404, "unknown_service_area"},
		{"PATCH", "/stewards/s", held(`"1"`), body{"reason": "a"}, facilityhttp.ErrNoSteward, 404, "unknown_steward"},
	} {
		var b any
		if tc.body != nil {
			b = tc.body
		}
		w := serveAreas(t, &fakeAreas{fail: tc.fail}).Do(tc.method, "/api/v1"+tc.path, tc.header, b)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
}

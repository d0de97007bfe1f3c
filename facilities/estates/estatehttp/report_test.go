package estatehttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"yike/facilities/estates"
	"yike/facilities/estates/estatehttp"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/record"
)

// reported is a district with one new estate that lacks premises and one that stands.
type reported struct {
	t    testing.TB
	fail error
}

func (r reported) held() ([]estates.Held, []string) {
	set, err := estates.Set()
	if err != nil {
		r.t.Fatal(err)
	}
	area, _ := premises.AreaOf(250)
	e := estates.Estate{
		ID: "a", Name: "和顺家园", Kind: estates.New, DivisionCode: "120111001001", Households: 1000, CompletedOn: "2024-05-01", Developer: "某置业", Note: "内部备注",
		Rooms: []estates.Room{{Name: "党群服务中心", Use: premises.PartyMass, Area: area}}, Conditions: estates.Paper{Number: "规条1"}, Plan: estates.Paper{Number: "建审1"},
	}
	ctx := estates.Context{Regions: set.Chain("120111"), Day: "2026-11-27", Community: estates.Community{Known: true}, Opinions: true}
	old := estates.Estate{ID: "b", Name: "老厂宿舍", Kind: estates.Built, Households: 100}
	return []estates.Held{estates.Hold(estates.NewChecker(set), e, estates.Progress{}, ctx), estates.Hold(estates.NewChecker(set), old, estates.Progress{}, ctx)}, ctx.Regions
}

func places() []divisions.Division {
	return []divisions.Division{
		{Code: "120111001", Level: divisions.Subdistrict, NameZH: "西营门街道"},
		{Code: "120111001001", Level: divisions.Community, ParentCode: "120111001", NameZH: "花桥里", NameEN: "Huaqiaoli"},
	}
}

func (r reported) Report(_ context.Context, division string) (estatehttp.ReportAnswer, error) {
	if division == "9" {
		return estatehttp.ReportAnswer{}, estatehttp.ErrUnknownDivision
	}
	all, regions := r.held()
	return estatehttp.ReportAnswer{
		Report: estates.Summarise(regions, "2026-11-27", all, places()), Of: estatehttp.EstateText{ZH: "西青区"}, Places: places(), Notices: []estatehttp.EstateText{{ZH: "示例", EN: "an example"}},
	}, r.fail
}

func (r reported) Retrofit(context.Context, string) (estatehttp.RetrofitAnswer, error) {
	all, regions := r.held()
	return estatehttp.RetrofitAnswer{Day: "2026-11-27", List: estates.RetrofitList(regions, "2026-11-27", all, nil, nil), Places: places()}, r.fail
}

func (r reported) WriteReport(_ context.Context, w io.Writer, f estatehttp.ReportFormat) error {
	if f.Format == "pdf" {
		return estatehttp.ErrReportFonts
	}
	_, err := fmt.Fprintf(w, "%+v", f)
	return err
}

func (r reported) WriteRetrofit(_ context.Context, w io.Writer, f estatehttp.ReportFormat) error {
	_, err := fmt.Fprintf(w, "%+v", f)
	return err
}

func (reported) Today() record.Day { return "2026-11-27" }

func (r reported) Around(_ context.Context, id string, q estatehttp.AroundQuery) (estatehttp.EstateAround, error) {
	switch {
	case id != "a":
		return estatehttp.EstateAround{}, estates.ErrNotFound
	case q.Minutes == 60:
		return estatehttp.EstateAround{}, estatehttp.ErrBadWalk
	}
	return estatehttp.EstateAround{Minutes: q.Minutes, Profile: q.Profile, Types: []estatehttp.AroundType{}, Notices: []estatehttp.EstateText{}}, r.fail
}

func reports(t *testing.T, fail error) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	api := httpapi.NewAPI(router)
	estatehttp.RegisterReports(api, reported{t, fail})
	estatehttp.RegisterAround(api, reported{t, fail})
	return httpapitest.New(t, router)
}

func answer(t *testing.T, s *httpapitest.Server, path string, into any) string {
	t.Helper()
	w := s.Get("/api/v1/"+path, nil)
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func TestReport(t *testing.T) {
	t.Parallel()
	s := reports(t, nil)
	var r estatehttp.EstatesReport
	answer(t, s, "estates-report", &r)
	if len(r.Rates) != 4 || r.Rates[0].Percent == nil || *r.Rates[0].Percent != 0 || r.Rates[1].Percent != nil || !r.Rates[0].Here || len(r.Rates[3].Undated) != 1 || r.Rates[0].Sentence.ZH == "" {
		t.Errorf("rates %+v", r.Rates)
	}
	// 30 m² per 100 of 1,000 households: 300, of which 250 are there; nobody knows of the standing estate.
	if d := r.All.Debts[0]; d.Short != 80 && d.Short != 50 || d.Provided != 250 {
		t.Errorf("debts %+v", r.All.Debts)
	}
	if l := r.Estates[0]; l.Community.EN != "Huaqiaoli" || l.Subdistrict.ZH != "西营门街道" || *l.Conclusion != "not_compliant" || *l.Debts[0].Owed != 300 || *l.Next != "conditions" || r.Estates[1].Conclusion != nil {
		t.Errorf("%+v", r.Estates)
	}
	if *r.Completed[0].Year != 2024 || len(r.Milestones) != 5 || r.Subdistricts[0].New.Estates != 1 || r.Elsewhere.Built != 1 {
		t.Errorf("%+v", r)
	}
	var f estatehttp.EstatesRetrofit
	answer(t, s, "estates-retrofit", &f)
	if len(f.Estates) != 2 || f.Estates[0].ID != "a" || !f.Estates[0].Nothing || f.Estates[0].Deadline == nil || !f.Estates[0].Deadline.Late || len(f.Ways) != 3 || f.Estates[1].Age != "undated" {
		t.Errorf("%+v", f.Estates)
	}
	if way := f.Estates[0].Lacks[0].Suggested[0]; way.Way != "purchase" || way.Why.ZH == "" {
		t.Errorf("%+v", way)
	}
}

// TestWhatMayBePublished holds that nothing that is not for everybody is in it.
func TestWhatMayBePublished(t *testing.T) {
	t.Parallel()
	var p estatehttp.EstatesPublic
	text := answer(t, reports(t, nil), "estates-public", &p)
	for _, secret := range []string{"某置业", "内部备注", "规条1", "建审1", "developer", "note\"", "signer"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
	if len(p.Estates) != 2 || *p.Estates[0].Premises.Owed != 300 || *p.Estates[0].Premises.Missing != 50 || p.Estates[0].Rates["RAT-20"] != "fail" || p.Estates[1].Conclusion != nil || p.Estates[1].CompletedOn != nil {
		t.Errorf("%+v", p.Estates)
	}
}

func TestReportFiles(t *testing.T) {
	t.Parallel()
	s := reports(t, nil)
	for path, want := range map[string]string{
		"estates-report.xlsx?words=en&division=1": "{Format:xlsx Division:1 English:true Open:false}",
		"estates-retrofit.csv":                    "{Format:csv Division: English:false Open:false}",
		"estates-public.csv":                      "{Format:csv Division: English:false Open:true}",
	} {
		w := s.Raw("/api/v1/"+path, nil)
		if w.Code != http.StatusOK || w.Body.String() != want || !strings.Contains(w.Header().Get("Content-Disposition"), "2026-11-27") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestReportProblems(t *testing.T) {
	t.Parallel()
	for path, tc := range map[string]struct {
		fail   error
		status int
		code   string
	}{
		"estates-report?division=9":      {nil, 404, "unknown_division"},
		"estates-public?division=9":      {nil, 404, "unknown_division"},
		"estates-report":                 {estatehttp.ErrNotReady, 503, "not_ready"},
		"estates-public":                 {errors.New("secret"), 500, "internal"},
		"estates-retrofit":               {estatehttp.ErrNotReady, 503, "not_ready"},
		"estates-report.pdf":             {nil, 503, "no_fonts"},
		"estates/z/around":               {nil, 404, "unknown_estate"},
		"estates/a/around?minutes=60":    {nil, 422, "bad_walk"},
		"estates/a/around?profile=horse": {nil, 422, "validation"},
	} {
		w := reports(t, tc.fail).Get("/api/v1/"+path, nil)
		var p struct{ Code string }
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != tc.status || p.Code != tc.code {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	var a estatehttp.EstateAround
	if answer(t, reports(t, nil), "estates/a/around", &a); a.Minutes != 15 || a.Profile != "plain" || a.Exit != nil {
		t.Errorf("%+v", a)
	}
}

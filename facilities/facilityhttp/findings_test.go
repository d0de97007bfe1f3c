package facilityhttp_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/facilities/standards"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/rules"
)

// checks is a district of three facilities that are held to the program's standards.
type checks struct {
	set   *rules.Set
	types facilities.Types
	err   error
}

func newChecks(t *testing.T) *checks {
	t.Helper()
	set, errSet := standards.Set()
	types, errTypes := facilities.ParseCatalogue(nil)
	if err := errors.Join(errSet, errTypes); err != nil {
		t.Fatal(err)
	}
	return &checks{set: set, types: types}
}

func (c *checks) Set() *rules.Set { return c.set }

func (c *checks) check(f facilities.Facility) facilityhttp.CheckedFacility {
	info, _ := c.types.Find(f.Type)
	ctx := standards.Context{Regions: c.set.Chain("120111"), Day: "2026-11-27", Beyond: map[string]rules.Input{standards.FarthestHomeMin: standards.Number(18.5)}}
	return facilityhttp.CheckedFacility{
		Facility: f, Day: "2026-11-27", Score: facilities.Quality(f, info, "2026-11-27"), Missing: facilities.Missing(info, f),
		Findings: standards.Check(c.set, f, info, ctx),
	}
}

func (c *checks) Facility(_ context.Context, id string) (facilityhttp.CheckedFacility, error) {
	d, err := c.District(context.Background())
	for _, f := range d.Facilities {
		if f.Facility.ID == id {
			return f, err
		}
	}
	return facilityhttp.CheckedFacility{}, errors.Join(err, facilityhttp.ErrNotFound)
}

func (c *checks) District(context.Context) (facilityhttp.CheckedDistrict, error) {
	if c.err != nil {
		return facilityhttp.CheckedDistrict{}, c.err
	}
	place := func(code, name, parent string, level divisions.Level, p standards.Place) facilityhttp.CheckedDivision {
		p.Division = divisions.Division{Code: code, Level: level, ParentCode: parent, NameZH: name, Complete: true}
		p.Has = map[divisions.Level]bool{divisions.Subdistrict: true, divisions.Community: true}
		return facilityhttp.CheckedDivision{Division: p.Division, Findings: standards.CheckPlace(c.set, p, standards.Context{Regions: c.set.Chain("120111"), Day: "2026-11-27"})}
	}
	return facilityhttp.CheckedDistrict{
		Version: "v1", Types: c.types.Types,
		Places: []facilityhttp.CheckedDivision{
			place("120111001", "=甲街道", "", divisions.Subdistrict, standards.Place{Ledger: &standards.Ledger{Rooms: 4, Complete: 4}}),
			place("120111002", "乙街道", "", divisions.Subdistrict, standards.Place{Centres: 2}),
			place("120111001001", "一社区", "120111001", divisions.Community, standards.Place{Setting: divisions.Urban, Households: divisions.Households{Count: 701, Source: divisions.HouseholdsDeclared}}),
			place("120111", "区", "", divisions.District, standards.Place{}),
		},
		Divisions: []divisions.Division{
			{Code: "120111001", Level: divisions.Subdistrict, NameZH: "甲街道"},
			{Code: "120111001001", Level: divisions.Community, ParentCode: "120111001", NameZH: "一社区"},
			{Code: "120111002", Level: divisions.Subdistrict, NameZH: "乙街道"},
		},
		Facilities: []facilityhttp.CheckedFacility{
			c.check(facilities.Facility{ID: "1", Type: "elderly_canteen", NameZH: "=东食堂", Status: facilities.Open, DivisionCode: "120111001001", Fields: map[string]any{
				"food_licence": "valid", "food_licence_until": "2026-01-01", "fire_safety": "valid",
			}}),
			c.check(facilities.Facility{ID: "2", Type: "rescue_station", NameZH: "救助站", Status: facilities.Open, DivisionCode: "120111002", Capacity: 50, Fields: map[string]any{
				"floor_area": 1400.0, "dormitory_area": 200.0, "rooms_men": 3.0, "rooms_women": 2.0,
			}}),
			c.check(facilities.Facility{ID: "3", Type: "funeral_parlour", NameZH: "殡仪馆", Status: facilities.Open, DivisionCode: "120111002"}),
		},
	}, nil
}

func serveChecks(t *testing.T, c *checks) *httpapitest.Server {
	t.Helper()
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	facilityhttp.RegisterFindings(httpapi.NewAPI(router), c)
	return httpapitest.New(t, router)
}

type foundOne struct {
	Rule, Outcome, Severity, Grade string
	Sentence, Unread               any
	ReasonEN                       string `json:"reason_en"`
	MissingEN                      string `json:"missing_en"`
	ValueEN                        string `json:"value_en"`
	ThresholdEN                    string `json:"threshold_en"`
	FormulaEN                      string `json:"formula_en"`
	SourceEN, GradeEN              string
	Inputs                         []struct {
		Name    string
		Known   bool
		ShownEN string `json:"shown_en"`
	}
}

func decodeInto[T any](t *testing.T, body []byte) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return out
}

func TestFindingsOfOne(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	w := s.Get("/api/v1/facilities/2/findings", nil)
	got := decodeInto[struct {
		Day     string
		Quality struct {
			Points  int
			Reasons []struct{ Lost int }
		}
		Missing  []string
		Findings []foundOne
	}](t, w.Body.Bytes())
	lost := got.Quality.Points
	for _, r := range got.Quality.Reasons {
		lost += r.Lost
	}
	if w.Code != http.StatusOK || got.Day != "2026-11-27" || lost != 100 || len(got.Missing) != 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var order []string
	for _, f := range got.Findings {
		order = append(order, f.Rule+" "+f.Outcome)
	}
	if strings.Join(order, ", ") != "FAC-02 fail, FAC-04 undetermined, FAC-01 pass, FAC-03 pass, FAC-05 pass" {
		t.Errorf("in the order %v", order)
	}
	area := got.Findings[0]
	if area.MissingEN != "lacks 100\u2009m²" || area.ValueEN != "1,400\u2009m²" || area.ThresholdEN != "≥ 1,500\u2009m²" || area.FormulaEN != "floor area" || area.Grade != "S0" ||
		!strings.Contains(area.Sentence.(string), "1500平方米以上") || len(area.Inputs) != 1 || area.Inputs[0].ShownEN != "1,400\u2009m²" {
		t.Errorf("%+v", area)
	}
	if ground := got.Findings[1]; ground.Inputs[0].Known || ground.Inputs[0].ShownEN != "not filled in" || ground.ReasonEN == "" {
		t.Errorf("%+v", ground)
	}
	if w := s.Get("/api/v1/facilities/9/findings", nil); w.Code != http.StatusNotFound {
		t.Errorf("of none: %d", w.Code)
	}
	if bare := decodeInto[struct{ Missing []string }](t, s.Get("/api/v1/facilities/1/findings", nil).Body.Bytes()); !slices.Equal(bare.Missing, []string{"meals_per_day"}) {
		t.Errorf("lacks %v", bare.Missing)
	}
}

type findingsPage struct {
	Total    int
	Next     *string
	Findings []struct {
		Facility, Division string
		Finding            foundOne
	}
}

func (p findingsPage) words() string {
	var out []string
	for _, f := range p.Findings {
		out = append(out, f.Facility+" "+f.Finding.Rule)
	}
	return strings.Join(out, ", ")
}

func TestFindingsOfTheDistrict(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	for query, want := range map[string]string{
		"":                                 "1 FAC-11, 1 FAC-22, 2 FAC-01, 2 FAC-02, 2 FAC-03, 2 FAC-04, 2 FAC-05",
		"outcome=fail":                     "1 FAC-11, 1 FAC-22, 2 FAC-02",
		"outcome=fail&severity=error":      "1 FAC-22, 2 FAC-02",
		"outcome=undetermined":             "2 FAC-04",
		"outcome=not_applicable":           "1 FAC-20, 1 FAC-20",
		"type=elderly_canteen":             "1 FAC-11, 1 FAC-22",
		"type=funeral_parlour":             "",
		"division=120111001":               "1 FAC-11, 1 FAC-22",
		"division=120111002&severity=info": "",
		"rule=FAC-03":                      "2 FAC-03",
	} {
		w := s.Get("/api/v1/facility-findings?"+query, nil)
		if got := decodeInto[findingsPage](t, w.Body.Bytes()); w.Code != http.StatusOK || got.words() != want || got.Total != len(got.Findings) || got.Next != nil {
			t.Errorf("%s: %d %q, total %d", query, w.Code, got.words(), got.Total)
		}
	}
	var walked []string
	cursor := ""
	for range 10 {
		got := decodeInto[findingsPage](t, s.Get("/api/v1/facility-findings?limit=3&cursor="+url.QueryEscape(cursor), nil).Body.Bytes())
		walked = append(walked, got.words())
		if got.Total != 7 {
			t.Errorf("total %d", got.Total)
		}
		if got.Next == nil {
			break
		}
		cursor = *got.Next
	}
	if got := strings.Join(walked, "; "); got != "1 FAC-11, 1 FAC-22, 2 FAC-01; 2 FAC-02, 2 FAC-03, 2 FAC-04; 2 FAC-05" {
		t.Errorf("page by page: %s", got)
	}
	w := s.Get("/api/v1/facility-findings", nil)
	if again := s.Get("/api/v1/facility-findings", http.Header{"If-None-Match": {w.Header().Get("ETag")}}); again.Code != http.StatusNotModified {
		t.Errorf("held: %d", again.Code)
	}
	for query, want := range map[string]int{"type=pub": 404, "division=9": 404, "cursor=%21": 422} {
		if w := s.Get("/api/v1/facility-findings?"+query, nil); w.Code != want {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
	if w := s.Raw("/api/v1/facility-findings?outcome=perhaps", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an outcome there is not: %d", w.Code)
	}
}

func TestFindingsTable(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	w := s.Raw("/api/v1/facility-findings.csv?outcome=fail", nil)
	text, marked := strings.CutPrefix(w.Body.String(), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if w.Code != http.StatusOK || !marked || err != nil || len(rows) != 4 {
		t.Fatalf("%d %v %d rows", w.Code, err, len(rows))
	}
	row := rows[2]
	if row[1] != "'=东食堂" || row[2] != "老人家食堂" || row[3] != "一社区" || row[6] != "FAC-22" || row[8] != "不符合" || row[9] != "强制" || !strings.Contains(row[15], "食品经营许可证：已过期") {
		t.Errorf("%q", row)
	}
	if w := s.Raw("/api/v1/facility-findings.csv?type=pub", nil); w.Code != http.StatusNotFound {
		t.Errorf("of no type: %d", w.Code)
	}
}

func TestQualityOfTheDistrict(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	type page struct {
		Total   int
		Mean    *float64
		Next    *string
		Records []struct {
			Facility   string
			Points     int
			VerifiedOn *string `json:"verified_on"`
			Reasons    []struct{ Lost int }
		}
		Subdistricts []struct {
			Division       string
			Records, Never int
			Mean           float64
		}
	}
	ask := func(query string) page {
		return decodeInto[page](t, s.Get("/api/v1/facility-quality?"+query, nil).Body.Bytes())
	}
	all := ask("")
	var points []int
	sum := 0
	for _, r := range all.Records {
		points, sum = append(points, r.Points), sum+r.Points
		if r.VerifiedOn != nil || len(r.Reasons) == 0 {
			t.Errorf("%+v", r)
		}
	}
	if all.Total != 3 || !slices.IsSorted(points) || all.Mean == nil || *all.Mean < float64(sum)/3-0.06 || *all.Mean > float64(sum)/3+0.06 {
		t.Errorf("%v, mean %v", points, all.Mean)
	}
	if len(all.Subdistricts) != 2 || all.Subdistricts[0].Mean > all.Subdistricts[1].Mean || all.Subdistricts[0].Records+all.Subdistricts[1].Records != 3 || all.Subdistricts[0].Never == 0 {
		t.Errorf("%+v", all.Subdistricts)
	}
	var walked []string
	for cursor := ""; ; {
		p := ask("limit=1&cursor=" + url.QueryEscape(cursor))
		walked = append(walked, p.Records[0].Facility)
		if p.Next == nil {
			break
		}
		cursor = *p.Next
	}
	if len(walked) != 3 || walked[0] != all.Records[0].Facility || walked[2] != all.Records[2].Facility {
		t.Errorf("page by page: %v", walked)
	}
	if p := ask("division=120111001"); p.Total != 1 || p.Records[0].Facility != "1" {
		t.Errorf("below a subdistrict: %+v", p)
	}
	if p := ask("type=love_post"); p.Total != 0 || p.Mean != nil || len(p.Subdistricts) != 0 {
		t.Errorf("of none: %+v", p)
	}
	for query, want := range map[string]int{"type=pub": 404, "division=9": 404, "cursor=%21": 422} {
		if w := s.Get("/api/v1/facility-quality?"+query, nil); w.Code != want {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
}

func TestFindingsBeforeTheData(t *testing.T) {
	t.Parallel()
	c := newChecks(t)
	c.err = facilityhttp.ErrNotReady
	s := serveChecks(t, c)
	for _, path := range []string{"/api/v1/facilities/1/findings", "/api/v1/facility-findings", "/api/v1/facility-findings.csv", "/api/v1/facility-quality"} {
		if w := s.Get(path, nil); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

package coveragehttp_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
)

const reportID = "01900000-0000-7000-8000-000000000001"

// shelf is a Reports with one report on it.
type shelf struct {
	asked    *coveragehttp.ReportArgs
	answered int
	fail     error // of the lines, after the first
}

func (s *shelf) AskReport(_ context.Context, a coveragehttp.ReportArgs) (string, error) {
	if a.Base == divisions.Registered {
		return "", coveragehttp.ErrUnknownBase
	}
	s.asked = &a
	return reportID, nil
}

func (s *shelf) Report(_ context.Context, job string) (coveragehttp.Report, error) {
	if job != reportID {
		return coveragehttp.Report{}, coveragehttp.ErrNoReport
	}
	r := coveragehttp.Report{
		Job: job, Version: "v1", Bands: []string{"20+", "=70+"}, Questions: 2, AskedWho: "somebody",
		Notices: []coveragehttp.Notice{{ZH: "＋注", EN: "@note", URL: "https://example.cn", Licence: "ODbL"}},
	}
	for n := range s.answered {
		r.Answered = append(r.Answered, coveragehttp.ReportQuestion{
			Number: n + 1, Name: coverage.Text{ZH: "-食堂", EN: "canteens"}, Measure: "walk",
			Query: coveragehttp.Query{Type: "elderly_canteen", Base: divisions.Resident, Limit: walknet.Milliseconds(n+1) * 300_000, Speed: 900},
		})
	}
	return r, nil
}

func (s *shelf) ReportLines(_ context.Context, _ string, pick coveragehttp.ReportPick, each func(int, coverage.Line) error) error {
	counts := func(n coverage.People) []coverage.Count {
		return []coverage.Count{{Population: n + 3, Covered: n, Uncovered: 2, Unsnapped: 1}, {}}
	}
	for n := range min(s.answered+1, 2) { // one was answered while we asked
		for _, l := range []coverage.Line{
			{Level: "subdistrict", Code: "990101001", NameZH: "=HYPERLINK(1)", NameEN: "\t+1", Complete: true, Counts: counts(12_345), Units: coverage.Units{Total: 2, With: 1}},
			{Level: "outside_subdistrict", NameZH: "不在该级任何辖区内", NameEN: "In no division of this level", Complete: true, Counts: counts(1)},
			{Level: "total", NameZH: "合计", NameEN: "Total", Complete: true, Counts: counts(20_000), Units: coverage.Units{Total: 2, With: 1}},
		} {
			n := n + 1
			if pick.Question != 0 && pick.Question != n || pick.Level != "" && pick.Level != l.Level && (!pick.Totals || l.Level != "total") {
				continue
			}
			if err := each(n, l); err != nil {
				return err
			}
			if s.fail != nil {
				return s.fail
			}
		}
	}
	return nil
}

func serveReports(t *testing.T, reports coveragehttp.Reports) (*httpapitest.Server, http.Handler) {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	coveragehttp.RegisterReports(httpapi.NewAPI(r), reports, func() []facilities.TypeInfo { return types })
	return httpapitest.New(t, r), r
}

func postReport(t *testing.T, h http.Handler, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/coverage-reports", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAskForReport(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	_, h := serveReports(t, s)
	w := postReport(t, h, `{"types":["elderly_canteen"],"limits_s":[300,900],"speeds":[0.9,1.2],"base":"resident"}`)
	if w.Code != http.StatusAccepted || w.Header().Get("Location") != "/api/v1/jobs/"+reportID || decode[struct{ Job string }](t, w).Job != reportID {
		t.Fatalf("%d %s %v", w.Code, w.Body, w.Header())
	}
	want := &coveragehttp.ReportArgs{
		Types: []facilities.Type{"elderly_canteen"}, LimitsS: []int{300, 900}, Speeds: []walknet.Speed{900, 1200}, Base: divisions.Resident,
	}
	if d := cmp.Diff(want, s.asked); d != "" {
		t.Error(d)
	}
	if w := postReport(t, h, `{}`); w.Code != http.StatusAccepted || !cmp.Equal(s.asked, &coveragehttp.ReportArgs{}) {
		t.Errorf("everything: %d %s, %+v", w.Code, w.Body, s.asked)
	}
	var types []string
	catalogue, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range catalogue {
		types = append(types, string(info.Type))
	}
	all, err := json.Marshal(map[string]any{
		"types": types, "limits_s": []int{60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83},
		"speeds": []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4},
	})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{"types":["pub"]}`:      {404, "unknown_facility_type"},
		`{"base":"registered"}`:  {404, "unknown_base"},
		`{"base":"visitors"}`:    {422, "validation"},
		`{"limits_s":[59]}`:      {422, "validation"},
		`{"limits_s":[900,900]}`: {422, "validation"},
		`{"speeds":[2.1]}`:       {422, "validation"},
		`{"colour":"red"}`:       {422, "validation"},
		string(all):              {422, "too_many_questions"},
		`{"types":[` + strings.Repeat(`"a",`, 64) + `"a"]}`: {422, "validation"},
	} {
		w := postReport(t, h, body)
		if got := decode[struct{ Code string }](t, w); w.Code != want.status || got.Code != want.code {
			t.Errorf("%.60s: %d %s; want %d %s", body, w.Code, got.Code, want.status, want.code)
		}
	}
}

type kept struct {
	Version   string
	Complete  bool
	Total     int
	Questions []struct {
		Number int
		TypeZH string `json:"type_zh"`
		Query  struct {
			Type, Base string
			Limit      int
			Speed      float64
		}
		Bands []struct {
			Band    string
			Covered json.Number
		}
		UnitCoverage *float64 `json:"unit_coverage"`
		Lines        []struct {
			Level, Code string
			Bands       []struct{ Population json.Number }
		}
	}
}

func TestKeptReport(t *testing.T) {
	t.Parallel()
	s, _ := serveReports(t, &shelf{answered: 1})
	get := func(query string) kept {
		t.Helper()
		w := s.Get("/api/v1/coverage-reports/"+reportID+query, nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return decode[kept](t, w)
	}
	r := get("")
	if r.Version != "v1" || r.Complete || r.Total != 2 || len(r.Questions) != 1 {
		t.Fatalf("%+v", r)
	}
	q := r.Questions[0]
	if q.Number != 1 || q.TypeZH != "-食堂" || q.Query.Type != "elderly_canteen" || q.Query.Limit != 300 || q.Query.Speed != 0.9 || q.Query.Base != "resident" ||
		len(q.Bands) != 2 || q.Bands[0].Band != "20+" || q.Bands[0].Covered != "2" || *q.UnitCoverage != 0.5 || len(q.Lines) != 0 {
		t.Errorf("%+v", q)
	}
	if lines := get("?question=1").Questions[0].Lines; len(lines) != 2 || lines[0].Code != "990101001" || lines[0].Bands[0].Population != "1.2348" || lines[1].Level != "outside_subdistrict" {
		t.Errorf("one question's lines are %+v", lines)
	}
	if q := get("?level=subdistrict").Questions[0]; len(q.Lines) != 1 || len(q.Bands) != 2 {
		t.Errorf("a level's lines are %+v", q)
	}
	if r := get("?question=2"); len(r.Questions) != 0 {
		t.Errorf("a question that is not answered: %+v", r.Questions)
	}
	if w := s.Get("/api/v1/coverage-reports/other", nil); w.Code != http.StatusNotFound || decode[struct{ Code string }](t, w).Code != "unknown_coverage_report" {
		t.Errorf("another: %d %s", w.Code, w.Body)
	}
	broken, _ := serveReports(t, &shelf{answered: 1, fail: errors.New("broken")})
	if w := broken.Get("/api/v1/coverage-reports/"+reportID, nil); w.Code != http.StatusInternalServerError {
		t.Errorf("lines that fail: %d", w.Code)
	}
}

func TestReportAsTable(t *testing.T) {
	t.Parallel()
	s, _ := serveReports(t, &shelf{answered: 2})
	w := s.Raw("/api/v1/coverage-reports/"+reportID+".csv", nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") || !strings.Contains(w.Header().Get("Content-Disposition"), reportID+".csv") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	text, ok := strings.CutPrefix(w.Body.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"elderly_canteen", "'-食堂", "resident", "300", "0.9", "subdistrict", "990101001", "", "'=HYPERLINK(1)", "'\t+1", "", "true", "20+", "1.2348", "1.2345", "0.0002", "0.0001", "0.999757", "2", "1", "0.500000"},
		{"elderly_canteen", "'-食堂", "resident", "300", "0.9", "subdistrict", "990101001", "", "'=HYPERLINK(1)", "'\t+1", "", "true", "'=70+", "0", "0", "0", "0", "", "2", "1", "0.500000"},
		{"elderly_canteen", "'-食堂", "resident", "300", "0.9", "outside_subdistrict", "", "", "不在该级任何辖区内", "In no division of this level", "", "true", "20+", "0.0004", "0.0001", "0.0002", "0.0001", "0.250000", "", "", ""},
	}
	if d := cmp.Diff(want, rows[1:4]); d != "" {
		t.Error(d)
	}
	last := rows[len(rows)-1]
	if last[5] != "notice" || last[8] != "'＋注 https://example.cn" || last[9] != "'@note ODbL" {
		t.Errorf("the notice is %q", last)
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("column %d would be run as a formula: %q", i, cell)
			}
		}
	}
	for path, want := range map[string]int{"other": 404, reportID: 409} {
		s, _ := serveReports(t, &shelf{answered: 1})
		if w := s.Raw("/api/v1/coverage-reports/"+path+".csv", nil); w.Code != want { // to the router of the tests the ending is part of the id
			t.Errorf("%s: %d; want %d", path, w.Code, want)
		}
	}
}

// A table that cannot be sent whole must not look whole: the connection is cut.
func TestTableThatBreaks(t *testing.T) {
	t.Parallel()
	_, h := serveReports(t, &shelf{answered: 2, fail: errors.New("broken")})
	server := httptest.NewServer(h)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/v1/coverage-reports/"+reportID+".csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := server.Client().Do(req)
	if err != nil {
		return // cut before the first byte
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("got %d and %d bytes as if that were all", res.StatusCode, len(body))
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"yike/cmd/yike/demogen"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/internal/gdal"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const (
	packagePath = "/api/v1/coverage/package"
	reportPaper = "/api/v1/coverage/report"
)

// papers serves the files of a district, with fonts or without.
func papersDesk(t *testing.T, db *postgres.DB, held *coveragelive.Holder, fonts func() (*pdf.Fonts, error)) *httpapitest.Server {
	t.Helper()
	r := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	now := func() time.Time { return time.Date(2026, 11, 27, 14, 31, 0, 0, time.UTC) }
	coveragehttp.RegisterPapers(httpapi.NewAPI(r), newCoveragePapers(db, held, fonts, now))
	return httpapitest.New(t, r)
}

func noFonts() (*pdf.Fonts, error) { return nil, pdf.ErrNoFont }

// opened are the files of an archive by name.
func opened(t *testing.T, file []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestPapersOfADistrict(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	state := loaded(t, db, demoPack(t, 3_000))
	held := &coveragelive.Holder{}
	s := papersDesk(t, db, held, noFonts)
	ask := func(path string, body map[string]any) *httptest.ResponseRecorder {
		body["type"] = "elderly_canteen"
		return s.RawDo(http.MethodPost, path, nil, body)
	}
	if w := ask(packagePath, map[string]any{}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d while loading", w.Code)
	}
	held.Publish(state)
	home := state.Demand[state.Bases[0]].Points[7]
	add := map[string]any{"do": "add", "id": "new-a", "lon": home.Lon(), "lat": home.Lat()}
	option := map[string]any{"name": "甲案", "note": "用公房", "steps": []any{add}, "costs": []any{map[string]any{"what": "装修", "kind": "one_off", "fen": 12_000_050}}}
	body := map[string]any{"limit": 300, "band": "70+", "level": "community", "options": []any{option, map[string]any{"steps": []any{}}}}
	w := ask(packagePath, body)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/zip" || !strings.Contains(w.Header().Get("Content-Disposition"), "coverage-package-2026-11-27.zip") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if again := ask(packagePath, body); !bytes.Equal(w.Body.Bytes(), again.Body.Bytes()) {
		t.Error("the same question at the same time gives other bytes")
	}
	files := opened(t, w.Body.Bytes())
	readme := string(files["README.txt"])
	for _, want := range []string{"甲案 — 用公房", "方案 2", "70 岁及以上", "2026-11-27 22:31", "合成", "路网数据的完整程度", state.Version, "2026-10-31"} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.txt does not say %q:\n%s", want, readme)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(files["成果表.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	steps, err := book.GetRows("方案步骤与费用")
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprint(steps); !strings.Contains(said, "新开：新设点 A（") || !strings.Contains(said, "120,000.50") || !strings.Contains(said, "没有填写费用") {
		t.Errorf("%s", said)
	}
	var gaps struct {
		Features []struct {
			Properties struct {
				Name      string
				Situation int
			}
		}
	}
	if err := json.Unmarshal(files["地图数据/gaps.geojson"], &gaps); err != nil || len(gaps.Features) == 0 {
		t.Fatalf("%d gaps, %v", len(gaps.Features), err)
	}
	for _, g := range gaps.Features {
		if !strings.ContainsAny(g.Properties.Name, "区街村镇路") {
			t.Errorf("a gap is called %q", g.Properties.Name)
		}
	}
	if got := audited(t, db, "coverage.package"); len(got) != 2 || !strings.Contains(got[0], `"options": 2`) {
		t.Errorf("the audit log says %v", got)
	}
	if gdal.Available() {
		w := ask(packagePath, map[string]any{"geopackage": true, "words": "en"})
		if w.Code != http.StatusOK || len(opened(t, w.Body.Bytes())["map/layers.gpkg"]) == 0 {
			t.Errorf("%d with a GeoPackage", w.Code)
		}
	}
	checkFaults(t, ask)
}

func checkFaults(t *testing.T, ask func(string, map[string]any) *httptest.ResponseRecorder) {
	t.Helper()
	steps := func(list ...any) []any { return []any{map[string]any{"steps": []any{}}, map[string]any{"steps": list}} }
	for name, c := range map[string]struct {
		path, code, pointer string
		body                map[string]any
	}{
		"no fonts":    {reportPaper, "no_fonts", "", map[string]any{}},
		"no band":     {packagePath, "unknown_band", "", map[string]any{"band": "3+"}},
		"no base":     {packagePath, "unknown_base", "", map[string]any{"base": "registered", "limit": 300}},
		"too wide":    {packagePath, "walks_too_long", "", map[string]any{"limit": 7200}},
		"no facility": {packagePath, "step_impossible", "#/options/1/steps/0", map[string]any{"options": steps(map[string]any{"do": "close", "id": "?"})}},
		"no place":    {packagePath, "step_impossible", "#/options/1/steps/0", map[string]any{"options": steps(map[string]any{"do": "add", "id": "a"})}},
		"nine":        {packagePath, "", "", map[string]any{"options": []any{1, 2, 3, 4, 5, 6, 7, 8, 9}}},
	} {
		w := ask(c.path, c.body)
		if name == "no base" && w.Code == http.StatusOK {
			continue // the demo has both
		}
		var p struct {
			Code   string
			Errors []struct{ Pointer string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code < 400 || c.code != "" && p.Code != c.code || c.pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != c.pointer) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// audited are what entries of an action say.
func audited(t *testing.T, db *postgres.DB, action string) []string {
	t.Helper()
	rows, err := db.Reader().Query(t.Context(), `SELECT detail #>> '{notes,0,after}' FROM audit_entry WHERE action = @action ORDER BY at, id`, pgx.StrictNamedArgs{"action": action})
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The report is a PDF for every measure of a type, and of today.
func TestReportPaperOfADistrict(t *testing.T) {
	t.Parallel()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if err != nil {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	t.Cleanup(func() { _ = fonts.Close() })
	db := dbtest.New(t)
	held := &coveragelive.Holder{}
	held.Publish(loaded(t, db, demoPack(t, 3_000)))
	s := papersDesk(t, db, held, func() (*pdf.Fonts, error) { return fonts, nil })
	for name, body := range map[string]map[string]any{
		"walks":       {"type": "elderly_canteen"},
		"metres":      {"type": "elderly_canteen", "metres": 500, "words": "en", "office": "民政局"},
		"step-free":   {"type": "elderly_canteen", "profile": "step_free", "at": "22:00", "tier": "5"},
		"by division": {"type": "columbarium"},
	} {
		w := s.RawDo(http.MethodPost, reportPaper, nil, body)
		if w.Code != http.StatusOK || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF-")) || w.Header().Get("Missing-Characters") != "" {
			t.Errorf("%s: %d %v %.300s", name, w.Code, w.Header(), w.Body)
		}
	}
	if got := audited(t, db, "coverage.report"); len(got) != 4 {
		t.Errorf("the audit log says %v", got)
	}
}

// BenchmarkPackage makes the package of five options on a generated district of 850,000
// people, without the report, from what is kept in memory for the question.
func BenchmarkPackage(b *testing.B) {
	dir := b.TempDir()
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: 850_000, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	db := dbtest.New(b)
	if _, err := runLoad(b.Context(), db, dir, loadOptions{}, func(string, string, int, int) {}); err != nil {
		b.Fatal(err)
	}
	state, err := coveragelive.Load(b.Context(), stores(db), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	held := &coveragelive.Holder{}
	held.Publish(state)
	p := newCoveragePapers(db, held, noFonts, time.Now)
	homes := state.Demand[state.Bases[0]].Points
	a := coveragehttp.PaperAsked{Query: coveragehttp.Query{Type: "elderly_canteen", Limit: 900_000, Speed: 900}, Band: "70+"}
	for i := range 5 {
		a.Options = append(a.Options, coveragehttp.PaperOption{
			Name: fmt.Sprint("方案", i+1), Places: []string{""},
			Steps: []coveragehttp.PlanStep{{Do: "add", ID: "new-a", At: homes[(i+1)*7919%len(homes)]}},
		})
	}
	size := int64(0)
	for b.Loop() {
		f, err := p.Paper(b.Context(), a)
		if err != nil {
			b.Fatal(err)
		}
		size = f.Size
		_ = f.Close()
	}
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(float64(len(homes)), "points")
}

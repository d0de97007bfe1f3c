package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/internal/auth"
	"yike/internal/gdal"
	"yike/internal/rowio"
	"yike/internal/rowout"
)

// export asks for a file and keeps it under the name that the answer gives it.
func (o *office) export(t *testing.T, query string) string {
	t.Helper()
	w := o.RawDo(http.MethodGet, "/api/v1/facility-export?"+query, as("reader"), nil) // the document's checker reads no such files
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	_, name, ok := strings.Cut(w.Header().Get("Content-Disposition"), "filename*=UTF-8''")
	name, err := url.PathUnescape(name)
	if !ok || err != nil || w.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) {
		t.Errorf("%s: %v", query, w.Header())
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, w.Body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestExportsOpenAgain writes what the demo has of canteens in every format, reads it with
// our own reader, and opens it with ogrinfo.
func TestExportsOpenAgain(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "reader", auth.ReadOnly, "")
	want := 0
	for _, f := range o.state.Facilities {
		if f.Type == "elderly_canteen" {
			want++
		}
	}
	for _, format := range rowout.Formats() {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			if format.NeedsGDAL() && !gdal.Available() {
				t.Skip("gdal-bin is not installed")
			}
			path := o.export(t, "type=elderly_canteen&system=cgcs2000&format="+string(format))
			f, err := rowio.Sniff(t.Context(), path, filepath.Base(path), rowio.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			table := f.Tables[f.Table]
			if table.Rows != want || want == 0 {
				t.Errorf("%d rows; want %d", table.Rows, want)
			}
			if len(f.Notes) > 2 || format.Spatial() && table.Geometry != "point" {
				t.Errorf("%+v", f)
			}
			if _, err := exec.LookPath("ogrinfo"); err != nil {
				return
			}
			if format == rowout.Shapefile {
				path = "/vsizip/" + path
			}
			out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", "-so", path).CombinedOutput()
			if err != nil || !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d", want)) && format != rowout.XLSX || strings.Contains(string(out), "ERROR") {
				t.Errorf("ogrinfo: %v\n%s", err, out)
			}
		})
	}
}

func TestExportsAreNamedAndFiltered(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "reader", auth.ReadOnly, "")
	path := o.export(t, "type=elderly_canteen&format=csv&system=gcj02&words=en")
	if want := "-2026-11-27-GCJ-02.csv"; !strings.HasSuffix(path, want) {
		t.Errorf("%s; want …%s", path, want)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "Longitude（GCJ-02）") || !strings.HasPrefix(string(text), "\ufeffName,Type,Status,") {
		t.Errorf("%.200s, %v", text, err)
	}
	one := o.state.Facilities[0]
	w := o.RawDo(http.MethodPost, "/api/v1/facility-export", as("reader"), map[string]any{"filter": map[string]any{"ids": []string{one.ID}}, "format": "csv"})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), one.NameZH) || strings.Count(w.Body.String(), "\r\n") != 2 || w.Header().Get("X-Row-Count") != "1" {
		t.Errorf("one record: %d %s", w.Code, w.Body)
	}
	p := one.Point
	area := fmt.Sprintf("%f,%f;%f,%f;%f,%f", p.Lon()-1e-5, p.Lat()-1e-5, p.Lon()+1e-5, p.Lat()-1e-5, p.Lon(), p.Lat()+2e-5)
	if text, err := os.ReadFile(o.export(t, "format=csv&area="+url.QueryEscape(area))); err != nil || !strings.Contains(string(text), one.NameZH) {
		t.Errorf("by shape: %s, %v", text, err)
	}
	for query, status := range map[string]int{
		"format=doc": http.StatusUnprocessableEntity, "system=mars": http.StatusUnprocessableEntity, "type=none": http.StatusNotFound,
		"division=999999": http.StatusNotFound, "profile=none": http.StatusNotFound, "area=1": http.StatusUnprocessableEntity,
	} {
		if w := o.Do(http.MethodGet, "/api/v1/facility-export?"+query, as("reader"), nil); w.Code != status {
			t.Errorf("%s: %d %s; want %d", query, w.Code, w.Body, status)
		}
	}
}

// TestExportsAreInTheAuditLog holds that every file that is given is noted with who took
// it, the filter and how many records, and that what is refused is not.
func TestExportsAreInTheAuditLog(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "reader", auth.ReadOnly, "")
	one := o.state.Facilities[0]
	o.export(t, "type=elderly_canteen&q=hao&format=csv&overdue=true")
	for _, ask := range []struct {
		who, method, path string
		body              any
	}{
		{"reader", http.MethodPost, "/api/v1/facility-export", map[string]any{"filter": map[string]any{"ids": []string{one.ID}}, "format": "tsv"}},
		{"reader", http.MethodGet, "/api/v1/premises.csv?use=culture&misuse=true&division=" + o.state.Pack.AdCode, nil},
		{"nobody", http.MethodGet, "/api/v1/facility-export?format=csv&q=没有的", nil},
		{"reader", http.MethodGet, "/api/v1/facility-export?profile=none", nil},
	} {
		o.RawDo(ask.method, ask.path, as(ask.who), ask.body)
	}
	rows, err := db.Pool().Query(t.Context(), `
SELECT who || ' ' || action || ' ' || division_code || ' ' || (detail #>> '{notes,0,after}') FROM audit_entry WHERE action LIKE '%.export' ORDER BY at, id`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`reader facility.export  {"rows": 0, "filter": {"q": "hao", "type": ["elderly_canteen"], "overdue": true}, "format": "csv", "system": "wgs84"}`,
		`reader facility.export  {"rows": 1, "filter": {"chosen": 1}, "format": "tsv", "system": "wgs84"}`,
		`reader premises.export ` + o.state.Pack.AdCode + ` {"rows": 0, "filter": {"use": "culture", "misuse": true, "division": "` + o.state.Pack.AdCode + `"}, "format": "csv"}`,
		`未登录 / not signed in facility.export  {"rows": 0, "filter": {"q": "没有的"}, "format": "csv", "system": "wgs84"}`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTemplatesAreKnownAgain(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "reader", auth.ReadOnly, "")
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range types {
		w := o.RawDo(http.MethodGet, "/api/v1/facility-templates/"+string(info.Type), as("reader"), nil)
		path := filepath.Join(t.TempDir(), "t.xlsx")
		if err := os.WriteFile(path, w.Body.Bytes(), 0o600); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", info.Type, w.Code, err)
		}
		f, err := rowio.Sniff(t.Context(), path, "t.xlsx", rowio.Limits{})
		if err != nil || f.Template == nil || f.Template.Type != string(info.Type) || f.Tables[f.Table].Name != f.Template.Sheet {
			t.Fatalf("%s: %+v, %v", info.Type, f, err)
		}
		codes := map[string]bool{}
		for _, head := range f.Tables[f.Table].Columns {
			codes[f.Template.Columns[head]] = true
		}
		for _, field := range info.Fields {
			if !codes[facilities.FieldPrefix+field.Field] {
				t.Errorf("%s: the template lacks %s", info.Type, field.Field)
			}
		}
		lines, err := rowio.OpenAs(t.Context(), path, f, rowio.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if line, err := lines.Next(); err == nil {
			t.Errorf("%s: the example is taken for data: %v", info.Type, line)
		}
		if err := lines.Close(); err != nil {
			t.Error(err)
		}
	}
	w := o.RawDo(http.MethodGet, "/api/v1/facility-templates/elderly_canteen?format=csv", as("reader"), nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "\ufeff名称,状态,") || strings.Count(w.Body.String(), "\n") != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = o.RawDo(http.MethodGet, "/api/v1/facility-templates/elderly_canteen?format=csv&words=en", as("reader"), nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "\ufeffName,Status,") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, "/api/v1/facility-templates/elderly_canteen?words=fr", as("reader"), nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, "/api/v1/facility-templates/none", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestExportProfiles follows a profile through the API: tried, kept, used, changed, gone.
func TestExportProfiles(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	const path = "/api/v1/export-profiles"
	draft := map[string]any{
		"name": "省平台季报", "types": []string{"elderly_canteen"}, "format": "csv", "system": "cgcs2000", "days": "compact",
		"columns": []map[string]any{
			{"head": "机构名称", "field": "name_zh"},
			{"head": "状态码", "field": "status", "codes": []map[string]string{{"from": "open", "to": "01"}}},
			{"head": "填报单位", "constant": "=民政局"},
			{"head": "经", "field": "lon"},
		},
	}
	w := o.Do(http.MethodPost, "/api/v1/facility-export/preview", as("reader"), map[string]any{"draft": draft})
	var seen struct {
		Columns []string
		Rows    [][]string
		Total   int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &seen); err != nil || w.Code != http.StatusOK || len(seen.Columns) != 4 || len(seen.Rows) != 20 || seen.Total < 20 || seen.Rows[0][2] != "=民政局" {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	if w := o.Do(http.MethodPost, path, as("reader", "Idempotency-Key", "k"), draft); w.Code != http.StatusForbidden {
		t.Errorf("a reader keeps: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodPost, path, as("planner"), draft); w.Code != http.StatusBadRequest {
		t.Errorf("without a key: %d %s", w.Code, w.Body)
	}
	w = o.Do(http.MethodPost, path, as("planner", "Idempotency-Key", "k1"), draft)
	var made struct {
		ID      string
		Version int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated || w.Header().Get("Location") != path+"/"+made.ID {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	file := o.export(t, "type=elderly_canteen&profile="+made.ID)
	text, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(text), "\ufeff机构名称,状态码,填报单位,经\r\n") || !strings.Contains(string(text), ",01,\"'=民政局\",") || !strings.HasSuffix(file, "省平台季报-2026-11-27.csv") {
		t.Errorf("%s: %.300s, %v", file, text, err)
	}
	one := path + "/" + made.ID
	w = o.Do(http.MethodPatch, one, as("planner", "If-Match", `"1"`), map[string]any{"name": "年报", "columns": []map[string]any{{"head": "a", "field": "nothing"}}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "columns/0/field") {
		t.Errorf("an unknown field: %d %s", w.Code, w.Body)
	}
	if w = o.Do(http.MethodPatch, one, as("planner", "If-Match", `"1"`), map[string]any{"name": "年报"}); w.Code != http.StatusOK || w.Header().Get("ETag") != `"2"` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, path, as("reader"), nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "年报") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodDelete, one, as("planner", "If-Match", `"1"`), nil); w.Code != http.StatusPreconditionFailed {
		t.Errorf("stale: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodDelete, one, as("planner", "If-Match", `"2"`), nil); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, one, as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("gone: %d %s", w.Code, w.Body)
	}
	if w := o.Do(http.MethodGet, "/api/v1/export-fields", as("reader"), nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"code":"fields.beds"`) {
		t.Errorf("%d %.200s", w.Code, w.Body)
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yike/geo"
	"yike/internal/auth"
)

// TestFilesOfEstates brings files of estates and rooms, tries them, takes them, brings them
// again, and sends faults, files that are none and other coordinate systems.
func TestFilesOfEstates(t *testing.T) {
	t.Parallel()
	_, db := demo(t)
	o := openOffice(t, db)
	at, own, other := o.home(t)
	o.hire(t, "planner", auth.Planner, own)
	o.hire(t, "reader", auth.ReadOnly, "")
	const (
		trial = "/api/v1/estates-import/trial?name=estates.csv"
		take  = "/api/v1/estates-import?name=estates.csv&reason=list"
	)
	named := func(path, name string) string { return strings.Replace(path, "estates.csv", name, 1) }
	said := func(w *httptest.ResponseRecorder, status int, want ...string) {
		t.Helper()
		if w.Code != status {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for _, each := range want {
			if !strings.Contains(w.Body.String(), each) {
				t.Errorf("%s without %s", w.Body, each)
			}
		}
	}
	file := fmt.Sprintf("项目名称,辖区编码,建设单位,规划户数,用地面积（公顷）,联系人\r\n导入甲苑,%s,某某置业,600,3.25,王某\r\n导入乙苑,%s,,,,\r\n", own, own)
	said(o.list(t, "planner", trial, file), 200, `"taken":false`, `"estates":{"rows":2,"created":2,`, `"fault_count":0`, `"ignored":["联系人"]`, "公顷")
	said(o.list(t, "planner", take, file, "Idempotency-Key", "e1"), 200, `"taken":true`, `"created":2`, `"estate_id":"0`)
	said(o.list(t, "planner", take, file, "Idempotency-Key", "e2"), 200, `"created":0`, `"unchanged":2`)
	said(o.list(t, "planner", trial, strings.Replace(file, "600", "650", 1)), 200, `"updated":1`, `{"field":"households","before":600,"after":650}`)
	rooms := "小区名称,用房名称,用途,楼栋,楼层,建筑面积,经度,纬度\r\n" + fmt.Sprintf("导入甲苑,社区用房,社区服务,1,1,300,%v,%v\r\n", at.Lon(), at.Lat())
	said(o.list(t, "planner", take, rooms, "Idempotency-Key", "e3"), 200, `"rooms":{"rows":1,"created":1,`)

	shape := func(to func(lon, lat float64) [2]float64) string {
		const d = 0.0004
		ring := [][2]float64{}
		for _, c := range [][2]float64{{-d, -d}, {d, -d}, {d, d}, {-d, d}, {-d, -d}} {
			ring = append(ring, to(at.Lon()+c[0], at.Lat()+c[1]))
		}
		raw, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{
			"type": "Feature", "properties": map[string]any{"小区名称": "导入丙苑"}, "geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	drawn := shape(func(lon, lat float64) [2]float64 { return geo.WGS84ToGCJ02([2]float64{lon, lat}) })
	said(o.list(t, "planner", named(take, "a.geojson")+"&crs=GCJ-02", drawn, "Idempotency-Key", "e4"), 200, `"created":1`, `"crs":"GCJ-02"`)
	said(o.list(t, "planner", named(trial, "a.geojson")+"&crs=GCJ-02", drawn), 200, `"unchanged":1`)
	said(o.list(t, "planner", named(trial, "a.geojson")+"&crs=moon", drawn), 422, `"unknown_crs"`, `query.crs`)
	far := shape(func(lon, lat float64) [2]float64 { return [2]float64{lon + 5, lat} })
	said(o.list(t, "planner", named(trial, "a.geojson"), far), 200, `"faulty":1`, "超出辖区范围", "不在本辖区")

	bad := "小区名称,辖区编码,户数\r\n导入丁苑," + other + ",1\r\n导入戊苑," + own + ",约百\r\n"
	said(o.list(t, "planner", trial, bad), 200, `"faulty":2`, `"row":2,"column":"辖区编码"`, `"row":3,"column":"户数","value":"约百"`)
	said(o.list(t, "planner", take, bad, "Idempotency-Key", "e5"), 422, `"list_faulty"`, `"row":3`, `"column":"户数"`)
	said(o.list(t, "planner", named(trial, "a.pdf"), "%PDF-1.7"), 422, `"bad_file"`)
	said(o.list(t, "planner", trial, ""), 422, `"bad_file"`)
	said(o.list(t, "planner", trial, "颜色,大小\r\n红,1\r\n"), 422, `"bad_file"`, "estate name")
	said(o.list(t, "planner", "/api/v1/estates-import/trial?name=", file), 400, `"bad_file_name"`)
	said(o.list(t, "planner", take, file), 400, `idempotency_key_required`)
	said(o.list(t, "planner", "/api/v1/estates-import?name=a.csv", file, "Idempotency-Key", "e6"), 422, `reason`)
	said(o.list(t, "reader", trial, file), 403)
	for _, name := range []string{"estates-template.xlsx", "estate-rooms-template.xlsx"} {
		for _, words := range []string{"zh", "en"} {
			w := o.RawDo(http.MethodGet, "/api/v1/"+name+"?words="+words, as("planner"), nil)
			said(w, 200)
			said(o.list(t, "planner", named(trial, name), w.Body.String()), 200, `"fault_count":0`, `"list":[]`)
		}
	}
}

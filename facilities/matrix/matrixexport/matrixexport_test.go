package matrixexport_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/matrix"
	"yike/facilities/matrix/matrixexport"
	"yike/geo/divisions"
	"yike/internal/pdf"
	"yike/internal/xlsx"
)

func file(t *testing.T, adcode string) matrixexport.File {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	open := func(id string, kind facilities.Type, at string, m2 float64, serves ...string) facilities.Facility {
		return facilities.Facility{
			ID: id, Type: kind, NameZH: id, NameEN: "En " + id, Status: facilities.Open, Stage: facilities.Published, DivisionCode: at, Serves: serves, Fields: map[string]any{"floor_area": m2},
		}
	}
	planned := open("规划中心", "elderly_centre", "2", 0)
	planned.Status, planned.Fields = facilities.Planned, map[string]any{"opened_on": "2027-05-01"}
	m, err := matrix.Build(matrix.Input{
		AdCode: adcode, Day: "2026-11-27", Types: types,
		Divisions: []divisions.Division{
			{Code: "1", Level: divisions.Subdistrict, NameZH: "甲街道", NameEN: "Jia"},
			{Code: "2", Level: divisions.Subdistrict, NameZH: "乙镇"},
			{Code: "11", Level: divisions.Community, ParentCode: "1", NameZH: "花桥里", Setting: divisions.Urban},
			{Code: "12", Level: divisions.Community, ParentCode: "1", NameZH: "槐树里", Setting: divisions.Urban},
			{Code: "21", Level: divisions.Community, ParentCode: "2", NameZH: "南村", Setting: divisions.Rural},
			{Code: "22", Level: divisions.Community, ParentCode: "2", NameZH: "北村", Setting: divisions.Rural},
		},
		Facilities: []facilities.Facility{
			open("用房", "community_premises", "11", 300, "12"), open("南村用房", "community_premises", "21", 100), open("食堂", "elderly_canteen", "11", 80, "12"),
			open("食堂二", "elderly_canteen", "11", 80), open("中心", "elderly_centre", "1", 1200), planned, open("指导中心", "elderly_guidance", "", 500),
		},
		Households: map[string]divisions.Households{"11": {Count: 1000, Source: divisions.HouseholdsDeclared}, "21": {Count: 100, Source: divisions.HouseholdsBuildings}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return matrixexport.File{Matrix: m, Area: matrix.Text{ZH: "某区", EN: "Some district"}, Made: "2026-11-27", Notices: []matrix.Text{{ZH: "合成示例区", EN: "A synthetic district"}}}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func lines(t *testing.T, raw []byte, sheet string) [][]string {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(raw), int64(len(raw)), xlsx.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.Rows(t.Context(), sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out [][]string
	for {
		cells, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, c := range cells {
			line = append(line, c.Text)
		}
		out = append(out, line)
	}
}

func lineOf(t *testing.T, all [][]string, name string) string {
	t.Helper()
	i := slices.IndexFunc(all, func(l []string) bool { return slices.Contains(l[:min(2, len(l))], name) })
	if i < 0 {
		t.Fatalf("no line %s: %q", name, all)
	}
	return strings.Join(all[i], "|")
}

func TestWriteXLSX(t *testing.T) {
	t.Parallel()
	f := file(t, "120111")
	var out bytes.Buffer
	if err := f.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	table := lines(t, out.Bytes(), "一览表")
	for name, wants := range map[string][]string{
		"花桥里": {"|1000|300|设施名录|30|RAT-01 达到|", "|有 2|"},
		"槐树里": {"|共享他处|", "|RAT", "|共享|"},
		"南村":  {"|农村|100|100|设施名录|100|RAT-02 不足|", "|无*|"},
		"北村":  {"|0|设施名录|", "|RAT-02 不足|"},
	} {
		line := lineOf(t, table, name)
		for i, want := range wants {
			if i == 1 && name == "槐树里" { // what is shared meets no norm of its own
				if strings.Contains(line, want) {
					t.Errorf("%s: %s", name, line)
				}
				continue
			}
			if !strings.Contains(line, want) {
				t.Errorf("%s: %s; want %s", name, line, want)
			}
		}
	}
	if l := lineOf(t, table, "未落到村居"); !strings.Contains(l, "规划 1") && !strings.Contains(l, "|1") {
		t.Errorf("in no community: %s", l)
	}
	if l := lineOf(t, table, "小计"); !strings.Contains(l, "2/2") || !strings.Contains(l, "按 1/2 个村居") {
		t.Errorf("the subtotal: %s", l)
	}
	levels := lines(t, out.Bytes(), "三级网络")
	if l := lineOf(t, levels, "甲街道"); !strings.Contains(l, "达到|中心 1200 m²|2|2|") {
		t.Errorf("%s", l)
	}
	if l := lineOf(t, levels, "乙镇"); !strings.Contains(l, "规划中|") || !strings.Contains(l, "南村、北村") {
		t.Errorf("%s", l)
	}
	if l := lineOf(t, lines(t, out.Bytes(), "依据"), "RAT-01"); !strings.Contains(l, "不少于 30") || !strings.Contains(l, "每百户不低于30平方米") {
		t.Errorf("%s", l)
	}
	f.English = true
	out.Reset()
	if err := f.WriteXLSX(&out); err != nil || !strings.Contains(lineOf(t, lines(t, out.Bytes(), "Table"), "花桥里"), "has 2") {
		t.Errorf("in English: %v", err)
	}
	if err := f.WriteXLSX(failing{}); err == nil {
		t.Error("to nowhere")
	}
}

func TestWritePDF(t *testing.T) {
	t.Parallel()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) {
		t.Skip("needs Chinese fonts (Debian: apt install fonts-noto-cjk)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fonts.Close() }()
	for _, adcode := range []string{"120111", "990001", "220502"} {
		f := file(t, adcode)
		f.English = adcode == "990001"
		var out bytes.Buffer
		if err := f.WritePDF(&out, fonts); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-1.7")) || !bytes.Contains(out.Bytes(), []byte("1190.5")) {
			t.Errorf("%s: %v, %d bytes", adcode, err, out.Len())
		}
	}
	f := file(t, "120111")
	if err := f.WritePDF(failing{}, fonts); err == nil {
		t.Error("to nowhere")
	}
}

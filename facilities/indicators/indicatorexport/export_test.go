package indicatorexport_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/facilities/indicators/indicatorexport"
	"yike/geo/divisions"
	"yike/internal/pdf"
	"yike/internal/record"
	"yike/internal/xlsx"
)

func ptr[T any](v T) *T { return &v }

// report is a plan with what makes trouble: a blank, a target in words, an entered value
// beside a computed one, a sealed one, and names that a spreadsheet would run.
func report(t *testing.T) indicatorexport.Report {
	t.Helper()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	source := indicators.Source{Document: "S", Where: "表1", Quote: "老人家食堂总数（个） — ≥4"}
	plan := indicators.Plan{
		Title: indicators.Text{ZH: "示例规划", EN: "A plan"}, Authority: indicators.Text{ZH: "示例区"}, BaseYear: 2020, TargetYear: 2025,
		Documents: []indicators.Document{{Key: "S", Title: "示例规划全文"}}, Groups: []indicators.Group{{Key: "e", Text: indicators.Text{ZH: "养老服务", EN: "Elderly services"}}},
	}
	rows := []indicators.Indicator{
		{
			ID: "a", Position: 1, Number: 1, Group: "e", Name: indicators.Text{ZH: "=SUM(A1)", EN: "canteens"}, Unit: indicators.Text{ZH: "个"}, Kind: indicators.Binding, Office: "养老科",
			Baseline: indicators.ParseAmount("—"), Target: indicators.ParseAmount("≥4"), Sources: []indicators.Source{source},
			Yearly:     []indicators.YearTarget{{Year: 2022, Target: indicators.ParseAmount("2")}},
			Formula:    indicators.Formula{Kind: indicators.Count, Of: []indicators.Selection{{Type: "elderly_canteen"}}},
			Contradict: []indicators.Contradiction{{What: indicators.Text{ZH: "几个"}, A: indicators.Version{Says: indicators.Text{ZH: "4 个"}, Source: source}, B: indicators.Version{Says: indicators.Text{ZH: "5 个"}}}},
		},
		{
			ID: "b", Position: 2, Group: "e", Name: indicators.Text{ZH: "食堂覆盖率"}, Unit: indicators.Text{ZH: "%"}, Ratio: true, Base: indicators.Communities,
			Baseline: indicators.ParseAmount("0"), Target: indicators.ParseAmount("全覆盖"),
			Formula: indicators.Formula{Kind: indicators.UnitCoverage, Of: []indicators.Selection{{Type: "elderly_canteen"}}},
		},
		{ID: "c", Position: 3, Name: indicators.Text{ZH: "低保标准"}, Unit: indicators.Text{ZH: "元/月"}, Target: indicators.ParseAmount("不低于市级标准"), Formula: indicators.Formula{Kind: indicators.ByHand}},
	}
	evidence := indicators.Evidence{Document: "统计表", Quote: "第 3 行", Day: "2025-01-10"}
	w := indicators.Whole{
		Plan: plan, Indicators: rows,
		Projects: []indicators.Project{{ID: "p", Name: indicators.Text{ZH: "新建食堂"}, To: 2025, State: indicators.ProjectBuilding, IndicatorID: "a", Source: source}},
		Values: []indicators.Value{
			{IndicatorID: "a", Year: 2024, Source: indicators.Entered, Number: ptr(5.0), Evidence: evidence, Who: "王", On: "2025-01-11"},
			{IndicatorID: "a", Year: 2024, Source: indicators.Sealed, Number: ptr(1.0), Who: "李", On: "2025-01-02", Kept: &indicators.Kept{Day: "2024-12-31"}},
			{IndicatorID: "a", Year: 2022, Source: indicators.Entered, Number: ptr(2.0), Evidence: evidence, Who: "王", On: "2023-01-11"},
			{IndicatorID: "c", Year: 2024, Source: indicators.Entered, Words: "+680 元", Verdict: indicators.VerdictMet, Evidence: evidence, Who: "王", On: "2025-01-11"},
		},
	}
	facts := indicators.Facts{
		Day: "2024-12-31", Types: types,
		Facilities: []facilities.Facility{{ID: "1", Type: "elderly_canteen", Status: facilities.Open, Stage: facilities.Published, DivisionCode: "990001001001"}},
		Divisions:  []divisions.Division{{Code: "990001001001", Level: divisions.Community}, {Code: "990001001002", Level: divisions.Community}},
		Reach: func([]facilities.Type) indicators.Reach {
			return indicators.Reach{Covered: 80, Population: 100, Minutes: 15}
		},
	}
	return indicatorexport.Report{
		Board: indicators.MakeBoard(w, 2024, &facts), Kind: indicators.MidTerm, Made: record.Day("2025-01-20"),
		Notices: []indicators.Text{{ZH: "合成示例", EN: "synthetic"}},
	}
}

func TestSheets(t *testing.T) {
	t.Parallel()
	r := report(t)
	sheets := r.Sheets()
	if len(sheets) != 5 {
		t.Fatalf("%d sheets", len(sheets))
	}
	for _, s := range sheets {
		for _, row := range s.Rows {
			if len(row) != len(s.Head) {
				t.Errorf("%s: %d cells under %d heads: %v", s.Name, len(row), len(s.Head), row)
			}
		}
	}
	at := func(head string) int {
		for n, h := range sheets[0].Head {
			if h == head {
				return n
			}
		}
		t.Fatalf("no column %s in %v", head, sheets[0].Head)
		return 0
	}
	rows := sheets[0].Rows
	for _, tc := range []struct {
		row  int
		head string
		want any
	}{
		{0, "序号", 1},
		{1, "序号", nil},
		{0, "基期 2020", nil}, // a dash is a blank, and 0 is not
		{1, "基期 2020", 0.0},
		{0, "期末目标 2025", "≥4"},
		{1, "期末目标 2025", "全覆盖"},
		{0, "2022 目标", 2.0},
		{0, "2022 实绩", 2.0},
		{0, "2023 目标", nil},
		{0, "2023 实绩", nil},
		{0, "2024 实绩", 1.0}, // sealed before entered
		{1, "2024 实绩", 50.0},
		{0, "数据来源", "封存"},
		{1, "数据来源", "登记计算"},
		{2, "数据来源", "填报"},
		{2, "进度", "达到"}, // by the verdict of whoever entered it
		{0, "责任部门", "养老科"},
		{0, "原文", "“老人家食堂总数（个） — ≥4” 《示例规划全文》 表1"},
	} {
		if got := rows[tc.row][at(tc.head)]; got != tc.want {
			t.Errorf("row %d, %s: %v, want %v", tc.row, tc.head, got, tc.want)
		}
	}
	all := fmt.Sprint(sheets)
	for _, want := range []string{
		"统计表 第 3 行 2025-01-10 王 2025-01-11", "设施登记，2024-12-31", "4 个", "填报 5", "单位覆盖率 50\u2009% ", "人口覆盖率 80\u2009%", "新建食堂 <nil> 2025 在建", "合成示例", "空白表示没有数",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the sheets do not say %q", want)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := report(t).WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(file.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil || len(rows) < 4 || rows[1][1] != "'=SUM(A1)" || rows[2][5] != "0" || rows[1][5] != "" {
		t.Errorf("%v, %q", err, rows)
	}
	if err := report(t).WriteCSV(full{}); err == nil {
		t.Error("a disk that is full is no error")
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := report(t).WriteXLSX(&file); err != nil {
		t.Fatal(err)
	}
	book, err := xlsx.Open(bytes.NewReader(file.Bytes()), int64(file.Len()), xlsx.Limits{})
	if err != nil || len(book.Sheets()) != 5 || book.Sheets()[0].Name != "指标" {
		t.Fatalf("%v, %v", err, book)
	}
	survey, err := book.Survey(t.Context(), "指标", 20)
	if err != nil || survey.Formulas != 0 {
		t.Fatalf("%+v, %v", survey, err)
	}
	var rows []string
	for _, row := range survey.Head {
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	all := strings.Join(rows, "\n")
	// A dash of the plan is an empty cell, its 0 is a 0, and a name is no formula.
	for _, want := range []string{"示例规划 2024 年中期评估", "1|=SUM(A1)|个|约束性|个数，没有基数||≥4|", "|食堂覆盖率|%|正文目标|全部村居|0|全覆盖|"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
	if err := report(t).WriteXLSX(full{}); err == nil {
		t.Error("a disk that is full is no error")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestPDF(t *testing.T) {
	t.Parallel()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer fonts.Close() //nolint:errcheck // files opened for reading
	for _, english := range []bool{false, true} {
		var first, second bytes.Buffer
		r := report(t)
		r.English = english
		if err := r.WritePDF(&first, fonts); err != nil || !bytes.HasPrefix(first.Bytes(), []byte("%PDF-")) {
			t.Errorf("English %v: %v", english, err)
		}
		if err := r.WritePDF(&second, fonts); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("the same report gives other bytes: %v", err)
		}
	}
	if err := report(t).WritePDF(full{}, fonts); err == nil {
		t.Error("a disk that is full is no error")
	}
	empty := indicatorexport.Report{Board: indicators.Board{Plan: indicators.Plan{Title: indicators.Text{ZH: "空"}, BaseYear: 2025, TargetYear: 2030}, Year: 2026}}
	if err := empty.WritePDF(&bytes.Buffer{}, fonts); err != nil {
		t.Errorf("an empty plan: %v", err)
	}
	if s := empty.Sheets(); len(s[0].Rows) != 0 || empty.Title() == "" {
		t.Errorf("%+v", s[0])
	}
}

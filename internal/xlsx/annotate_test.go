package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"yike/internal/xlsx"
)

// officeBook is a workbook of a person who uses what Excel has: styles, a comment, a
// chart, a drop-down, a conditional format, merged cells and a second sheet.
func officeBook(t testing.TB, comment bool) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, row := range [][]any{{"常青街道食堂台账"}, {"名称", "床位", "地址"}, {"甲", 12, "堃园路"}, {"乙", nil, "x & <y>"}, {"丙", 3, nil}} {
		must(f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	must(f.MergeCell("Sheet1", "A1", "C1"))
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 2})
	must(err)
	must(f.SetCellStyle("Sheet1", "A2", "C3", bold))
	must(f.SetColWidth("Sheet1", "A", "B", 22))
	must(f.SetCellFormula("Sheet1", "B5", "B3+1"))
	_, err = f.NewSheet("说明")
	must(err)
	must(f.SetCellStr("说明", "A1", "不要改"))
	dv := excelize.NewDataValidation(true)
	dv.Sqref = "B3:B9"
	must(dv.SetDropList([]string{"1", "2"}))
	must(f.AddDataValidation("Sheet1", dv))
	must(f.AddChart("Sheet1", "F1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "Sheet1!$B$3:$B$5"}}}))
	if comment {
		must(f.AddComment("Sheet1", excelize.Comment{Cell: "A3", Author: "王", Text: "请核对"}))
	}
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

func annotate(t testing.TB, data []byte, marks []xlsx.Mark) []byte {
	t.Helper()
	var out bytes.Buffer
	o := xlsx.AnnotateOptions{Sheet: "Sheet1", HeaderRow: 2, Head: "错误", Author: "一刻"}
	if err := xlsx.Annotate(t.Context(), &out, bytes.NewReader(data), int64(len(data)), marks, o, xlsx.Limits{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func marksOfTest() []xlsx.Mark {
	return []xlsx.Mark{
		{Row: 4, Column: 1, Text: "必填"}, {Row: 3, Column: 0, Text: "名称重复"}, {Row: 3, Column: 2, Text: "地址找不到"}, {Row: 5, Column: -1, Text: "疑似 <重复> & =1+1"},
	}
}

func TestAnnotate(t *testing.T) {
	t.Parallel()
	for _, comment := range []bool{false, true} {
		data := officeBook(t, comment)
		marked := annotate(t, data, marksOfTest())
		want := []string{"1: 常青街道食堂台账", "2: 名称|床位|地址|错误", "3: 甲|12|堃园路|A 列：名称重复；C 列：地址找不到", "4: 乙||x & <y>|B 列：必填", "5: 丙|3||疑似 <重复> & =1+1"}
		if d := cmp.Diff(want, rowsOf(t, open(t, marked), "Sheet1")); d != "" {
			t.Error(d)
		}
		checkWithPeer(t, marked, comment)
		checkKept(t, data, marked, comment)
	}
}

// TestAnnotateAgain marks a workbook that comes back with some of its faults corrected.
func TestAnnotateAgain(t *testing.T) {
	t.Parallel()
	for _, comment := range []bool{false, true} {
		once := annotate(t, officeBook(t, comment), marksOfTest())
		twice := annotate(t, annotate(t, once, nil), marksOfTest())
		if d := cmp.Diff(rowsOf(t, open(t, once), "Sheet1"), rowsOf(t, open(t, twice), "Sheet1")); d != "" {
			t.Error(d)
		}
		checkWithPeer(t, twice, comment)
		clean := annotate(t, once, nil)
		want := []string{"1: 常青街道食堂台账", "2: 名称|床位|地址|错误", "3: 甲|12|堃园路", "4: 乙||x & <y>", "5: 丙|3"}
		if d := cmp.Diff(want, rowsOf(t, open(t, clean), "Sheet1")); d != "" {
			t.Error(d)
		}
		f, err := excelize.OpenReader(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		id, err := f.GetCellStyle("Sheet1", "A3")
		if err != nil {
			t.Fatal(err)
		}
		if style, err := f.GetStyle(id); err != nil || len(style.Fill.Color) > 0 || !style.Font.Bold {
			t.Errorf("A3: %+v, %v", style, err)
		}
		comments, err := f.GetComments("Sheet1")
		if err != nil || len(comments) != map[bool]int{true: 1}[comment] {
			t.Errorf("comments %v, %v", comments, err)
		}
		if n := strings.Count(unzip(t, clean)["xl/drawings/vmlDrawing1.vml"]+unzip(t, clean)["xl/drawings/yike_comments.vml"], "<v:shape "); n != len(comments) {
			t.Errorf("%d notes drawn for %d comments", n, len(comments))
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// checkWithPeer opens the workbook with the library, which knows nothing of ours.
func checkWithPeer(t *testing.T, marked []byte, comment bool) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // in memory
	comments, err := f.GetComments("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range comments {
		text := c.Text
		for _, p := range c.Paragraph {
			if !strings.HasPrefix(p.Text, c.Author) {
				text += p.Text
			}
		}
		got = append(got, c.Cell+" "+c.Author+" "+strings.TrimSpace(strings.ReplaceAll(text, c.Author+":", "")))
	}
	want := []string{"A3 一刻 名称重复", "C3 一刻 地址找不到", "B4 一刻 必填"}
	if comment {
		want = []string{"A3 王 请核对", "C3 一刻 地址找不到", "B4 一刻 必填"}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for cell, red := range map[string]bool{"A3": true, "B3": false, "C3": true, "B4": true, "A4": false, "A5": false, "D3": true} {
		id, err := f.GetCellStyle("Sheet1", cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if isRed := len(style.Fill.Color) == 1 && strings.HasSuffix(style.Fill.Color[0], "FFC7CD"); isRed != red {
			t.Errorf("%s: %+v; want red: %v", cell, style.Fill, red)
		}
		if cell == "A3" && (style.Font == nil || !style.Font.Bold || style.NumFmt != 2) {
			t.Errorf("A3 lost its own style: %+v", style)
		}
	}
	if v, err := f.GetCellFormula("Sheet1", "B5"); err != nil || v != "B3+1" {
		t.Errorf("formula %q, %v", v, err)
	}
	if dvs, err := f.GetDataValidations("Sheet1"); err != nil || len(dvs) != 1 {
		t.Errorf("%v, %v", dvs, err)
	}
	if w, err := f.GetColWidth("Sheet1", "D"); err != nil || w != 60 {
		t.Errorf("width %v, %v", w, err)
	}
}

// checkKept compares the parts that had no reason to change.
func checkKept(t *testing.T, before, after []byte, comment bool) {
	t.Helper()
	was, is := unzip(t, before), unzip(t, after)
	changed := []string{"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
	if !comment {
		changed = append(changed, "[Content_Types].xml", "xl/worksheets/_rels/sheet1.xml.rels")
	}
	for name, text := range was {
		if is[name] != text && !strings.Contains(strings.Join(changed, " "), name) {
			t.Errorf("%s changed", name)
		}
	}
}

func unzip(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// TestAnnotateOddSheets marks sheets as other programs write them.
func TestAnnotateOddSheets(t *testing.T) {
	t.Parallel()
	prefixedSheet := `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="2"><x:c r="A2" t="str"><x:v>名称</x:v></x:c></x:row><x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	for _, tc := range []struct{ name, sheet, want, contains string }{
		{
			"no references", `<dimension ref="A1:B3"><x/></dimension><sheetData><row/><row><c t="str"><v>名称</v></c><c t="str"><v>床位</v></c></row><row spans="1:2"><c><v>1</v></c></row></sheetData><pageMargins left="1"/><extLst/>`,
			"1: ;2: 名称|床位|错误;3: 1||A 列：甲；B 列：乙；丙", `<pageMargins left="1"/><legacyDrawing`,
		},
		{
			"a blank cell where the text goes", `<cols><col min="1" max="16384" width="9"/></cols><sheetData><row r="2"><c r="A2" t="str"><v>名称</v></c><c r="B2" s="0"/><c r="C2"/></row><row r="3" ht="20"><c r="A3"><v>1</v></c><c r="B3" s="0"/></row></sheetData>`,
			"2: 名称|错误;3: 1|A 列：甲；B 列：乙；丙", `<cols><col min="1" max="16384" width="9"/></cols>`,
		},
		{"prefixed names", prefixedSheet, "2: 名称|错误;3: 1|A 列：甲；B 列：乙；丙", `<x:legacyDrawing`},
		{"a row that closes itself", `<sheetData><row r="2"><c r="A2" t="str"><v>名称</v></c></row><row r="3" ht="20"/></sheetData>`, "2: 名称|错误;3: |A 列：甲；B 列：乙；丙", `<row r="3" ht="20">`},
		{
			"widths of its own", `<cols><col min="1" max="1" width="9"/></cols><sheetData><row r="2"><c r="A2" t="str"><v>名称</v></c></row><row r="3"><c r="A3"><v>1</v></c></row></sheetData><tableParts count="0"/>`,
			"2: 名称|错误;3: 1|A 列：甲；B 列：乙；丙", `<col min="2" max="2" width="60" customWidth="1"/></cols>`,
		},
	} {
		for _, styled := range []bool{true, false} {
			p := book(tc.sheet)
			if strings.HasPrefix(tc.sheet, "<x:") {
				p["xl/worksheets/sheet1.xml"] = tc.sheet
			}
			if !styled {
				delete(p, "xl/styles.xml")
				p["xl/_rels/workbook.xml.rels"] = rels("worksheet", "worksheets/sheet1.xml")
			}
			data := p.pack(t)
			var out bytes.Buffer
			marks := []xlsx.Mark{{Row: 3, Column: 0, Text: "甲"}, {Row: 3, Column: 1, Text: "乙"}, {Row: 3, Column: 1, Text: "丙"}, {Row: 99, Column: 0, Text: "没有的行"}}
			o := xlsx.AnnotateOptions{Sheet: "台账", HeaderRow: 2, Head: "错误", Author: "一刻"}
			if err := xlsx.Annotate(t.Context(), &out, bytes.NewReader(data), int64(len(data)), marks, o, xlsx.Limits{}); err != nil {
				t.Errorf("%s: %v", tc.name, err)
				continue
			}
			got := strings.ReplaceAll(strings.Join(rowsOf(t, open(t, out.Bytes()), "台账"), ";"), "B 列：乙；B 列：丙", "B 列：乙；丙")
			if got != tc.want {
				t.Errorf("%s: %s; want %s", tc.name, got, tc.want)
			}
			if sheet := unzip(t, out.Bytes())["xl/worksheets/sheet1.xml"]; !strings.Contains(sheet, tc.contains) {
				t.Errorf("%s: %s", tc.name, sheet)
			}
			if f, err := excelize.OpenReader(&out); err != nil {
				t.Errorf("%s: %v", tc.name, err)
			} else if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAnnotateRefuses(t *testing.T) {
	t.Parallel()
	whole := `<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`
	for _, tc := range []struct {
		name, want string
		change     func(p parts)
	}{
		{"no such sheet", "no sheet", func(p parts) { p["xl/workbook.xml"] = strings.ReplaceAll(p["xl/workbook.xml"], "台账", "x") }},
		{"no content types", "not an XLSX", func(p parts) { delete(p, "[Content_Types].xml") }},
		{"styles that lack a group", "not complete", func(p parts) { p["xl/styles.xml"] = `<styleSheet ` + ns + `/>` }},
		{"relationships that are none", "not Relationships", func(p parts) { p["xl/worksheets/_rels/sheet1.xml.rels"] = `<x/>` }},
	} {
		p := book(whole)
		tc.change(p)
		data := p.pack(t)
		err := xlsx.Annotate(t.Context(), io.Discard, bytes.NewReader(data), int64(len(data)), []xlsx.Mark{{Row: 1, Text: "x"}}, xlsx.AnnotateOptions{Sheet: "台账"}, xlsx.Limits{})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

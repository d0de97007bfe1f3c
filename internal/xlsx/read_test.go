package xlsx_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/internal/xlsx"
)

func TestCellsAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, format, cell, want string
		trouble                  xlsx.Trouble
	}{
		{"integer", "", `<v>120</v>`, "120", 0},
		{"noise of binary fractions", "", `<v>0.30000000000000004</v>`, "0.3", 0},
		{"coordinates keep their digits whatever is shown", "0.00", `<v>117.20012345678</v>`, "117.20012345678", 0},
		{"a phone number is no power of ten", "", `<v>1.38E10</v>`, "13800000000", 0},
		{"scientific format", "0.00E+00", `<v>13800000000</v>`, "13800000000", 0},
		{"eighteen digits are lost", "", `<v>1.10105199001011E17</v>`, "110105199001011000", xlsx.LostDigits},
		{"percent", "0%", `<v>0.455</v>`, "45.5%", 0},
		{"percent of noise", "0.00%", `<v>0.07</v>`, "7%", 0},
		{"thousands", "#,##0", `<v>1234567</v>`, "1234567", 0},
		{"zeros before", "000000", `<v>1234</v>`, "001234", 0},
		{"a unit behind", `0"张"`, `<v>12</v>`, "12", 0},
		{"a day", "yyyy-mm-dd", `<v>45000</v>`, "2023-03-15", 0},
		{"a Chinese day", `yyyy"年"m"月"d"日";@`, `<v>45000</v>`, "2023-03-15", 0},
		{"a Chinese day with locale", `[$-804]yyyy"年"m"月"d"日"`, `<v>45000</v>`, "2023-03-15", 0},
		{"a month", `yyyy"年"m"月"`, `<v>44986</v>`, "2023-03-01", 0},
		{"a day and time", "yyyy/m/d h:mm", `<v>45000.5</v>`, "2023-03-15 12:00", 0},
		{"seconds", "yyyy/m/d h:mm:ss", `<v>45000.50001</v>`, "2023-03-15 12:00:01", 0},
		{"midnight", "yyyy/m/d h:mm", `<v>45000</v>`, "2023-03-15", 0},
		{"a time", "h:mm", `<v>0.4375</v>`, "10:30", 0},
		{"a time of a day", "h:mm", `<v>45000.4375</v>`, "2023-03-15 10:30", 0},
		{"elapsed", "[h]:mm", `<v>1.25</v>`, "30:00", 0},
		{"negative elapsed stays a number", "[h]:mm", `<v>-1.25</v>`, "-1.25", 0},
		{"day 1 of 1900", "yyyy-mm-dd", `<v>1</v>`, "1900-01-01", 0},
		{"day 59", "yyyy-mm-dd", `<v>59</v>`, "1900-02-28", 0},
		{"day 61", "yyyy-mm-dd", `<v>61</v>`, "1900-03-01", 0},
		{"a day out of range stays a number", "yyyy-mm-dd", `<v>-3</v>`, "-3", 0},
		{"colour and condition", `[Red][>100]0.0;[Blue]0.0`, `<v>1.5</v>`, "1.5", 0},
		{"red is no day", `[Red]0.00`, `<v>3</v>`, "3", 0},
		{"general in Chinese", `G/通用格式`, `<v>3.25</v>`, "3.25", 0},
		{"text format", "@", `<v>7</v>`, "7", 0},
		{"escaped letters", `0\d`, `<v>7</v>`, "7", 0},
		{"tiny", "", `<v>1E-20</v>`, "1e-20", 0},
		{"huge", "", `<v>1E+300</v>`, "1e+300", xlsx.LostDigits},
		{"zero", "", `<v>-0</v>`, "0", 0},
		{"not a number", "", `<v>abc</v>`, "abc", xlsx.ImpossibleValue},
		{"NaN", "", `<v>NaN</v>`, "NaN", xlsx.ImpossibleValue},
		{"infinite", "", `<v>1e999</v>`, "1e999", xlsx.ImpossibleValue},
		{"formula with its result", "", `<f>A1+1</f><v>5</v>`, "5", 0},
		{"formula without", "", `<f>A1+1</f>`, "", xlsx.NoStoredResult},
	} {
		p := book(`<sheetData><row r="3"><c r="B3" s="1">` + tc.cell + `</c></row></sheetData>`)
		p["xl/styles.xml"] = styles(tc.format)
		if tc.format == "" {
			p["xl/styles.xml"] = styles("General")
		}
		rows, err := open(t, p.pack(t)).Rows(t.Context(), "台账")
		if err != nil {
			t.Fatal(err)
		}
		cells, err := rows.Next()
		if err != nil || len(cells) != 2 || rows.Number() != 3 {
			t.Fatalf("%s: %v, %v", tc.name, cells, err)
		}
		if got := cells[1]; got.Text != tc.want || got.Trouble != tc.trouble || got.Formula != strings.Contains(tc.cell, "<f>") {
			t.Errorf("%s: %+v; want %q, trouble %d", tc.name, got, tc.want, tc.trouble)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestKindsOfCells(t *testing.T) {
	t.Parallel()
	p := book(`<sheetData>
<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>
<row r="4" hidden="1"><c r="A4" t="inlineStr"><is><t>内联</t></is></c><c r="C4" t="b"><v>1</v></c><c t="b"><v>0</v></c></row>
<row r="7"><c r="A7" t="e"><v>#REF!</v></c><c r="B7" t="str"><f>"x"</f><v>甲_x000D_
乙_x0041_</v></c><c r="C7" t="d"><v>2026-11-27T00:00:00Z</v></c><c r="D7" t="d"><v>2026-11-27T08:30:15</v></c><c r="E7" t="n"/></row>
</sheetData><mergeCells count="1"><mergeCell ref="A4:B6"/></mergeCells>`)
	p["xl/sharedStrings.xml"] = `<sst ` + ns + `><si><t xml:space="preserve"> 名称 </t></si><si><r><t>富</t></r><r><rPr><b/></rPr><t>文本</t></r><rPh sb="0" eb="1"><t>fù</t></rPh></si></sst>`
	b := open(t, p.pack(t))
	want := []string{"1:  名称 |富文本|", "4: 内联||TRUE|FALSE", "7: #REF!|甲\n乙A|2026-11-27|2026-11-27 08:30:15|"}
	if d := cmp.Diff(want, rowsOf(t, b, "台账")); d != "" {
		t.Error(d)
	}
	merges, err := b.Merges(t.Context(), "台账")
	if err != nil || !slices.Equal(merges, []xlsx.Range{{FirstRow: 4, LastRow: 6, LastColumn: 1}}) {
		t.Errorf("%v, %v", merges, err)
	}
	s, err := b.Survey(t.Context(), "台账", 2)
	if err != nil || s.Rows != 3 || s.LastRow != 7 || s.Columns != 4 || s.HiddenRows != 1 || s.Formulas != 1 || s.Troubled != 2 || len(s.Head) != 2 || !slices.Equal(s.Merges, merges) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestDates1904(t *testing.T) {
	t.Parallel()
	p := book(`<sheetData><row><c s="1"><v>0</v></c><c s="1"><v>43538</v></c></row></sheetData>`)
	p["xl/styles.xml"] = styles("yyyy-mm-dd")
	p["xl/workbook.xml"] = `<workbook ` + ns + `><workbookPr date1904="1"/><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`
	if got := rowsOf(t, open(t, p.pack(t)), "台账"); !slices.Equal(got, []string{"1: 1904-01-01|2023-03-15"}) {
		t.Error(got)
	}
}

// TestBuiltinFormats goes by the numbers of formats that a workbook need not spell out.
func TestBuiltinFormats(t *testing.T) {
	t.Parallel()
	for id, want := range map[int]string{
		0: "45000.5", 2: "45000.5", 9: "4500050%", 14: "2023-03-15", 20: "2023-03-15 12:00", 22: "2023-03-15 12:00",
		31: "2023-03-15", 46: "1080012:00", 49: "45000.5", 57: "2023-03-15", 58: "2023-03-15",
	} {
		p := book(`<sheetData><row><c s="1"><v>45000.5</v></c></row></sheetData>`)
		p["xl/styles.xml"] = strings.ReplaceAll(styles("x"), `<xf numFmtId="200"`, fmt.Sprintf(`<xf numFmtId="%d"`, id))
		if got := rowsOf(t, open(t, p.pack(t)), "台账"); len(got) != 1 || got[0] != "1: "+want {
			t.Errorf("%d: %v; want %s", id, got, want)
		}
	}
}

func TestDamagedWorkbooks(t *testing.T) {
	t.Parallel()
	change := func(name, text string) parts {
		p := book(`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`)
		p[name] = text
		if text == "" {
			delete(p, name)
		}
		return p
	}
	for _, tc := range []struct {
		name, want string
		p          parts
	}{
		{"no workbook", "not an XLSX", change("xl/workbook.xml", "")},
		{"a workbook without sheets", "no sheet", change("xl/workbook.xml", `<workbook `+ns+`/>`)},
		{"two of a name", "have the name", change("xl/workbook.xml", `<workbook `+ns+`><sheet name="a" r:id="rId1"/><sheet name="a" r:id="rId1"/></workbook>`)},
		{"the sheet is missing", "missing", change("xl/worksheets/sheet1.xml", "")},
		{"the sheet breaks off", "damaged", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1`)},
		{"a document type", "DOCTYPE", change("xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`)},
		{"a document type in the texts", "DOCTYPE", change("xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>`)},
		{"styles that are no XML", "damaged", change("xl/styles.xml", `{}`)},
		{"rows out of order", "out of order", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>`)},
		{"a row that is no number", "out of order", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="x"/></sheetData></worksheet>`)},
		{"cells out of order", "out of order", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c r="B1"/><c r="A1"/></row></sheetData></worksheet>`)},
		{"a column far out", "columns", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`)},
		{"a long cell", "more than", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="str"><v>`+strings.Repeat("x", 1<<18)+`</v></c></row></sheetData></worksheet>`)},
		{"a long inline text", "more than", change("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="inlineStr"><is><t>`+strings.Repeat("x", 1<<18)+`</t></is></c></row></sheetData></worksheet>`)},
	} {
		data := tc.p.pack(t)
		b, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
		if err == nil {
			if tc.name == "a document type in the texts" { // read only when a cell refers to one
				p := tc.p
				p["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>`
				b = open(t, p.pack(t))
			}
			_, err = b.Survey(t.Context(), "台账", 0)
		}
		var e *xlsx.Error
		if !errors.As(err, &e) || e.ZH == "" || !strings.Contains(e.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	p := book(`<sheetData>` + strings.Repeat(`<row><c t="s"><v>0</v></c><c/><c/></row>`, 20) + `</sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:A2"/>`, 20) + `</mergeCells>`)
	p["xl/sharedStrings.xml"] = `<sst>` + strings.Repeat(`<si><t>甲</t></si>`, 20) + `</sst>`
	p["xl/workbook.xml"] = `<workbook ` + ns + `><sheet name="台账" r:id="rId1"/><sheet name="b" r:id="rId1"/></workbook>`
	data := p.pack(t)
	for _, tc := range []struct {
		limits xlsx.Limits
		want   string
	}{
		{xlsx.Limits{Rows: 19}, "rows"},
		{xlsx.Limits{Columns: 2}, "columns"},
		{xlsx.Limits{SharedStrings: 19}, "too much text"},
		{xlsx.Limits{SharedBytes: 30}, "too much text"},
		{xlsx.Limits{CellBytes: 2}, "more than 2 bytes"},
		{xlsx.Limits{Sheets: 1}, "more than 1 sheets"},
		{xlsx.Limits{Merges: 19}, "merged"},
		{xlsx.Limits{Total: 100}, "unpack"},
	} {
		b, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), tc.limits)
		if err == nil {
			_, err = b.Survey(t.Context(), "台账", 0)
		}
		var e *xlsx.Error
		if !errors.As(err, &e) || !strings.Contains(e.EN, tc.want) {
			t.Errorf("%+v: %v", tc.limits, err)
		}
	}
	b := open(t, data)
	if _, err := b.Rows(t.Context(), "none"); err == nil || !strings.Contains(err.Error(), `no sheet "none"`) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Merges(ctx, "台账"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestColumnNames(t *testing.T) {
	t.Parallel()
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := xlsx.ColumnName(i); got != want {
			t.Errorf("%d: %s; want %s", i, got, want)
		}
	}
}

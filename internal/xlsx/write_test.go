package xlsx_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"yike/internal/xlsx"
)

func written(t interface{ Fatal(...any) }, fill func(w *xlsx.Writer) error) []byte {
	w := xlsx.NewWriter()
	defer w.Close() //nolint:errcheck // in memory
	var b bytes.Buffer
	err := fill(w)
	if err == nil {
		_, err = w.WriteTo(&b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteTable(t *testing.T) {
	t.Parallel()
	data := written(t, func(w *xlsx.Writer) error {
		s, err := w.Table(xlsx.TableSpec{
			Name: "一览表: 2026/11", Title: "配置一览表", Notes: []string{"来源：登记", "日期：2026-11-27"}, Freeze: 1, Landscape: true, A3: true,
			Columns: []xlsx.Column{
				{Head: "社区"},
				{Head: "床位", Kind: xlsx.Integer, Group: "养老"},
				{Head: "覆盖率", Kind: xlsx.Percent, Group: "养老"},
				{Head: "面积", Kind: xlsx.Decimal},
				{Head: "启用", Kind: xlsx.Date},
				{Head: "电话"},
				{Head: "比", Kind: xlsx.Number},
			},
		})
		if err != nil {
			return err
		}
		if err := errors.Join(
			s.Row("常青", 1200, 0.455, 12.5, xlsx.Day("2026-11-27"), "=1+1", 117.20012345),
			s.TonedRow(xlsx.Strong, "小计", int64(7), nil, nil, xlsx.Day("不详"), true, xlsx.Toned{Value: "无", Tone: xlsx.Bad}),
			s.Row(), s.Row(xlsx.Toned{Tone: xlsx.Warn}, "a\x00b\r\nc", xlsx.Day("1900-02-28"), xlsx.Day("")),
		); err != nil {
			return err
		}
		if s.Rows() != 9 {
			t.Errorf("%d rows", s.Rows())
		}
		_, err = w.Table(xlsx.TableSpec{Name: "一览表  2026 11", Columns: []xlsx.Column{{Head: "a"}}})
		return err
	})
	b := open(t, data)
	want := []string{
		"1: 配置一览表", "2: 来源：登记", "3: 日期：2026-11-27", "4: 社区|养老||面积|启用|电话|比", "5: |床位|覆盖率||||",
		"6: 常青|1200|45.5%|12.5|2026-11-27|=1+1|117.20012345", "7: 小计|7|||不详|是|无", "8: ", "9: |ab\nc|5900%",
	}
	got := rowsOf(t, b, b.Sheets()[0].Name)
	got[8] = strings.TrimSuffix(got[8], "|")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if names := b.Sheets(); names[0].Name != "一览表  2026 11" || names[1].Name != "一览表  2026 11 (2)" {
		t.Errorf("%+v", names)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // in memory
	if formula, err := f.GetCellFormula(b.Sheets()[0].Name, "F6"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if panes, err := f.GetPanes(b.Sheets()[0].Name); err != nil || !panes.Freeze || panes.YSplit != 5 || panes.XSplit != 1 {
		t.Errorf("%+v, %v", panes, err)
	}
}

func TestSheetName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "Sheet1", "a/b:c": "a b c", "'x'": "x", strings.Repeat("长", 40): strings.Repeat("长", 31), strings.Repeat("𠮷", 20): strings.Repeat("𠮷", 15), "[ ]": "Sheet1",
	} {
		if got := xlsx.SheetName(in); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
}

// TestTextsComeBack writes 600 texts of many kinds and reads the same. A surrogate that
// is spelled out, such as _xD800_, is left out: the library drops it.
func TestTextsComeBack(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+@\-'\t ]{0,3}[a-zA-Z_x0-9()|!"&<>]{0,12}`), rapid.StringMatching(`(_x[0-9A-C][0-9A-F]{3}_){1,3}`))
	data := written(t, func(w *xlsx.Writer) error {
		s, err := w.Table(xlsx.TableSpec{Name: "a", Columns: []xlsx.Column{{Head: "a"}, {Head: "b", Kind: xlsx.Number}}})
		for i := 0; i < 600 && err == nil; i++ {
			err = s.Row(i, texts.Example(i))
		}
		return err
	})
	rows, err := open(t, data).Rows(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // in memory
	if _, err := rows.Next(); err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		cells, err := rows.Next()
		if err != nil {
			t.Fatal(err)
		}
		var got xlsx.Cell
		if len(cells) > 1 {
			got = cells[1]
		}
		if want := storable(texts.Example(i)); got.Text != want || got.Formula {
			t.Errorf("%q came back as %+v", want, got)
		}
	}
}

// storable is a text without what a workbook cannot hold.
func storable(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	low, high := 0.0, 500.0
	long := make([]string, 60)
	for i := range long {
		long[i] = strings.Repeat("选", 5) + string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	spec := xlsx.TemplateSpec{
		Type: "elderly_canteen", Title: "老年食堂", Guide: []string{"一行一家食堂。"},
		Columns: []xlsx.TemplateColumn{
			{Code: "name_zh", Head: "名称", Kind: "text", Required: true, Example: "常青街老年食堂"},
			{Code: "fields.seats", Head: "座位数", Kind: "integer", Unit: "个", Min: &low, Max: &high, Example: "60"},
			{Code: "fields.grade", Head: "等级", Kind: "choice", Choices: []string{"一类", "二类"}, Example: "一类"},
			{Code: "fields.kind", Head: "类别", Kind: "choice", Choices: long},
			{Code: "fields.functions", Head: "功能", Kind: "choices", Choices: []string{"助餐", "助浴"}, Example: "助餐、助浴"},
			{Code: "fields.opened_on", Head: "启用日期", Kind: "day", Example: "2024-03-01"},
			{Code: "fields.subsidised", Head: "享受补贴", Kind: "boolean", Example: "是"},
			{Code: "fields.area", Head: "面积", Kind: "number", Unit: "平方米", Min: &low, Example: "120.5"},
			{Code: "contact_phone", Head: "电话", Kind: "phone", Hint: "区号-号码"},
		},
	}
	var b bytes.Buffer
	if err := xlsx.WriteTemplate(&b, spec); err != nil {
		t.Fatal(err)
	}
	book := open(t, b.Bytes())
	mark, err := book.ReadTemplateMark(t.Context())
	if err != nil || mark == nil || mark.Type != "elderly_canteen" || mark.HeaderRow != 1 || mark.ExampleRow != 2 || mark.Columns["名称"] != "name_zh" || mark.Columns["座位数（个）"] != "fields.seats" || len(mark.Columns) != 10 {
		t.Fatalf("%+v, %v", mark, err)
	}
	rows := rowsOf(t, book, mark.Sheet)
	want := []string{
		"1: 名称 *|座位数（个）|等级|类别|功能|启用日期|享受补贴|面积（平方米）|电话|备注（不导入）",
		"2: 常青街老年食堂|60|一类||助餐、助浴|2024-03-01|是|120.5||示例行，导入时跳过；可改写成真实数据",
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(strings.Split(rows[1][3:], "|"), mark.Example); d != "" {
		t.Error(d)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // in memory
	checks, err := f.GetDataValidations(mark.Sheet)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range checks {
		got = append(got, c.Sqref+" "+c.Type+" "+c.Formula1)
	}
	wantChecks := []string{
		"B2:B5000 whole 0", "C2:C5000 list _yike_lists!$C$1:$C$2", "D2:D5000 list _yike_lists!$D$1:$D$60", "E2:E5000  ", "F2:F5000 date 1", "G2:G5000 list _yike_lists!$G$1:$G$2", "H2:H5000 decimal 0", "I2:I5000  ",
	}
	if d := cmp.Diff(wantChecks, got); d != "" {
		t.Error(d)
	}
	for _, s := range book.Sheets() {
		if s.Hidden != strings.HasPrefix(s.Name, "_") {
			t.Errorf("%+v", s)
		}
	}
	if v, err := f.GetCellValue("填写说明", "A2"); err != nil || v != "一行一家食堂。" {
		t.Errorf("%q, %v", v, err)
	}
	spec.Columns = append(spec.Columns, spec.Columns[0])
	if err := xlsx.WriteTemplate(&b, spec); err == nil || !strings.Contains(err.Error(), "two columns") {
		t.Error(err)
	}
}

package pdf_test

import (
	"bytes"
	"fmt"
	"slices"

	"yike/internal/pdf"
)

// A report of one table, as a bureau prints it.
func Example() {
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fonts.Close() //nolint:errcheck // files opened for reading

	var file bytes.Buffer
	doc := pdf.New(&file, fonts, pdf.Options{
		Paper: pdf.A4(), Landscape: true,
		Meta:   pdf.Meta{Title: "哪些社区还没有老人家食堂？", Author: "区民政局", Lang: "zh-CN", Day: "2026-11-27"},
		Footer: pdf.Footer{Source: "来源：设施登记，2026-11-27", Notices: []string{"示例数据，不是真实情况"}},
	})
	doc.Title("哪些社区还没有老人家食堂？")
	doc.Paragraph("全区 3 个社区，步行 15 分钟以外的老人 1 234 人。")
	rows := []pdf.Row{
		{Cells: []pdf.Cell{{Text: "张家窝镇", Span: 3}}, Bold: true, Keep: true, Fill: pdf.Fill{Pattern: pdf.Tint}},
		pdf.Texts("幸福里社区", "412", "有"),
		{Cells: []pdf.Cell{{Text: "花园里社区"}, {Text: "822"}, {Text: "无", Fill: pdf.Fill{Pattern: pdf.Hatch, Color: pdf.Warning()}}}},
	}
	doc.Table(pdf.Table{
		Columns: []pdf.Column{
			{Title: "社区", Weight: 2},
			{Title: "60 岁以上", Width: 30 * pdf.MM, Align: pdf.Right},
			{Title: "老人家食堂", Width: 40 * pdf.MM, Align: pdf.Centre},
		},
		Empty: "没有社区",
	}, slices.Values(rows))
	if err := doc.Close(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Pages(), "page,", len(doc.Missing()), "characters missing,", bytes.HasPrefix(file.Bytes(), []byte("%PDF-1.7")))
	// Output: 1 page, 0 characters missing, true
}

// Package pdf writes documents for paper: reports of tables and text, and pages drawn
// by coordinates, on A4 and A3, in Chinese and English.
//
// It owns pages, type, line breaking, tables, figures of the page foot, pictures, QR
// codes and the file itself. It knows no feature of the product and reads no
// environment; where fonts lie is told by the caller.
//
// # A report
//
//	doc := pdf.New(w, fonts, pdf.Options{
//		Paper: pdf.A3, Landscape: true,
//		Meta:   pdf.Meta{Title: "哪些社区还没有老人家食堂", Lang: "zh-CN", Day: "2026-11-27"},
//		Footer: pdf.Footer{Source: "来源：设施登记", Notices: []string{"示例数据，不是真实情况"}},
//	})
//	doc.Title("哪些社区还没有老人家食堂")
//	doc.Paragraph("步行 15 分钟以外的老人 1 234 人。")
//	doc.Table(pdf.Table{Columns: []pdf.Column{
//		{Title: "社区", Weight: 2},
//		{Title: "老人", Width: 25 * pdf.MM, Align: pdf.Right},
//	}}, slices.Values(rows))
//	if err := doc.Close(); err != nil { … }
//
// Methods that draw return no error: the first one stays and is what Close returns, as
// with bufio.Writer. A page is sent to the writer as soon as the next one begins, so
// memory grows with the number of different characters and pictures and not with the
// number of pages. The same calls give the same bytes; the only day in the file is Meta.Day.
//
// Lengths are points, 1/72 of an inch; 30*pdf.MM is thirty millimetres. The origin of a
// page is its upper left corner and y goes down, as on a screen.
//
// # Type
//
// Text is set in fonts of the system. The outlines of the glyphs in use are copied into a
// small CFF font with a table back to Unicode, so text can be searched and copied, also
// beyond the basic plane, and looks the same on a machine without Chinese fonts. A
// character that no font of the chain has is drawn as a box and told by Missing.
package pdf

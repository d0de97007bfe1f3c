package nameimport

import (
	"fmt"
	"io"

	"yike/geo/divisions"
	"yike/internal/xlsx"
	"yike/placenames"
	"yike/placenames/namelist"
)

// hint is what to write into a column, and an example of it, in both languages.
type hint struct{ zh, en, example, exampleEN string }

// WriteTemplate writes a workbook to be filled in with names, one on each row, with drop-downs of
// kinds and of the subdistricts here.
func WriteTemplate(w io.Writer, c *placenames.Catalogue, places []divisions.Division, english bool) error {
	t := xlsx.TemplateSpec{
		Type: "place-names", Title: "地名", English: english,
		Guide: []string{
			"在“填写”表中每行填一条地名；带 * 的列必须填写。列的先后可以调整，不需要的列可以删除。",
			"已登记的地名按标识认出，没有标识的按名称、类别和政区认出，只改填了的格；名称、状态、批准文件和曾用名不改，请走办件或更正。",
			"批准文号、批准时间、批准机关齐全的登记为标准地名；不全的按导入时填写的资料来源登记。",
			"长度、面积可带单位，如 1.2公里、3.5公顷；坐标写“经度,纬度”，线和面请用 GeoJSON、GeoPackage、Shapefile 或 KML 导入。",
			"先试导入：每一格的错误都会列出，全部改好才能导入；有一处错误就一行也不导入。",
		},
	}
	if english {
		t.Title = "Place names"
		t.Guide = []string{
			"One name on each row of the sheet “Fill in”; columns with * are needed. Columns may change their order or be left out.",
			"A name that is there is known by its id, else by its characters, kind and division, and only what is filled in changes; its name, state, document and former names stay.",
			"With number, day and authority it is a standard name; else it stands on the source of the list.",
			"Lengths and areas may name their unit; coordinates are longitude,latitude. Lines and areas come as GeoJSON, GeoPackage, Shapefile or KML.",
			"Try first: every fault is listed, and nothing is taken while there is one.",
		}
	}
	hints := map[string]hint{
		"text":      {"标准名称，不带空格", "without spaces", "示例路", "示例路"},
		"roman":     {"不填为待确认", "left out, nobody has confirmed it", "Shili Lu", "Shili Lu"},
		"divisions": {"街镇名称或代码，跨政区的以分号隔开", "name or code, semicolons between several", "", ""},
		"length_m":  {"米，或带单位", "metres, or with its unit", "860", "860"},
		"former":    {"多个以分号隔开", "semicolons between several", "", ""},
		"number":    {"", "", "示例〔2010〕7号", "EX-2010-7"},
		"day":       {"", "", "2010-06-01", "2010-06-01"},
		"body":      {"", "", "示例区人民政府", "Example government"},
		"meaning":   {"", "", "示例", "an example"},
	}
	for _, col := range namelist.Columns() {
		h := hints[col.Code]
		column := xlsx.TemplateColumn{Code: col.Code, Head: col.ZH, Kind: "text", Required: col.Code == "text" || col.Code == "kind", Hint: h.zh, Example: h.example}
		if english {
			column.Head, column.Hint, column.Example = col.EN, h.en, h.exampleEN
		}
		switch col.Code {
		case "kind":
			column.Kind = "choice"
			for _, class := range c.Classes {
				for _, k := range class.Kinds {
					column.Choices = append(column.Choices, say(english, k.ZH, k.EN))
				}
			}
			k, _, _ := c.Of("road")
			column.Example = say(english, k.ZH, k.EN)
		case "divisions":
			for _, d := range places {
				if d.Level == divisions.Subdistrict {
					column.Choices = append(column.Choices, say(english && d.NameEN != "", d.NameZH, d.NameEN))
				}
			}
			if len(column.Choices) > 0 {
				column.Kind, column.Example = "choices", column.Choices[0]
			}
		}
		t.Columns = append(t.Columns, column)
	}
	if err := xlsx.WriteTemplate(w, t); err != nil {
		return fmt.Errorf("write the template of names: %w", err)
	}
	return nil
}

func say(english bool, zh, en string) string {
	if english {
		return en
	}
	return zh
}

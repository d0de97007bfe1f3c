package estateimport

import (
	"fmt"
	"io"

	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/geo/divisions"
	"yike/internal/xlsx"
)

// What templates call themselves.
const (
	EstateTemplate = "estates"
	RoomTemplate   = "estate-rooms"
)

// hint is what to write into a column, and an example of it, in both languages.
type hint struct{ zh, en, example, exampleEN string }

// WriteEstateTemplate writes a workbook to be filled in with estates, one on each row, with
// drop-downs of code words and of the names of places.
func WriteEstateTemplate(w io.Writer, places []divisions.Division, english bool) error {
	t := xlsx.TemplateSpec{
		Type: EstateTemplate, Title: "新建小区（配建核查）", English: english,
		Guide: []string{
			"在“填写”表中每行填一个小区；带 * 的列必须填写。配建用房另用用房模板，或在同一工作簿里另加一个工作表。",
			"已登记的小区按小区登记编号认出，没有编号的按名称和村居认出，只改填了的格；空着的格保留原值，要清除就写“清空”。",
			"面积可带单位，如 5.25公顷、12.6万㎡；列名中写明单位也可以，如“用地面积（公顷）”。",
			"先试导入：每一格的错误都会列出，全部改好才能导入；有一处错误就一行也不导入。",
			"列的先后可以调整，不需要的列可以删除。范围用 GeoJSON、GeoPackage 或 Shapefile 导入。",
		},
	}
	if english {
		t.Title = "New estates"
		t.Guide = []string{
			"One estate on each row of the sheet “Fill in”; columns with * are needed. Rooms have a template of their own, or another sheet of the same workbook.",
			"An estate that is there is known by its estate id, else by name and community, and only what is filled in changes; the word 清空 empties a field.",
			"Areas may name their unit, as 5.25 ha; so may the heading, as “site area (ha)”.",
			"Try first: every fault is listed, and nothing is taken while there is one.",
			"Columns may change their order or be left out. Boundaries come as GeoJSON, GeoPackage or Shapefile.",
		}
	}
	hints := map[string]hint{
		"estate_id":         {"已登记的小区才有；新小区留空", "of an estate that is there; empty for a new one", "", ""},
		"name":              {"小区或项目的名称", "of the estate or project", "示例家园", "Example Gardens"},
		"community":         {"所在村居；有同名村居时另填街镇", "where there are several of a name, give the subdistrict, too", "", ""},
		"division_code":     {"可以不填；填了就不必填街镇和村居", "may be left out; then give the community", "", ""},
		"developer":         {"单位全称，不写个人", "in full; no persons", "示例置业有限公司", "Example Developers Ltd"},
		"place_name_id":     {"已有标准地名的填写", "where there is one", "", ""},
		"households":        {"整数", "a whole number", "1000", "1000"},
		"people":            {"不填就按户数估算", "left out, it follows from the households", "", ""},
		"measured_people":   {"", "", "", ""},
		"site_area":         {"平方米，或带单位", "m², or with its unit", "52500", "52500"},
		"housing_floor":     {"平方米，或带单位", "m², or with its unit", "126000", "126000"},
		"floor_above":       {"平方米，或带单位", "m², or with its unit", "131000", "131000"},
		"floor_below":       {"平方米，或带单位", "m², or with its unit", "38000", "38000"},
		"completed_on":      {"整个小区建成之日；未建成的留空", "of the whole estate; empty until then", "", ""},
		"phases":            {"期名 户数 开工日期 验收日期，各期以分号隔开", "phase, households, begun, accepted; semicolons between phases", "一期 600户 2024-03-01开工；二期 400户", "1 600 households 2024-03-01 begun; 2 400 households"},
		"conditions/number": {"", "", "示例规条〔2023〕1号", "EX-2023-1"},
		"conditions/day":    {"", "", "2023-06-01", "2023-06-01"},
		"hub/area":          {"有嵌入式综合服务体的填写", "where there is a combined service hub", "", ""},
	}
	return write(w, t, estatelist.EstateColumns(), hints, places)
}

// WriteRoomTemplate writes one for planned rooms.
func WriteRoomTemplate(w io.Writer, places []divisions.Division, english bool) error {
	t := xlsx.TemplateSpec{
		Type: RoomTemplate, Title: "新建小区配建用房", English: english,
		Guide: []string{
			"在“填写”表中每行填一处用房；带 * 的列必须填写。小区要先登记，或在同一工作簿的另一个工作表里。",
			"已有的用房按小区、楼栋、楼层和房号认出，没有房号的再按名称认出，只改填了的格；空着的格保留原值，要清除就写“清空”。表里没有的用房保持不变。",
			"一处用房有几种用途时填写“分用途面积”；同一面积不得重复计算。",
			"先试导入：每一格的错误都会列出，全部改好才能导入；有一处错误就一行也不导入。",
			"经纬度默认是 WGS 84 或 CGCS2000；是 GCJ-02 或 BD-09 的，请在导入时声明，或把列名写成“高德经度”“百度经度”。",
		},
	}
	if english {
		t.Title = "Planned rooms of new estates"
		t.Guide = []string{
			"One room on each row of the sheet “Fill in”; columns with * are needed. The estate is there already, or in another sheet of the same workbook.",
			"A room that is there is known by its estate, building, floor and room number, without a number by its name, and only what is filled in changes. Rooms that are not listed stay.",
			"Give the area by use where a room has several; no area counts twice.",
			"Try first: every fault is listed, and nothing is taken while there is one.",
			"Longitude and latitude are WGS 84 or CGCS2000 unless you say otherwise when importing.",
		}
	}
	hints := map[string]hint{
		"estate":         {"所属小区的名称", "the name of its estate", "示例家园", "Example Gardens"},
		"estate_id":      {"可以不填", "may be left out", "", ""},
		"community":      {"有同名小区时填写小区所在村居", "of the estate, where there are several of the name", "", ""},
		"room_id":        {"已登记的用房才有", "of a room that is there", "", ""},
		"name":           {"", "", "示例社区用房", "Example community room"},
		"building":       {"", "", "1号楼", "1"},
		"floor":          {"如 1、1-2、-1、夹层", "such as 1, 1-2, -1", "1", "1"},
		"room_no":        {"", "", "101", "101"},
		"area":           {"平方米，最多两位小数，或带单位", "m², to a hundredth, or with its unit", "400", "400"},
		"parts":          {"用途 面积（计入的指标），以分号隔开", "use, area and the norm in brackets, with semicolons between them", "社区服务 300（社区综合服务用房）；养老服务 100（养老服务用房）", "community service 300 (community premises); elderly service 100 (elderly premises)"},
		"land_share":     {"平方米", "m²", "", ""},
		"phase":          {"第几期", "its number", "1", "1"},
		"own_entrance":   {"是或否；不知道就留空", "yes or no; empty where nobody knows", "是", "yes"},
		"lift":           {"是或否；不知道就留空", "yes or no; empty where nobody knows", "否", "no"},
		"present_use":    {"现场看到的用途；没看过就留空", "as it was found; empty where nobody looked", "", ""},
		"handed_over_on": {"", "", "", ""},
		"lon":            {"可以不填，填了就须与纬度同时填", "with the latitude, or not at all", "", ""},
	}
	return write(w, t, estatelist.RoomColumns(), hints, places)
}

func write(w io.Writer, t xlsx.TemplateSpec, columns []estatelist.Column, hints map[string]hint, places []divisions.Division) error {
	names := placeNames(places, t.English)
	for _, c := range columns {
		h := hints[c.Code]
		column := xlsx.TemplateColumn{Code: c.Code, Head: c.ZH, Kind: "text", Required: c.Needed, Hint: h.zh, Example: h.example}
		if t.English {
			column.Head, column.Hint, column.Example = c.EN, h.en, h.exampleEN
		}
		switch c.Kind {
		case estatelist.AsChoice, estatelist.AsElements:
			choose(&column, c, t.English)
		case estatelist.AsDay:
			column.Kind = "day"
		case estatelist.AsCount:
			column.Kind, column.Min = "integer", new(float64)
		case estatelist.AsDegrees:
			column.Kind = "number"
		case estatelist.AsTruth:
			column.Kind = "boolean"
		}
		if list := names[c.Code]; len(list) > 0 {
			column.Kind, column.Choices = "choice", list
		}
		t.Columns = append(t.Columns, column)
	}
	if err := xlsx.WriteTemplate(w, t); err != nil {
		return fmt.Errorf("write the template %s: %w", t.Type, err)
	}
	return nil
}

// choose gives a column the words of its list. Of several in one cell a drop-down would take
// one only.
func choose(column *xlsx.TemplateColumn, c estatelist.Column, english bool) {
	for _, w := range c.Choices {
		word := w.ZH
		if english {
			word = w.EN
		}
		column.Choices = append(column.Choices, word)
	}
	if column.Kind = "choice"; c.Kind == estatelist.AsElements {
		column.Kind = "choices"
	}
	if c.Code == "kind" || c.Code == "use" {
		column.Example = column.Choices[0]
	}
}

// placeNames are the names of the places here, for the columns that name them.
func placeNames(places []divisions.Division, english bool) map[string][]string {
	out := map[string][]string{}
	for _, d := range places {
		name := d.NameZH
		if english && d.NameEN != "" {
			name = d.NameEN
		}
		switch d.Level {
		case divisions.Subdistrict:
			out[lists.Subdistrict] = append(out[lists.Subdistrict], name)
		case divisions.Community:
			out[lists.Community] = append(out[lists.Community], name)
		}
	}
	return out
}

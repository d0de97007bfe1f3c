package premisesexport

import (
	"fmt"
	"io"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/xlsx"
)

// TemplateType is what a template of the ledger calls itself.
const TemplateType = "premises"

// WriteTemplate writes a workbook to be filled in with rooms, one on each row, with
// drop-downs of the codes and of the names of places. It is in Chinese, as all templates.
func WriteTemplate(w io.Writer, places []divisions.Division) error {
	hints := map[string][2]string{ // what to write, and an example
		"ledger_no":     {"每处用房自己的编号，不得重复；同一编号再次导入就更新那处用房", "GJ-001"},
		"name":          {"台账中的名称", "示例小区社区用房"},
		"community":     {"所在村居；有同名村居时另填街镇", ""},
		"division_code": {"可以不填；填了就不必填街镇和村居", ""},
		"floor":         {"", "1"}, "building": {"", "3"}, "room_no": {"", "101"}, "estate": {"", "示例小区"},
		"address":        {"写到门牌号", "示例路1号"},
		"owner":          {"产权单位全称", "示例区民政局"},
		"parts":          {"一处用房有几种用途时填写：用途 面积（计入的指标），以分号隔开", "社区服务 300（社区综合服务用房）；养老服务 100（养老服务用房）"},
		"area_m2":        {"最多两位小数", "400"},
		"land_share_m2":  {"", "120"},
		"handed_over_on": {"", "2024-03-01"},
		"key_holder":     {"单位或岗位，不写个人", "示例社区居委会"},
		"key_contact":    {"只有管理这处台账的人看得到", ""},
		"lon":            {"WGS 84；可以不填，填了就须与纬度同时填", ""},
		"documents":      {"几份文件以分号隔开", ""},
	}
	names := map[string][]string{}
	for _, d := range places {
		switch d.Level {
		case divisions.Subdistrict:
			names["subdistrict"] = append(names["subdistrict"], d.NameZH)
		case divisions.Community:
			names["community"] = append(names["community"], d.NameZH)
		}
	}
	t := xlsx.TemplateSpec{
		Type: TemplateType, Title: "社区非经营性公建台账",
		Guide: []string{
			"在“填写”表中每行填一处用房；带 * 的列，新登记的用房必须填写。",
			"台账里已有同一编号的用房，导入时更新它，只改填了的格；空着的格保留原值，要清除就写“清空”。",
			"还没有编号的用房，按村居、小区、楼栋、楼层和房号认出，并记下编号。",
			"先试导入：每一格的错误都会列出，全部改好才能导入；有一处错误就一行也不导入。",
			"请不要改动列名；列的先后可以调整，不需要的列可以删除。",
		},
	}
	for _, c := range premises.ListColumns() {
		column := xlsx.TemplateColumn{Code: c.Code, Head: c.ZH, Kind: "text", Required: c.Needed, Hint: hints[c.Code][0], Example: hints[c.Code][1]}
		switch c.Kind {
		case premises.ListChoice:
			column.Kind = "choice"
			for _, w := range c.Choices {
				column.Choices = append(column.Choices, w.ZH)
			}
			column.Example = column.Choices[0]
		case premises.ListDay:
			column.Kind = "day"
		case premises.ListArea:
			column.Kind, column.Min = "number", new(float64)
		case premises.ListDegrees:
			column.Kind = "number"
		}
		if list := names[c.Code]; len(list) > 0 {
			column.Kind, column.Choices, column.Example = "choice", list, list[0]
		}
		t.Columns = append(t.Columns, column)
	}
	if err := xlsx.WriteTemplate(w, t); err != nil {
		return fmt.Errorf("write the template of the ledger: %w", err)
	}
	return nil
}

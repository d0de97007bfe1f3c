package facilityexport

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"yike/facilities"
	"yike/facilities/exports"
	"yike/internal/rowout"
	"yike/internal/xlsx"
)

// Place are the names that the drop-downs of a template offer.
type Place struct {
	Subdistricts []string
	Communities  []string
}

// Template writes a template for facilities of a type, as a workbook with drop-downs or
// as the heads of a CSV file. Its columns are those that an import knows.
func Template(ctx context.Context, to io.Writer, f rowout.Format, info facilities.TypeInfo, p Place) error {
	columns := templateColumns(info, p)
	if f == rowout.XLSX {
		return xlsx.WriteTemplate(to, xlsx.TemplateSpec{
			Type: string(info.Type), Title: info.ZH, Columns: columns,
			Guide: []string{
				"在“填写”表中每行填一处设施；带 * 的列在发布前必须填写。",
				"没有坐标时经度、纬度留空即可：系统会按地址匹配位置，匹配不到的列入“待落图”，在地图上点一下就能落位。",
				"已经登记过的设施，填写统一社会信用代码、机构编码或本局编号中的一项，导入时就能更新原记录，不会重复。",
				"请不要改动列名和隐藏的工作表，系统靠它们识别各列；列的先后可以调整，不需要的列可以删除。",
			},
		})
	}
	table := rowout.Table{Name: info.ZH}
	for _, c := range columns {
		table.Columns = append(table.Columns, rowout.Column{Code: c.Code, Head: c.Head})
	}
	w, err := rowout.New(ctx, to, f, table, rowout.Options{})
	if err != nil {
		return err
	}
	defer w.Discard()
	return w.Close()
}

// Heads are the columns of the template of a type, without the names that drop-downs offer.
func Heads(info facilities.TypeInfo) []xlsx.TemplateColumn { return templateColumns(info, Place{}) }

func templateColumns(info facilities.TypeInfo, p Place) []xlsx.TemplateColumn {
	out := []xlsx.TemplateColumn{
		{Code: "name_zh", Head: "名称", Kind: "text", Required: true, Hint: "招牌或登记的全称", Example: "示例" + info.ZH},
		{Code: "status", Head: "状态", Kind: "choice", Choices: statusWords(), Hint: "设施现在的状态", Example: "开放"},
		{Code: "subdistrict", Head: "所属街镇", Kind: kindOfNames(p.Subdistricts), Choices: p.Subdistricts, Example: first(p.Subdistricts)},
		{Code: "community", Head: "所属村居", Kind: kindOfNames(p.Communities), Choices: p.Communities, Example: first(p.Communities)},
		{Code: "address", Head: "地址", Kind: "text", Required: true, Hint: "写到门牌号；没有门牌的写清楚在哪条路、哪个小区、哪栋楼", Example: "示例路1号"},
		{Code: "lon", Head: "经度", Kind: "number", Hint: "可以不填；填了就须与纬度同时填", Min: ptr(70), Max: ptr(140)},
		{Code: "lat", Head: "纬度", Kind: "number", Hint: "可以不填", Min: ptr(0), Max: ptr(60)},
		{Code: "uscc", Head: "统一社会信用代码", Kind: "text", Hint: "运营单位的代码，18 位"},
		{Code: "institution_code", Head: "机构编码", Kind: "text", Hint: "上级系统中的编码"},
		{Code: "bureau_no", Head: "本局编号", Kind: "text", Hint: "本局自己的编号，不得重复"},
	}
	if info.CapacityField == "" {
		out = append(out, xlsx.TemplateColumn{Code: "capacity", Head: "容量", Kind: "integer", Unit: info.CapacityZH, Min: ptr(0), Example: "20"})
	}
	for _, f := range info.Fields {
		out = append(out, fieldColumn(f))
	}
	out = append(out,
		xlsx.TemplateColumn{Code: "serves", Head: "服务村居", Kind: "choices", Choices: p.Communities, Hint: "服务的村（社区）"},
		xlsx.TemplateColumn{Code: "verified_on", Head: "最近核实日期", Kind: "day", Hint: "最近一次到现场核对的日期"},
	)
	return distinct(out)
}

// distinct keeps heads apart: an installation may call a field as we call a column.
func distinct(columns []xlsx.TemplateColumn) []xlsx.TemplateColumn {
	seen := map[string]bool{}
	for i, c := range columns {
		if seen[c.Head] {
			columns[i].Head += "（" + c.Code + "）"
		}
		seen[columns[i].Head] = true
	}
	return columns
}

func statusWords() []string {
	var words []string
	for _, f := range exports.Fields(nil) {
		if f.Code == "status" {
			for _, c := range f.Choices {
				words = append(words, c.ZH)
			}
		}
	}
	return words
}

func kindOfNames(names []string) string {
	if len(names) == 0 {
		return "text"
	}
	return "choice"
}

func first(list []string) string {
	if len(list) > 0 {
		return list[0]
	}
	return ""
}

func ptr(v float64) *float64 { return &v }

func fieldColumn(f facilities.FieldInfo) xlsx.TemplateColumn {
	c := xlsx.TemplateColumn{
		Code: facilities.FieldPrefix + f.Field, Head: f.ZH, Kind: string(f.Kind), Required: f.Required, Hint: f.HintZH, Unit: f.UnitZH, Min: f.Min, Max: f.Max,
	}
	for _, choice := range f.Choices {
		c.Choices = append(c.Choices, choice.ZH)
	}
	switch f.Kind {
	case facilities.Year:
		c.Unit, c.Example = "", "2020"
	case facilities.Integer, facilities.Number:
		c.Example = exampleNumber(f)
		if c.Min == nil {
			c.Min = ptr(0)
		}
	case facilities.Date:
		c.Example = "2024-03-01"
	case facilities.Boolean:
		c.Example = "是"
	case facilities.Chosen:
		c.Example = first(c.Choices)
	case facilities.Several:
		c.Example = first(c.Choices)
	case facilities.Hours:
		c.Example = "10:30-13:00"
	case facilities.Phone:
		c.Example = "027-88888888"
	}
	return c
}

func exampleNumber(f facilities.FieldInfo) string {
	v := 20.0
	if f.Min != nil {
		v = max(v, *f.Min)
	}
	if f.Max != nil {
		v = min(v, *f.Max)
	}
	return fmt.Sprint(strconv.FormatFloat(v, 'f', -1, 64))
}

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

// Place are the names that the drop-downs of a template offer, in its language.
type Place struct {
	Subdistricts []string
	Communities  []string
}

// speech puts a template into a language: it takes the Chinese and the English words.
type speech func(zh, en string) string

func speechOf(words exports.Words) speech {
	return func(zh, en string) string {
		if words == exports.English && en != "" {
			return en
		}
		return zh
	}
}

// Template writes a template for facilities of a type, as a workbook with drop-downs or
// as the heads of a CSV file, in Chinese or in English. Its columns are those that an
// import knows.
func Template(ctx context.Context, to io.Writer, f rowout.Format, info facilities.TypeInfo, p Place, words exports.Words) error {
	say := speechOf(words)
	columns := say.columns(info, p)
	if f == rowout.XLSX {
		return xlsx.WriteTemplate(to, xlsx.TemplateSpec{
			Type: string(info.Type), Title: say(info.ZH, info.EN), Columns: columns, English: words == exports.English,
			Guide: []string{
				say("在“填写”表中每行填一处设施；带 * 的列在发布前必须填写。",
					"Write one facility in each row of the sheet Fill in; columns with * are needed before a record is published."),
				say("没有坐标时经度、纬度留空即可：系统会按地址匹配位置，匹配不到的列入“待落图”，在地图上点一下就能落位。",
					"Leave longitude and latitude empty where they are not known: the place is looked for by the address, and what is not found waits for a click on the map."),
				say("已经登记过的设施，填写统一社会信用代码、机构编码或本局编号中的一项，导入时就能更新原记录，不会重复。",
					"For a facility that is registered already, write its credit code, institution code or bureau number: the import then changes that record and makes no second one."),
				say("请不要改动列名和隐藏的工作表，系统靠它们识别各列；列的先后可以调整，不需要的列可以删除。",
					"Leave the headings and the hidden sheets as they are, since the columns are known by them; columns may be moved, and those not needed deleted."),
			},
		})
	}
	table := rowout.Table{Name: say(info.ZH, info.EN)}
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

// Heads are the columns of the template of a type in Chinese, without the names that
// drop-downs offer.
func Heads(info facilities.TypeInfo) []xlsx.TemplateColumn {
	return speechOf(exports.Chinese).columns(info, Place{})
}

func (say speech) columns(info facilities.TypeInfo, p Place) []xlsx.TemplateColumn {
	statuses := say.statuses()
	out := []xlsx.TemplateColumn{
		{Code: "name_zh", Head: say("名称", "Name"), Kind: "text", Required: true, Hint: say("招牌或登记的全称", "The full name, as on its sign or as registered"), Example: say("示例"+info.ZH, "Example "+info.EN)},
		{Code: "status", Head: say("状态", "Status"), Kind: "choice", Choices: statuses, Hint: say("设施现在的状态", "What the place is now"), Example: say("开放", "open")},
		{Code: "subdistrict", Head: say("所属街镇", "Subdistrict"), Kind: kindOfNames(p.Subdistricts), Choices: p.Subdistricts, Example: first(p.Subdistricts)},
		{Code: "community", Head: say("所属村居", "Community"), Kind: kindOfNames(p.Communities), Choices: p.Communities, Example: first(p.Communities)},
		{
			Code: "address", Head: say("地址", "Address"), Kind: "text", Required: true, Example: say("示例路1号", "示例路1号"),
			Hint: say("写到门牌号；没有门牌的写清楚在哪条路、哪个小区、哪栋楼", "In Chinese, with the house number; without one, the road, the estate and the building"),
		},
		{Code: "lon", Head: say("经度", "Longitude"), Kind: "number", Hint: say("可以不填；填了就须与纬度同时填", "May be left out; goes with the latitude"), Min: ptr(70), Max: ptr(140)},
		{Code: "lat", Head: say("纬度", "Latitude"), Kind: "number", Hint: say("可以不填", "May be left out"), Min: ptr(0), Max: ptr(60)},
		{Code: "uscc", Head: say("统一社会信用代码", "Unified social credit code"), Kind: "text", Hint: say("运营单位的代码，18 位", "That of the operator, 18 characters")},
		{Code: "institution_code", Head: say("机构编码", "Institution code"), Kind: "text", Hint: say("上级系统中的编码", "That of a higher system")},
		{Code: "bureau_no", Head: say("本局编号", "Bureau number"), Kind: "text", Hint: say("本局自己的编号，不得重复", "The bureau's own, which no two records share")},
	}
	if info.CapacityField == "" {
		out = append(out, xlsx.TemplateColumn{Code: "capacity", Head: say("容量", "Capacity"), Kind: "integer", Unit: say(info.CapacityZH, info.CapacityEN), Min: ptr(0), Example: "20"})
	}
	for _, f := range info.Fields {
		out = append(out, say.field(f))
	}
	out = append(out,
		xlsx.TemplateColumn{Code: "serves", Head: say("服务村居", "Communities served"), Kind: "choices", Choices: p.Communities, Hint: say("服务的村（社区）", "Communities that it serves")},
		xlsx.TemplateColumn{Code: "verified_on", Head: say("最近核实日期", "Last verified"), Kind: "day", Hint: say("最近一次到现场核对的日期", "The day of the last look at the place")},
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

func (say speech) statuses() []string {
	for _, f := range exports.Fields(nil) {
		if f.Code == "status" {
			return say.choices(f.Choices)
		}
	}
	return nil
}

func (say speech) choices(list []facilities.Choice) []string {
	var words []string
	for _, c := range list {
		words = append(words, say(c.ZH, c.EN))
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

func (say speech) field(f facilities.FieldInfo) xlsx.TemplateColumn {
	c := xlsx.TemplateColumn{
		Code: facilities.FieldPrefix + f.Field, Head: say(f.ZH, f.EN), Kind: string(f.Kind), Required: f.Required, Hint: say(f.HintZH, f.HintEN),
		Unit: say(f.UnitZH, f.UnitEN), Choices: say.choices(f.Choices), Min: f.Min, Max: f.Max,
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
		c.Example = say("是", "yes")
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

package xlsx

import "strings"

// templateWords are what a template says by itself, besides what its spec says.
type templateWords struct {
	fill, guide, title string // names of sheets, and what stands behind the title of the second
	remark, tip        string // head of the last column, and what stands in it beside the example
	guideHeads         []string
	required, optional string
	open, close        string // of brackets
	comma, stop        string // between values and between sentences
	yes, no            string
	write, pick        string // beginnings of messages
	day, year          string
	whole, number      string
	boolean, choice    string
	choices, hours     string
	unit, digits       string
	from, to           string
	atLeast, atMost    string
}

// words are those of the template's language.
func (t TemplateSpec) words() *templateWords {
	if t.English {
		return &templateWords{
			fill: "Fill in", guide: "How to fill in", title: ": how to fill in",
			remark: "Remarks (not imported)", tip: "An example, which an import passes over; write real data over it",
			guideHeads: []string{"Column", "Needed", "What to write", "Values", "Example"}, required: "needed", optional: "optional",
			open: " (", close: ")", comma: ", ", stop: ". ", yes: "yes", no: "no",
			write: "Write ", pick: "Choose from the list",
			day: "a day such as 2026-11-27", year: "a year of four digits", whole: "a whole number", number: "a number",
			boolean: "yes or no", choice: "one of the list", choices: "several are possible, with ; between them",
			hours: "times such as 10:30-13:00, with ; between several", unit: "Unit: ", digits: "; digits only",
			from: " from ", to: " to ", atLeast: ", at least ", atMost: ", at most ",
		}
	}
	return &templateWords{
		fill: "填写", guide: "填写说明", title: " 填写说明", remark: "备注（不导入）", tip: "示例行，导入时跳过；可改写成真实数据",
		guideHeads: []string{"列", "必填", "怎么填", "可选的值", "示例"}, required: "必填", optional: "选填",
		open: "（", close: "）", comma: "、", stop: "。", yes: "是", no: "否",
		write: "请填", pick: "请从下拉列表中选择",
		day: "日期，如 2026-11-27", year: "年份，四位数字", whole: "整数", number: "数字",
		boolean: "填“是”或“否”", choice: "从下拉列表中选一项", choices: "可填多项，用顿号“、”分隔",
		hours: "时间段，如 10:30-13:00；多段用分号分隔", unit: "单位：", digits: "，只填数字",
		from: "，", to: " 到 ", atLeast: "，不小于 ", atMost: "，不大于 ",
	}
}

// values are those that a column's drop-down offers.
func (w *templateWords) values(c TemplateColumn) []string {
	if c.Kind == "boolean" {
		return []string{w.yes, w.no}
	}
	return c.Choices
}

// advice is what to write into a column.
func (w *templateWords) advice(c TemplateColumn) string {
	var parts []string
	if c.Hint != "" {
		parts = append(parts, strings.TrimRight(c.Hint, "。."))
	}
	if what := w.kind(c); what != "" {
		parts = append(parts, what)
	}
	if c.Unit != "" {
		parts = append(parts, w.unit+c.Unit+w.digits)
	}
	return strings.Join(parts, w.stop)
}

func (w *templateWords) kind(c TemplateColumn) string {
	switch c.Kind {
	case "day":
		return w.day
	case "integer":
		return w.whole + w.between(c)
	case "number":
		return w.number + w.between(c)
	case "year":
		return w.year + w.between(c)
	case "boolean":
		return w.boolean
	case "choice":
		return w.choice
	case "choices":
		return w.choices
	case "hours":
		return w.hours
	}
	return ""
}

func (w *templateWords) between(c TemplateColumn) string {
	switch {
	case c.Min != nil && c.Max != nil:
		return w.from + plain(*c.Min) + w.to + plain(*c.Max)
	case c.Min != nil:
		return w.atLeast + plain(*c.Min)
	case c.Max != nil:
		return w.atMost + plain(*c.Max)
	}
	return ""
}

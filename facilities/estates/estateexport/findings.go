package estateexport

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/internal/xlsx"
)

// FindingsFile is a check of one estate as a workbook: every finding with all that a person
// needs to judge it. It has no word about persons.
type FindingsFile struct {
	English   bool
	Estate    estates.Estate
	Place     []string // names of the divisions that it lies in, from the largest
	Set       *rules.Set
	Check     estates.Check
	Milestone *estates.Milestone // that the rules are due at; nil for all of them
	Day       record.Day         // that the rules were held to
	Notices   []string           // about the data as a whole
}

func (f FindingsFile) say(zh, en string) string { return text(zh, en).say(f.English) }

// Title names the estate and what the workbook is.
func (f FindingsFile) Title() string {
	return cmp.Or(f.Estate.Name, f.say("未命名小区", "Estate without a name")) + f.say(" 配建核查明细", " – findings")
}

// WriteXLSX writes one sheet with a row for each finding, what has to be made good first.
func (f FindingsFile) WriteXLSX(w io.Writer) (err error) {
	book := xlsx.NewWriter()
	book.Steady()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.sheet(book); err != nil {
		return fmt.Errorf("write the findings of an estate: %w", err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write the findings of an estate: %w", err)
	}
	return nil
}

func (f FindingsFile) notes() []string {
	until := f.say("全部规则", "all rules")
	if f.Milestone != nil {
		c := f.Milestone.Code()
		until = f.say("截至“"+c.ZH+"”应当符合的规则", "the rules due until "+c.EN)
	}
	out := []string{
		strings.Join(f.Place, f.say("", ", ")),
		f.say("核查日期 ", "Checked as of ") + string(f.Day) + f.say("；", "; ") + until,
		fmt.Sprintf(f.say("结论：%s。必须符合的规则中 %d 条不符合，%d 条待定；提示 %d 条不符合。", "Conclusion: %s. Of what must be kept %d are not met and %d open; %d warnings are not met."),
			conclusion(f.Check.Conclusion).say(f.English), f.Check.Failed, f.Check.Unknown, f.Check.Warnings),
		f.say("“待定”是资料不全、不能判定，不视为符合。", "Open means that a figure or paper is lacking; it is never a pass."),
	}
	out = append(out, f.Notices...)
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func (f FindingsFile) columns() []xlsx.Column {
	c := func(zh, en string, width float64) xlsx.Column {
		return xlsx.Column{Head: f.say(zh, en), Width: width}
	}
	number := func(zh, en string) xlsx.Column {
		return xlsx.Column{Head: f.say(zh, en), Kind: xlsx.Number, Width: 11}
	}
	return []xlsx.Column{
		c("编号", "Rule", 9), c("事项", "What", 28), c("核查对象", "Asked of", 20), c("结果", "Outcome", 10), c("性质", "Severity", 10),
		c("规划或现状", "Value", 18), number("数值", "Value as a number"), c("要求", "Threshold", 26), c("还差", "Missing", 18), number("差额", "Missing as a number"),
		c("算法", "Formula", 34), c("输入", "Inputs", 48), c("说明", "Remarks", 34), c("依据", "Source", 38), c("原文", "Sentence", 48), c("证据等级", "Evidence", 18),
		c("适用范围", "Holds in", 14), c("本条严于", "Stricter than", 30), c("注意", "Note", 34),
	}
}

func (f FindingsFile) sheet(book *xlsx.Writer) error {
	t, err := book.Table(xlsx.TableSpec{
		Name: f.say("核查明细", "Findings"), Title: f.Title(), Notes: f.notes(), Columns: f.columns(), Freeze: 2, Landscape: true, A3: true,
	})
	if err != nil {
		return err
	}
	list := slices.Clone(f.Check.Findings)
	urgency := func(of estates.Found) int {
		order := groups()
		if at := slices.IndexFunc(order, func(g group) bool { return g.of(of) }); at >= 0 {
			return at
		}
		return len(order)
	}
	slices.SortStableFunc(list, func(a, b estates.Found) int { return urgency(a) - urgency(b) })
	for _, each := range list {
		if err := t.Row(f.row(each)...); err != nil {
			return err
		}
	}
	return nil
}

func (f FindingsFile) row(of estates.Found) []any {
	words := row(f.Set, f.Estate, of)
	one := func(zh, en string) string { return f.say(zh, en) }
	outcome := any(words.Outcome.say(f.English))
	if of.Rule.Severity == rules.Error {
		switch of.Outcome {
		case rules.Fail:
			outcome = xlsx.Toned{Value: outcome, Tone: xlsx.Bad}
		case rules.Undetermined:
			outcome = xlsx.Toned{Value: outcome, Tone: xlsx.Warn}
		default:
		}
	}
	var value, missing any
	if of.Value != nil {
		value = figure(*of.Value)
	}
	if of.Missing > 0 {
		missing = figure(of.Missing)
	}
	return []any{
		of.Rule.ID, words.Title.say(f.English), f.askedOf(of, words), outcome, f.severity(of.Rule.Severity),
		words.Value.say(f.English), value, one(f.Set.Threshold(of.Rule, of.Limits)), words.Missing.say(f.English), missing,
		one(f.Set.Formula(of.Rule)), f.inputs(of), words.Reason.say(f.English), words.Source.say(f.English), words.Sentence.say(f.English),
		string(of.Rule.Grade) + " " + one(of.Rule.Grade.Words()), one(f.Set.Where(of.Rule)), f.beaten(of), f.say(of.Rule.NoteZH, of.Rule.NoteEN),
	}
}

// figure keeps as many places as any rule has, so that a sum of parts shows no dust.
func figure(v float64) float64 { return math.Round(v*1e4) / 1e4 }

func (f FindingsFile) severity(s rules.Severity) string {
	switch s {
	case rules.Error:
		return f.say("必须", "must")
	case rules.Warning:
		return f.say("提示", "should")
	default:
		return f.say("参考", "information")
	}
}

func (f FindingsFile) askedOf(of estates.Found, words finding) string {
	switch {
	case of.Room >= 0 && of.Room < len(f.Estate.Rooms):
		use := f.say(premises.UseWords(f.Estate.Rooms[of.Room].Use))
		return fmt.Sprintf(f.say("用房 %d：%s（%s）", "room %d: %s (%s)"), of.Room+1, words.Room, cmp.Or(use, f.say("用途不详", "use not known")))
	case of.Rule.Subject == estates.OfCommunity:
		return f.say("建成后的整个社区", "the community as it will be")
	}
	return f.say("本小区", "the estate")
}

// inputs are what the rule used, each on a line of its own, with the reason where one is not
// known.
func (f FindingsFile) inputs(of estates.Found) string {
	lines := make([]string, len(of.Inputs))
	for i, u := range of.Inputs {
		shown := f.say("不详", "not known")
		if why := f.say(u.WhyZH, u.WhyEN); u.Value == nil && why != "" {
			shown += f.say("（", " (") + why + f.say("）", ")")
		}
		if u.Value != nil {
			shown = f.say(f.Set.ShowInput(u.Name, u.Value))
		}
		lines[i] = f.say(f.Set.Name(u.Name)) + f.say("：", ": ") + shown
	}
	return strings.Join(lines, "\n")
}

// beaten names the less strict rules of the same value that hold, too.
func (f FindingsFile) beaten(of estates.Found) string {
	lines := make([]string, len(of.Beat))
	for i, r := range of.Beat {
		lines[i] = f.say(f.Set.Where(r)) + f.say("：", ": ") + f.say(f.Set.Threshold(r, rules.Limits{}))
	}
	return strings.Join(lines, "\n")
}

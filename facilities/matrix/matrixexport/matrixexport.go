// Package matrixexport writes the table that has a line for each community to files: a
// workbook and a document for paper. It owns the words of these files; what is in them
// comes from the core.
package matrixexport

import (
	"fmt"
	"strconv"
	"strings"

	"yike/facilities/matrix"
	"yike/geo/divisions"
	"yike/internal/record"
)

// File is the table at one moment.
type File struct {
	Matrix  *matrix.Matrix
	Area    matrix.Text // what the table is of: the district, or one subdistrict
	English bool
	Made    record.Day
	Notices []matrix.Text // what must be said of the data
}

func (f File) say(zh, en string) string {
	if f.English {
		return en
	}
	return zh
}

func (f File) text(t matrix.Text) string { return f.say(t.ZH, t.EN) }

func (f File) name(d divisions.Division) string {
	if f.English && d.NameEN != "" {
		return d.NameEN
	}
	return d.NameZH
}

// Title is the question that the table answers.
func (f File) Title() string {
	return f.text(f.Area) + f.say("一村居一行配置一览表", ": what each community has")
}

func (f File) notes() []string {
	out := []string{
		f.say("制表日期 ", "As of ") + string(f.Made),
		f.say("一处设施只在所在村居计一次；由它服务的其他村居记“共享”；只计已发布的设施。“无*”为文件要求而没有的。",
			"A facility counts once, where it stands; other communities that it serves share it; only published ones count. “none*” is asked for by a text."),
	}
	for _, n := range f.Notices {
		out = append(out, f.text(n))
	}
	return out
}

// tone is how a cell stands out.
type tone int

const (
	plainTone tone = iota
	mutedTone
	lackTone // asked for and not there
	goodTone
)

// cell writes what a community has of a column in a few words: names are for the screen.
func (f File) cell(c matrix.Cell, column matrix.Column) (string, tone) {
	switch c.State {
	case matrix.Own:
		if n := len(c.Own); n > 1 {
			return f.say("有 ", "has ") + strconv.Itoa(n), goodTone
		}
		return f.say("有", "has"), goodTone
	case matrix.Shared:
		return f.say("共享", "shared"), plainTone
	case matrix.Planned:
		for _, p := range c.Planned {
			if p.Year > 0 {
				return f.say("规划 ", "planned ") + strconv.Itoa(p.Year), mutedTone
			}
		}
		return f.say("规划", "planned"), mutedTone
	case matrix.None:
		if column.Asked {
			return f.say("无*", "none*"), lackTone
		}
		return f.say("无", "none"), mutedTone
	case matrix.NotApplicable:
		return "—", mutedTone
	}
	return f.rest(c), mutedTone
}

// rest counts what stands in no community.
func (f File) rest(c matrix.Cell) string {
	var out []string
	if n := len(c.Own); n > 0 {
		out = append(out, strconv.Itoa(n))
	}
	if n := len(c.Planned); n > 0 {
		out = append(out, f.say("规划 ", "planned ")+strconv.Itoa(n))
	}
	return strings.Join(out, " ")
}

// sum writes what a column comes to.
func (f File) sum(s matrix.Sum, column matrix.Column) (string, tone) {
	if s.State != "" {
		if s.State == matrix.Own {
			return fmt.Sprintf(f.say("%d 处", "%d sites"), s.Facilities), plainTone
		}
		text, _ := f.cell(matrix.Cell{State: s.State}, column)
		if s.State == matrix.None {
			return text, lackTone
		}
		return text, plainTone
	}
	of := s.Own + s.Shared + s.PlannedOnly + s.None
	switch {
	case column.Unit == divisions.Community && of > 0:
		text := fmt.Sprintf("%d/%d", s.Own+s.Shared, of)
		if s.Facilities > 0 {
			text += fmt.Sprintf(f.say("（%d 处）", " (%d sites)"), s.Facilities)
		}
		return text, plainTone
	case s.Facilities > 0:
		return fmt.Sprintf(f.say("%d 处", "%d sites"), s.Facilities), plainTone
	}
	return "–", mutedTone
}

// premises writes what the norm is held against.
func (f File) premises(p matrix.Premises) (string, tone) {
	switch {
	case p.Source == matrix.FromShared:
		return f.say("共享", "shared"), plainTone
	case p.Finding != nil && p.Finding.Rule.ID == "RAT-02" && p.AreaM2 != nil:
		return f.short(decimal(*p.AreaM2)+" m²", p)
	case p.Per100 != nil:
		return f.short(decimal(*p.Per100), p)
	}
	return f.say("不详", "unknown"), mutedTone
}

func (f File) short(text string, p matrix.Premises) (string, tone) {
	if p.Short() {
		return text + f.say(" 不足", " short"), lackTone
	}
	return text, plainTone
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func (f File) source(p matrix.Premises) string {
	switch p.Source {
	case matrix.FromLedger:
		return f.say("公建台账", "ledger of premises")
	case matrix.FromRegistry:
		return f.say("设施名录", "registry")
	case matrix.FromShared:
		return f.say("共享他处", "shared")
	}
	return f.say("不详", "unknown")
}

func (f File) centre(l matrix.LevelLine) (string, tone) {
	switch l.State {
	case matrix.CentreMet:
		return f.say("达到", "met"), goodTone
	case matrix.CentreSmall:
		return f.say("面积不足", "too small"), lackTone
	case matrix.CentreAreaUnknown:
		return f.say("面积不详", "area unknown"), mutedTone
	case matrix.CentrePlanned:
		return f.say("规划中", "planned"), mutedTone
	}
	return f.say("无", "none"), lackTone
}

func (f File) refs(list []matrix.Ref) string {
	var out []string
	for _, r := range list {
		text := f.text(r.Name)
		if r.FloorM2 != nil {
			text += " " + strconv.FormatFloat(*r.FloorM2, 'f', -1, 64) + " m²"
		}
		if r.Example {
			text += f.say("（示例）", " (example)")
		}
		out = append(out, text)
	}
	return strings.Join(out, f.say("、", ", "))
}

func (f File) names(list []divisions.Division) string {
	var out []string
	for _, d := range list {
		out = append(out, f.name(d))
	}
	return strings.Join(out, f.say("、", ", "))
}

func (f File) groupName(g matrix.Group) string {
	if g.Division.Code == "" {
		return f.say("不属任何街镇", "in no subdistrict")
	}
	return f.name(g.Division)
}

func (f File) column(c matrix.Column) string {
	text := f.text(c.Name)
	switch {
	case c.Setting == divisions.Rural:
		return text + f.say("（农村）", " (rural)")
	case c.Setting == divisions.Urban:
		return text + f.say("（城市）", " (urban)")
	case c.Unit == divisions.Subdistrict:
		return text + f.say("（每街镇）", " (each subdistrict)")
	case c.Unit == divisions.District:
		return text + f.say("（全区）", " (district)")
	}
	return text
}

// norm writes a rule with where it is written.
func (f File) norm(n matrix.Norm) string {
	at := f.say("不少于 ", "at least ")
	if n.Rule.AtLeast.Strict {
		at = f.say("大于 ", "more than ")
	}
	unit := map[string]string{"m2": "m²", "m2_per_100": f.say("m²/百户", "m² per 100 households"), "sites": f.say("处", "site")}[n.Rule.Unit]
	out := fmt.Sprintf("%s %s%s%s%v %s", n.Rule.ID, f.say(n.Rule.TitleZH, n.Rule.TitleEN), f.say("：", ": "), at, n.Rule.AtLeast.Value, unit)
	out += f.say("。", ". ") + f.text(n.Source) + " — " + f.text(n.Sentence)
	if note := f.say(n.Rule.NoteZH, n.Rule.NoteEN); note != "" {
		out += f.say("。", ". ") + note
	}
	zh, en := n.Rule.Grade.Words()
	return out + f.say("（", " (") + f.say(zh, en) + f.say("）", ")")
}

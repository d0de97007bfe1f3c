// Package paperexport writes the documents (文书) of a case of place names: what stands in each
// from the case, its name, survey, experts, consultation and meeting as they are, the templates
// of the program, and the filing pack (备案材料) with its manifest.
//
// What a record does not say is left as a blank and told, never made up. Equal facts make equal
// bytes.
package paperexport

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"yike/internal/docx"
	"yike/internal/papers"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/panel"
	namepapers "yike/placenames/papers"
	"yike/placenames/process"
)

// Line is a line of a record: what it is about, and what it says.
type Line struct{ About, Says string }

// Visit is a visit of a field survey.
type Visit struct {
	Day   record.Day
	Lines []Line
}

// Facts are what papers of a case say, as it stands on a day.
type Facts struct {
	Kind      namepapers.Kind
	Number    string // 文号; "" while there is none
	Day       record.Day
	To        string // where the authority or a person said so; else it follows from the case
	Filled    map[string]string
	Case      process.Dossier
	Name      placenames.Name
	KindName  string // of the place, in Chinese
	ClassName string
	Place     []string // divisions that it lies in
	Book      *process.Book
	Shown     []process.Shown // materials that are there
	Panel     panel.Case
	Visits    []Visit // by day
	Kept      []namepapers.Paper
	Today     record.Day
}

// office is what an office is called in the place of the case.
func (f Facts) office(code string) string {
	if f.Book == nil {
		return ""
	}
	return f.Case.OfficeName(f.Book, code).ZH
}

// authority is who approves: who did, else who may, where that is one.
func (f Facts) authority() string {
	if e, ok := f.done("approval"); ok {
		return f.office(e.Office)
	}
	r := f.Case.Frozen.Rules
	for _, s := range r.Steps {
		if s.Code.Code == "approval" {
			if by := r.Offices(s, f.Case.Class); len(by) > 0 {
				return f.office(by[0])
			}
		}
	}
	return ""
}

// signer is the office whose paper it is.
func (f Facts) signer() string {
	spec, _ := namepapers.Of(f.Kind)
	switch spec.Of {
	case namepapers.Authority:
		return f.authority()
	case namepapers.Committee:
		return f.office("committee")
	case namepapers.Keeper:
	}
	return f.office("place_name_authority")
}

// Addressee gives whom a paper goes to, as far as somebody said so or the case says it.
func (f Facts) Addressee() string {
	if f.To != "" {
		return f.To
	}
	switch f.Kind {
	case namepapers.AcceptanceNotice, namepapers.CorrectionNotice, namepapers.Reply:
		return f.Case.Applicant
	case namepapers.Submission:
		return f.authority()
	case namepapers.Approval:
		return f.office("place_name_authority")
	case namepapers.SurveyRecord, namepapers.ExpertOpinion, namepapers.ConsultationSummary, namepapers.Minutes, namepapers.FilingForm, namepapers.FilingReport, namepapers.Announcement:
	}
	return ""
}

// done gives the event by which a step was done; false where it was not, or was set aside.
func (f Facts) done(step string) (process.Event, bool) {
	e, ok := f.Case.Standing.Taken[step]
	return e, ok && e.Kind == process.Done
}

func (f Facts) doneOn(step string) record.Day {
	e, _ := f.done(step)
	return e.Day
}

// approval is the number and day of the approval: those of the step that was taken, else of the
// paper that is kept and not yet brought to its step.
func (f Facts) approval() (number string, day record.Day) {
	if e, ok := f.done("approval"); ok {
		return e.Document, e.Day
	}
	if p := namepapers.Present(f.Kept, namepapers.Approval); p != nil {
		return p.Number, p.Day
	}
	return "", ""
}

// name is the name that is given, kept or ended, and its spelling.
func (f Facts) name() (text, roman string) {
	if f.Case.Act == process.Renaming {
		return f.Case.Proposed.Text, f.Case.Proposed.Roman
	}
	return cmp.Or(f.Case.Text, f.Name.Text), f.Name.Roman
}

// former is the name until now, of a renaming.
func (f Facts) former() string {
	if f.Case.Act != process.Renaming {
		return ""
	}
	return cmp.Or(f.Case.Text, f.Name.Text)
}

func (f Facts) parts() placenames.Parts {
	if f.Case.Act == process.Renaming {
		return f.Case.Proposed.Parts
	}
	return f.Name.Parts
}

func (f Facts) is(act string) string {
	if f.Case.Act == act {
		return "是"
	}
	return ""
}

func (f Facts) act() string {
	for _, c := range placenames.DecisionKinds() {
		if c.Code == f.Case.Act {
			return c.ZH
		}
	}
	return ""
}

// matter says in a clause what is done: 将甲路更名为乙路.
func (f Facts) matter() string {
	text, roman := f.name()
	if text == "" {
		return ""
	}
	named := text
	if roman != "" {
		named += "（罗马字母拼写为 " + roman + "）"
	}
	switch f.Case.Act {
	case process.Renaming:
		return "将" + f.former() + "更名为" + named
	case process.Retirement:
		return "注销地名" + text
	case process.Naming:
		return "将该" + cmp.Or(f.KindName, "地名实体") + "命名为" + named
	}
	return ""
}

func (f Facts) position() string {
	x := f.Name.Extent
	var said []string
	for _, s := range []string{x.Position, x.From, x.To} {
		if s != "" {
			said = append(said, s)
		}
	}
	if x.Via != "" {
		said = append(said, "途经"+x.Via)
	}
	return strings.Join(said, "，")
}

func (f Facts) size() string {
	s := f.Name.Size
	var said []string
	for _, m := range []struct {
		what string
		n    float64
		unit string
	}{
		{"长", s.LengthM, "米"},
		{"宽", s.WidthM, "米"},
		{"占地", s.SiteM2, "平方米"},
		{"建筑面积", s.FloorM2, "平方米"},
		{"公共空地", s.OpenM2, "平方米"},
		{"高", s.HeightM, "米"},
		{"", float64(s.Floors), "层"},
	} {
		if m.n > 0 {
			said = append(said, m.what+figure(m.n)+m.unit)
		}
	}
	return strings.Join(said, "，")
}

// figure writes a number with two decimals at most.
func figure(n float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", n), "0"), ".")
}

// dayZH writes a day as it stands on papers: 2026年11月8日; "" for none.
func dayZH(d record.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// plus is a day so many days of the calendar later; "" for none.
func plus(d record.Day, days int) record.Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return record.Day(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// correction is the return whose corrections are outstanding, else the last one there was.
func (f Facts) correction() process.Event {
	if p := f.Case.Standing.Pending; p != nil {
		return *p
	}
	for _, e := range slices.Backward(f.Case.Events) {
		if e.Kind == process.Returned {
			return e.Event
		}
	}
	return process.Event{}
}

// material is what people call a material.
func (f Facts) material(code string) string {
	if f.Book != nil {
		for _, m := range f.Book.Materials {
			if m.Code == code {
				return m.ZH
			}
		}
	}
	return code
}

// Title is what the paper is called in lists and as a file, without what ends it.
func (f Facts) Title() string {
	spec, _ := namepapers.Of(f.Kind)
	text, _ := f.name()
	return strings.Join(strings.Fields(text+" "+spec.ZH+" "+f.Number), "-")
}

// Data are the values of all placeholders, with what a person wrote into blanks. What is written
// never takes the place of what a record says.
func (f Facts) Data() docx.Data {
	d := papers.Data(Placeholders(), f)
	for _, p := range Placeholders() {
		if written := strings.TrimSpace(f.Filled[p.ZH]); written != "" && p.Blank != "" && strings.TrimSpace(d.Texts[p.ZH]) == "" {
			d.Texts[p.ZH], d.Texts[p.EN] = written, written
		}
	}
	return d
}

// Made is a paper that was written.
type Made struct {
	Content []byte
	Open    []string // the Chinese names of blanks that stand in it
}

// Write fills a template. The error of a template that cannot be read is a *docx.Error.
func Write(template []byte, f Facts) (Made, error) {
	t, err := docx.Open(template)
	if err != nil {
		return Made{}, fmt.Errorf("read the template of a paper: %w", err)
	}
	data := f.Data()
	var out strings.Builder
	if err := t.Fill(&out, data); err != nil {
		return Made{}, fmt.Errorf("fill in a paper: %w", err)
	}
	return Made{Content: []byte(out.String()), Open: inChinese(t.Open(data))}, nil
}

// inChinese gives the Chinese names of placeholders, each once.
func inChinese(names []string) []string {
	var out []string
	for _, name := range names {
		for _, p := range Placeholders() {
			if (p.ZH == name || p.EN == name) && !slices.Contains(out, p.ZH) {
				out = append(out, p.ZH)
			}
		}
	}
	return out
}

package estateexport

import (
	"bytes"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/internal/pdf"
	"yike/internal/record"
	"yike/internal/rules"
)

// Sheet is the page that a developer is handed about an estate: what each rule asks, what is
// planned, what is missing, by which sentence, which papers are lacking, what comes next and
// by when. It has no word about persons.
type Sheet struct {
	English   bool
	Estate    estates.Estate
	Place     []string // names of the divisions that it lies in, from the largest
	Set       *rules.Set
	Check     estates.Check // against all rules
	Day       record.Day    // of the check
	Household float64       // people of a household; 0 is the usual number
	Community estates.Owing
	Elderly   estates.Owing
	Passed    []estates.Milestone
	Done      bool              // all are passed
	Next      estates.Milestone // the first that is not; of no meaning where Done
	Dues      []estates.Due     // what is latest first
	Streets   []orb.LineString  // around the estate, lon/lat WGS 84, for the map
	Office    string            // who hands it out; "" for none
	Notices   []string          // what must be said of the data
}

// density is how tightly a page is set.
type density struct {
	size    float64 // of tables, in points
	passing bool    // each rule that is met has a row and its sentence; else they share one
	tall    float64 // the map, at least
}

// densities are tried from the easiest to read: an ordinary estate fits on one page.
func densities() []density {
	return []density{
		{8.5, true, 70 * pdf.MM},
		{8, true, 60 * pdf.MM},
		{8.5, false, 66 * pdf.MM},
		{8, false, 62 * pdf.MM},
		{7.5, false, 56 * pdf.MM},
		{7, false, 48 * pdf.MM},
		{6.5, false, 42 * pdf.MM},
	}
}

const sheetMargin = 12 * pdf.MM

// Write writes the sheet on A4 and lists the characters that no font has. It is set as
// large as lets it stay on one page; one that does not fit even when set small goes on over
// several in a size that is easy to read, with the estate's name over each. The same sheet
// gives the same bytes.
func (s Sheet) Write(w io.Writer, fonts *pdf.Fonts) (missing []rune, err error) {
	var easiest, tried bytes.Buffer
	first, err := s.set(&easiest, fonts, densities()[0])
	if err != nil || first.Pages() <= 1 {
		return written(w, &easiest, first, err)
	}
	for _, d := range densities()[1:] {
		tried.Reset()
		doc, err := s.set(&tried, fonts, d)
		if err != nil || doc.Pages() <= 1 {
			return written(w, &tried, doc, err)
		}
	}
	return written(w, &easiest, first, nil)
}

func written(w io.Writer, document *bytes.Buffer, doc *pdf.Document, err error) ([]rune, error) {
	if err != nil {
		return nil, err
	}
	if _, err := document.WriteTo(w); err != nil {
		return nil, fmt.Errorf("write the sheet of an estate: %w", err)
	}
	return doc.Missing(), nil
}

func (s Sheet) set(w io.Writer, fonts *pdf.Fonts, d density) (*pdf.Document, error) {
	lang := "zh-CN"
	if s.English {
		lang = "en"
	}
	notices := append([]string{s.say(
		"本单由登记数据按现行规定逐条核对得出，供建设单位对照；以主管部门的书面意见为准。“待定”是资料不全，不视为符合。",
		"Worked out from the records by the rules in force, for the developer to compare; the offices' written opinions decide. “Open” means that something is not known; it is no pass.",
	)}, s.Notices...)
	source := s.say("来源：一刻 · 新建小区配建核查", "Source: Yike · check of new estates")
	if s.Office != "" {
		source = s.Office + " · " + source
	}
	doc := pdf.New(w, fonts, pdf.Options{
		Margin: sheetMargin,
		Meta:   pdf.Meta{Title: s.Title(), Subject: s.say("新建小区配建核查", "Check of a new estate"), Author: s.Office, Lang: lang, Day: string(s.Day)},
		Footer: pdf.Footer{Source: source, Notices: notices},
	})
	p := &page{Sheet: s, doc: doc, density: d, marks: s.marks(), quoted: map[string]bool{}}
	p.head()
	p.milestones()
	p.findings()
	p.rooms()
	if err := doc.Close(); err != nil {
		return nil, fmt.Errorf("write the sheet of an estate: %w", err)
	}
	return doc, nil
}

// Title is what the sheet is called, also as a file.
func (s Sheet) Title() string {
	return s.Estate.Name + s.say(" 配建核查单", ": what the estate owes")
}

func (s Sheet) say(zh, en string) string {
	if s.English {
		return en
	}
	return zh
}

// page is a sheet being set.
type page struct {
	Sheet
	doc     *pdf.Document
	density density
	marks   []roomMark
	quoted  map[string]bool // sentences that stand on the sheet already
}

func (p *page) text(t Text) string { return t.say(p.English) }

// colour is that of a conclusion or an outcome; words always say it, too.
func colour(o rules.Outcome) pdf.Color {
	switch o {
	case rules.Fail:
		return pdf.Danger()
	case rules.Undetermined:
		return pdf.Warning()
	case rules.Pass:
		return pdf.Accent()
	}
	return pdf.Grey()
}

func concluded(c estates.Conclusion) rules.Outcome {
	switch c {
	case estates.Compliant:
		return rules.Pass
	case estates.NotCompliant:
		return rules.Fail
	}
	return rules.Undetermined
}

package estateexport

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/pdf"
	"yike/internal/rules"
)

// group is a part of the findings under a heading.
type group struct {
	title Text
	of    func(estates.Found) bool
	fill  rules.Outcome
}

// groups are in the order in which a developer has to act on them. What is for information
// and is met, or does not apply, is left out.
func groups() []group {
	must := func(f estates.Found) bool { return f.Rule.Severity == rules.Error }
	return []group{
		{text("不符合：必须补足", "Not met: must be made good"), func(f estates.Found) bool { return must(f) && f.Outcome == rules.Fail }, rules.Fail},
		{text("待定：请补充资料", "Open: papers or figures are lacking"), func(f estates.Found) bool { return must(f) && f.Outcome == rules.Undetermined }, rules.Undetermined},
		{text("提示：宜改进或补充", "Advice: should be improved or told"), func(f estates.Found) bool {
			return !must(f) && (f.Outcome == rules.Fail || f.Rule.Severity == rules.Warning && f.Outcome == rules.Undetermined)
		}, rules.NotApplicable},
		{text("符合", "Met"), func(f estates.Found) bool { return f.Rule.Severity != rules.Info && f.Outcome == rules.Pass }, rules.Pass},
	}
}

// findings has what each rule asks and what is planned, what has to be made good first.
func (p *page) findings() {
	p.doc.Space(1 * pdf.MM)
	p.doc.Table(pdf.Table{
		Size: p.density.size,
		Columns: []pdf.Column{
			{Title: p.say("事项", "What"), Weight: 2},
			{Title: p.say("要求", "Asked"), Weight: 2},
			{Title: p.say("规划或现状", "Planned"), Weight: 1.5},
			{Title: p.say("还差", "Missing"), Weight: 1.1},
			{Title: p.say("依据和原文；缺什么资料", "By which sentence; what is lacking"), Weight: 5.6},
		},
		Empty: p.say("没有适用的规定。", "No rule applies."),
	}, p.findingRows())
}

func (p *page) findingRows() iter.Seq[pdf.Row] {
	return func(yield func(pdf.Row) bool) {
		for _, g := range groups() {
			var list []estates.Found
			for _, f := range p.Check.Findings {
				if g.of(f) {
					list = append(list, f)
				}
			}
			if len(list) == 0 {
				continue
			}
			title := fmt.Sprintf(p.say("%s（%d 条）", "%s (%d)"), p.text(g.title), len(list))
			heading := pdf.Cell{Text: title, Span: 5, Bold: true, Color: colour(g.fill), Fill: pdf.Fill{Pattern: pdf.Tint, Color: colour(g.fill)}}
			if !yield(pdf.Row{Cells: []pdf.Cell{heading}, Keep: true}) {
				return
			}
			all := p.merged(list)
			if g.fill == rules.Pass && !p.density.passing {
				if !yield(p.metRow(all)) {
					return
				}
				continue
			}
			for _, r := range all {
				if !yield(p.findingRow(r)) {
					return
				}
			}
		}
	}
}

// metRow has all rules that are met in one cell.
func (p *page) metRow(all []several) pdf.Row {
	var parts []string
	for _, f := range all {
		part := p.named(f)
		if v := p.text(f.words.Value); v != "" {
			part += p.say("：", ": ") + v + p.say("（", " (") + p.text(f.words.Threshold) + p.say("）", ")")
		}
		parts = append(parts, part)
	}
	return pdf.Row{Cells: []pdf.Cell{{Text: strings.Join(parts, p.say("；", "; ")) + p.say("。", "."), Span: 5}}}
}

// several is a finding of one rule for one or more rooms that it says the same of.
type several struct {
	estates.Found
	words finding
	rooms []int // their numbers on the map and in the list
}

// merged puts rooms of which a rule says the same into one row.
func (p *page) merged(list []estates.Found) []several {
	var out []several
	for _, f := range list {
		w := row(p.Set, p.Estate, f)
		same := slices.IndexFunc(out, func(o several) bool {
			a, b := o.words, w
			a.Room, b.Room = "", ""
			return f.Room >= 0 && o.Room >= 0 && o.Rule == f.Rule && a == b
		})
		switch {
		case same >= 0:
			out[same].rooms = append(out[same].rooms, f.Room+1)
		case f.Room >= 0:
			out = append(out, several{f, w, []int{f.Room + 1}})
		default:
			out = append(out, several{Found: f, words: w})
		}
	}
	return out
}

// named is what a rule is about, with the rooms.
func (p *page) named(f several) string {
	title := p.text(f.words.Title)
	if len(f.rooms) > 0 {
		title += p.say("（用房 ", " (room ") + runs(f.rooms, p.say("、", ", ")) + p.say("）", ")")
	}
	return title
}

func (p *page) findingRow(f several) pdf.Row {
	missing := strings.TrimPrefix(strings.TrimPrefix(p.text(f.words.Missing), "还差 "), "lacks ")
	value := p.text(f.words.Value)
	if f.Outcome == rules.Undetermined && value == "" {
		value = p.say("不详", "not known")
	}
	cell := pdf.Cell{Text: missing, Bold: f.Outcome == rules.Fail}
	if f.Outcome == rules.Fail && f.Rule.Severity == rules.Error {
		cell.Color = pdf.Danger()
	}
	return pdf.Row{Cells: []pdf.Cell{{Text: p.named(f)}, {Text: p.text(f.words.Threshold)}, {Text: value}, cell, {Text: p.because(f)}}}
}

// because is why a rule is not met or not decided, and which sentence asks it.
func (p *page) because(f several) string {
	var parts []string
	if reason := p.text(f.words.Reason); reason != "" {
		parts = append(parts, reason+p.say("。", "."))
	}
	if share, ok := p.share(f.Found); ok {
		parts = append(parts, share)
	}
	source := p.say("依据：", "By: ") + p.text(f.words.Source)
	switch s := p.text(f.words.Sentence); {
	case s == "":
	case p.quoted[s]:
		source += p.say("（原文见上）", " (quoted above)")
	default:
		p.quoted[s] = true
		source += p.say("：“", ": “") + s + "”"
	}
	return strings.Join(append(parts, source), p.say("", " "))
}

// share says what the estate itself brings to a norm of its community.
func (p *page) share(f estates.Found) (string, bool) {
	if f.Rule.Subject != estates.OfCommunity {
		return "", false
	}
	for _, u := range f.Inputs {
		if v, ok := u.Value.(float64); ok && u.Name == "estate_area" {
			return fmt.Sprintf(p.say("按建成后的整个社区计算，其中本小区 %s ㎡。", "Counted over the community as it will be; %s m² of it are the estate's."), p.figure(v)), true
		}
	}
	return p.say("按建成后的整个社区计算。", "Counted over the community as it will be."), true
}

// rooms lists the premises with the numbers that they have on the map.
func (p *page) rooms() {
	var rows []pdf.Row
	for i, r := range p.Estate.Rooms {
		zh, en := premises.UseWords(r.Use)
		rows = append(rows, pdf.Texts(strconv.Itoa(i+1), r.Called(), p.say(zh, en), r.Building+floorZH(r.Floor)+r.RoomNo, p.area(r.Area), p.area(r.Land)))
	}
	p.doc.Keep(20 * pdf.MM)
	p.doc.Table(pdf.Table{
		Size: p.density.size,
		Columns: []pdf.Column{
			{Title: p.say("号", "No."), Width: 9 * pdf.MM},
			{Title: p.say("配建用房", "Room"), Weight: 3},
			{Title: p.say("用途", "Use"), Weight: 1.6},
			{Title: p.say("楼栋、楼层、房号", "Building, floor, room"), Weight: 2.4},
			{Title: p.say("建筑面积", "Floor area"), Weight: 1.5, Align: pdf.Right},
			{Title: p.say("用地面积", "Land"), Weight: 1.5, Align: pdf.Right},
		},
		Empty: p.say("没有登记配建用房。", "No premises are recorded."),
	}, slices.Values(rows))
}

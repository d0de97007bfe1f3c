package matrix

import (
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/rules"
)

// Levels is the network of three levels: 一区一中心、一街道（乡镇）一阵地、一居（村）一场所.
type Levels struct {
	Rule     Text // the words that ask for it
	Source   Text
	District DistrictLevel
	Lines    []LevelLine // one for each subdistrict
	// Subdistricts with a centre that is large enough, with one that is not or may not be,
	// and all.
	Met, Doubtful, Subdistricts int
}

// DistrictLevel is the centre of the district. No plan says what makes one; what is
// counted here is said with it.
type DistrictLevel struct {
	State   State // Own, Planned or None
	Centres []Ref
	Counted Text
}

// CentreState is what a subdistrict has for its centre.
type CentreState string

// The states, from the best.
const (
	CentreMet         CentreState = "met"          // open and large enough
	CentreSmall       CentreState = "small"        // open, less than the norm asks
	CentreAreaUnknown CentreState = "area_unknown" // open, of unknown area
	CentrePlanned     CentreState = "planned"
	CentreNone        CentreState = "none"
)

// LevelLine is what a subdistrict has of the second and third level.
type LevelLine struct {
	Division divisions.Division
	State    CentreState
	Centres  []Ref          // open ones, or planned ones where none is open
	Finding  *rules.Finding // of the area of the largest centre, or of the number of centres where there is none
	// Communities, those that have or share an elderly-care place, and those that have or
	// share community premises.
	Communities, WithPlace, WithPremises int
	Lacking                              []divisions.Division // without an elderly-care place
}

func (b *builder) levels(m *Matrix) Levels {
	out := Levels{
		Rule:   Text{"一区一中心、一街道（乡镇）一阵地、一居（村）一场所", "a centre for the district, a base for each subdistrict, a place for each community"},
		Source: Text{"天津市民政事业发展“十四五”规划“完善社区设施网络”：完善城乡三级居家社区养老服务设施网络", "Tianjin civil affairs plan 2021–2025: complete the network of elderly-care facilities on three levels"},
		Lines:  []LevelLine{},
	}
	out.District = b.district()
	place, premises := b.thirdLevel()
	for _, g := range m.Groups {
		if g.Division.Code == "" {
			continue
		}
		l := b.line(g, place, premises)
		out.Lines = append(out.Lines, l)
		out.Subdistricts++
		switch l.State {
		case CentreMet:
			out.Met++
		case CentreSmall, CentreAreaUnknown:
			out.Doubtful++
		}
	}
	return out
}

// thirdLevel gives the columns of the third level, whatever columns the table has.
func (b *builder) thirdLevel() (place, premises Column) {
	for _, c := range AllColumns(b.in.Types) {
		switch c.ID {
		case ElderlyPlace:
			place = c
		case string(communityPremises):
			premises = c
		}
	}
	return place, premises
}

func (b *builder) district() DistrictLevel {
	out := DistrictLevel{State: None, Counted: Text{
		"规划未说明“中心”的标准；此处计居家养老指导与智慧养老服务中心", "No plan says what makes the centre; guidance and smart-care centres are counted",
	}}
	var planned []Ref
	for _, p := range b.live {
		switch {
		case p.Type != elderlyGuidance:
		case p.Status == facilities.Open:
			out.State, out.Centres = Own, append(out.Centres, p.ref)
		case p.willOpen():
			planned = append(planned, p.ref)
		}
	}
	if out.State == None && len(planned) > 0 {
		out.State, out.Centres = Planned, planned
	}
	return out
}

func (b *builder) line(g Group, place, premises Column) LevelLine {
	l := LevelLine{Division: g.Division, State: CentreNone, Communities: len(g.Rows)}
	var planned []Ref
	for _, p := range b.live {
		if p.Type != elderlyCentre || p.subdistrict != g.Division.Code {
			continue
		}
		switch {
		case p.Status == facilities.Open:
			l.Centres = append(l.Centres, p.ref)
		case p.willOpen():
			planned = append(planned, p.ref)
		}
	}
	b.judge(&l, planned)
	for _, r := range g.Rows {
		if has(b.cell(r.Division, place)) {
			l.WithPlace++
		} else {
			l.Lacking = append(l.Lacking, r.Division)
		}
		if has(b.cell(r.Division, premises)) {
			l.WithPremises++
		}
	}
	return l
}

func has(c Cell) bool { return c.State == Own || c.State == Shared }

// judge says whether a subdistrict's centre is what the norm asks: one large enough is
// enough, and one of unknown area may be.
func (b *builder) judge(l *LevelLine, planned []Ref) {
	if len(l.Centres) == 0 {
		l.Finding = b.norms.find("subdistrict", map[string]rules.Input{"centres_in_subdistrict": {Value: 0.0}})
		if len(planned) > 0 {
			l.State, l.Centres = CentrePlanned, planned
		}
		return
	}
	rank := map[rules.Outcome]int{rules.Pass: 3, rules.Undetermined: 2, rules.Fail: 1}
	best := 0
	for _, c := range l.Centres {
		input := rules.Input{}
		if c.FloorM2 != nil {
			input.Value = *c.FloorM2
		}
		f := b.norms.find("centre", map[string]rules.Input{"centre_area": input})
		if f != nil && rank[f.Outcome] > best {
			best, l.Finding = rank[f.Outcome], f
		}
	}
	l.State = map[int]CentreState{3: CentreMet, 2: CentreAreaUnknown, 1: CentreSmall, 0: CentreMet}[best]
}

package standards

import (
	"math"
	"slices"

	"yike/geo/divisions"
	"yike/internal/rules"
)

// Place is a division with what the checks of it need. What is left out is not known.
type Place struct {
	Division   divisions.Division
	Setting    divisions.Setting        // its own, or that of the division that it lies in
	Households divisions.Households     // of a community or a grid
	Centres    int                      // of a subdistrict: elderly centres that are open
	Workers    *rules.Input             // of a community: the workers of its grids
	Seams      *Seams                   // of a community: how its grids join; nil where nobody measured
	Ledger     *Ledger                  // of a subdistrict: its public premises; nil where nobody looked
	Has        map[divisions.Level]bool // which levels the district has divisions of
}

// Seams is the area of a community that is in none of its grids, and that is in several, in
// square metres.
type Seams struct{ GapM2, OverlapM2 float64 }

// Ledger counts the rooms of the ledger of public premises, and those of which nothing is
// missing.
type Ledger struct{ Rooms, Complete int }

// CheckPlace holds a division to the standards of its level and gives what each finds, in
// the order of the catalogue. The district itself is held to what it has no divisions for:
// a district without grids is told once that nothing is known of them, and not by each of
// its communities.
func CheckPlace(set *rules.Set, p Place, ctx Context) []rules.Finding {
	var out []rules.Finding
	for _, subject := range subjects(p) {
		out = append(out, set.Evaluate(rules.Question{Subject: subject, Regions: ctx.Regions, Day: ctx.Day, Inputs: p.inputs(subject)})...)
	}
	at := func(f rules.Finding) int {
		return slices.IndexFunc(set.Rules, func(r rules.Rule) bool { return r.ID == f.Rule.ID })
	}
	slices.SortStableFunc(out, func(a, b rules.Finding) int { return at(a) - at(b) })
	return applicable(out)
}

// levelChecks are the levels whose divisions are held to standards, with the subjects that
// the rules have for them.
func levelChecks() []levelCheck {
	return []levelCheck{
		{divisions.Subdistrict, []string{OfSubdistrict, OfLedger}, "街镇", "subdistricts"},
		{divisions.Community, []string{OfCommunity, OfGrids}, "村居", "communities"},
		{divisions.Grid, []string{OfGrid}, "网格", "grids"},
	}
}

type levelCheck struct {
	level    divisions.Level
	subjects []string
	zh, en   string
}

func (p Place) lacks(l levelCheck, subject string) bool {
	return !p.Has[l.level] || subject == OfGrids && !p.Has[divisions.Grid]
}

func subjects(p Place) []string {
	var out []string
	whole := p.Division.Level == divisions.District
	for _, l := range levelChecks() {
		for _, subject := range l.subjects {
			if p.lacks(l, subject) == whole && (whole || p.Division.Level == l.level) {
				out = append(out, subject)
			}
		}
	}
	return out
}

// absent says which divisions a district has none of.
func (p Place) absent(subject string) rules.Input {
	for _, l := range levelChecks() {
		if !p.Has[l.level] && (slices.Contains(l.subjects, subject) || subject == OfGrids && l.level == divisions.Grid) {
			return Unknown("数据中没有"+l.zh, "there are no "+l.en+" in the data")
		}
	}
	return rules.Input{}
}

// inputs gives what the rules of a subject ask of the division.
func (p Place) inputs(subject string) map[string]rules.Input {
	out := map[string]rules.Input{}
	if p.Division.Level == divisions.District {
		why := p.absent(subject)
		for _, name := range []string{CentresInSubdistrict, Setting, Households, GridWorkers, GridGapM2, GridOverlapM2, LedgerRooms, LedgerComplete} {
			out[name] = why
		}
		return out
	}
	out[Setting], out[Households] = p.setting(), p.households()
	out[CentresInSubdistrict] = p.centres()
	out[GridWorkers] = Unknown("没有登记网格社区工作者人数", "the workers of its grids are not registered")
	if p.Workers != nil {
		out[GridWorkers] = *p.Workers
	}
	p.seams(out)
	p.ledger(out)
	return out
}

// centres counts what is registered. Of a division that the edge of the data cuts, none says
// nothing: one may lie in the part beyond.
func (p Place) centres() rules.Input {
	if p.Centres == 0 && !p.Division.Complete {
		return Unknown("辖区边界被数据范围截断", "the edge of the data cuts the division")
	}
	return Number(float64(p.Centres))
}

func (p Place) setting() rules.Input {
	if p.Setting == "" {
		return Unknown("未注明城市社区或村", "whether it is urban or rural is not said")
	}
	return rules.Input{Value: string(p.Setting)}
}

func (p Place) households() rules.Input {
	if !p.Households.Known() {
		return Unknown("没有户数", "its households are not known")
	}
	return Number(float64(p.Households.Count))
}

// seams rounds areas to whole square metres: borders that are drawn twice part by less.
func (p Place) seams(out map[string]rules.Input) {
	out[GridGapM2] = Unknown("没有测算网格边界", "the borders of its grids were not measured")
	out[GridOverlapM2] = out[GridGapM2]
	if p.Seams != nil {
		out[GridGapM2], out[GridOverlapM2] = Number(math.Round(p.Seams.GapM2)), Number(math.Round(p.Seams.OverlapM2))
	}
}

func (p Place) ledger(out map[string]rules.Input) {
	out[LedgerRooms] = Unknown("没有读取公建台账", "the ledger of public premises was not read")
	out[LedgerComplete] = out[LedgerRooms]
	switch {
	case p.Ledger == nil:
	case p.Ledger.Rooms == 0:
		out[LedgerRooms] = Unknown("台账中没有房屋", "the ledger has no rooms of it")
		out[LedgerComplete] = out[LedgerRooms]
	default:
		out[LedgerRooms], out[LedgerComplete] = Number(float64(p.Ledger.Rooms)), Number(float64(p.Ledger.Complete))
	}
}

package scenariohttp

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
)

func comparisonOf(c *Compared) ScenarioComparison {
	b := c.Comparison.Baseline
	total := b.Summary.Total[c.Band]
	out := ScenarioComparison{
		Version: c.Version, Question: c.Question, Note: textOf(c.Note), Band: b.Ground.Demand.Bands[c.Band].ID, Level: string(c.Comparison.Level),
		Population: people(total.Population), Covered: people(total.Covered),
		Units:  ScenarioUnits{b.Summary.AllUnits.Total, b.Summary.AllUnits.With},
		Gained: sharesOf(c.Comparison.Gained, c.Band), Lost: sharesOf(c.Comparison.Lost, c.Band),
		Options: []ScenarioOption{}, Divisions: []ScenarioDivision{}, Facilities: []ScenarioFacility{}, Map: c.sketch(),
	}
	dominated := c.Comparison.Dominated(c.Band)
	for _, o := range c.Options {
		option := ScenarioOption{Scenario: recordOf(o.Item, c.Version), Reasked: o.Reasked, Fault: faultOf(o.Fault)}
		if o.At >= 0 {
			option.Result = c.facts(o, dominated[o.At])
			if !o.Reasked {
				option.Remark = textOf(scenarios.Remark(o.Item.Saved, scenarios.FiguresOf(c.Comparison.Options[o.At].Delta), out.Band))
			}
		}
		out.Options = append(out.Options, option)
	}
	out.Rest = eachOption(c, func(at int) *ScenarioDivisionIn {
		return divisionIn(c.Comparison.Rest[at][c.Band], c.onlyElsewhere(at))
	})
	for _, row := range c.Comparison.Divisions {
		out.Divisions = append(out.Divisions, c.division(row))
	}
	for _, row := range c.Comparison.Sites {
		out.Facilities = append(out.Facilities, c.facility(row))
	}
	return out
}

// eachOption gives something of every option in order, nil of those that were not answered.
func eachOption[T any](c *Compared, of func(at int) *T) []*T {
	out := make([]*T, len(c.Options))
	for i, o := range c.Options {
		if o.At >= 0 {
			out[i] = of(o.At)
		}
	}
	return out
}

// onlyElsewhere are the people gained by one option alone who live in no row.
func (c *Compared) onlyElsewhere(at int) coverage.People {
	left := c.Comparison.Gained.Only[at][c.Band]
	for _, row := range c.Comparison.Divisions {
		left -= row.Options[at].Only[c.Band]
	}
	return left
}

func sharesOf(s coverage.Shares, band int) ScenarioShares {
	out := ScenarioShares{Any: people(s.Any[band]), All: people(s.All[band]), By: []people{}}
	for _, row := range s.By {
		out.By = append(out.By, people(row[band]))
	}
	return out
}

func (c *Compared) facts(o Option, dominatedBy int) *ScenarioOptionFacts {
	at := c.Comparison.Options[o.At]
	change, after := at.Delta.Total[c.Band], at.After.Total[c.Band]
	out := &ScenarioOptionFacts{
		Gained: people(change.Gained), Lost: people(change.Lost), Net: people(change.Count.Covered), Nearer: people(change.Nearer), Farther: people(change.Farther),
		Covered: people(after.Covered), Coverage: known(after.PopulationCoverage()), UnitsAfter: at.After.AllUnits.With,
		OnlyGained: people(c.Comparison.Gained.Only[o.At][c.Band]), OnlyLost: people(c.Comparison.Lost.Only[o.At][c.Band]),
		Figures: figuresOf(scenarios.FiguresOf(at.Delta)),
	}
	once, ok := coverage.CostPerPerson(at.Cost.OneOff, change.Count.Covered)
	yearly, _ := coverage.CostPerPerson(at.Cost.PerYear, change.Count.Covered)
	if at.Cost.Known && ok {
		out.PerPerson = &ScenarioPerPerson{once, yearly}
	}
	if dominatedBy >= 0 {
		by := c.Comparison.Options[dominatedBy]
		out.DominatedBy = &ScenarioDominated{ID: c.optionAt(dominatedBy).Item.ID, Because: because(at, by, c.Band)}
	}
	return out
}

// optionAt is the option at a place of the comparison.
func (c *Compared) optionAt(at int) Option {
	for _, o := range c.Options {
		if o.At == at {
			return o
		}
	}
	return Option{}
}

// because says in what another option is better; it is worse in nothing.
func because(o, by coverage.Option, band int) ScenarioText {
	var zh, en []string
	mine, its := o.Delta.Total[band], by.Delta.Total[band]
	if its.Gained > mine.Gained {
		zh = append(zh, fmt.Sprintf("新增覆盖多 %s 人", scenarios.Whole(its.Gained-mine.Gained)))
		en = append(en, fmt.Sprintf("gains %s people more", scenarios.Whole(its.Gained-mine.Gained)))
	}
	if its.Lost < mine.Lost {
		zh = append(zh, fmt.Sprintf("少失去 %s 人", scenarios.Whole(mine.Lost-its.Lost)))
		en = append(en, fmt.Sprintf("loses %s people fewer", scenarios.Whole(mine.Lost-its.Lost)))
	}
	if by.Cost.OneOff < o.Cost.OneOff {
		zh = append(zh, "一次性投入少 "+yuan(o.Cost.OneOff-by.Cost.OneOff)+" 元")
		en = append(en, "costs ¥"+yuan(o.Cost.OneOff-by.Cost.OneOff)+" less once")
	}
	if by.Cost.PerYear < o.Cost.PerYear {
		zh = append(zh, "每年少花 "+yuan(o.Cost.PerYear-by.Cost.PerYear)+" 元")
		en = append(en, "costs ¥"+yuan(o.Cost.PerYear-by.Cost.PerYear)+" less a year")
	}
	return ScenarioText{
		ZH: fmt.Sprintf("“%s”%s，其余不比它差", by.Name, strings.Join(zh, "，")),
		EN: fmt.Sprintf("“%s” %s and is worse in nothing", by.Name, strings.Join(en, ", ")),
	}
}

// yuan writes fen as yuan with commas, and with fen where there are any.
func yuan(fen int64) string {
	text := scenarios.Whole(coverage.People(fen/100) * coverage.Person)
	if part := fen % 100; part > 0 {
		text += fmt.Sprintf(".%02d", part)
	}
	return text
}

func (c *Compared) division(row coverage.DivisionRow) ScenarioDivision {
	d, before := c.Divisions[row.Division], c.Comparison.Baseline.Summary.Divisions[row.Division][c.Band]
	out := ScenarioDivision{
		Code: d.Code, Level: string(d.Level), Parent: d.ParentCode, NameZH: d.NameZH, NameEN: d.NameEN,
		Population: people(before.Population), Covered: people(before.Covered),
	}
	out.Options = eachOption(c, func(at int) *ScenarioDivisionIn {
		return divisionIn(row.Options[at].Bands[c.Band], row.Options[at].Only[c.Band])
	})
	return out
}

func (c *Compared) facility(row coverage.SiteRow) ScenarioFacility {
	out := ScenarioFacility{ID: row.ID, Lon: row.Point.Lon(), Lat: row.Point.Lat(), Added: row.Baseline < 0}
	for _, o := range c.Options {
		if o.At < 0 || row.Options[o.At].Site < 0 || out.NameZH != "" {
			continue
		}
		f := o.Facilities[row.Options[o.At].Site]
		if out.NameZH, out.NameEN = f.NameZH, f.NameEN; out.NameZH != "" {
			continue
		}
		for _, s := range o.Item.Steps {
			if s.Do == "add" && s.ID == row.ID {
				out.NameZH, out.NameEN = s.Name, s.Name
			}
		}
	}
	out.Options = eachOption(c, func(at int) *ScenarioFacilityIn { return c.facilityIn(row, at) })
	return out
}

func (c *Compared) facilityIn(row coverage.SiteRow, at int) *ScenarioFacilityIn {
	in, d := row.Options[at], c.Comparison.Options[at].Delta
	if in.Site < 0 {
		return nil
	}
	var change coverage.ServedBand
	if in.Bands != nil {
		change = in.Bands[c.Band]
	}
	after := d.ServedBy(in.Site)[c.Band]
	within := after.Only + after.Shared
	return &ScenarioFacilityIn{
		Open: d.Open[in.Site], Moved: row.Baseline >= 0 && d.Sites[in.Site].Point != row.Point,
		Gained: people(change.Gained), Lost: people(change.Lost), After: people(within), Nearest: people(after.Nearest),
		Before: people(within - change.Served.Only - change.Served.Shared),
	}
}

func (c *Compared) sketch() ScenarioComparisonSketch {
	out := ScenarioComparisonSketch{Outlines: []ScenarioOutline{}, Sites: [][2]float64{}, Cells: []ScenarioCell{}, Options: []ScenarioSketch{}}
	for _, o := range c.Outlines {
		out.Outlines = append(out.Outlines, ScenarioOutline{Code: c.Divisions[o.Division].Code, Rings: rings(o.Area)})
	}
	for _, s := range c.Comparison.Baseline.Sites {
		out.Sites = append(out.Sites, place(s.Point))
	}
	for _, cell := range c.Cells {
		out.Cells = append(out.Cells, ScenarioCell{Min: place(cell.Min), Max: place(cell.Max), Options: eachOption(c, func(at int) *ScenarioCellIn {
			in := cell.Options[at]
			if in == (coverage.CellIn{}) {
				return nil
			}
			return &ScenarioCellIn{Gained: people(in.Gained), Lost: people(in.Lost), Only: people(in.Only)}
		})})
	}
	for _, o := range c.Options {
		out.Options = append(out.Options, c.pins(o))
	}
	return out
}

func (c *Compared) pins(o Option) ScenarioSketch {
	out := ScenarioSketch{Circles: [][][2]float64{}, Pins: []ScenarioPin{}}
	if o.At < 0 {
		return out
	}
	d := c.Comparison.Options[o.At].Delta
	was := d.Baseline.Sites
	for i, s := range d.Sites {
		do := ""
		switch {
		case i >= len(was) && d.Open[i]:
			do = "add"
		case i < len(was) && !d.Open[i]:
			do = "close"
		case i < len(was) && s.Point != was[i].Point:
			do = "move"
		}
		if do == "" {
			continue
		}
		out.Pins = append(out.Pins, ScenarioPin{ID: s.ID, Do: do, Lon: s.Point.Lon(), Lat: s.Point.Lat()})
		out.Circles = append(out.Circles, rings(o.Circles[int32(i)])...) //nolint:gosec // fewer than 2^31
	}
	return out
}

// place writes to five decimals, a metre: a sketch has no more.
func place(p orb.Point) [2]float64 {
	round := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	return [2]float64{round(p[0]), round(p[1])}
}

func rings(area orb.MultiPolygon) [][][2]float64 {
	out := [][][2]float64{}
	for _, polygon := range area {
		for _, ring := range polygon {
			line := make([][2]float64, len(ring))
			for i, p := range ring {
				line[i] = place(p)
			}
			out = append(out, line)
		}
	}
	return out
}

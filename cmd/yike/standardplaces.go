package main

import (
	"context"
	"fmt"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/facilities/matrix/matrixdb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/facilities/standards"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// placeFacts are what the database knows of divisions and the district in memory does not.
type placeFacts struct {
	divisions *divisiondb.Store
	ledger    *premisesdb.Store
	marks     *matrixdb.Store
}

func newPlaceFacts(db *postgres.DB) placeFacts {
	return placeFacts{divisions: divisiondb.New(db), ledger: premisesdb.New(db), marks: matrixdb.New(db)}
}

// placed is what they come to on one day.
type placed struct {
	households map[string]divisions.Households
	ledger     map[string]standards.Ledger
	seams      map[string]divisiondb.Seams // nil where no rule asks for them
}

// mark changes whenever the ledger does.
func (p placeFacts) mark(ctx context.Context, adcode string) (string, error) {
	return p.marks.Mark(ctx, writer(ctx, adcode))
}

// read gathers the facts. Seams are the work of PostGIS, so they are measured only where a
// rule holds that asks for them.
func (p placeFacts) read(ctx context.Context, s *coveragelive.State, seams bool) (placed, error) {
	adcode := s.Pack.AdCode
	dwellings, err := p.divisions.Dwellings(ctx, adcode)
	if err != nil {
		return placed{}, err
	}
	out := placed{households: divisions.CountHouseholds(s.Divisions, dwellings), ledger: map[string]standards.Ledger{}}
	items, err := p.ledger.All(ctx, writer(ctx, adcode), premises.Filter{})
	if err != nil {
		return placed{}, err
	}
	rooms := make([]premises.Room, len(items))
	for i, item := range items {
		rooms[i] = item.Room
	}
	for _, l := range premises.Summarise(rooms, s.Divisions, out.households, nil).Subdistricts {
		out.ledger[l.Division.Code] = standards.Ledger{Rooms: l.Rooms, Complete: l.Rooms - l.Incomplete}
	}
	if seams {
		out.seams, err = p.divisions.GridSeams(ctx, adcode)
	}
	return out, err
}

// places holds every division to the standards of its level, and the district to what it has
// no divisions for.
func (a *standardsAPI) places(ctx context.Context, s *coveragelive.State, around surroundings, day record.Day) ([]facilityhttp.CheckedDivision, error) {
	regions := a.set.Chain(s.Pack.AdCode, a.areas...)
	has := map[divisions.Level]bool{}
	for _, d := range s.Divisions {
		has[d.Level] = true
	}
	facts, err := a.facts.read(ctx, s, has[divisions.Grid] && a.set.Holds(standards.OfGrids, regions, day))
	if err != nil {
		return nil, fmt.Errorf("read what the standards ask of divisions: %w", err)
	}
	staffs := gridWorkers(s)
	check := standards.Context{Regions: regions, Day: day}
	var out []facilityhttp.CheckedDivision
	for i, d := range s.Divisions {
		p := standards.Place{Division: d, Setting: settingOf(s, int32(i)), Households: facts.households[d.Code], Centres: around.centres[int32(i)], Has: has} //nolint:gosec // fewer than 2^31 divisions
		if in, ok := staffs[int32(i)]; ok {                                                                                                                   //nolint:gosec // as above
			p.Workers = &in
		}
		if l, ok := facts.ledger[d.Code]; ok {
			p.Ledger = &l
		}
		if m, ok := facts.seams[d.Code]; ok {
			p.Seams = &standards.Seams{GapM2: m.GapM2, OverlapM2: m.OverlapM2}
		}
		if found := standards.CheckPlace(a.set, p, check); d.Level != divisions.District && len(found) > 0 {
			out = append(out, facilityhttp.CheckedDivision{Division: d, Findings: found})
		}
	}
	whole := divisions.Division{Code: s.Pack.AdCode, Level: divisions.District, NameZH: s.Pack.Manifest.Name.ZH, NameEN: s.Pack.Manifest.Name.EN}
	if found := standards.CheckPlace(a.set, standards.Place{Division: whole, Has: has}, check); len(found) > 0 {
		out = append(out, facilityhttp.CheckedDivision{Division: whole, Findings: found})
	}
	return out, nil
}

// settingOf is a division's own setting, else that of the nearest one above that has one.
func settingOf(s *coveragelive.State, at int32) divisions.Setting {
	for ; at >= 0; at = s.Hierarchy.Find(s.Divisions[at].ParentCode) {
		if set := s.Divisions[at].Setting; set != "" {
			return set
		}
	}
	return ""
}

// gridWorkers adds up the workers that the open premises of each community are registered
// with. Where one of them says nothing, more may work there than the others say.
func gridWorkers(s *coveragelive.State) map[int32]rules.Input {
	const premisesType, field = facilities.Type("community_premises"), "community_workers"
	out := map[int32]rules.Input{}
	for _, f := range s.Facilities {
		at := s.Hierarchy.At(s.Hierarchy.Find(f.DivisionCode), divisions.Community)
		if f.Type != premisesType || f.Status != facilities.Open || at < 0 {
			continue
		}
		n, ok := f.Fields[field].(float64)
		was, before := out[at]
		sum, known := was.Value.(float64)
		switch {
		case !ok || before && !known:
			out[at] = standards.Unknown("“"+f.NameZH+"”未登记网格社区工作者人数", "the workers of its grids are not registered at "+f.NameZH)
		default:
			out[at] = standards.Number(sum + n)
		}
	}
	return out
}

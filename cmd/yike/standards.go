package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/facilities/standards"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// standardsAPI holds facilities to their standards: what a check needs beyond the record
// is measured in the district in memory.
type standardsAPI struct {
	held    *coveragelive.Holder
	records facilityhttp.Records
	set     *rules.Set
	facts   placeFacts
	areas   []string // named areas and pretended places of this installation
	now     func() time.Time

	working sync.Mutex
	kept    facilityhttp.CheckedDistrict // of the last version and day asked for

	mu     sync.Mutex
	walks  map[string]coveragelive.Homes // by facility and ground
	ground string                        // that the walks were measured on
}

var _ facilityhttp.Standards = (*standardsAPI)(nil)

func newStandardsAPI(a *app, held *coveragelive.Holder, db *postgres.DB, records facilityhttp.Records) (*standardsAPI, error) {
	set, err := standards.Set()
	if err != nil {
		return nil, err
	}
	return &standardsAPI{held: held, records: records, set: set, facts: newPlaceFacts(db), areas: a.config.Regions, now: time.Now}, nil
}

// Set is the catalogue of rules.
func (a *standardsAPI) Set() *rules.Set { return a.set }

// Facility checks one facility as the person who asks may see it, drafts too.
func (a *standardsAPI) Facility(ctx context.Context, id string) (facilityhttp.CheckedFacility, error) {
	s := a.held.State()
	if s == nil {
		return facilityhttp.CheckedFacility{}, facilityhttp.ErrNotReady
	}
	f, err := a.records.AsOf(ctx, id, record.At{})
	if err != nil {
		return facilityhttp.CheckedFacility{}, err
	}
	return a.check(s, newSurroundings(s), f, record.DayOf(a.now())), nil
}

// District checks every facility that is in memory, and every division. What was found is
// kept until the data or the day change.
func (a *standardsAPI) District(ctx context.Context) (facilityhttp.CheckedDistrict, error) {
	s := a.held.State()
	if s == nil {
		return facilityhttp.CheckedDistrict{}, facilityhttp.ErrNotReady
	}
	day := record.DayOf(a.now())
	mark, err := a.facts.mark(ctx, s.Pack.AdCode)
	if err != nil {
		return facilityhttp.CheckedDistrict{}, err
	}
	version := fmt.Sprintf("%s-%s-%s", s.Version, day, mark)
	a.working.Lock() // of many who ask at one time one works it out
	defer a.working.Unlock()
	if a.kept.Version == version {
		return a.kept, nil
	}
	out := facilityhttp.CheckedDistrict{
		Version: version, Types: s.Types, Divisions: s.Divisions, Facilities: make([]facilityhttp.CheckedFacility, len(s.Facilities)),
	}
	around := newSurroundings(s)
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range s.Facilities {
		group.Go(func() error {
			out.Facilities[i] = a.check(s, around, f, day)
			return working.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return out, err
	}
	if out.Places, err = a.places(ctx, s, around, day); err != nil {
		return out, err
	}
	slices.SortFunc(out.Facilities, func(a, b facilityhttp.CheckedFacility) int { return cmp.Compare(a.Facility.ID, b.Facility.ID) })
	a.kept = out
	return out, nil
}

func (a *standardsAPI) check(s *coveragelive.State, around surroundings, f facilities.Facility, day record.Day) facilityhttp.CheckedFacility {
	out := facilityhttp.CheckedFacility{Facility: f, Day: day}
	info, ok := s.TypeInfo(f.Type)
	if !ok {
		return out
	}
	out.Score, out.Missing = facilities.Quality(f, info, day), facilities.Missing(info, f)
	out.Findings = standards.Check(a.set, f, info, standards.Context{
		Regions: a.set.Chain(s.Pack.AdCode, a.areas...), Day: day, Beyond: a.beyond(s, around, f, info),
	})
	return out
}

// surroundings is what checks ask about other facilities.
type surroundings struct {
	centres map[int32]int         // open elderly centres by subdistrict
	clinics []facilities.Facility // open health facilities
}

// The types that divisions and other facilities are held against.
const (
	centreType facilities.Type = "elderly_centre"
	clinicType facilities.Type = "health_station"
)

func newSurroundings(s *coveragelive.State) surroundings {
	out := surroundings{centres: map[int32]int{}}
	for _, f := range s.Facilities {
		if f.Status != facilities.Open || f.Unplaced && f.Type == clinicType {
			continue
		}
		switch f.Type {
		case centreType:
			out.centres[s.Hierarchy.At(s.Hierarchy.Find(f.DivisionCode), divisions.Subdistrict)]++
		case clinicType:
			out.clinics = append(out.clinics, f)
		}
	}
	return out
}

// beyond gathers the inputs that no record has, those only that a check of the type asks
// for.
func (a *standardsAPI) beyond(s *coveragelive.State, around surroundings, f facilities.Facility, info facilities.TypeInfo) map[string]rules.Input {
	out := map[string]rules.Input{}
	if standards.Needs(a.set, info, standards.HealthStationM) {
		out[standards.HealthStationM] = clinic(s, around, f)
	}
	walk := standards.Needs(a.set, info, standards.FarthestHomeM) || standards.Needs(a.set, info, standards.FarthestHomeMin)
	if walk || standards.Needs(a.set, info, standards.ResidentsServed) {
		homesInputs(out, s, f, a.homes(s, f))
	}
	return out
}

func clinic(s *coveragelive.State, around surroundings, f facilities.Facility) rules.Input {
	switch {
	case len(around.clinics) == 0:
		return standards.Unknown("没有登记开放的医疗卫生设施", "no open health facility is registered")
	case f.Unplaced:
		return unplaced()
	}
	m, ok := s.NearestM(f, around.clinics)
	if !ok {
		return standards.Unknown("步行 8 公里以内没有已登记的医疗卫生设施", "no registered health facility is within a walk of 8 km")
	}
	return standards.Number(math.Ceil(m)) // to a part of a metre nobody knows a walk
}

func unplaced() rules.Input {
	return standards.Unknown("设施尚未落图", "the facility is not placed yet")
}

// homes measures the walks of the homes that a facility serves, once on each ground.
func (a *standardsAPI) homes(s *coveragelive.State, f facilities.Facility) coveragelive.Homes {
	key := fmt.Sprintf("%v %v %s %s", f.Point, f.Unplaced, f.DivisionCode, strings.Join(f.Serves, ","))
	a.mu.Lock()
	if a.walks == nil || a.ground != s.GroundVersion {
		a.walks, a.ground = map[string]coveragelive.Homes{}, s.GroundVersion
	}
	known, ok := a.walks[key]
	a.mu.Unlock()
	if ok {
		return known
	}
	ask := defaultQuestion(s)
	got := s.Homes(f, coveragelive.HomesQuery{
		Band: max(0, coverage.BandIndex(s.Bands, ask.Band)), WithinM: 300, LimitS: ask.LimitS, Speed: walknet.Speed(ask.Speed * 1000),
	})
	a.mu.Lock()
	if a.ground == s.GroundVersion {
		a.walks[key] = got
	}
	a.mu.Unlock()
	return got
}

// homesInputs makes inputs of what is known of the homes that a facility serves, or says why
// it is not.
func homesInputs(out map[string]rules.Input, s *coveragelive.State, f facilities.Facility, h coveragelive.Homes) {
	why := func(in rules.Input, names ...string) {
		for _, name := range names {
			out[name] = in
		}
	}
	walks := []string{standards.FarthestHomeM, standards.FarthestHomeMin, standards.PeopleWithin300M, standards.PeopleWithin15Min}
	counts := []string{standards.PeopleServed, standards.ResidentsServed}
	switch {
	case len(h.Communities) == 0:
		why(standards.Unknown("未指定服务村居，也不在任何村居内", "it names no communities that it serves and lies in none"), append(walks, counts...)...)
		return
	case len(s.Bases) == 0 || h.Everybody == 0:
		why(standards.Unknown("服务村居没有人口数据", "there are no people in the data of the communities served"), append(walks, counts...)...)
		return
	}
	out[standards.PeopleServed] = standards.Number(whole(h.People))
	out[standards.WalkingSpeed] = standards.Number(defaultQuestion(s).Speed)
	out[standards.ResidentsServed] = standards.Unknown("没有常住人口数据", "there are no figures of residents")
	if h.Base == divisions.Resident {
		out[standards.ResidentsServed] = standards.Number(whole(h.Everybody))
	}
	switch {
	case f.Unplaced:
		why(unplaced(), walks...)
	case !h.Reached:
		why(standards.Unknown("服务村居的住处与设施之间没有步行路径", "no path leads from the homes of the communities served to it"), walks...)
	default:
		out[standards.FarthestHomeM], out[standards.FarthestHomeMin] = standards.Number(math.Ceil(h.FarthestM)), standards.Number(h.FarthestS/60)
		out[standards.PeopleWithin300M], out[standards.PeopleWithin15Min] = standards.Number(whole(h.WithinM)), standards.Number(whole(h.WithinLimit))
		if h.OffNetwork > 0 {
			out[standards.PeopleOffNetwork] = standards.Number(whole(h.OffNetwork))
		}
	}
}

// whole is a count of people without the parts of persons that estimates have.
func whole(n coverage.People) float64 { return float64((n + 5_000) / 10_000) }

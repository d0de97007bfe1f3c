package main

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/estates"
	"yike/facilities/estates/estatehttp"
)

// estateAround joins estates with the streets, people and facilities around them.
type estateAround struct{ records *estateRecords }

var _ estatehttp.Surroundings = estateAround{}

func (a estateAround) mount(api huma.API) { estatehttp.RegisterAround(api, a) }

// Around says what is around an estate.
func (a estateAround) Around(ctx context.Context, id string, q estatehttp.AroundQuery) (estatehttp.EstateAround, error) {
	item, err := a.records.One(ctx, id)
	if err != nil {
		return estatehttp.EstateAround{}, err
	}
	s := a.records.held.State()
	if s == nil {
		return estatehttp.EstateAround{}, estatehttp.ErrNotReady
	}
	usual := defaultQuestion(s)
	ask := coveragelive.AroundAsked{Query: coveragelive.Query{LimitS: q.Minutes * 60, Speed: walknet.Speed(math.Round(usual.Speed * 1000)), Profile: walkerOf(q.Profile)}}
	out := estatehttp.EstateAround{
		Minutes: q.Minutes, Profile: q.Profile, MetresPS: usual.Speed, Elder: usual.Band, Types: []estatehttp.AroundType{},
		Notices: estateNotices(a.records.held),
	}
	ask.People, out.Derived = item.PlannedPeople(0)
	exit, why := exitOf(s, item.Estate)
	if exit == nil {
		out.Why = why
		return out, nil
	}
	out.Exit = &estatehttp.AroundExit{Lon: exit.Point.Lon(), Lat: exit.Point.Lat(), Gate: exit.Gate, OffM: float64(exit.Snap.AccessMM) / 1000}
	ask.At = exit.Point
	toBe := item.ToBe()
	ask.Planned = plannedSites(item.Estate, toBe, *exit)
	found, err := s.Around(ctx, ask)
	if err != nil {
		return estatehttp.EstateAround{}, aroundError(err)
	}
	t := telling{state: s, found: found, estate: item.Estate, toBe: toBe, elder: coverage.BandIndex(s.Bands, usual.Band), widest: coverage.Widest(s.Bands)}
	out.Base, out.Widest, out.People = string(found.Query.Base), s.Bands[t.widest].ID, t.people(found.People)
	for _, x := range found.Types {
		out.Types = append(out.Types, t.tell(x))
	}
	slices.SortStableFunc(out.Types, func(a, b estatehttp.AroundType) int {
		if a.Walked == b.Walked {
			return 0
		}
		if a.Walked {
			return -1
		}
		return 1
	})
	return out, nil
}

func walkerOf(profile string) coverage.Walker {
	if profile == "plain" {
		return coverage.Anybody
	}
	return coverage.Walker(profile)
}

func aroundError(err error) error {
	if errors.Is(err, coveragelive.ErrTooWide) {
		return estatehttp.ErrBadWalk
	}
	return err
}

// exitOf is where the people of an estate come out; of one that nobody drew, at the first room
// that is on the map. nil with the reason.
func exitOf(s *coveragelive.State, e estates.Estate) (*coveragelive.Exit, estatehttp.EstateText) {
	if len(e.Boundary) > 0 {
		if exit, ok := s.ExitOf(e.Boundary); ok {
			return &exit, estatehttp.EstateText{}
		}
		return nil, estatehttp.EstateText{ZH: "小区边界附近没有步行路径（超出接入距离）", EN: "No path is near the estate's boundary (beyond the snap limit)"}
	}
	for _, r := range e.Rooms {
		if r.Placed {
			return &coveragelive.Exit{Point: r.Point, Snap: s.Network.Snap(r.Point, s.SnapLimitM)}, estatehttp.EstateText{}
		}
	}
	return nil, estatehttp.EstateText{ZH: "小区没有上图：请先画出边界，或标出一处用房的位置", EN: "The estate is not on the map: draw its boundary, or place one of its rooms"}
}

// plannedSites are the facilities that rooms would become, where a room of them is, else where
// people come out.
func plannedSites(e estates.Estate, toBe []estates.ToBe, exit coveragelive.Exit) []coveragelive.PlannedSite {
	var out []coveragelive.PlannedSite
	for _, t := range toBe {
		p := coveragelive.PlannedSite{ID: "estate:" + string(t.Type), Type: t.Type, At: exit.Point}
		if t.At >= 0 {
			p.At = e.Rooms[t.At].Point
		}
		out = append(out, p)
	}
	return out
}

// telling puts what is around an estate into words.
type telling struct {
	state         *coveragelive.State
	found         *coveragelive.Around
	estate        estates.Estate
	toBe          []estates.ToBe
	elder, widest int // bands
}

func persons(n coverage.People) float64 { return float64(n) / float64(coverage.Person) }

func (t telling) people(list []coverage.People) estatehttp.AroundPeople {
	return estatehttp.AroundPeople{All: persons(list[t.widest]), Elders: persons(list[t.elder])}
}

// band is whom a type is for.
func (t telling) band(info facilities.TypeInfo) int {
	if info.Serves == "elders" {
		return t.elder
	}
	return t.widest
}

func (t telling) tell(x coveragelive.AroundType) estatehttp.AroundType {
	info := x.Type
	out := estatehttp.AroundType{
		Type: string(info.Type), Name: estatehttp.EstateText{ZH: info.ZH, EN: info.EN}, Group: info.Group, Walked: info.Measure == facilities.Walk,
		Reached: x.Without.After.State == coverage.Covered, Within: len(x.Without.Sites), Reason: estatehttp.EstateText(x.Without.Reason.Text()),
		CapacityUnit: estatehttp.EstateText{ZH: info.CapacityZH, EN: info.CapacityEN}, ForElders: info.Serves == "elders", Loads: []estatehttp.AroundLoad{},
	}
	if n := x.Without.Nearest; out.Walked && n >= 0 {
		place := aroundPlace(x.Facilities[n], x.Without.Time)
		out.Nearest = &place
	}
	band := t.band(info)
	x.SortStrains(band)
	for _, l := range x.Strains {
		out.Loads = append(out.Loads, t.load(x, l, band))
	}
	out.Planned = t.planned(x)
	return out
}

func aroundPlace(f facilities.Facility, time walknet.Milliseconds) estatehttp.AroundPlace {
	return estatehttp.AroundPlace{
		ID: f.ID, Name: estatehttp.EstateText{ZH: f.NameZH, EN: f.NameEN}, Seconds: float64(time) / 1000, Lon: f.Point.Lon(), Lat: f.Point.Lat(), Example: f.Example,
	}
}

func (t telling) load(x coveragelive.AroundType, l coveragelive.Strain, band int) estatehttp.AroundLoad {
	out := estatehttp.AroundLoad{AroundPlace: aroundPlace(x.Facilities[l.Facility], l.Time), Before: persons(l.Before[band]), Added: persons(t.found.People[band])}
	if !l.CapacityKnown {
		return out
	}
	out.Capacity = &l.Capacity
	per := func(people float64) *float64 {
		if people <= 0 {
			return nil
		}
		v := l.Capacity * 1000 / people
		return &v
	}
	out.Per1000Before, out.Per1000After = per(out.Before), per(out.Before+out.Added)
	return out
}

func (t telling) planned(x coveragelive.AroundType) *estatehttp.AroundPlanned {
	at := slices.IndexFunc(t.toBe, func(b estates.ToBe) bool { return b.Type == x.Type.Type })
	if at < 0 || x.With == nil {
		return nil
	}
	out := &estatehttp.AroundPlanned{Rooms: []string{}, AtExit: t.toBe[at].At < 0, Reached: x.With.After.State == coverage.Covered, Gained: t.people(x.Gained), Gap: t.people(x.Uncovered)}
	for _, i := range t.toBe[at].Rooms {
		r := t.estate.Rooms[i]
		name := r.Name
		if name == "" {
			name = r.Building + r.Floor + r.RoomNo
		}
		out.Rooms = append(out.Rooms, name)
	}
	if a := t.toBe[at].Area(t.estate); a > 0 {
		v := a.M2()
		out.Area = &v
	}
	return out
}

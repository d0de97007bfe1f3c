package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/premises"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
)

// estates enter new housing estates of every milestone, some that keep the rules, some that do
// not, some of which something is not known, and two old ones.
func (d *demoDesk) estates(ctx context.Context) error {
	store := estatedb.New(d.db)
	known, err := store.All(ctx, d.w)
	return once(known, err, func() error {
		sites := newDemoSites(d.divisions)
		for i, e := range d.demoEstates() {
			e.Name += "（示例）"
			e.Developer, e.Note = cmp.Or(e.Developer, "清澜示例置业有限公司"), "示例，由程序生成，不是真实小区"
			e = sites.settle(e, i)
			if e.DivisionCode == "" {
				return nil // a district without communities
			}
			if _, err := store.Create(ctx, d.w, e, d.change, d.today); err != nil {
				return fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		return nil
	})
}

// demoSites finds open ground for estates, each community in its turn.
type demoSites struct {
	communities []divisions.Division
	taken       []orb.Bound
}

func newDemoSites(all []divisions.Division) *demoSites {
	s := &demoSites{}
	for _, each := range all {
		if each.Level == divisions.Community && len(each.Boundary) > 0 {
			s.communities = append(s.communities, each)
		}
	}
	return s
}

// settle gives an estate a community, and a boundary where there is ground for one.
func (s *demoSites) settle(e estates.Estate, n int) estates.Estate {
	if len(s.communities) == 0 {
		return e
	}
	at := s.communities[n*7%len(s.communities)]
	e.DivisionCode = at.Code
	side := math.Sqrt(max(e.SiteArea.M2(), 4000))
	for ; side > 40; side *= 0.8 {
		if block, ok := s.place(at.Boundary, side); ok {
			e.Boundary = block
			return e
		}
	}
	return e
}

// place tries blocks of a side in metres, row by row, the ones in the middle first.
func (s *demoSites) place(boundary orb.MultiPolygon, side float64) (orb.Polygon, bool) {
	const perDegree = 111_320.0
	middle := geo.Inside(boundary)
	high := side / perDegree
	wide := high / math.Cos(middle.Lat()*math.Pi/180)
	const rows = 6
	var steps [][2]int
	for y := -rows; y <= rows; y++ {
		for x := -rows; x <= rows; x++ {
			steps = append(steps, [2]int{x, y})
		}
	}
	slices.SortStableFunc(steps, func(a, b [2]int) int { return a[0]*a[0] + a[1]*a[1] - b[0]*b[0] - b[1]*b[1] })
	for _, step := range steps {
		c := orb.Point{middle[0] + float64(step[0])*wide, middle[1] + float64(step[1])*high}
		lean := high / 8 // nothing in a town is quite square
		block := geo.Grained(orb.Polygon{{
			{c[0] - wide/2, c[1] - high/2}, {c[0] + wide/2, c[1] - high/2 + lean}, {c[0] + wide/2 - lean, c[1] + high/2}, {c[0] - wide/2, c[1] + high/2 - lean},
		}})
		inside := !slices.ContainsFunc(block[0], func(p orb.Point) bool { return !planar.MultiPolygonContains(boundary, p) })
		if box := block.Bound(); inside && !slices.ContainsFunc(s.taken, box.Intersects) {
			s.taken = append(s.taken, box)
			return block, true
		}
	}
	return nil, false
}

// demoRoom is a planned room in the words that most of them have.
func demoRoom(name string, use premises.Use, m2 float64, floor string) estates.Room {
	area, _ := premises.AreaOf(m2)
	r := estates.Room{Name: name + "（示例）", Building: "1号楼", Floor: floor, Use: use, Area: area, Phase: 1}
	if use == premises.ElderlyService {
		yes := true
		r.OwnEntrance, r.Lift, r.Land = &yes, &yes, area
	}
	return r
}

// demoEstate is one that has households in a phase, three rooms and nothing decided.
func demoEstate(name string, households int, community, elderly float64) estates.Estate {
	homes := premises.Area(households) * 100_00 // 100 m² each
	e := estates.Estate{
		Name: name, Kind: estates.New, Households: households, People: households * 3, SiteArea: homes / 2, HousingFloor: homes, FloorAbove: homes + homes/8,
		FloorBelow: homes / 4, Phases: []estates.Phase{{No: 1, Name: "一期", Households: households}},
		Rooms: []estates.Room{
			demoRoom("党群服务中心", premises.PartyMass, community, "1–2"), demoRoom("居家养老服务站", premises.ElderlyService, elderly, "1"),
			demoRoom("物业服务中心", premises.PropertyOffice, 120, "1"),
		},
	}
	for i := range e.Rooms {
		e.Rooms[i].RoomNo = fmt.Sprint(101 + i)
	}
	return e
}

// decided gives an estate its planning conditions and, where day is not 0, its plan, so many
// days ago.
func (d *demoDesk) decided(e estates.Estate, conditions, plan, no int) estates.Estate {
	day := d.ago(conditions)
	e.Conditions = estates.Paper{Number: fmt.Sprintf("示例规条〔%s〕%d号", day[:4], no), Day: day, Title: "规划条件通知书（示例）"}
	if plan > 0 {
		day = d.ago(plan)
		e.Plan = estates.Paper{Number: fmt.Sprintf("示例建审〔%s〕%d号", day[:4], no), Day: day, Title: "修建性详细规划审查意见（示例）"}
	}
	return e
}

// lived gives phase and rooms the days of a life: begun, accepted, handed over, so many days
// ago; 0 for not yet.
func (d *demoDesk) lived(e estates.Estate, started, accepted, handedOver int) estates.Estate {
	day := func(days int) record.Day {
		if days == 0 {
			return ""
		}
		return d.ago(days)
	}
	for i := range e.Phases {
		e.Phases[i].HousingStarted, e.Phases[i].HousingAccepted = day(started), day(accepted)
	}
	for i := range e.Rooms {
		r := &e.Rooms[i]
		r.StartedOn, r.AcceptedOn, r.HandedOverOn = day(started), day(accepted), day(handedOver)
		if handedOver > 0 {
			r.PresentUse = r.Use
		}
	}
	if accepted > 0 {
		e.CompletedOn = day(accepted)
	}
	return e
}

// demoEstates are the estates without places. Areas are such that by Xixian's tiers, which the
// demonstration borrows, most owe nothing and some do.
func (d *demoDesk) demoEstates() []estates.Estate {
	return append(append(d.demoEarly(), d.demoUnderWay()...), append(d.demoDone(), d.demoOld()...)...)
}

// demoEarly are estates of which nothing is built.
func (d *demoDesk) demoEarly() []estates.Estate {
	first := demoEstate("望澜苑", 640, 820, 180) // enough for all but the bureau's own rule
	first.Rooms[1].Land = 20_000
	short := d.decided(demoEstate("临水雅筑", 900, 620, 120), 200, 0, 3)
	short.Rooms[1].Land = 9000 // of 270 m² that 2,700 people ask for
	unknown := d.decided(demoEstate("云栖里", 480, 800, 150), 160, 0, 7)
	unknown.Rooms[0].Area, unknown.Rooms[1].Land = 0, 0
	planned := d.decided(demoEstate("澜景家园", 1200, 1720, 380), 320, 180, 11)
	large := d.decided(demoEstate("清澜新城", 2600, 2560, 800), 400, 260, 12) // 7,800 people owe the five-minute set
	large.Provided = []estates.Element{estates.CultureStation, estates.CommunityStation}
	large.Phases = []estates.Phase{{No: 1, Name: "一期", Households: 1400}, {No: 2, Name: "二期", Households: 700}, {No: 3, Name: "三期", Households: 500}}
	large.Rooms[0].Phase, large.Rooms[1].Phase = 3, 2
	return []estates.Estate{first, short, unknown, planned, large}
}

// demoUnderWay are estates that are being built.
func (d *demoDesk) demoUnderWay() []estates.Estate {
	inStep := d.lived(d.decided(demoEstate("和澜府", 760, 860, 250), 900, 700, 15), 480, 0, 0)
	late := d.lived(d.decided(demoEstate("锦澜湾", 1050, 1580, 330), 1000, 820, 18), 600, 0, 0)
	late.Rooms[1].StartedOn = d.ago(420)
	twice := d.lived(d.decided(demoEstate("南塘小筑", 560, 810, 190), 850, 640, 21), 400, 0, 0)
	twice.Rooms[0].Parts = []premises.Part{ // more than the room has, and a property office among what counts
		{Use: premises.PartyMass, Area: 78_000, CountsFor: premises.CommunityNorm}, {Use: premises.ElderlyService, Area: 6_000, CountsFor: premises.ElderlyNorm},
	}
	twice.Rooms[2].Parts = []premises.Part{{Use: premises.PropertyOffice, Area: 12_000, CountsFor: premises.CommunityNorm}}
	return []estates.Estate{inStep, late, twice}
}

// demoDone are estates that people live in.
func (d *demoDesk) demoDone() []estates.Estate {
	accepted := d.lived(d.decided(demoEstate("澄澜苑", 820, 830, 270), 1500, 1300, 24), 1100, 45, 0)
	overdue := d.lived(d.decided(demoEstate("东澜名邸", 700, 640, 240), 1700, 1500, 26), 1300, 200, 0)
	good := d.lived(d.decided(demoEstate("安澜花园", 880, 900, 400), 2000, 1800, 29), 1600, 500, 440)
	good.Measured = 2310
	misused := d.lived(d.decided(demoEstate("翠澜庭", 620, 840, 210), 2200, 2000, 31), 1800, 760, 720)
	misused.Rooms[0].PresentUse, misused.Measured = premises.Commercial, 1690
	return []estates.Estate{accepted, overdue, good, misused}
}

// demoOld are estates that stood before anything was asked of them.
func (d *demoDesk) demoOld() []estates.Estate {
	old := estates.Estate{
		Name: "机床厂家属院", Kind: estates.Built, Developer: "原示例机床厂", CompletedOn: "1998-10-01", Households: 420, Measured: 1080, SiteArea: 1_800_000,
		Rooms: []estates.Room{demoRoom("老年活动室", premises.ElderlyService, 45, "1")},
	}
	old.Rooms[0].OwnEntrance, old.Rooms[0].Land, old.Rooms[0].PresentUse, old.Rooms[0].Phase = nil, 0, premises.ElderlyService, 0
	later := estates.Estate{
		Name: "西塘新村", Kind: estates.Built, CompletedOn: "2016-06-30", Households: 960, People: 2880, Measured: 2650, SiteArea: 4_200_000, HousingFloor: 9_600_000,
		Rooms: []estates.Room{demoRoom("社区用房", premises.CommunityService, 310, "1"), demoRoom("日间照料室", premises.ElderlyService, 160, "2")},
		Hub:   &estates.Hub{Area: 62_000, Functions: []estates.Element{estates.DayCare, estates.Canteen, estates.CultureStation}},
	}
	no := false
	for i := range later.Rooms {
		later.Rooms[i].Phase, later.Rooms[i].PresentUse = 0, later.Rooms[i].Use
	}
	later.Rooms[1].Lift = &no
	return []estates.Estate{old, later}
}

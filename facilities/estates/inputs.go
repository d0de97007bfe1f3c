package estates

import (
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/record"
	"yike/internal/rules"
)

// The subjects of the rules.
const (
	OfEstate    = "estate"
	OfCommunity = "community" // as it will be with the estate
	OfRoom      = "room"
)

// Community is what there is in the community that the estate will belong to, without the
// estate. Known says whether anybody knows; an estate that will be a community of its own
// has a known one with nothing in it.
type Community struct {
	Known      bool
	Name       string
	Rural      bool
	Households int
	Area       premises.Area // that counts as community premises today
	Elderly    premises.Area
	Coming     []Coming // other estates that it will have, too
}

// Context is what a check needs beside the estate.
type Context struct {
	Regions     []string   // where the district lies, as rules.Set.Chain gives them
	Day         record.Day // the day that rules must hold on
	Household   float64    // people of a household; 0 is UsualHousehold
	Community   Community
	OpinionKept bool   // there is an opinion of the office on the acceptance
	Opinions    bool   // opinions are known at all
	Duties      Duties // what the authority has set about milestones; decides nothing but what is late
}

func number(v float64) rules.Input       { return rules.Input{Value: v} }
func unknown(zh, en string) rules.Input  { return rules.Input{WhyZH: zh, WhyEN: en} }
func truth(v bool) rules.Input           { return rules.Input{Value: v} }
func square(a premises.Area) rules.Input { return number(a.M2()) }
func counted(n int, zh, en string) rules.Input {
	if n <= 0 {
		return unknown(zh, en)
	}
	return number(float64(n))
}

func known(a premises.Area) rules.Input {
	if a <= 0 {
		return unknown(notFilledZH, notFilledEN)
	}
	return square(a)
}

const notFilledZH, notFilledEN = "登记表中未填写", "not filled in"

// EstateInputs gives everything that rules may ask about an estate.
func (e Estate) EstateInputs(ctx Context) map[string]rules.Input {
	people, derived := e.PlannedPeople(ctx.Household)
	out := map[string]rules.Input{
		"kind":          {Value: string(e.Kind)},
		"households":    counted(e.Households, notFilledZH, notFilledEN),
		"people":        counted(people, "规划人口和户数都未填写", "neither people nor households are filled in"),
		"housing_floor": known(e.HousingFloor),
		"floor_above":   known(e.FloorAbove),
		"site_area":     known(e.SiteArea),
		"provided":      {Value: e.elements()},
		"in_conditions": truth(e.Conditions.Known()),
		"in_plan":       truth(e.Plan.Known()),
	}
	if e.Households > 0 && e.People > 0 && !derived {
		out["household_size"] = number(float64(e.People) / float64(e.Households))
	}
	if people > 0 {
		out["day_care_scale"] = rules.Input{Value: dayCareScale(people)}
	}
	e.areas(out)
	e.days(out, ctx)
	e.layout(out)
	e.hub(out)
	return out
}

// hub is the combined hub, and how many of its functions are care or meals.
func (e Estate) hub(out map[string]rules.Input) {
	out["hub"] = truth(e.Hub != nil)
	if e.Hub == nil {
		return
	}
	all := slices.Clone(e.Hub.Functions)
	slices.Sort(all)
	all = slices.Compact(all)
	care := 0
	for _, f := range all {
		if slices.Contains([]Element{DayCare, ElderlyStation, ElderlyCentre, Childcare, ChildMinding, Canteen}, f) {
			care++
		}
	}
	out["hub_area"] = known(e.Hub.Area)
	out["hub_functions"], out["hub_care"] = number(float64(len(all))), number(float64(care))
}

// dayCareScale is the row of GB 50437, table 3.2.6, that asks for one day-care centre.
func dayCareScale(people int) string {
	if people >= 5_000 && people <= 12_000 {
		return "row"
	}
	return "other"
}

func (e Estate) elements() []string {
	out := []string{}
	for _, el := range e.Provided {
		out = append(out, string(el))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// areas are the areas of the rooms. One room of an unknown area or use makes sums unknown: a
// sum without it could only be too small, but nobody knows by how much.
func (e Estate) areas(out map[string]rules.Input) {
	why := e.vagueRoom()
	sum := func(name string, a premises.Area) {
		out[name] = square(a)
		if why != "" {
			out[name] = unknown("房间“"+why+"”的面积或用途未填写", "area or use of the room “"+why+"” is not filled in")
		}
	}
	sum("community_area", e.For(premises.CommunityNorm))
	sum("elderly_area", e.For(premises.ElderlyNorm))
	var twice, property, propertyCounted, land, smallest, dayCare premises.Area
	landKnown := true
	for _, r := range e.Rooms {
		twice += r.CountedTwice()
		for _, p := range r.Purposes() {
			if p.Use == premises.PropertyOffice {
				property += p.Area
				if p.CountsFor != premises.NoNorm {
					propertyCounted += p.Area
				}
			}
		}
		if a := r.For(premises.ElderlyNorm); a > 0 {
			dayCare += a
			land += r.Land
			landKnown = landKnown && r.Land > 0
			if smallest == 0 || a < smallest {
				smallest = a
			}
		} else if r.Area <= 0 && (r.Use == "" || r.Use == premises.ElderlyService) {
			landKnown = false // it may be one, with land of its own
		}
	}
	sum("property_counted", propertyCounted)
	sum("property_area", property)
	out["counted_twice"] = square(twice + e.listedTwice())
	out["elderly_land"] = square(land)
	if !landKnown {
		out["elderly_land"] = unknown("有养老用房未填写用地面积", "some elderly premises have no land area filled in")
	}
	if smallest > 0 {
		out["elderly_smallest"] = square(smallest)
	} else {
		out["elderly_smallest"] = unknown("没有养老用房", "there are no elderly premises")
	}
	out["has_elderly"] = truth(smallest > 0)
	out["day_care_area"] = square(dayCare)
}

// vagueRoom names a room whose area or use is not known; "" where there is none.
func (e Estate) vagueRoom() string {
	for _, r := range e.Rooms {
		if r.Area <= 0 || r.Use == "" {
			return r.Title()
		}
	}
	return ""
}

// listedTwice is the area of rooms that the list has more than once, but for the first.
func (e Estate) listedTwice() premises.Area {
	seen := map[[3]string]bool{}
	var sum premises.Area
	for _, r := range e.Rooms {
		key := [3]string{r.Building, r.Floor, r.RoomNo}
		if r.RoomNo == "" {
			continue
		}
		if seen[key] {
			sum += r.Area
		}
		seen[key] = true
	}
	return sum
}

// days are how the premises keep step with the housing.
func (e Estate) days(out map[string]rules.Input, ctx Context) {
	out["start_lag_days"] = e.lag(func(p Phase) record.Day { return p.HousingStarted }, func(r Room) record.Day { return r.StartedOn },
		"住宅或用房的开工日期未填写", "days on which housing or premises were begun are not filled in")
	out["acceptance_lag_days"] = e.lag(func(p Phase) record.Day { return p.HousingAccepted }, func(r Room) record.Day { return r.AcceptedOn },
		"住宅或用房的验收日期未填写", "days of acceptance of housing or premises are not filled in")
	out["opinion"] = truth(ctx.OpinionKept)
	switch {
	case ctx.OpinionKept:
	case !ctx.Opinions:
		out["opinion"] = unknown("没有意见记录", "no opinions are recorded")
	case !slices.ContainsFunc(e.Rooms, func(r Room) bool { return r.AcceptedOn != "" }):
		out["opinion"] = unknown("配建用房尚未验收", "no premises are accepted yet")
	}
	out["handover_months"] = e.handoverMonths()
	out["misused"] = e.misused()
	e.phasing(out)
}

// lag is by how many days premises are behind the housing of their phase, at most; a room
// without a phase is held against the first one.
func (e Estate) lag(housing func(Phase) record.Day, rooms func(Room) record.Day, zh, en string) rules.Input {
	worst, any := math.Inf(-1), false
	for _, r := range e.Rooms {
		p, ok := e.phase(max(r.Phase, 1))
		if !ok {
			return unknown("没有分期", "no phases are filled in")
		}
		days, ok := daysBetween(housing(p), rooms(r))
		if !ok {
			return unknown(zh, en)
		}
		worst, any = max(worst, float64(days)), true
	}
	if !any {
		return unknown("没有配建用房", "there are no premises")
	}
	return number(worst)
}

func (e Estate) phase(no int) (Phase, bool) {
	i := slices.IndexFunc(e.Phases, func(p Phase) bool { return p.No == no })
	if i < 0 {
		return Phase{}, false
	}
	return e.Phases[i], true
}

func daysBetween(from, to record.Day) (int, bool) {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	return int(math.Round(b.Sub(a).Hours() / 24)), errA == nil && errB == nil
}

// handoverMonths is how long the hand-over took after the acceptance, in months of the
// calendar: the same day three months later is three, the day after is more.
func (e Estate) handoverMonths() rules.Input {
	worst, any := 0.0, false
	for _, r := range e.Rooms {
		if r.AcceptedOn == "" || r.HandedOverOn == "" {
			return unknown("用房的验收或移交日期未填写", "days of acceptance or hand-over are not filled in")
		}
		worst, any = max(worst, monthsBetween(r.AcceptedOn, r.HandedOverOn)), true
	}
	if !any {
		return unknown("没有配建用房", "there are no premises")
	}
	return number(worst)
}

// monthsBetween counts months of the calendar; a rest of days is its share of a month of 31.
func monthsBetween(from, to record.Day) float64 {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil || b.Before(a) {
		return 0
	}
	months := 0
	for !addMonths(a, months+1).After(b) {
		months++
	}
	rest := b.Sub(addMonths(a, months)).Hours() / 24
	return float64(months) + rest/31
}

// addMonths goes on by months of the calendar; where the month has no such day, to its last.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// misused names the rooms whose use was changed.
func (e Estate) misused() rules.Input {
	out, looked := []string{}, true
	for _, r := range e.Rooms {
		l := r.ledger()
		if l.Misused() {
			out = append(out, r.Name)
		}
		looked = looked && (r.PresentUse != "" || r.HandedOverOn == "")
	}
	if len(out) == 0 && !looked {
		return unknown("有已移交的用房未巡查", "some rooms that were handed over were never inspected")
	}
	return rules.Input{Value: out}
}

// phasing says whether premises come with the first phase, and else how much of the housing
// is done before them.
func (e Estate) phasing(out map[string]rules.Input) {
	if len(e.Phases) <= 1 && len(e.Rooms) > 0 {
		out["housing_before"] = number(0)
		return
	}
	all, before, latest := 0, 0, 0
	for _, r := range e.Rooms {
		if r.Phase == 0 {
			out["housing_before"] = unknown("有用房未填写所在分期", "some rooms have no phase filled in")
			return
		}
		latest = max(latest, r.Phase)
	}
	for _, p := range e.Phases {
		if p.Households <= 0 {
			out["housing_before"] = unknown("有分期未填写户数", "some phases have no households filled in")
			return
		}
		all += p.Households
		if p.No < latest {
			before += p.Households
		}
	}
	if all == 0 || latest == 0 {
		out["housing_before"] = unknown("没有分期或配建用房", "there are no phases or no premises")
		return
	}
	out["housing_before"] = number(100 * float64(before) / float64(all))
}

// layout is how far apart the premises are.
func (e Estate) layout(out map[string]rules.Input) {
	buildings, points, placed := map[string]bool{}, []orb.Point{}, true
	for _, r := range e.Rooms {
		if r.For(premises.CommunityNorm) == 0 {
			continue
		}
		buildings[r.Building] = true
		placed = placed && r.Placed
		points = append(points, r.Point)
	}
	switch {
	case len(points) == 0:
		out["spread_m"] = unknown("没有社区用房", "there are no community premises")
		return
	case len(buildings) == 1 && !buildings[""]:
		out["spread_m"] = number(0) // in one building, wherever in it
		return
	case !placed:
		out["spread_m"] = unknown("有用房未上图", "some rooms are not on the map")
		return
	}
	farthest := 0.0
	for i := range points {
		for j := range i {
			farthest = max(farthest, geo.Distance(points[i], points[j]))
		}
	}
	out["spread_m"] = number(farthest)
}

// CommunityInputs gives what rules ask about the community as it will be with the estate.
func (e Estate) CommunityInputs(ctx Context) map[string]rules.Input {
	return communityInputs(e.EstateInputs(ctx), ctx.Community)
}

func communityInputs(own map[string]rules.Input, c Community) map[string]rules.Input {
	out := map[string]rules.Input{
		"estate_area":       own["community_area"],
		"estate_households": own["households"],
	}
	if !c.Known {
		zh, en := "所属社区的现状未填写", "what its community has today is not known"
		out["setting"], out["area_all"], out["households_all"] = unknown(zh, en), unknown(zh, en), unknown(zh, en)
		c.coming(out)
		return out
	}
	out["setting"] = rules.Input{Value: "urban"}
	if c.Rural {
		out["setting"] = rules.Input{Value: "rural"}
	}
	out["area_all"], out["households_all"] = own["community_area"], own["households"]
	if v, ok := own["community_area"].Value.(float64); ok {
		out["area_all"] = number(v + c.Area.M2())
	}
	if v, ok := own["households"].Value.(float64); ok {
		out["households_all"] = number(v + float64(c.Households))
	}
	c.coming(out)
	return out
}

// RoomInputs gives what rules ask about one room.
func (r Room) RoomInputs() map[string]rules.Input {
	out := map[string]rules.Input{
		"elderly":      truth(r.serves(premises.ElderlyService) || r.For(premises.ElderlyNorm) > 0),
		"own_entrance": flag(r.OwnEntrance),
		"lift":         flag(r.Lift),
	}
	f, ok := ParseFloors(r.Floor)
	if !ok {
		zh, en := "楼层未填写或不能识别", "the floor is not filled in, or no floor"
		out["lowest"], out["highest"], out["mezzanine"] = unknown(zh, en), unknown(zh, en), unknown(zh, en)
		return out
	}
	out["mezzanine"] = truth(f.Mezzanine)
	if f.Lowest == 0 {
		out["lowest"], out["highest"] = unknown("只写了夹层", "a mezzanine of no floor"), unknown("只写了夹层", "a mezzanine of no floor")
		return out
	}
	out["lowest"], out["highest"] = number(float64(f.Lowest)), number(float64(f.Highest))
	return out
}

func flag(v *bool) rules.Input {
	if v == nil {
		return unknown(notFilledZH, notFilledEN)
	}
	return truth(*v)
}

package main

import (
	"context"
	"math"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/internal/postgres"
)

// sitingAPI gives coveragehttp the choice of places: the district from memory, the rooms
// of the ledger as the person who asks may read them.
type sitingAPI struct {
	served *districtAPI
	rooms  roomList
	adcode string
}

// roomList is what is asked of the ledger of premises.
type roomList interface {
	All(ctx context.Context, w postgres.Writer, f premises.Filter) ([]premises.Item, error)
}

var (
	_ coveragehttp.Sitings      = (*sitingAPI)(nil)
	_ coveragehttp.SitingPlaces = (*sitingAPI)(nil)
	_ roomList                  = (*premisesdb.Store)(nil)
)

// mountSiting serves the choice of places.
func mountSiting(api huma.API, db *postgres.DB, adcode string, served *districtAPI) {
	s := &sitingAPI{served: served, rooms: premisesdb.New(db), adcode: adcode}
	coveragehttp.RegisterSiting(api, s, s)
}

// Siting finds places for new facilities.
func (d *sitingAPI) Siting(ctx context.Context, q coveragehttp.Query, a coveragehttp.SitingAsked) (*coveragehttp.Siting, error) {
	s := d.served.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	asked := sitingAsked(q, a)
	if err := d.addRooms(ctx, a.Rooms, &asked.Rules); err != nil {
		return nil, err
	}
	found, err := s.Siting(ctx, asked)
	if err != nil {
		return nil, sitingError(err)
	}
	out := &coveragehttp.Siting{
		Query: httpQuery(found.Query), Version: found.Version, Note: found.Note, Asked: a, Band: found.Band, Plan: found.Plan, Before: found.Before,
		Priced: found.Priced, Cost: found.Cost, Required: found.Required, Delta: found.Delta, After: found.After, Divisions: s.Divisions,
	}
	for i, c := range found.Candidates {
		place := coveragehttp.SitingCandidate{ID: c.ID, Kind: string(c.Kind), Name: c.Name, At: c.Point, Division: found.Places[i], Price: c.Price, Capacity: c.Capacity}
		if place.Price == 0 {
			place.Price = a.Price
		}
		if place.Capacity == 0 {
			place.Capacity = a.Capacity.New
		}
		out.Candidates = append(out.Candidates, place)
	}
	for _, r := range found.Refused {
		code, reason := refusalWords(r.Reason)
		out.Refused = append(out.Refused, coveragehttp.SitingRefusal{ID: r.ID, Kind: string(r.Kind), Name: r.Name, Code: code, Reason: reason})
	}
	for _, l := range found.LeftOut {
		out.LeftOut = append(out.LeftOut, coveragehttp.SitingLeftOut{Division: l.Division, Why: string(l.Why), People: l.People, Points: l.Points})
	}
	if l := found.Loads; l != nil {
		info, _ := s.TypeInfo(q.Type)
		out.Loads = &coveragehttp.SitingLoads{UseRate: l.UseRate, UnitZH: info.CapacityZH, UnitEN: info.CapacityEN, Served: l.Served, TurnedAway: l.TurnedAway}
		for _, e := range l.Existing {
			out.Loads.Existing = append(out.Loads.Existing, coveragehttp.SitingExisting{Facility: e.Facility, Load: e.Load, LeftOut: e.LeftOut})
		}
	}
	return out, nil
}

func sitingAsked(q coveragehttp.Query, a coveragehttp.SitingAsked) coveragelive.SitingAsked {
	out := coveragelive.SitingAsked{
		Query: liveQuery(q), Band: a.Band, Prefer: coveragelive.Preference{Band: a.PreferBand, Times: a.PreferTimes},
		Aim: coveragelive.Aim(a.Aim), Sites: a.Sites, Share: a.Share, Budget: a.Budget, Price: a.Price,
		ApartM: a.ApartM, Within: a.Within, Required: a.Required, Replaced: a.Replaced,
		Capacity: coveragelive.CapacityAsked{New: a.Capacity.New, UseRate: a.Capacity.UseRate, Unknown: coveragelive.Unknown(a.Capacity.Unknown)},
		Rules:    coveragelive.CandidateRules{SpacingM: a.SpacingM},
	}
	if len(a.Areas) > 0 {
		out.Rules.Within = []orb.MultiPolygon{a.Areas}
	}
	for _, p := range a.Excluded {
		out.Rules.Excluded = append(out.Rules.Excluded, orb.MultiPolygon{p})
	}
	for _, p := range a.Points {
		out.Rules.Places = append(out.Rules.Places, coveragelive.CandidatePlace{
			ID: p.ID, Kind: coveragelive.GivenPlace, Name: p.Name, Point: p.At, Price: p.Price, Capacity: p.Capacity,
		})
	}
	return out
}

// addRooms puts the rooms that fit among the places, and says why others do not. Rooms of
// another use were not asked for, so that nothing is said of them.
func (d *sitingAPI) addRooms(ctx context.Context, asked *coveragehttp.SitingRooms, rules *coveragelive.CandidateRules) error {
	if asked == nil {
		return nil
	}
	area, ok := premises.AreaOf(math.Round(asked.MinAreaM2*100) / 100)
	if !ok {
		return sitingFaultOf("candidates/rooms/min_area_m2", coveragelive.ErrBadNumber)
	}
	need := premises.Need{Use: premises.Use(asked.Use), MinArea: area, Floor: asked.Floor, Free: asked.Free}
	if need.Use != "" && !isApproved(need.Use) {
		return sitingFaultOf("candidates/rooms/use", errNoSuchUse)
	}
	items, err := d.rooms.All(ctx, writer(ctx, d.adcode), premises.Filter{Use: need.Use})
	if err != nil {
		return err
	}
	for _, item := range items {
		name := roomName(item.Room)
		if why := need.Unfit(item.Room); why != "" {
			rules.Dismissed = append(rules.Dismissed, coveragelive.Refused{ID: item.ID, Kind: coveragelive.RoomPlace, Name: name, Reason: coveragelive.Refusal(why)})
			continue
		}
		rules.Places = append(rules.Places, coveragelive.CandidatePlace{ID: item.ID, Kind: coveragelive.RoomPlace, Name: name, Point: item.Point})
	}
	return nil
}

func isApproved(u premises.Use) bool {
	for _, info := range premises.Uses() {
		if info.Code.Code == string(u) {
			return info.Approved
		}
	}
	return false
}

// roomName is how people call a room.
func roomName(r premises.Room) string {
	for _, name := range []string{r.Name, r.Estate + r.Building + r.RoomNo, r.Address, r.LedgerNo} {
		if name != "" {
			return name
		}
	}
	return r.ID
}

// refusalWords says why a place is no candidate: a code, and the same in words.
func refusalWords(r coveragelive.Refusal) (string, coverage.Text) {
	words := func(code, zh, en string) (string, coverage.Text) { return code, coverage.Text{ZH: zh, EN: en} }
	switch r {
	case coveragelive.OutsideArea:
		return words("outside_area", "不在选址范围内", "Outside the area")
	case coveragelive.InExcluded:
		return words("excluded", "在排除的范围内", "In an excluded area")
	case coveragelive.TooNear:
		return words("too_near", "离现有设施太近", "Too near to an open facility")
	case coveragelive.Refusal(premises.UnfitUnplaced):
		return words("unplaced", "台账里没有位置", "The ledger has no position")
	case coveragelive.Refusal(premises.UnfitAreaKnown):
		return words("area_unknown", "台账里没有面积", "The ledger has no area")
	case coveragelive.Refusal(premises.UnfitArea):
		return words("area", "面积不够", "Too small")
	case coveragelive.Refusal(premises.UnfitFloorKnown):
		return words("floor_unknown", "楼层没有写清", "Its floor is not clear")
	case coveragelive.Refusal(premises.UnfitFloor):
		return words("floor", "楼层不符", "On another floor")
	case coveragelive.Refusal(premises.UnfitState):
		return words("state", "尚未移交、有争议或已退出", "Not handed over, disputed or withdrawn")
	case coveragelive.Refusal(premises.UnfitUsed):
		return words("used", "正在使用", "In use")
	case coveragelive.Refusal(premises.UnfitUseKnown):
		return words("use_unknown", "不知现在作何用途", "Nobody looked what it is used for")
	case coveragelive.Refusal(premises.UnfitUse):
		return words("use", "批准用途不符", "Approved for another use")
	default:
		return words("off_street", "附近没有道路", "No street is near enough")
	}
}

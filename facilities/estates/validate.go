package estates

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
)

// Known is what an estate is held against.
type Known struct {
	divisions.Standing // of the point inside of the boundary
	Today              record.Day
	Ledger             map[string]string // rooms of the ledger by id, of those that the estate names: the name of another estate that has the room, or ""
}

// faults gathers what is wrong with an estate.
type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Validate gives everything about e that a person may not write so; the field of a fault
// names the row, as rooms/3/area. What is merely missing is no fault, and neither is what the
// rules of estates find wrong: a plan is recorded as it was handed in, and checked.
func Validate(e Estate, k Known) []record.Fault {
	var f faults
	f.words(e)
	f.codes(e)
	f.numbers(e)
	f.floors(e)
	f.phases(e, k.Today)
	for i := range e.Rooms {
		f.room(e, i, k)
	}
	f.place(e, k)
	return f
}

func (f *faults) words(e Estate) {
	if e.Name == "" {
		f.add("name", "", "请填写", "is needed")
	}
	for _, t := range e.texts() {
		v := *t.value
		if n := utf8.RuneCountInString(v); n > t.longest {
			f.add(t.field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", t.longest), fmt.Sprintf("at most %d characters", t.longest))
		}
		control := func(c rune) bool { return unicode.IsControl(c) && (t.field != "note" || c != '\n') }
		if !utf8.ValidString(v) || strings.ContainsFunc(v, control) {
			f.add(t.field, strings.ToValidUTF8(v, "?"), "含有控制字符", "holds control characters")
		}
	}
}

func (f *faults) codes(e Estate) {
	f.listed("kind", string(e.Kind), Kinds())
	for i, el := range e.Provided {
		f.listed(fmt.Sprintf("provided/%d", i), string(el), Elements())
	}
	if e.Hub == nil {
		return
	}
	f.area("hub/area", e.Hub.Area)
	for i, el := range e.Hub.Functions {
		f.listed(fmt.Sprintf("hub/functions/%d", i), string(el), Elements())
	}
}

func (f *faults) listed(field, value string, list []premises.Code) {
	if slices.ContainsFunc(list, func(c premises.Code) bool { return c.Code == value }) {
		return
	}
	var words, codes []string
	for _, c := range list {
		words, codes = append(words, c.ZH), append(codes, c.Code)
	}
	f.add(field, value, "应为："+strings.Join(words, "、"), "must be one of: "+strings.Join(codes, ", "))
}

func (f *faults) area(field string, a premises.Area) {
	if a < 0 || a > MostFloor {
		f.add(field, a.String(), fmt.Sprintf("应为 0（不详）至 %s 平方米", MostFloor), fmt.Sprintf("must be from 0 (unknown) to %s m²", MostFloor))
	}
}

func (f *faults) count(field string, n, most int) {
	if n < 0 || n > most {
		f.add(field, fmt.Sprint(n), fmt.Sprintf("应为 0（不详）至 %d", most), fmt.Sprintf("must be from 0 (unknown) to %d", most))
	}
}

func (f *faults) numbers(e Estate) {
	f.count("households", e.Households, MostHouseholds)
	f.count("people", e.People, MostPeople)
	f.count("measured_people", e.Measured, MostPeople)
	f.area("site_area", e.SiteArea)
	f.area("housing_floor", e.HousingFloor)
	f.area("floor_above", e.FloorAbove)
	f.area("floor_below", e.FloorBelow)
	if n := len(e.Phases); n > MostPhases {
		f.add("phases", fmt.Sprint(n), fmt.Sprintf("不应多于 %d 期", MostPhases), fmt.Sprintf("at most %d", MostPhases))
	}
	if n := len(e.Rooms); n > MostRooms {
		f.add("rooms", fmt.Sprint(n), fmt.Sprintf("不应多于 %d 处", MostRooms), fmt.Sprintf("at most %d", MostRooms))
	}
}

// floors holds that no floor area is less than its parts, where both are known.
func (f *faults) floors(e Estate) {
	if e.FloorAbove > 0 && e.HousingFloor > e.FloorAbove {
		f.add("housing_floor", e.HousingFloor.String(),
			fmt.Sprintf("地上住宅建筑面积 %s 平方米超出地上总建筑面积 %s 平方米", e.HousingFloor, e.FloorAbove),
			fmt.Sprintf("the housing's %s m² are more than the %s m² of all floors above ground", e.HousingFloor, e.FloorAbove))
	}
	var sum premises.Area
	for _, r := range e.Rooms {
		sum += r.Area
	}
	if all := e.FloorAbove + e.FloorBelow; e.FloorAbove > 0 && e.FloorBelow > 0 && sum > all {
		f.add("rooms", sum.String(),
			fmt.Sprintf("配建用房合计 %s 平方米超出地上、地下总建筑面积 %s 平方米", sum, all),
			fmt.Sprintf("the rooms are %s m² together, more than the %s m² of all floors", sum, all))
	}
}

func (f *faults) phases(e Estate, today record.Day) {
	sum, all := 0, len(e.Phases) > 0
	for i, p := range e.Phases {
		at := fmt.Sprintf("phases/%d/", i)
		if p.No < 1 || p.No > MostPhases {
			f.add(at+"no", fmt.Sprint(p.No), fmt.Sprintf("期号应为 1 至 %d", MostPhases), fmt.Sprintf("must be from 1 to %d", MostPhases))
		}
		if slices.ContainsFunc(e.Phases[:i], func(o Phase) bool { return o.No == p.No }) {
			f.add(at+"no", fmt.Sprint(p.No), "期号与前面的重复", "is the number of a phase before")
		}
		f.count(at+"households", p.Households, MostHouseholds)
		sum, all = sum+p.Households, all && p.Households > 0
		f.inOrder(today, named{at + "housing_started_on", p.HousingStarted, "住宅开工", "the housing was begun"},
			named{at + "housing_accepted_on", p.HousingAccepted, "住宅验收", "it was accepted"})
	}
	if all && e.Households > 0 && sum != e.Households {
		f.add("phases", fmt.Sprint(sum), fmt.Sprintf("各期户数合计 %d，与规划户数 %d 不符", sum, e.Households),
			fmt.Sprintf("the phases have %d households together, the estate %d", sum, e.Households))
	}
	f.inOrder(today, named{"completed_on", e.CompletedOn, "建成", "it was completed"})
	f.inOrder(today, named{"conditions/day", e.Conditions.Day, "规划条件", "they were set"})
	f.inOrder(today, named{"plan/day", e.Plan.Day, "方案批准", "it was approved"})
}

// named is a day with the field that it stands in and what happened on it.
type named struct {
	field  string
	day    record.Day
	zh, en string
}

// inOrder holds that days are days, that none is to come, and that each follows those before.
func (f *faults) inOrder(today record.Day, days ...named) {
	var last named
	for _, d := range days {
		if d.day == "" {
			continue
		}
		_, ok := record.ParseDay(string(d.day))
		switch {
		case !ok:
			f.add(d.field, string(d.day), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
			continue
		case d.day > today:
			f.add(d.field, string(d.day), fmt.Sprintf("不应晚于今天（%s）", today), fmt.Sprintf("must not be after today, %s", today))
		case d.day < last.day:
			f.add(d.field, string(d.day), fmt.Sprintf("不应早于%s日期 %s", last.zh, last.day), fmt.Sprintf("must not be before %s, when %s", last.day, last.en))
		}
		last = d
	}
}

func (f *faults) room(e Estate, i int, k Known) {
	r, at := e.Rooms[i], fmt.Sprintf("rooms/%d/", i)
	f.use(at+"use", r.Use, true)
	f.use(at+"present_use", r.PresentUse, false)
	f.area(at+"area", r.Area)
	f.area(at+"land_share", r.Land)
	if n := len(r.Parts); n > premises.MostParts {
		f.add(at+"parts", fmt.Sprint(n), fmt.Sprintf("不应多于 %d 项", premises.MostParts), fmt.Sprintf("at most %d", premises.MostParts))
	}
	for j, p := range r.Parts {
		part := fmt.Sprintf("%sparts/%d/", at, j)
		if p.Use == "" {
			f.add(part+"use", "", "请填写", "is needed")
		}
		f.use(part+"use", p.Use, true)
		if p.CountsFor != premises.NoNorm {
			f.listed(part+"counts_for", string(p.CountsFor), premises.Norms())
		}
		if p.Area <= 0 || p.Area > MostFloor {
			f.add(part+"area", p.Area.String(), "面积应大于 0", "the area must be more than 0")
		}
	}
	if _, ok := e.phase(r.Phase); r.Phase != 0 && !ok {
		f.add(at+"phase", fmt.Sprint(r.Phase), "小区没有这一期", "the estate has no such phase")
	}
	f.inOrder(k.Today, named{at + "started_on", r.StartedOn, "开工", "it was begun"}, named{at + "accepted_on", r.AcceptedOn, "验收", "it was accepted"},
		named{at + "handed_over_on", r.HandedOverOn, "移交", "it was handed over"})
	if r.Placed {
		f.within(at+"position", r.Point, k.Bounds)
	}
	f.ledger(e, i, k)
}

func (f *faults) use(field string, u premises.Use, approved bool) {
	info, ok := u.Info()
	switch {
	case u == "":
	case !ok:
		f.add(field, string(u), "没有这种用途", "is no use")
	case approved && !info.Approved:
		f.add(field, string(u), "不是可以批准的用途", "is no use that is ever approved")
	}
}

// ledger holds that the ledger has the room, once for all estates.
func (f *faults) ledger(e Estate, i int, k Known) {
	r := e.Rooms[i]
	if r.LedgerID == "" {
		return
	}
	field := fmt.Sprintf("rooms/%d/ledger_id", i)
	other, there := k.Ledger[r.LedgerID]
	switch {
	case !there:
		f.add(field, r.LedgerID, "公建台账里没有这处用房", "the ledger has no such room")
	case other != "":
		f.add(field, r.LedgerID, fmt.Sprintf("台账里的这处用房已属于小区“%s”", other), fmt.Sprintf("this room of the ledger is of the estate “%s” already", other))
	case slices.ContainsFunc(e.Rooms[:i], func(o Room) bool { return o.LedgerID == r.LedgerID }):
		f.add(field, r.LedgerID, "与前面的用房是台账里的同一处", "is the ledger's room of one before")
	}
}

func (f *faults) within(field string, p orb.Point, bounds orb.Bound) bool {
	if bounds.IsZero() {
		bounds = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	for i := range p {
		if v := p[i]; math.IsNaN(v) || v < bounds.Min[i] || v > bounds.Max[i] {
			f.add(field, fmt.Sprintf("%v, %v", p[0], p[1]), fmt.Sprintf("超出辖区范围：经度 %.6f 至 %.6f，纬度 %.6f 至 %.6f", bounds.Min[0], bounds.Max[0], bounds.Min[1], bounds.Max[1]),
				fmt.Sprintf("is outside the district, which is from %.6f to %.6f of longitude and %.6f to %.6f of latitude", bounds.Min[0], bounds.Max[0], bounds.Min[1], bounds.Max[1]))
			return false
		}
	}
	return true
}

// place holds that the boundary is one, and the point inside of it lies in the division.
func (f *faults) place(e Estate, k Known) {
	if e.Boundary == nil {
		f.division(e, k)
		return
	}
	corners := 0
	for _, ring := range e.Boundary {
		corners += len(ring)
	}
	if corners > MostCorners {
		f.add("boundary", fmt.Sprint(corners), fmt.Sprintf("不应多于 %d 个顶点", MostCorners), fmt.Sprintf("at most %d corners", MostCorners))
		return
	}
	if err := geo.CheckPolygon(e.Boundary); err != nil {
		zh, en := shapeWords(err)
		f.add("boundary", "", zh, en)
		return
	}
	switch at, _ := e.Position(); {
	case !f.within("boundary", at, k.Bounds) || !k.Divided:
	case !k.LyingInAny:
		f.add("boundary", "", "该范围不在任何辖区内", "the boundary lies outside every division")
	case k.Division && !k.Holds:
		f.add("division_code", e.DivisionCode, fmt.Sprintf("所画范围不在这个辖区内，而在%s", k.LyingIn), fmt.Sprintf("the boundary is not in this division but in %s", k.LyingIn))
	default:
		f.division(e, k)
	}
}

func shapeWords(err error) (zh, en string) {
	var at *geo.ShapeError
	if !errors.As(err, &at) {
		return "不是多边形", "is no polygon"
	}
	where := fmt.Sprintf("（%.6f, %.6f 附近）", at.At.Lon(), at.At.Lat())
	near := fmt.Sprintf(" near %.6f, %.6f", at.At.Lon(), at.At.Lat())
	switch {
	case errors.Is(err, geo.ErrCrosses):
		return "边界线自相交或重叠" + where, "the line meets itself" + near
	case errors.Is(err, geo.ErrHoleOutside):
		return "内环不在外环之内" + where, "a hole lies outside" + near
	case errors.Is(err, geo.ErrNoPlace):
		return "有顶点不是经纬度", "a corner is no longitude and latitude"
	}
	return "至少需要三个不同的顶点", "needs at least three different corners"
}

func (f *faults) division(e Estate, k Known) {
	switch {
	case !k.Divided:
	case e.DivisionCode == "":
		f.add("division_code", "", "请选择所属村居，或在地图上画出范围", "choose the community, or draw the boundary on the map")
	case !k.Division:
		f.add("division_code", e.DivisionCode, "没有这个编码的辖区", "no division has this code")
	}
}

// Position is a point inside of the estate, the same whenever it is asked; false where nobody
// drew its boundary.
func (e Estate) Position() (orb.Point, bool) {
	if len(e.Boundary) == 0 || len(e.Boundary[0]) == 0 {
		return orb.Point{}, false
	}
	return geo.Inside(orb.MultiPolygon{e.Boundary}), true
}

// related are the fields that are held against one another: where one changes, all are looked
// at again.
func related() [][]string {
	return [][]string{
		{"households", "phases"},
		{"housing_floor", "floor_above", "floor_below", "rooms"},
		{"phases", "rooms"},
		{"boundary", "division_code"},
	}
}

// ValidateChange gives the faults of the fields that a person changed and of those that are
// held against them: what came otherwise must not keep anybody from mending something else.
func ValidateChange(before, after Estate, k Known) []record.Fault {
	changed, look := map[string]bool{}, map[string]bool{}
	for _, d := range Differences(before, after) {
		changed[d.Field], look[d.Field] = true, true
	}
	for _, group := range related() {
		if slices.ContainsFunc(group, func(field string) bool { return changed[field] }) {
			for _, field := range group {
				look[field] = true
			}
		}
	}
	return slices.DeleteFunc(Validate(after, k), func(f record.Fault) bool {
		field, _, _ := strings.Cut(f.Field, "/")
		return !look[field]
	})
}

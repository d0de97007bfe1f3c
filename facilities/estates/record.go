package estates

import (
	"errors"
	"math"

	"yike/facilities/premises"
)

// What is not there, or cannot be done.
var (
	ErrNotFound = errors.New("没有这个小区 / no such estate")
	// ErrInUse says that an estate cannot be removed because something follows from it.
	ErrInUse = errors.New("该小区已有办理记录，不能删除 / something follows from the estate, so it cannot be removed")
)

// MostFloor is the largest area that an estate may have: ten square kilometres.
const MostFloor premises.Area = 1_000_000_000

// FloorOf reads square metres of an estate; false where they are negative, more than
// MostFloor, or finer than a hundredth.
func FloorOf(m2 float64) (premises.Area, bool) {
	if math.IsNaN(m2) || m2 < 0 || m2 > MostFloor.M2() {
		return 0, false
	}
	a := premises.Area(math.Round(m2 * 100))
	return a, math.Abs(a.M2()-m2) < 1e-6
}

// Limits of what a person may write.
const (
	LongestName    = 100 // characters
	LongestTitle   = 200
	LongestNote    = 2000
	longestShort   = 40
	longestID      = 64
	MostPhases     = 50
	MostRooms      = 300
	MostCorners    = 2000
	MostHouseholds = 200_000
	MostPeople     = 1_000_000
)

// Kinds lists the kinds of estates.
func Kinds() []premises.Code {
	return []premises.Code{{Code: string(New), ZH: "新建小区", EN: "new estate"}, {Code: string(Built), ZH: "已建成小区", EN: "standing estate"}}
}

// Verdicts lists what an opinion may say.
func Verdicts() []premises.Code {
	return []premises.Code{
		{Code: string(Agreed), ZH: "同意", EN: "agreed"},
		{Code: string(Conditional), ZH: "有条件同意", EN: "agreed with conditions"},
		{Code: string(Refused), ZH: "不同意", EN: "refused"},
	}
}

// Conclusions lists what a check may come to.
func Conclusions() []premises.Code {
	return []premises.Code{
		{Code: string(Compliant), ZH: "合标", EN: "compliant"},
		{Code: string(NotCompliant), ZH: "不合标", EN: "not compliant"},
		{Code: string(Open), ZH: "待定", EN: "open"},
	}
}

// Field is a field of a record as people are shown it.
type Field struct {
	premises.Code
	Unit string // a unit of the rules, such as m2; "" for none
}

// Fields lists the fields of an estate, then those of a phase and of a room, whose codes
// begin with what they are of.
func Fields() []Field {
	f := func(code, zh, en, unit string) Field { return Field{premises.Code{Code: code, ZH: zh, EN: en}, unit} }
	return []Field{
		f("name", "小区名称", "name", ""), f("place_name_id", "标准地名", "standard place name", ""), f("kind", "小区类别", "kind", ""),
		f("division_code", "所属村居", "community", ""), f("boundary", "范围", "boundary", ""), f("developer", "建设单位", "developer", ""),
		f("completed_on", "全部建成日期", "completed on", ""), f("households", "规划户数", "planned households", "households"),
		f("people", "规划人口", "planned people", "persons"), f("measured_people", "实有人口", "people as counted", "persons"),
		f("site_area", "用地面积", "site area", "m2"), f("housing_floor", "地上住宅建筑面积", "floor area of housing above ground", "m2"),
		f("floor_above", "地上总建筑面积", "all floor area above ground", "m2"), f("floor_below", "地下建筑面积", "floor area below ground", "m2"),
		f("phases", "分期", "phases", ""), f("rooms", "配建用房", "rooms", ""), f("conditions", "规划条件", "planning conditions", ""),
		f("plan", "批准方案", "approved plan", ""), f("provided", "配置项目", "what is provided", "items"),
		f("hub", "嵌入式综合服务体", "combined service hub", ""), f("note", "备注", "note", ""),
		f("phases.no", "期号", "phase", ""), f("phases.name", "名称", "name", ""), f("phases.households", "户数", "households", "households"),
		f("phases.housing_started_on", "住宅开工日期", "housing begun on", ""), f("phases.housing_accepted_on", "住宅验收日期", "housing accepted on", ""),
		f("rooms.name", "用房名称", "name", ""), f("rooms.building", "楼栋", "building", ""), f("rooms.floor", "楼层", "floor", ""), f("rooms.room_no", "房号", "room", ""),
		f("rooms.use", "规划用途", "planned use", ""), f("rooms.parts", "分用途面积", "area by use", ""), f("rooms.area", "建筑面积", "floor area", "m2"),
		f("rooms.land_share", "分摊用地面积", "share of land", "m2"), f("rooms.phase", "所在分期", "phase", ""),
		f("rooms.own_entrance", "独立出入口", "own entrance", ""), f("rooms.lift", "电梯或坡道", "lift or ramp", ""), f("rooms.position", "位置", "place", ""),
		f("rooms.present_use", "现状用途", "present use", ""), f("rooms.started_on", "开工日期", "begun on", ""), f("rooms.accepted_on", "验收日期", "accepted on", ""),
		f("rooms.handed_over_on", "移交日期", "handed over on", ""), f("rooms.ledger_id", "公建台账用房", "room of the ledger", ""),
	}
}

// Item is an estate as a person may see it.
type Item struct {
	Estate
	MayWrite bool // the reader keeps its record
}

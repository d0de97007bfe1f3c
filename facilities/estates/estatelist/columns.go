// Package estatelist owns how lists of new estates and of their planned rooms are written:
// which columns they have, what a row says, which estate and room it means among those that
// are there, and what a file would make of them. It is pure, and knows no file and no
// storage.
package estatelist

import (
	"yike/facilities/estates"
	"yike/facilities/lists"
	"yike/facilities/premises"
)

// Kind says how the cells of a column of a list are written.
type Kind string

// The kinds of columns.
const (
	AsText     Kind = "text"
	AsID       Kind = "id" // by which a record that is there is known
	AsPlace    Kind = "place"
	AsChoice   Kind = "choice"
	AsDay      Kind = "day"
	AsArea     Kind = "area"  // square metres, or what the heading or the cell says
	AsCount    Kind = "count" // households, people
	AsNumber   Kind = "number"
	AsTruth    Kind = "truth"    // 是 / 否
	AsDegrees  Kind = "degrees"  // of the coordinate system of the file
	AsParts    Kind = "parts"    // 社区服务 300（社区综合服务用房）；养老服务 100
	AsPhases   Kind = "phases"   // 一期 600户 2024-03-01开工 2026-05-01验收；二期 400户
	AsElements Kind = "elements" // several words of a list, with semicolons between them
)

// Column is a column of a list of estates or of rooms.
type Column struct {
	lists.Column
	Kind    Kind
	Choices []premises.Code // of AsChoice and AsElements
	Needed  bool            // of a record that is new
}

// column is a Column and the field of T that it fills: a pointer to it.
type column[T any] struct {
	Column
	at func(*T) any
}

func columnOf[T any](kind Kind, code, zh, en string, at func(*T) any, also ...string) column[T] {
	return column[T]{Column{Column: lists.Column{Code: code, ZH: zh, EN: en, Also: also}, Kind: kind}, at}
}

func (c column[T]) of(choices []premises.Code) column[T] {
	c.Choices = choices
	return c
}

func (c column[T]) needed() column[T] {
	c.Needed = true
	return c
}

func nowhere[T any](*T) any { return nil }

// divisionColumns name where an estate is.
func divisionColumns[T any]() []column[T] {
	return []column[T]{
		columnOf(AsPlace, lists.Subdistrict, "街镇", "subdistrict", nowhere[T], "街道", "镇街", "乡镇", "所属街镇", "所属街道", "街道办"),
		columnOf(AsPlace, lists.Community, "村居", "community", nowhere[T], "社区", "所属村居", "所属社区", "村（社区）", "居委会", "社区居委会"),
		columnOf(AsPlace, lists.DivisionCode, "辖区编码", "division code", nowhere[T], "区划代码"),
	}
}

// estateColumns are the columns of a list of estates in their order.
func estateColumns() []column[estates.Estate] {
	e := func(kind Kind, code, zh, en string, at func(*estates.Estate) any, also ...string) column[estates.Estate] {
		return columnOf(kind, code, zh, en, at, also...)
	}
	out := []column[estates.Estate]{
		e(AsID, "estate_id", "小区登记编号", "estate id", nowhere[estates.Estate], "登记编号"),
		e(AsText, "name", "小区名称", "name", func(e *estates.Estate) any { return &e.Name }, "项目名称", "楼盘名称", "住宅小区", "小区", "小区名", "项目", "estate", "estate name", "project", "名称").needed(),
		e(AsChoice, "kind", "小区类别", "kind", func(e *estates.Estate) any { return &e.Kind }, "类别", "新建或已建").of(estates.Kinds()),
	}
	out = append(out, divisionColumns[estates.Estate]()...)
	return append(out,
		e(AsText, "developer", "建设单位", "developer", func(e *estates.Estate) any { return &e.Developer }, "开发单位", "开发商", "开发企业", "开发建设单位", "建设主体"),
		e(AsText, "place_name_id", "标准地名编号", "standard place name", func(e *estates.Estate) any { return &e.PlaceNameID }, "地名编号", "地名代码"),
		e(AsCount, "households", "规划户数", "planned households", func(e *estates.Estate) any { return &e.Households }, "户数", "总户数", "住宅户数", "居住户数", "总套数", "住宅套数", "households"),
		e(AsCount, "people", "规划人口", "planned people", func(e *estates.Estate) any { return &e.People }, "居住人口", "规划居住人口", "规划人数", "人口"),
		e(AsCount, "measured_people", "实有人口", "people as counted", func(e *estates.Estate) any { return &e.Measured }, "常住人口", "实际居住人口", "入住人口"),
		e(AsArea, "site_area", "用地面积（㎡）", "site area (m²)", func(e *estates.Estate) any { return &e.SiteArea }, "总用地面积", "占地面积", "规划用地面积", "宗地面积", "建设用地面积", "项目用地面积"),
		e(AsArea, "housing_floor", "地上住宅建筑面积（㎡）", "floor area of housing above ground (m²)", func(e *estates.Estate) any { return &e.HousingFloor }, "住宅建筑面积", "住宅面积", "住宅总建筑面积", "housing floor area"),
		e(AsArea, "floor_above", "地上总建筑面积（㎡）", "all floor area above ground (m²)", func(e *estates.Estate) any { return &e.FloorAbove }, "地上建筑面积", "地上面积", "计容建筑面积", "floor area above ground"),
		e(AsArea, "floor_below", "地下建筑面积（㎡）", "floor area below ground (m²)", func(e *estates.Estate) any { return &e.FloorBelow }, "地下总建筑面积", "地下面积"),
		e(AsDay, "completed_on", "全部建成日期", "completed on", func(e *estates.Estate) any { return &e.CompletedOn }, "竣工日期", "竣工时间", "建成日期", "建成时间", "全部竣工日期", "交付日期"),
		e(AsPhases, "phases", "分期", "phases", func(e *estates.Estate) any { return &e.Phases }, "分期情况", "分期建设情况", "开发分期"),
		e(AsText, "conditions/number", "规划条件文号", "number of the planning conditions", func(e *estates.Estate) any { return &e.Conditions.Number }, "规划条件编号"),
		e(AsDay, "conditions/day", "规划条件日期", "day of the planning conditions", func(e *estates.Estate) any { return &e.Conditions.Day }),
		e(AsText, "conditions/title", "规划条件名称", "title of the planning conditions", func(e *estates.Estate) any { return &e.Conditions.Title }, "规划条件"),
		e(AsText, "plan/number", "批准方案文号", "number of the approved plan", func(e *estates.Estate) any { return &e.Plan.Number }, "方案批复文号", "规划方案批复文号"),
		e(AsDay, "plan/day", "方案批准日期", "day of the approved plan", func(e *estates.Estate) any { return &e.Plan.Day }, "方案批复日期"),
		e(AsText, "plan/title", "批准方案名称", "title of the approved plan", func(e *estates.Estate) any { return &e.Plan.Title }, "规划方案", "批准方案"),
		e(AsElements, "provided", "配置项目", "what is provided", func(e *estates.Estate) any { return &e.Provided }, "配套项目").of(estates.Elements()),
		e(AsArea, "hub/area", "综合服务体面积（㎡）", "area of the service hub (m²)", func(e *estates.Estate) any { return &hubOf(e).Area }, "嵌入式综合服务体面积"),
		e(AsElements, "hub/functions", "综合服务体功能", "functions of the service hub", func(e *estates.Estate) any { return &hubOf(e).Functions }, "嵌入式综合服务体功能").of(estates.Elements()),
		e(AsText, "note", "备注", "note", func(e *estates.Estate) any { return &e.Note }, "说明"),
	)
}

// hubOf gives the hub of e, which is its own to change.
func hubOf(e *estates.Estate) *estates.Hub {
	h := estates.Hub{}
	if e.Hub != nil {
		h = *e.Hub
	}
	e.Hub = &h
	return e.Hub
}

// roomColumns are the columns of a list of rooms in their order. The first ones say which
// estate a room is of.
func roomColumns() []column[estates.Room] {
	r := func(kind Kind, code, zh, en string, at func(*estates.Room) any, also ...string) column[estates.Room] {
		return columnOf(kind, code, zh, en, at, also...)
	}
	out := []column[estates.Room]{
		r(AsID, "estate_id", "小区登记编号", "estate id", nowhere[estates.Room]),
		r(AsPlace, "estate", "小区名称", "estate", nowhere[estates.Room], "所属小区", "项目名称", "所属项目", "楼盘名称", "住宅小区", "小区", "小区名", "项目", "estate name", "project").needed(),
	}
	out = append(out, divisionColumns[estates.Room]()...)
	approved := []premises.Code{}
	found := []premises.Code{}
	for _, u := range premises.Uses() {
		found = append(found, u.Code)
		if u.Approved {
			approved = append(approved, u.Code)
		}
	}
	return append(out,
		r(AsID, "room_id", "用房登记编号", "room id", nowhere[estates.Room]),
		r(AsText, "name", "用房名称", "name of the room", func(r *estates.Room) any { return &r.Name }, "房屋名称", "配建用房名称", "设施名称", "名称", "room name", "name"),
		r(AsChoice, "use", "规划用途", "planned use", func(r *estates.Room) any { return &r.Use }, "用途", "用房用途", "用房类型", "设施类型", "use").of(approved),
		r(AsText, "building", "楼栋", "building", func(r *estates.Room) any { return &r.Building }, "楼号", "栋号", "幢号", "所在楼栋"),
		r(AsText, "floor", "楼层", "floor", func(r *estates.Room) any { return &r.Floor }, "层", "所在楼层", "层数"),
		r(AsText, "room_no", "房号", "room number", func(r *estates.Room) any { return &r.RoomNo }, "房间号", "室号"),
		r(AsArea, "area", "建筑面积（㎡）", "floor area (m²)", func(r *estates.Room) any { return &r.Area }, "面积", "用房面积", "用房建筑面积", "area"),
		r(AsParts, "parts", "分用途面积", "area by use", func(r *estates.Room) any { return &r.Parts }, "分用途"),
		r(AsArea, "land_share", "分摊用地面积（㎡）", "share of land (m²)", func(r *estates.Room) any { return &r.Land }, "用地面积分摊", "土地分摊", "土地分摊面积", "用地面积"),
		r(AsNumber, "phase", "所在分期", "phase", func(r *estates.Room) any { return &r.Phase }, "分期", "期数", "期", "期次"),
		r(AsTruth, "own_entrance", "独立出入口", "own entrance", func(r *estates.Room) any { return &r.OwnEntrance }, "有独立出入口", "是否有独立出入口"),
		r(AsTruth, "lift", "电梯或坡道", "lift or ramp", func(r *estates.Room) any { return &r.Lift }, "电梯", "有无电梯", "是否有电梯", "无障碍电梯", "lift"),
		r(AsChoice, "present_use", "现状用途", "present use", func(r *estates.Room) any { return &r.PresentUse }, "现用途", "实际用途").of(found),
		r(AsDay, "started_on", "开工日期", "begun on", func(r *estates.Room) any { return &r.StartedOn }, "开工时间"),
		r(AsDay, "accepted_on", "验收日期", "accepted on", func(r *estates.Room) any { return &r.AcceptedOn }, "验收时间", "竣工验收日期", "竣工日期"),
		r(AsDay, "handed_over_on", "移交日期", "handed over on", func(r *estates.Room) any { return &r.HandedOverOn }, "移交时间"),
		r(AsDegrees, "lon", "经度", "longitude", nowhere[estates.Room], "百度经度", "高德经度", "GCJ02经度", "BD09经度", "lng"),
		r(AsDegrees, "lat", "纬度", "latitude", nowhere[estates.Room], "百度纬度", "高德纬度", "GCJ02纬度", "BD09纬度"),
	)
}

// EstateColumns are the columns of a list of estates in their order.
func EstateColumns() []Column { return shown(estateColumns()) }

// RoomColumns are the columns of a list of planned rooms in their order.
func RoomColumns() []Column { return shown(roomColumns()) }

func shown[T any](columns []column[T]) []Column {
	out := make([]Column, len(columns))
	for i, c := range columns {
		out[i] = c.Column
	}
	return out
}

// derivedHeads are the headings of files of ours that say what follows from others: they are
// passed over when a file comes back.
func derivedHeads() []string {
	return []string{"备注（不导入）", "Remarks (not imported)", "结论", "conclusion"}
}

package estates

import (
	"yike/facilities/lists"
	"yike/facilities/premises"
)

// ListKind says how the cells of a column of a list are written.
type ListKind string

// The kinds of columns.
const (
	ListText     ListKind = "text"
	ListID       ListKind = "id" // by which a record that is there is known
	ListPlace    ListKind = "place"
	ListChoice   ListKind = "choice"
	ListDay      ListKind = "day"
	ListArea     ListKind = "area"  // square metres, or what the heading or the cell says
	ListCount    ListKind = "count" // households, people
	ListNumber   ListKind = "number"
	ListTruth    ListKind = "truth"    // 是 / 否
	ListDegrees  ListKind = "degrees"  // of the coordinate system of the file
	ListParts    ListKind = "parts"    // 社区服务 300（社区综合服务用房）；养老服务 100
	ListPhases   ListKind = "phases"   // 一期 600户 2024-03-01开工 2026-05-01验收；二期 400户
	ListElements ListKind = "elements" // several words of a list, with semicolons between them
)

// ListColumn is a column of a list of estates or of rooms.
type ListColumn struct {
	lists.Column
	Kind    ListKind
	Choices []premises.Code // of ListChoice and ListElements
	Needed  bool            // of a record that is new
}

// column is a ListColumn and the field of T that it fills: a pointer to it.
type column[T any] struct {
	ListColumn
	at func(*T) any
}

func columnOf[T any](kind ListKind, code, zh, en string, at func(*T) any, also ...string) column[T] {
	return column[T]{ListColumn{Column: lists.Column{Code: code, ZH: zh, EN: en, Also: also}, Kind: kind}, at}
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
		columnOf(ListPlace, lists.Subdistrict, "街镇", "subdistrict", nowhere[T], "街道", "镇街", "乡镇", "所属街镇", "所属街道", "街道办"),
		columnOf(ListPlace, lists.Community, "村居", "community", nowhere[T], "社区", "所属村居", "所属社区", "村（社区）", "居委会", "社区居委会"),
		columnOf(ListPlace, lists.DivisionCode, "辖区编码", "division code", nowhere[T], "区划代码"),
	}
}

// estateColumns are the columns of a list of estates in their order.
func estateColumns() []column[Estate] {
	e := func(kind ListKind, code, zh, en string, at func(*Estate) any, also ...string) column[Estate] {
		return columnOf(kind, code, zh, en, at, also...)
	}
	out := []column[Estate]{
		e(ListID, "id", "小区登记编号", "record id", nowhere[Estate], "登记编号", "estate id"),
		e(ListText, "name", "小区名称", "name", func(e *Estate) any { return &e.Name }, "项目名称", "楼盘名称", "住宅小区", "小区", "项目", "estate", "estate name", "project", "名称").needed(),
		e(ListChoice, "kind", "小区类别", "kind", func(e *Estate) any { return &e.Kind }, "类别", "新建或已建").of(Kinds()),
	}
	out = append(out, divisionColumns[Estate]()...)
	return append(out,
		e(ListText, "developer", "建设单位", "developer", func(e *Estate) any { return &e.Developer }, "开发单位", "开发商", "开发企业", "开发建设单位", "建设主体"),
		e(ListText, "place_name_id", "标准地名编号", "standard place name", func(e *Estate) any { return &e.PlaceNameID }, "地名编号", "地名代码"),
		e(ListCount, "households", "规划户数", "planned households", func(e *Estate) any { return &e.Households }, "户数", "总户数", "住宅户数", "居住户数", "总套数", "住宅套数", "households"),
		e(ListCount, "people", "规划人口", "planned people", func(e *Estate) any { return &e.People }, "居住人口", "规划居住人口", "规划人数", "人口"),
		e(ListCount, "measured_people", "实有人口", "people as counted", func(e *Estate) any { return &e.Measured }, "常住人口", "实际居住人口", "入住人口"),
		e(ListArea, "site_area", "用地面积（㎡）", "site area (m²)", func(e *Estate) any { return &e.SiteArea }, "总用地面积", "占地面积", "规划用地面积", "宗地面积", "建设用地面积", "项目用地面积"),
		e(ListArea, "housing_floor", "地上住宅建筑面积（㎡）", "floor area of housing above ground (m²)", func(e *Estate) any { return &e.HousingFloor }, "住宅建筑面积", "住宅面积", "住宅总建筑面积", "housing floor area"),
		e(ListArea, "floor_above", "地上总建筑面积（㎡）", "all floor area above ground (m²)", func(e *Estate) any { return &e.FloorAbove }, "地上建筑面积", "地上面积", "计容建筑面积", "floor area above ground"),
		e(ListArea, "floor_below", "地下建筑面积（㎡）", "floor area below ground (m²)", func(e *Estate) any { return &e.FloorBelow }, "地下总建筑面积", "地下面积"),
		e(ListDay, "completed_on", "全部建成日期", "completed on", func(e *Estate) any { return &e.CompletedOn }, "竣工日期", "竣工时间", "建成日期", "建成时间", "全部竣工日期", "交付日期"),
		e(ListPhases, "phases", "分期", "phases", func(e *Estate) any { return &e.Phases }, "分期情况", "分期建设情况", "开发分期"),
		e(ListText, "conditions/number", "规划条件文号", "number of the planning conditions", func(e *Estate) any { return &e.Conditions.Number }, "规划条件编号"),
		e(ListDay, "conditions/day", "规划条件日期", "day of the planning conditions", func(e *Estate) any { return &e.Conditions.Day }),
		e(ListText, "conditions/title", "规划条件名称", "title of the planning conditions", func(e *Estate) any { return &e.Conditions.Title }, "规划条件"),
		e(ListText, "plan/number", "批准方案文号", "number of the approved plan", func(e *Estate) any { return &e.Plan.Number }, "方案批复文号", "规划方案批复文号"),
		e(ListDay, "plan/day", "方案批准日期", "day of the approved plan", func(e *Estate) any { return &e.Plan.Day }, "方案批复日期"),
		e(ListText, "plan/title", "批准方案名称", "title of the approved plan", func(e *Estate) any { return &e.Plan.Title }, "规划方案", "批准方案"),
		e(ListElements, "provided", "配置项目", "what is provided", func(e *Estate) any { return &e.Provided }, "配套项目").of(Elements()),
		e(ListArea, "hub/area", "综合服务体面积（㎡）", "area of the service hub (m²)", func(e *Estate) any { return &e.ownHub().Area }, "嵌入式综合服务体面积"),
		e(ListElements, "hub/functions", "综合服务体功能", "functions of the service hub", func(e *Estate) any { return &e.ownHub().Functions }, "嵌入式综合服务体功能").of(Elements()),
		e(ListText, "note", "备注", "note", func(e *Estate) any { return &e.Note }, "说明"),
	)
}

// ownHub gives the hub of e, which is its own to change.
func (e *Estate) ownHub() *Hub {
	h := Hub{}
	if e.Hub != nil {
		h = *e.Hub
	}
	e.Hub = &h
	return e.Hub
}

// roomColumns are the columns of a list of rooms in their order. The first ones say which
// estate a room is of.
func roomColumns() []column[Room] {
	r := func(kind ListKind, code, zh, en string, at func(*Room) any, also ...string) column[Room] {
		return columnOf(kind, code, zh, en, at, also...)
	}
	out := []column[Room]{
		r(ListID, "estate_id", "小区登记编号", "estate id", nowhere[Room]),
		r(ListPlace, "estate", "小区名称", "estate", nowhere[Room], "所属小区", "项目名称", "所属项目", "楼盘名称", "住宅小区", "小区", "项目", "estate name", "project").needed(),
	}
	out = append(out, divisionColumns[Room]()...)
	approved := []premises.Code{}
	found := []premises.Code{}
	for _, u := range premises.Uses() {
		found = append(found, u.Code)
		if u.Approved {
			approved = append(approved, u.Code)
		}
	}
	return append(out,
		r(ListID, "id", "用房登记编号", "room id", nowhere[Room]),
		r(ListText, "name", "用房名称", "name of the room", func(r *Room) any { return &r.Name }, "房屋名称", "配建用房名称", "设施名称", "名称", "room name", "name"),
		r(ListChoice, "use", "规划用途", "planned use", func(r *Room) any { return &r.Use }, "用途", "用房用途", "用房类型", "设施类型", "use").of(approved),
		r(ListText, "building", "楼栋", "building", func(r *Room) any { return &r.Building }, "楼号", "栋号", "幢号", "所在楼栋"),
		r(ListText, "floor", "楼层", "floor", func(r *Room) any { return &r.Floor }, "层", "所在楼层", "层数"),
		r(ListText, "room_no", "房号", "room number", func(r *Room) any { return &r.RoomNo }, "房间号", "室号"),
		r(ListArea, "area", "建筑面积（㎡）", "floor area (m²)", func(r *Room) any { return &r.Area }, "面积", "用房面积", "用房建筑面积", "area"),
		r(ListParts, "parts", "分用途面积", "area by use", func(r *Room) any { return &r.Parts }, "分用途"),
		r(ListArea, "land_share", "分摊用地面积（㎡）", "share of land (m²)", func(r *Room) any { return &r.Land }, "用地面积分摊", "土地分摊", "土地分摊面积", "用地面积"),
		r(ListNumber, "phase", "所在分期", "phase", func(r *Room) any { return &r.Phase }, "分期", "期数", "期", "期次"),
		r(ListTruth, "own_entrance", "独立出入口", "own entrance", func(r *Room) any { return &r.OwnEntrance }, "有独立出入口", "是否有独立出入口"),
		r(ListTruth, "lift", "电梯或坡道", "lift or ramp", func(r *Room) any { return &r.Lift }, "电梯", "有无电梯", "是否有电梯", "无障碍电梯", "lift"),
		r(ListChoice, "present_use", "现状用途", "present use", func(r *Room) any { return &r.PresentUse }, "现用途", "实际用途").of(found),
		r(ListDay, "started_on", "开工日期", "begun on", func(r *Room) any { return &r.StartedOn }, "开工时间"),
		r(ListDay, "accepted_on", "验收日期", "accepted on", func(r *Room) any { return &r.AcceptedOn }, "验收时间", "竣工验收日期", "竣工日期"),
		r(ListDay, "handed_over_on", "移交日期", "handed over on", func(r *Room) any { return &r.HandedOverOn }, "移交时间"),
		r(ListDegrees, "lon", "经度", "longitude", nowhere[Room], "百度经度", "高德经度", "GCJ02经度", "BD09经度", "lng"),
		r(ListDegrees, "lat", "纬度", "latitude", nowhere[Room], "百度纬度", "高德纬度", "GCJ02纬度", "BD09纬度"),
	)
}

// EstateListColumns are the columns of a list of estates in their order.
func EstateListColumns() []ListColumn { return shown(estateColumns()) }

// RoomListColumns are the columns of a list of planned rooms in their order.
func RoomListColumns() []ListColumn { return shown(roomColumns()) }

func shown[T any](columns []column[T]) []ListColumn {
	out := make([]ListColumn, len(columns))
	for i, c := range columns {
		out[i] = c.ListColumn
	}
	return out
}

// derivedHeads are the headings of files of ours that say what follows from others: they are
// passed over when a file comes back.
func derivedHeads() []string {
	return []string{"备注（不导入）", "Remarks (not imported)", "结论", "conclusion"}
}

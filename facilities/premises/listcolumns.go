package premises

// ListKind says how the cells of a column of a list are written.
type ListKind string

// The kinds of columns.
const (
	ListText    ListKind = "text"
	ListChoice  ListKind = "choice"
	ListDay     ListKind = "day"
	ListArea    ListKind = "area"    // square metres
	ListDegrees ListKind = "degrees" // of WGS 84
	ListTexts   ListKind = "texts"   // several, with semicolons between them
	ListParts   ListKind = "parts"   // 社区服务 300（社区综合服务用房）；养老服务 100
)

// ListColumn is a column of a list of rooms, as it is written and read back.
type ListColumn struct {
	Code    string // the field as the API calls it; subdistrict and community name its division
	ZH, EN  string // the heading
	Kind    ListKind
	Choices []Code   // of ListChoice
	Needed  bool     // of a room that is new
	Also    []string // headings that people use, too
}

// ListColumns are the columns of a list of rooms in their order.
func ListColumns() []ListColumn {
	approved := []Code{}
	found := []Code{}
	for _, u := range Uses() {
		found = append(found, u.Code)
		if u.Approved {
			approved = append(approved, u.Code)
		}
	}
	return []ListColumn{
		{Code: "ledger_no", ZH: "台账编号", EN: "ledger number", Kind: ListText, Needed: true, Also: []string{"编号", "用房编号", "number"}},
		{Code: "name", ZH: "名称", EN: "name", Kind: ListText, Needed: true, Also: []string{"用房名称", "房屋名称"}},
		{Code: "subdistrict", ZH: "街镇", EN: "subdistrict", Kind: ListText, Also: []string{"街道", "镇街", "所属街镇", "所属街道"}},
		{Code: "community", ZH: "村居", EN: "community", Kind: ListText, Needed: true, Also: []string{"社区", "所属村居", "所属社区", "村（社区）"}},
		{Code: "division_code", ZH: "辖区编码", EN: "division code", Kind: ListText},
		{Code: "estate", ZH: "小区", EN: "estate", Kind: ListText, Also: []string{"小区名称", "住宅小区", "项目"}},
		{Code: "building", ZH: "楼栋", EN: "building", Kind: ListText, Also: []string{"楼号", "栋号"}},
		{Code: "floor", ZH: "楼层", EN: "floor", Kind: ListText, Also: []string{"层"}},
		{Code: "room_no", ZH: "房号", EN: "room number", Kind: ListText, Also: []string{"房间号", "室号"}},
		{Code: "address", ZH: "地址", EN: "address", Kind: ListText, Also: []string{"坐落", "详细地址"}},
		{Code: "owner", ZH: "产权单位", EN: "owner", Kind: ListText, Also: []string{"权属", "权属单位", "产权人"}},
		{Code: "title", ZH: "产权状况", EN: "title", Kind: ListChoice, Choices: Titles()},
		{Code: "obtained_by", ZH: "取得方式", EN: "obtained by", Kind: ListChoice, Choices: Ways()},
		{Code: "approved_use", ZH: "批准用途", EN: "approved use", Kind: ListChoice, Choices: approved, Also: []string{"规划用途", "批复用途"}},
		{Code: "present_use", ZH: "现用途", EN: "present use", Kind: ListChoice, Choices: found, Also: []string{"现状用途", "实际用途"}},
		{Code: "area_m2", ZH: "建筑面积（㎡）", EN: "floor area (m²)", Kind: ListArea, Also: []string{"面积"}},
		{Code: "parts", ZH: "分用途", EN: "split by use", Kind: ListParts},
		{Code: "land_share_m2", ZH: "土地分摊（㎡）", EN: "share of the land (m²)", Kind: ListArea, Also: []string{"土地分摊面积"}},
		{Code: "state", ZH: "移交状态", EN: "hand-over", Kind: ListChoice, Choices: States(), Needed: true, Also: []string{"移交情况"}},
		{Code: "planned_on", ZH: "规划批准日期", EN: "planned on", Kind: ListDay},
		{Code: "built_on", ZH: "建成日期", EN: "built on", Kind: ListDay},
		{Code: "accepted_on", ZH: "验收日期", EN: "accepted on", Kind: ListDay},
		{Code: "handed_over_on", ZH: "移交日期", EN: "handed over on", Kind: ListDay},
		{Code: "withdrawn_on", ZH: "退出日期", EN: "withdrawn on", Kind: ListDay},
		{Code: "key_holder", ZH: "钥匙保管", EN: "key-holder", Kind: ListText, Also: []string{"钥匙保管人", "钥匙保管单位", "保管单位"}},
		{Code: "key_contact", ZH: "保管人联系方式", EN: "contact of the key-holder", Kind: ListText, Also: []string{"联系方式", "联系电话"}},
		{Code: "lon", ZH: "经度", EN: "longitude", Kind: ListDegrees},
		{Code: "lat", ZH: "纬度", EN: "latitude", Kind: ListDegrees},
		{Code: "documents", ZH: "文件依据", EN: "documents", Kind: ListTexts},
		{Code: "note", ZH: "备注", EN: "note", Kind: ListText},
	}
}

// derived are the headings of a list that say what follows from others: they are passed
// over when it comes back.
func derived() []string {
	return []string{"入驻设施", "facility in it", "上次检查", "last inspected", "整改期限", "to be put right by", "台账缺项", "facts missing", "备注（不导入）"}
}

package namelist

import (
	"strings"

	"yike/facilities/lists"
)

// Columns are the fields of a list of names as the headings of registers call them. The first
// Chinese heading is that of our own files.
func Columns() []lists.Column {
	return []lists.Column{
		{Code: "id", ZH: "标识", EN: "Id", Also: []string{"地名标识", "记录编号"}},
		{Code: "text", ZH: "标准名称", EN: "Standard name", Also: []string{"标准地名", "地名", "地名名称", "名称", "道路名称", "街巷名称", "桥梁名称", "小区名称", "标准地名名称", "汉字名称", "name"}},
		{Code: "roman", ZH: "罗马字母拼写", EN: "Roman spelling", Also: []string{"罗马字母", "汉语拼音", "拼音", "汉语拼音拼写", "地名拼音", "罗马字母拼写形式", "pinyin", "roman"}},
		{Code: "kind", ZH: "地名类别", EN: "Kind", Also: []string{"种类", "类别", "地名类型", "类型", "地名小类", "小类", "类别名称", "地名类别名称", "地名种类"}},
		{Code: "specific", ZH: "专名", EN: "Specific part"},
		{Code: "modifier", ZH: "修饰字", EN: "Modifier", Also: []string{"修饰词"}},
		{Code: "generic", ZH: "通名", EN: "Generic"},
		{Code: "state", ZH: "状态", EN: "State", Also: []string{"使用状态", "地名状态", "现状", "使用情况"}},
		{Code: "divisions", ZH: "所在行政区", EN: "Divisions", Also: []string{
			"所在政区", "所属政区", "所属行政区", "行政区划", "所在行政区划", "所在(跨)行政区", "所在跨行政区", "所属行政区域", "所在街道", "所属街道", "街镇", "所属街镇", "乡镇街道", "所在乡镇", "辖区", "政区代码", "行政区划代码",
		}},
		{Code: "built_up_area", ZH: "建成区", EN: "Built-up area", Also: []string{"所在建成区"}},
		{Code: "from", ZH: "起点", EN: "From", Also: []string{"起点位置", "起始点", "起于", "起点名称", "东起", "南起"}},
		{Code: "to", ZH: "止点", EN: "To", Also: []string{"终点", "止点位置", "终点位置", "止于", "终止点", "讫点", "终点名称", "西至", "北至"}},
		{Code: "via", ZH: "途经", EN: "By way of", Also: []string{"途径", "途经点", "途经道路"}},
		{Code: "position", ZH: "位置描述", EN: "Position", Also: []string{"起止和位置", "地理位置", "所在位置", "位置", "坐落", "地理位置描述", "位置说明", "所在位置描述"}},
		{Code: "length_m", ZH: "长度", EN: "Length", Also: spelled("长度", "全长", "道路长度", "长")},
		{Code: "width_m", ZH: "宽度", EN: "Width", Also: spelled("宽度", "红线宽度", "路宽", "道路宽度", "宽")},
		{Code: "site_m2", ZH: "占地面积", EN: "Site area", Also: []string{"用地面积", "面积"}},
		{Code: "floor_m2", ZH: "建筑面积", EN: "Floor area", Also: []string{"总建筑面积"}},
		{Code: "height_m", ZH: "高度", EN: "Height", Also: spelled("高度", "建筑高度")},
		{Code: "floors", ZH: "层数", EN: "Floors", Also: []string{"楼层数"}},
		{Code: "meaning", ZH: "含义", EN: "Meaning", Also: []string{"地名含义", "地名的含义", "名称含义", "命名含义"}},
		{Code: "origin", ZH: "来历", EN: "Origin", Also: []string{"地名来历", "地名的来历", "由来", "地名由来", "名称由来", "命名由来", "命名缘由"}},
		{Code: "history", ZH: "历史沿革", EN: "History", Also: []string{"沿革", "地名的历史沿革", "地名沿革", "历史演变"}},
		{Code: "former", ZH: "曾用名", EN: "Former names", Also: []string{"原名", "原名称", "历史地名", "曾用名称", "旧名"}},
		{Code: "aliases", ZH: "别名", EN: "Other names", Also: []string{"别称", "又称", "又名", "其他名称"}},
		{Code: "short", ZH: "简称", EN: "Short name"},
		{Code: "colloquial", ZH: "俗称", EN: "Colloquial name", Also: []string{"俗名"}},
		{Code: "number", ZH: "批准文号", EN: "Document number", Also: []string{"文号", "批文号", "批准文件文号", "审批文号", "命名文号", "批准文件号"}},
		{Code: "day", ZH: "批准时间", EN: "Decided on", Also: []string{"批准日期", "决定日期", "命名时间", "命名日期", "审批时间", "审批日期", "批准年月", "发布日期"}},
		{Code: "body", ZH: "批准机关", EN: "Authority", Also: []string{"批准单位", "审批机关", "命名机关", "决定机关", "批准部门", "审批单位"}},
		{Code: "title", ZH: "批准文件", EN: "Document", Also: []string{"批准文件名称", "文件名称", "决定文件", "依据", "资料来源", "数据来源"}},
		{Code: "lon", ZH: "经度", EN: "Longitude", Also: []string{"东经", "x", "lng", "高德经度", "百度经度", "中心点经度", "中心经度"}},
		{Code: "lat", ZH: "纬度", EN: "Latitude", Also: []string{"北纬", "y", "高德纬度", "百度纬度", "中心点纬度", "中心纬度"}},
		{Code: "coordinates", ZH: "坐标", EN: "Coordinates", Also: []string{"经纬度", "坐标(经度,纬度)", "地理坐标", "中心坐标", "中心点坐标"}},
		{Code: "note", ZH: "备注", EN: "Note", Also: []string{"说明"}},
	}
}

// derived are headings of our own files that nobody reads back.
func derived() []string {
	return []string{"类别", "Class", "保护名录", "Protected by", "序号", "编号", "No."}
}

// spelled are headings of lengths with the units that people put behind them.
func spelled(heads ...string) []string {
	var out []string
	for i, head := range heads {
		if i > 0 {
			out = append(out, head)
		}
		for _, unit := range []string{"米", "m", "公里", "千米", "km"} {
			out = append(out, head+"("+unit+")")
		}
	}
	return out
}

// metres are units of length in metres.
func metres() map[string]float64 {
	return map[string]float64{"": 1, "米": 1, "m": 1, "公里": 1000, "千米": 1000, "km": 1000, "厘米": 0.01, "cm": 0.01}
}

// unitIn is the unit of length that a heading ends with, if it is not metres: 长度（公里）.
func unitIn(head string) string {
	key := strings.TrimSuffix(lists.Key(head), "*")
	for _, unit := range []string{"公里", "千米", "km"} {
		if strings.HasSuffix(key, "("+unit+")") || strings.HasSuffix(key, "/"+unit) {
			return unit
		}
	}
	return ""
}

package address

// kind is what a generic end makes of a name.
type kind uint8

const (
	none kind = iota
	province
	city
	district
	town
	community
	road
	estate
	place
)

// longest is the longest generic end in characters.
const longest = 6

// ending finds the generic end of a name: what it is, and of how many characters. The
// longest end counts.
func ending(name []rune) (kind, int) {
	for n := min(longest, len(name)-1); n > 0; n-- {
		if k := generic(string(name[len(name)-n:])); k != none {
			return k, n
		}
	}
	return none, 0
}

// generic knows the words that names end with.
func generic(word string) kind {
	switch word {
	case "省", "自治区", "特别行政区":
		return province
	case "市", "自治州", "地区", "盟":
		return city
	case "区", "县", "旗", "自治县":
		return district
	case "街道办事处", "街道办", "街道", "镇", "乡", "民族乡", "苏木", "地区办事处":
		return town
	case "社区居民委员会", "社区居委会", "居民委员会", "居委会", "村民委员会", "村委会", "社区", "村", "嘎查", "行政村", "自然村":
		return community
	case "路", "街", "道", "巷", "大街", "大道", "公路", "马路", "胡同", "支路", "环路", "快速路", "高架路", "环线", "条", "弄堂", "里弄", "堤", "国道", "省道", "县道":
		return road
	case "小区", "花园", "家园", "公寓", "新城", "新苑", "雅居", "新村", "别墅", "山庄", "家属院", "宿舍", "大院", "嘉园", "佳园", "嘉苑", "佳苑",
		"华府", "名苑", "名都", "名邸", "豪庭", "华庭", "馨苑", "雅苑", "家属区", "生活区", "安置房", "还迁房", "住宅楼", "庄园", "城邦", "苑", "园",
		"里", "城", "府", "庭", "居", "湾", "轩", "阁", "郡", "邸", "坊", "墅", "院":
		return estate
	}
	return placeEnd(word)
}

// placeEnd knows the ends of other places.
func placeEnd(word string) kind {
	switch word {
	case "大厦", "大楼", "商厦", "写字楼", "综合楼", "办公楼", "教学楼", "广场", "中心", "宾馆", "酒店", "饭店", "商场", "商城", "超市", "市场", "菜市场", "百货",
		"医院", "学校", "小学", "中学", "大学", "学院", "幼儿园", "公园", "派出所", "卫生院", "卫生所", "卫生室", "卫生站", "卫生服务站", "银行", "支行", "教堂", "寺", "庙",
		"影院", "剧院", "体育馆", "体育场", "文化馆", "文化站", "图书馆", "博物馆", "车站", "地铁站", "公交站", "火车站", "政府", "法院", "公司", "工厂",
		"养老院", "敬老院", "福利院", "食堂", "服务站", "活动室", "活动站", "门诊部", "加油站", "产业园", "工业园", "开发区", "高新区", "工业区", "园区", "大桥", "立交桥", "桥",
		"老年公寓", "幸福院", "殡仪馆", "骨灰堂", "公墓", "陵园", "站", "馆", "厂":
		return place
	}
	return none
}

// after reports whether a word may stand right behind a road's end and make it part of a
// longer name: 解放路小学, 学府路社区, 花园路.
func after(r []rune) bool {
	for n := min(longest, len(r)); n > 0; n-- {
		switch k := generic(string(r[:n])); {
		case k == none:
		case n > 1, k == road, k == town, k == community:
			return true
		case string(r[:n]) == "里", string(r[:n]) == "桥", string(r[:n]) == "站", string(r[:n]) == "园":
			return true
		}
	}
	return false
}

// relationAt finds a word of place that r begins with, and how many characters it has.
func relationAt(r []rune) (Relation, int) {
	for n := min(4, len(r)); n > 0; n-- {
		if rel, ok := relation(string(r[:n])); ok {
			return rel, n
		}
	}
	return At, 0
}

func relation(word string) (Relation, bool) {
	switch word {
	case "院内", "内", "里面", "大院内", "楼内", "小区内", "园内", "校内", "村内", "室内", "内部", "里侧", "中":
		return Inside, true
	case "东门", "西门", "南门", "北门", "大门", "正门", "后门", "侧门", "门口", "门前", "东门口", "西门口", "南门口", "北门口", "入口", "出口", "大门口":
		return Gate, true
	case "旁", "旁边", "隔壁", "底商", "楼下", "侧", "邻", "紧邻", "西邻", "东邻", "南邻", "北邻", "前", "后", "前面", "后面", "后身", "后侧", "前侧", "一侧", "门脸", "临街":
		return Beside, true
	case "交叉口", "交口", "交汇处", "交界处", "交汇口", "路口", "十字路口", "口", "交叉路口", "丁字路口", "拐角", "转角", "街口", "巷口", "相交处", "交会处":
		return Crossing, true
	case "对面", "对过", "对门", "斜对面", "斜对过", "正对面", "马路对面":
		return Opposite, true
	case "东侧", "西侧", "南侧", "北侧", "以东", "以西", "以南", "以北", "东南侧", "东北侧", "西南侧", "西北侧", "东边", "西边", "南边", "北边", "东南角",
		"东北角", "西南角", "西北角", "东头", "西头", "南头", "北头", "路东", "路西", "路南", "路北", "东段", "西段", "南段", "北段", "中段", "沿线", "东南", "东北", "西南", "西北":
		return Side, true
	case "附近", "周边", "一带", "沿街", "不远处", "之间", "方向":
		return Near, true
	}
	return At, false
}

// surest gives the relation that leaves more open.
func surest(a, b Relation) Relation {
	order := func(r Relation) int {
		for i, known := range []Relation{At, Inside, Gate, Beside, Crossing, Opposite, Side, Near} {
			if r == known {
				return i
			}
		}
		return 0
	}
	if order(b) > order(a) {
		return b
	}
	return a
}

package placenames

// DecisionKinds lists what documents decide, with their words.
func DecisionKinds() []Code {
	return []Code{
		{string(Naming), "命名", "naming"},
		{string(Renaming), "更名", "renaming"},
		{string(Retirement), "注销", "retirement"},
		{string(Annulment), "撤销、取缔", "annulment"},
		{string(Ruling), "复议决定、判决", "ruling"},
		{string(Observed), "普查或旧册所见，未经审定", "found in use or in an old register"},
	}
}

// AliasKinds lists the kinds of aliases with their words.
func AliasKinds() []Code {
	return []Code{
		{string(Short), "简称", "short form"},
		{string(Colloquial), "俗称", "colloquial"},
		{string(Historic), "历史名称", "historic"},
		{string(Foreign), "少数民族语名称", "in another language of the country"},
		{string(Promotion), "推广名", "promotional, not approved"},
	}
}

// Measure is a size of a place with its unit: m, m2, floors or percent.
type Measure struct {
	Code
	Unit string
}

// Measures lists the sizes of a place, by the names that they have in Size.
func Measures() []Measure {
	return []Measure{
		{Code{"length_m", "长度", "length"}, "m"},
		{Code{"width_m", "红线宽度", "width between the red lines"}, "m"},
		{Code{"site_m2", "占地面积", "site area"}, "m2"},
		{Code{"floor_m2", "地上建筑面积", "floor area above ground"}, "m2"},
		{Code{"housing_m2", "其中住宅", "of it housing"}, "m2"},
		{Code{"open_m2", "公共开敞空间", "public open ground"}, "m2"},
		{Code{"height_m", "高度", "height"}, "m"},
		{Code{"floors", "层数", "floors"}, "floors"},
		{Code{"green_pct", "绿地率", "green ratio"}, "percent"},
	}
}

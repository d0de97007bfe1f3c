package likeness

import (
	"cmp"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/hanzi"
)

// function is what a name says that a place is for. Two places in one house with one
// community's name are two where their functions differ.
type function string

// The functions, each of one or more facility types.
const (
	meals       function = "meals"
	dayCare     function = "day care"
	centre      function = "centre"
	station     function = "station"
	institution function = "institution"
	rural       function = "rural"
	columbarium function = "columbarium"
	cemetery    function = "cemetery"
	funeral     function = "funeral"
	children    function = "children"
	community   function = "community"
	unknown     function = ""
)

// end is a generic end of a facility's name.
type end struct {
	word     string
	function function
}

// functionOf is the function of a facility type; types without an entry are their own.
func functionOf(t facilities.Type) function {
	switch t {
	case "elderly_canteen", "meal_point":
		return meals
	case "day_care_centre":
		return dayCare
	case "elderly_centre", "elderly_guidance":
		return centre
	case "elderly_station":
		return station
	case "elderly_institution", "support_institution":
		return institution
	case "rural_elderly_centre":
		return rural
	case "columbarium":
		return columbarium
	case "cemetery":
		return cemetery
	case "funeral_parlour", "funeral_station":
		return funeral
	case "child_space", "minor_protection", "child_welfare_home":
		return function(t)
	}
	return function(t)
}

// endsOf lists the ends of names, the longest first: those of the catalogue and those that
// people write instead.
func endsOf(types []facilities.TypeInfo) []end {
	var out []end
	for f, words := range map[function]string{
		meals: `老人家食堂 老年食堂 老年人食堂 长者食堂 敬老食堂 社区食堂 幸福食堂 爱心食堂 养老食堂 助老食堂 助餐点 助餐服务点 老年助餐点 老年人助餐点 老年助餐服务点 长者助餐点 助餐中心
			老年助餐中心 配餐点 送餐点 长者饭堂 长者餐厅 老年餐厅 老年餐桌 老年人餐桌 食堂 饭堂 餐厅 餐桌 助餐站`,
		dayCare: `日间照料中心 日间照料服务中心 日照中心 老年日间照料中心 老年人日间照料中心 老年人日间照料服务中心 日间照料站 日间照料室 日托中心 托老所 日间照料`,
		centre:  `综合为老服务中心 为老服务中心 综合养老服务中心 养老综合服务中心 养老服务综合体 区域养老服务中心 居家养老指导中心 智慧养老服务中心`,
		station: `养老服务站 居家养老服务站 居家养老服务中心 社区养老服务站 养老驿站 养老服务驿站 养老服务中心 居家养老服务点`,
		institution: `养老院 敬老院 老年公寓 护理院 养护院 颐养院 福利院 社会福利院 老年养护院 养老中心 养老公寓 康养中心 养老机构 老人院 安养院 托养中心
			养老服务有限公司 养老有限公司 养老服务公司`,
		rural:       `农村互助幸福院 互助幸福院 农村幸福院 幸福院 养老大院 互助养老院 农村互助养老院 养老幸福院`,
		columbarium: `骨灰堂 骨灰楼 骨灰安放堂 骨灰存放处 安息堂 怀念堂 骨灰安放处 村级骨灰堂 公益性骨灰堂 骨灰寄存处`,
		cemetery:    `公益性公墓 公墓 陵园 墓园 墓地 公益性墓地`,
		funeral:     `殡仪馆 殡仪服务站 殡仪服务中心`,
		children:    ``,
		community:   `党群服务中心 社区服务中心 社区服务站 综合服务用房 社区用房 便民服务中心 社区综合服务中心`,
	} {
		for word := range strings.FieldsSeq(words) {
			out = append(out, end{word, f})
		}
	}
	for _, t := range types {
		out = append(out, end{hanzi.Arabic(hanzi.Fold(t.ZH)), functionOf(t.Type)})
	}
	slices.SortFunc(out, func(a, b end) int {
		return cmp.Or(cmp.Compare(len(b.word), len(a.word)), cmp.Compare(a.word, b.word), cmp.Compare(a.function, b.function))
	})
	return out
}

// takeEnd takes the generic end off a name, and what often stands before it.
func (f *Finder) takeEnd(name string) (rest string, what function) {
	for _, e := range f.ends {
		if cut, found := strings.CutSuffix(name, e.word); found {
			return trimMiddle(cut), e.function
		}
	}
	return name, unknown
}

// trimMiddle takes off what is neither of the name nor of the function: 友谊老年(食堂).
func trimMiddle(name string) string {
	for again := true; again; {
		again = false
		for _, word := range []string{"老年人", "老年", "老人", "长者", "居家养老", "社区", "社会", "村级", "公益性", "综合", "示范", "智慧", "级", "的"} {
			if cut, found := strings.CutSuffix(name, word); found && cut != "" {
				name, again = cut, true
			}
		}
	}
	return name
}

// bareDivision is the name that people call a division by.
func bareDivision(key string) string {
	for _, e := range []string{"社区居委会", "居委会", "村委会", "街道办事处", "街道", "社区", "地区", "镇", "乡", "村", "街"} {
		if cut, found := strings.CutSuffix(key, e); found && len([]rune(cut)) >= 2 {
			return cut
		}
	}
	return key
}

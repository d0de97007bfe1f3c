package indicators

import (
	"fmt"
	"slices"
	"strconv"

	"yike/facilities"
	"yike/geo/divisions"
)

// tree tells which division of a level holds another.
type tree struct {
	byCode map[string]divisions.Division
}

func treeOf(list []divisions.Division) tree {
	t := tree{byCode: make(map[string]divisions.Division, len(list))}
	for _, d := range list {
		t.byCode[d.Code] = d
	}
	return t
}

// up gives the code of the division of a level that a code is or lies in; "" for none.
func (t tree) up(code string, level divisions.Level) string {
	for range len(divisions.Levels()) {
		d, ok := t.byCode[code]
		if !ok {
			return ""
		}
		if d.Level == level {
			return code
		}
		code = d.ParentCode
	}
	return ""
}

// units lists the communities that a coverage is of; unknown counts those of which nobody
// says whether they are urban.
func (c *computing) communities() (list []divisions.Division, unknown int) {
	for _, d := range c.facts.Divisions {
		switch {
		case d.Level != divisions.Community:
		case c.formula.Setting == "" || d.Setting == c.formula.Setting:
			list = append(list, d)
		case d.Setting == "":
			unknown++
		}
	}
	return list, unknown
}

func (c *computing) settingWords() Text {
	return map[divisions.Setting]Text{"": {"村居", "communities"}, divisions.Urban: {"社区", "urban communities"}, divisions.Rural: {"村", "villages"}}[c.formula.Setting]
}

// unitCoverage counts communities that have a facility or are assigned to one. What the
// plans mean by coverage; the walk of people stands beside it.
func (c *computing) unitCoverage() {
	list, unknown := c.communities()
	t := treeOf(c.facts.Divisions)
	own, assigned := map[string]bool{}, map[string]bool{}
	for _, place := range c.chosen.sure {
		own[t.up(place.DivisionCode, divisions.Community)] = true
		for _, code := range place.Serves {
			assigned[t.up(code, divisions.Community)] = true
		}
	}
	u := Units{Total: len(list), Without: []string{}}
	for _, d := range list {
		switch {
		case own[d.Code]:
			u.Own++
		case assigned[d.Code]:
			u.Assigned++
		default:
			u.Without = append(u.Without, d.Code)
		}
	}
	slices.Sort(u.Without)
	c.out.Units = &u
	words, unit := c.settingWords(), Text{"个", ""}
	c.input("本地有开放设施的"+words.ZH, words.EN+" that have one", whole(u.Own), unit)
	c.input("没有、但被指定服务的"+words.ZH, words.EN+" without, assigned to one", whole(u.Assigned), unit)
	c.input("全部"+words.ZH, "all "+words.EN, whole(u.Total), unit)
	c.shareOfUnits(u.Own+u.Assigned, u.Total, unknown, words)
	c.compareNotions()
}

// shareOfUnits ends a coverage of communities.
func (c *computing) shareOfUnits(with, total, unknown int, words Text) {
	switch {
	case unknown > 0:
		c.out.Reason = Text{
			fmt.Sprintf("无法计算：有 %d 个村居没有写明是社区还是村。", unknown),
			fmt.Sprintf("Cannot be computed: %d communities do not say whether they are urban or rural.", unknown),
		}
	case total == 0:
		c.out.Reason = Text{"无法计算：数据中没有" + words.ZH + "。", "Cannot be computed: the data have no " + words.EN + "."}
	case len(c.chosen.unsure) > 0:
		zh, en := c.whichNames()
		c.lacking(nil, zh, en)
		c.out.AtLeast = percent(float64(with), float64(total))
	default:
		c.out.Number = percent(float64(with), float64(total))
	}
}

// rankOf tells a street from a town by the digits of its code; AnyRank where they do not.
func rankOf(code string) Rank {
	const subdistrictDigits = 9
	if len(code) != subdistrictDigits {
		return AnyRank
	}
	n, err := strconv.Atoi(code[6:])
	switch {
	case err != nil || n == 0 || n >= 400:
		return AnyRank
	case n < 100:
		return Street
	}
	return Town
}

func (c *computing) subdistricts() {
	var list []divisions.Division
	for _, d := range c.facts.Divisions {
		if d.Level == divisions.Subdistrict && (c.formula.Rank == AnyRank || rankOf(d.Code) == c.formula.Rank) {
			list = append(list, d)
		}
	}
	t := treeOf(c.facts.Divisions)
	have := map[string]bool{}
	var unsure []facilities.Facility
	small := 0
	for _, place := range c.chosen.sure {
		at := t.up(place.DivisionCode, divisions.Subdistrict)
		area, known := c.facts.field(place, floorArea)
		switch {
		case c.formula.MinArea == 0 || known && area >= c.formula.MinArea:
			have[at] = true
		case known:
			small++
		default:
			unsure = append(unsure, place)
		}
	}
	u := Units{Total: len(list), Without: []string{}}
	for _, d := range list {
		if have[d.Code] {
			u.Own++
		} else {
			u.Without = append(u.Without, d.Code)
		}
	}
	slices.Sort(u.Without)
	c.out.Units = &u
	words := map[Rank]Text{AnyRank: {"街镇", "subdistricts"}, Street: {"街道", "streets"}, Town: {"镇、乡", "towns and townships"}}[c.formula.Rank]
	c.input("有开放设施的"+words.ZH, words.EN+" that have one", whole(u.Own), Text{"个", ""})
	c.input("全部"+words.ZH, "all "+words.EN, whole(u.Total), Text{"个", ""})
	if small > 0 {
		c.input("面积不足、不计入的设施", "facilities too small to count", whole(small), places())
	}
	c.endSubdistricts(u, words, stillMatter(unsure, have, t))
}

// stillMatter gives the facilities of which more must be known: those of subdistricts
// that have no other.
func stillMatter(list []facilities.Facility, have map[string]bool, t tree) []facilities.Facility {
	var out []facilities.Facility
	for _, f := range list {
		if !have[t.up(f.DivisionCode, divisions.Subdistrict)] {
			out = append(out, f)
		}
	}
	return out
}

func (c *computing) endSubdistricts(u Units, words Text, unsure []facilities.Facility) {
	value := func() *float64 {
		if c.formula.Kind == SubdistrictCount {
			return whole(u.Own)
		}
		return percent(float64(u.Own), float64(u.Total))
	}
	switch {
	case u.Total == 0:
		c.out.Reason = Text{"无法计算：数据中没有" + words.ZH + "。", "Cannot be computed: the data have no " + words.EN + "."}
	case len(unsure)+len(c.chosen.unsure) > 0:
		zh, en := c.whichNames()
		if len(unsure) > 0 {
			zh, en = "建筑面积", "floor area"
		}
		c.lacking(unsure, zh, en)
		c.out.AtLeast = value()
	default:
		c.out.Number = value()
	}
}

// premisesStandard counts communities whose premises have enough floor area: an urban
// community by its households, a village by itself.
func (c *computing) premisesStandard() {
	t := treeOf(c.facts.Divisions)
	area, lack := map[string]float64{}, map[string]bool{}
	var without []facilities.Facility
	for _, place := range c.chosen.sure {
		at := t.up(place.DivisionCode, divisions.Community)
		v, ok := c.facts.field(place, floorArea)
		if !ok {
			lack[at] = true
			without = append(without, place)
		}
		area[at] += v
	}
	list, _ := c.communities()
	u := Units{Total: len(list), Without: []string{}}
	undecided := 0
	for _, d := range list {
		need, ok := c.needed(d)
		switch {
		case ok && area[d.Code] >= need:
			u.Own++
		case !ok || lack[d.Code]:
			undecided++
		default:
			u.Without = append(u.Without, d.Code)
		}
	}
	slices.Sort(u.Without)
	c.out.Units = &u
	c.input("达标的村居", "communities up to standard", whole(u.Own), Text{"个", ""})
	c.input("全部村居", "all communities", whole(u.Total), Text{"个", ""})
	switch {
	case u.Total == 0:
		c.out.Reason = Text{"无法计算：数据中没有村居。", "Cannot be computed: the data have no communities."}
	case undecided > 0 || len(c.chosen.unsure) > 0:
		c.out.Lacking = ids(append(without, c.chosen.unsure...))
		c.out.Reason = Text{
			fmt.Sprintf("无法计算：有 %d 个村居缺户数、城乡类别或用房面积。", undecided),
			fmt.Sprintf("Cannot be computed: %d communities lack households, their setting or the area of premises.", undecided),
		}
		c.out.AtLeast = percent(float64(u.Own), float64(u.Total))
	default:
		c.out.Number = percent(float64(u.Own), float64(u.Total))
	}
}

// needed is the floor area that a community needs; false where that is not known.
func (c *computing) needed(d divisions.Division) (float64, bool) {
	switch d.Setting {
	case divisions.Rural:
		return c.formula.RuralMin, true
	case divisions.Urban:
		return float64(d.Households) / 100 * c.formula.UrbanMin, d.Households > 0
	}
	return 0, false
}

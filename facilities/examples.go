package facilities

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/divisions"
)

// ExampleRule says how many example facilities of a type are placed, and how far apart.
// The numbers are chosen so that a demonstration shows both coverage and gaps; they are
// no recommendation.
type ExampleRule struct {
	Type     Type
	PerElder int     // one for each so many people of the elders' band
	Whole    bool    // counted over the whole pack, and at least one; else per subdistrict
	ApartM   float64 // least distance in metres between two of a type
}

// ExampleRules are the rules for the five core types.
func ExampleRules() []ExampleRule {
	return []ExampleRule{
		{Type: "day_care_centre", PerElder: 6_000, ApartM: 600},
		{Type: "elderly_canteen", PerElder: 4_000, ApartM: 500},
		{Type: "columbarium", PerElder: 40_000, Whole: true, ApartM: 1_500},
		{Type: "rescue_station", PerElder: 200_000, Whole: true, ApartM: 3_000},
		{Type: "community_premises", PerElder: 3_000, ApartM: 400},
	}
}

// Text says the rule for people. zhAges and enAges are the words for the elders' band:
// 60 岁及以上, aged 60 and over.
func (r ExampleRule) Text(info TypeInfo, zhAges, enAges string) (zh, en string) {
	area, areaEN := "每个街道", "in each subdistrict, "
	none, noneEN := "，不足者不布设", " (none for less)"
	if r.Whole {
		area, areaEN, none, noneEN = "全域", "in the whole pack, ", "，至少 1 处", " (at least one)"
	}
	return fmt.Sprintf("%s：%s每 %d 人（%s）1 处%s；依次取该年龄段人数最多的人口点，同类相距不少于 %.0f 米，落在最近的可步行道路上",
			info.ZH, area, r.PerElder, zhAges, none, r.ApartM),
		fmt.Sprintf("%s: %sone for each %d people %s%s, at the places with most of them in turn, no nearer than %.0f m to one another, put on the nearest walkable road",
			info.EN, areaEN, r.PerElder, enAges, noneEN, r.ApartM)
}

// Crowd is where the people of the elders' band live.
type Crowd struct {
	Points []orb.Point
	People []int64 // ten-thousandths of a person
	Codes  []string
}

// PlaceExamples places example facilities of each rule by the stated rule, the same
// for the same input. Without divisions each type is counted over the whole, and the
// facilities have no division code. onRoad puts a point onto the nearest road of the main network,
// and is false where none is near. O(rules · n log n + placed²).
func PlaceExamples(list []divisions.Division, crowd Crowd, infos []TypeInfo, onRoad func(orb.Point) (orb.Point, bool)) []Facility {
	p := placer{divisions: list, locator: divisions.NewLocator(list), crowd: crowd, onRoad: onRoad, up: map[string]string{}}
	for _, d := range list {
		p.up[d.Code] = d.ParentCode
	}
	p.sort()
	var out []Facility
	for _, rule := range ExampleRules() {
		i := slices.IndexFunc(infos, func(t TypeInfo) bool { return t.Type == rule.Type })
		if i < 0 {
			continue
		}
		out = append(out, p.place(rule, infos[i])...)
	}
	return out
}

type placer struct {
	divisions []divisions.Division
	locator   *divisions.Locator
	crowd     Crowd
	up        map[string]string // code -> code of the parent
	order     []int             // places by people, most first; then west to east, south to north
	onRoad    func(orb.Point) (orb.Point, bool)
}

func (p *placer) sort() {
	p.order = make([]int, len(p.crowd.Points))
	for i := range p.order {
		p.order[i] = i
	}
	slices.SortFunc(p.order, func(a, b int) int {
		pa, pb := p.crowd.Points[a], p.crowd.Points[b]
		return cmp.Or(-cmp.Compare(p.crowd.People[a], p.crowd.People[b]),
			cmp.Compare(pa[0], pb[0]), cmp.Compare(pa[1], pb[1]), cmp.Compare(a, b))
	})
}

// quota is how many of a type an area gets, from the places that lie in it.
type quota struct {
	code  string // of the subdistrict; "" for the whole pack
	zh    string // name of the subdistrict
	en    string // the same in Latin letters where it has any, else in Chinese
	n     int
	holds func(place int) bool
}

func (p *placer) quotas(rule ExampleRule) []quota {
	everywhere := quota{n: 1, holds: func(int) bool { return true }}
	per := int64(rule.PerElder) * 10_000
	if rule.Whole {
		total := int64(0)
		for _, n := range p.crowd.People {
			total += n
		}
		everywhere.n = max(1, int(total/per))
		return []quota{everywhere}
	}
	byCode := p.bySubdistrict()
	var out []quota
	for _, d := range p.divisions {
		if n := byCode[d.Code].people / per; d.Level == divisions.Subdistrict && n > 0 {
			within := byCode[d.Code].places
			out = append(out, quota{code: d.Code, zh: d.NameZH, en: cmp.Or(d.NameEN, d.Pinyin, d.NameZH), n: int(n), holds: func(i int) bool { return within[i] }})
		}
	}
	if len(out) == 0 {
		out = []quota{everywhere}
	}
	return out
}

type share struct {
	people int64
	places map[int]bool
}

// bySubdistrict gathers the places of each subdistrict, those of its communities too.
func (p *placer) bySubdistrict() map[string]share {
	out := map[string]share{}
	for i, code := range p.crowd.Codes {
		for ; code != ""; code = p.up[code] {
			s := out[code]
			if s.places == nil {
				s.places = map[int]bool{}
			}
			s.people += p.crowd.People[i]
			s.places[i] = true
			out[code] = s
		}
	}
	return out
}

func (p *placer) place(rule ExampleRule, info TypeInfo) []Facility {
	var out []Facility
	for _, q := range p.quotas(rule) {
		placed := 0
		for _, i := range p.order {
			if placed == q.n {
				break
			}
			if !q.holds(i) || p.crowd.People[i] == 0 {
				continue
			}
			at, ok := p.onRoad(p.crowd.Points[i])
			if !ok || near(out, at, rule.ApartM) {
				continue
			}
			code := p.locator.Code(at)
			if !p.within(code, q.code) {
				continue
			}
			placed++
			out = append(out, example(rule.Type, info, q, placed, code, at))
		}
	}
	return out
}

// within reports whether a site in the division of code lies in the area of a quota. A
// road may lie across the boundary from the people beside it.
func (p *placer) within(code, area string) bool {
	if len(p.divisions) == 0 {
		return true
	}
	for c := code; c != ""; c = p.up[c] {
		if area == "" || c == area {
			return true
		}
	}
	return false
}

func near(list []Facility, p orb.Point, apartM float64) bool {
	return slices.ContainsFunc(list, func(f Facility) bool { return geo.Distance(f.Point, p) < apartM })
}

func example(t Type, info TypeInfo, q quota, n int, code string, at orb.Point) Facility {
	where, in := q.code, ", "+q.en
	if where == "" {
		where, in = "all", ""
	}
	return Facility{
		SourceID:     fmt.Sprintf("example/%s/%s/%d", t, where, n),
		Type:         t,
		NameZH:       fmt.Sprintf("示例·%s%s %d", q.zh, info.ZH, n),
		NameEN:       fmt.Sprintf("Example %s %d%s", info.EN, n, in),
		Status:       Open,
		Example:      true,
		DivisionCode: code,
		Point:        orb.Point{round7(at[0]), round7(at[1])},
	}
}

// round7 keeps seven decimals of a degree, about a centimetre, as files do.
func round7(deg float64) float64 { return math.Round(deg*1e7) / 1e7 }

package demogen

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// facility is one place that serves people.
type facility struct {
	kind     string
	title    name
	status   string
	address  string
	capacity int
	serves   []string
	at       vec

	home       string // the community that it stands in
	rural      bool
	wide       bool // serves the whole of its subdistrict
	bureauNo   string
	verifiedOn string
	fields     []property // what its type declares, by column
}

// The district whose densities are followed: its residents by the figures of its
// own plan, and the facilities it counted.
const planResidents = 851_000.0

// kindRule says how many facilities of a type a district has and where they stand.
type kindRule struct {
	kind     string
	words    words
	count    float64 // in a district of planResidents
	least    int
	rural    bool // stands in villages and fields
	large    bool // at least one, but only in a district of 100,000 and more
	wide     bool // named for its subdistrict, and serves the whole of it
	capacity [2]int
	serves   float64 // chance that it serves a neighbouring community too
}

// kindRules lists the types. The first three counts are those of the plan: 50
// day-care centres, 104 canteens, 5 + 41 columbaria; 17 institutions and the
// children's centres of 27 in 100 communities are plans' figures too, the others
// are of the same order.
func kindRules() []kindRule {
	return []kindRule{
		{kind: "day_care_centre", words: words{"日间照料中心", "Day-care Centre", ""}, count: 50, least: 3, capacity: [2]int{20, 60}, serves: 0.4},
		{kind: "elderly_canteen", words: words{"老人家食堂", "Elderly Canteen", ""}, count: 104, least: 4, capacity: [2]int{80, 260}, serves: 0.5},
		{kind: "columbarium", words: words{"骨灰堂", "Columbarium", ""}, count: 5, least: 1, rural: true, wide: true, capacity: [2]int{3000, 8000}, serves: 1},
		{kind: "columbarium", words: words{"骨灰堂", "Columbarium", ""}, count: 41, least: 2, rural: true, capacity: [2]int{400, 1600}, serves: 0.7},
		{kind: "elderly_institution", words: words{"养老院", "Elderly-care Institution", ""}, count: 17, least: 2, capacity: [2]int{60, 260}},
		{kind: "elderly_station", words: words{"养老服务站", "Elderly Service Station", ""}, count: 80, least: 3, serves: 0.3},
		{kind: "meal_point", words: words{"助餐点", "Meal Point", ""}, count: 130, least: 4, capacity: [2]int{20, 60}},
		{kind: "rural_elderly_centre", words: words{"农村幸福院", "Rural Mutual-aid Elderly Centre", ""}, count: 28, least: 2, rural: true},
		{kind: "support_institution", words: words{"敬老院", "Support Institution", ""}, count: 2, rural: true, large: true, capacity: [2]int{60, 120}},
		{kind: "funeral_parlour", words: words{"殡仪馆", "Funeral Parlour", ""}, count: 1, rural: true, large: true},
		{kind: "cemetery", words: words{"公益性公墓", "Public Cemetery", ""}, count: 2, rural: true, large: true, capacity: [2]int{1200, 2500}},
		{kind: "funeral_station", words: words{"殡仪服务站", "Funeral Service Station", ""}, count: 3, least: 1},
		{kind: "rescue_station", words: words{"救助管理站", "Rescue Station", ""}, count: 1, least: 1, capacity: [2]int{50, 50}},
		{kind: "child_welfare_home", words: words{"儿童福利院", "Child Welfare Home", ""}, count: 1, large: true, capacity: [2]int{80, 120}},
		{kind: "minor_protection", words: words{"未成年人保护工作站", "Minors' Protection Station", ""}, count: 12, least: 1},
		{kind: "child_space", words: words{"儿童之家", "Children's Activity Centre", ""}, count: 90, least: 2},
		{kind: "volunteer_station", words: words{"志愿服务站", "Volunteer Station", ""}, count: 50, least: 2},
	}
}

// furtherRules lists types that no figure of the plan speaks of; those of other departments
// are there to be near to.
func furtherRules() []kindRule {
	return []kindRule{
		{kind: "health_station", words: words{"卫生服务站", "Health Station", ""}, count: 95, least: 2},
		{kind: "charity_station", words: words{"慈善工作站", "Charity Station", ""}, count: 140, least: 1},
		{kind: "residents_lounge", words: words{"居民会客厅", "Residents' Lounge", ""}, count: 90, least: 1},
		{kind: "love_post", words: words{"爱心驿站", "Charity Rest Post", ""}, count: 60, least: 1},
		{kind: "org_incubator", words: words{"社会组织孵化基地", "Incubator of Social Organisations", ""}, count: 9, least: 1},
		{kind: "marriage_office", words: words{"婚姻登记处", "Marriage Registration Office", ""}, count: 1, least: 1},
	}
}

// placer puts facilities beside streets.
type placer struct {
	b            *builder
	subdistricts []division
	communities  []division
	d            dice
	doors        map[int32]int // road -> last house number given
	out          []facility
}

// placeFacilities stands all facilities up: by count for most types, one per
// community for its premises, one per subdistrict for its centre.
func placeFacilities(b *builder, subdistricts, communities []division, people int, d dice) []facility {
	p := &placer{b: b, subdistricts: subdistricts, communities: communities, d: d, doors: map[int32]int{}}
	for _, r := range kindRules() {
		if r.large && people < 100_000 {
			continue
		}
		if r.large || (people < 5_000 && r.least > 1) {
			r.least = 1
		}
		n := max(r.least, int(math.Round(mul(r.count, float64(people)/planResidents))))
		p.placeKind(r, n)
	}
	premises := kindRule{kind: "community_premises", words: words{"党群服务中心", "Community Service Premises", ""}, capacity: [2]int{300, 1700}}
	for c := range communities {
		if c == 0 || d.chance(0.87) { // some communities go without
			p.place(premises, c, 1)
		}
	}
	centre := kindRule{kind: "elderly_centre", words: words{"综合为老服务中心", "Comprehensive Elderly Service Centre", ""}, capacity: [2]int{1000, 1800}}
	social := kindRule{kind: "social_work_station", words: words{"社工站", "Social-work Station", ""}}
	for s, sub := range subdistricts {
		c := slices.IndexFunc(communities, func(c division) bool { return c.parent == sub.code && c.people.resident[0] > 0 })
		if c < 0 {
			continue
		}
		p.place(social, c, 1)
		if s == 0 || d.chance(0.8) {
			p.place(centre, c, 1)
		}
	}
	for _, r := range furtherRules() {
		p.placeKind(r, max(r.least, int(math.Round(mul(r.count, float64(people)/planResidents)))))
	}
	return p.out
}

// placeKind chooses communities for one type, by people and chance, so that some
// have one, a few two, and many none.
func (p *placer) placeKind(r kindRule, n int) {
	type scored struct {
		c int
		s float64
	}
	var order []scored
	for c, com := range p.communities {
		if r.rural && !com.rural && slices.ContainsFunc(p.communities, func(d division) bool { return d.rural }) {
			continue
		}
		if r.kind == "rural_elderly_centre" && !com.rural {
			continue
		}
		order = append(order, scored{c, mul(float64(com.people.resident[0]), d2(p.d))})
	}
	slices.SortStableFunc(order, func(a, b scored) int { return cmp.Compare(b.s, a.s) })
	for k := range n {
		if len(order) == 0 {
			return
		}
		nth := 1 + k/len(order)
		if nth > 1 && r.kind == "rural_elderly_centre" {
			return
		}
		p.place(r, order[k%len(order)].c, nth)
	}
}

// d2 is a chance factor that lets a small community win now and then.
func d2(d dice) float64 { return d.span(0.4, 1.6) }

// place stands one facility in a community, if it has a street to stand at.
func (p *placer) place(r kindRule, c, nth int) {
	com := &p.communities[c]
	block, ok := p.site(com, r)
	if !ok {
		return
	}
	at, road, ok := p.door(block)
	if !ok {
		return
	}
	f := facility{kind: r.kind, at: at, status: p.status(), address: com.name.zh, home: com.name.zh, rural: com.rural, wide: r.wide}
	if r.wide {
		f.status = "open" // the one hall that the others can move to
	}
	f.title = p.title(r, com, nth)
	if rd := p.b.l.roads[road]; rd.name.zh != "" {
		p.doors[road] += p.d.between(1, 9)
		f.address = fmt.Sprintf("%s%d号", rd.name.zh, p.doors[road])
	}
	if r.capacity[1] > 0 {
		f.capacity = p.d.between(r.capacity[0], r.capacity[1])
	}
	if r.serves > 0 && p.d.chance(r.serves) {
		f.serves = p.servesOf(com, r)
	}
	p.out = append(p.out, f)
}

// servesOf is the community itself and a neighbour or two, or every community of
// the subdistrict for what serves widely.
func (p *placer) servesOf(com *division, r kindRule) []string {
	out := []string{com.code}
	if r.wide {
		out = nil
		for _, c := range p.communities {
			if c.parent == com.parent {
				out = append(out, c.code)
			}
		}
		return out
	}
	most := 2
	if r.rural {
		most = 3
	}
	for _, n := range com.neighbours {
		other := p.communities[n]
		if len(out) < most && other.rural == com.rural && other.people.resident[0] > 0 {
			out = append(out, other.code)
		}
	}
	slices.Sort(out)
	return out
}

func (p *placer) status() string {
	switch x := p.d.span(0, 1); {
	case x < 0.87:
		return "open"
	case x < 0.91:
		return "planned"
	case x < 0.95:
		return "building"
	case x < 0.98:
		return "suspended"
	default:
		return "closed"
	}
}

func (p *placer) title(r kindRule, com *division, nth int) name {
	zh, en := com.name.zh, com.name.en
	if r.wide {
		s := slices.IndexFunc(p.subdistricts, func(d division) bool { return d.code == com.parent })
		zh, en = p.subdistricts[s].name.zh, p.subdistricts[s].name.en
	}
	switch r.kind {
	case "rescue_station", "funeral_parlour", "child_welfare_home", "cemetery", "support_institution", "marriage_office":
		zh, en = "清澜区", "Qinglan District"
		if r.count > 1 {
			zh, en = com.name.specific, com.name.roman
		}
	case "elderly_centre", "social_work_station", "funeral_station", "minor_protection", "elderly_institution":
		zh, en = com.name.specific, com.name.roman
	}
	t := name{zh: zh + r.words.zh, en: en + " " + r.words.en}
	if nth > 1 {
		t.zh = zh + "第" + numeral(nth) + r.words.zh
		t.en += fmt.Sprintf(" No. %d", nth)
	}
	return t
}

func numeral(n int) string {
	digits := []rune("零一二三四五六七八九十")
	if n < len(digits) {
		return string(digits[n])
	}
	return strconv.Itoa(n)
}

// site is a block of the community where people live, or for burial places one
// where they do not.
func (p *placer) site(com *division, r kindRule) (int32, bool) {
	burial := r.kind == "columbarium" || r.kind == "cemetery" || r.kind == "funeral_parlour"
	var good, fair []int32
	for _, i := range com.blocks {
		b := p.b.blocks[i]
		switch {
		case b.use.band() || b.use == park:
		case (b.people.resident[0] > 0) != burial:
			good = append(good, i)
		default:
			fair = append(fair, i)
		}
	}
	if len(good) == 0 {
		good = fair
	}
	if len(good) == 0 {
		return 0, false
	}
	return pick(p.d, good), true
}

// door is a place a few metres inside a block, beside one of its streets.
func (p *placer) door(block int32) (at vec, road int32, ok bool) {
	m := p.b.l.mesh
	blk := p.b.blocks[block]
	for range 40 {
		f := pick(p.d, blk.faces)
		h := pick(p.d, m.faces[f].ring)
		e := m.edges[h>>1]
		a, c := m.points[m.origin(h)], m.points[m.origin(h^1)]
		if e.road < 0 || a.dist(c) < 14 {
			continue
		}
		at = a.lerp(c, p.d.span(0.2, 0.8)).add(a.toward(c).left().scale(p.d.span(5, 7.5)))
		if m.outline(f).inset(3).holds(at) {
			return at, e.road, true
		}
	}
	return vec{}, 0, false
}

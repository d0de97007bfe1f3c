package demogen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// asOf is the day that the synthetic records are of: days of opening, contracts and looks at
// the place are reckoned from it, so that the bytes do not depend on the day of the making.
const asOf = "2026-10-31"

// recorder fills in what the types declare. Some of it stays empty, some is out of date and
// some breaks a standard, as in any register.
type recorder struct {
	d     dice
	today time.Time
	f     *facility
	n     int // of the record, for numbers that are given once
}

// record fills in the records of all facilities.
func record(list []facility, d dice) {
	today, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		return // unreachable: the constant is a day
	}
	for i := range list {
		r := recorder{d: d, today: today, f: &list[i], n: i + 1}
		r.common()
		r.ofType()
	}
}

// put fills in a field, but for one in twelve.
func (r *recorder) put(field string, value any) {
	if r.d.chance(0.92) {
		r.must(field, value)
	}
}

func (r *recorder) must(field string, value any) {
	r.f.fields = append(r.f.fields, property{"fields." + field, value})
}

// day is so many days before the day of the records, or after it where negative.
func (r *recorder) day(ago int) string { return r.today.AddDate(0, 0, -ago).Format(time.DateOnly) }

// operators are made up, and say so.
func operators() []string {
	return []string{"清澜示例养老服务有限公司", "清澜示例社会工作服务中心", "示例颐年照护集团", "清澜示例餐饮管理有限公司", "示例民办非企业单位康宁服务社"}
}

func (r *recorder) common() {
	r.f.bureauNo = fmt.Sprintf("QL-%05d", r.n)
	serving := r.f.status == "open" || r.f.status == "suspended"
	mode := r.mode()
	r.put("operation_mode", mode)
	switch mode {
	case "public", "community":
		r.put("operator", r.f.home+"（示例）")
	default:
		r.put("operator", pick(r.d, operators()))
		if serving {
			r.put("contract_end", r.day(-r.d.between(-160, 1400)))
		}
	}
	r.put("contact_phone", fmt.Sprintf("000-%08d", r.n)) // no exchange has such a number
	r.put("certificate_no", fmt.Sprintf("示例证〔%d〕%04d号", 2016+r.d.below(10), r.n))
	if !serving {
		if r.f.status != "closed" {
			r.must("opens_year", 2027+r.d.below(3))
		}
		return
	}
	r.put("opened_on", r.day(r.d.between(300, 6000)))
	r.put("fire_safety", r.licence())
	r.put("opening_hours", pick(r.d, []string{"周一至周五 08:30-17:00", "周一至周日 08:00-17:30", "周一至周五 08:30-11:30、14:00-17:30；周六 09:00-12:00"}))
	switch x := r.d.span(0, 1); { // most were looked at within the year, some long ago, some never
	case x < 0.66:
		r.f.verifiedOn = r.day(r.d.between(6, 330))
	case x < 0.86:
		r.f.verifiedOn = r.day(r.d.between(331, 700))
	}
}

func (r *recorder) mode() string {
	switch r.f.kind {
	case "rescue_station", "funeral_parlour", "child_welfare_home", "minor_protection", "support_institution", "marriage_office":
		return "public"
	case "community_premises", "columbarium", "rural_elderly_centre", "child_space":
		return pick(r.d, []string{"community", "community", "public"})
	case "health_station":
		return pick(r.d, []string{"public", "private"})
	}
	return pick(r.d, []string{"public", "public_built_private_run", "public_built_private_run", "private", "community"})
}

// licence is a certificate: nearly all are valid.
func (r *recorder) licence() string {
	switch x := r.d.span(0, 1); {
	case x < 0.88:
		return "valid"
	case x < 0.95:
		return "expired"
	default:
		return "none"
	}
}

// per is so much for each of the capacity.
func (r *recorder) per(a, b float64) int {
	return r.d.round(mul(float64(r.f.capacity), r.d.span(a, b)))
}

func (r *recorder) ofType() {
	fill, ok := map[string]func(){
		"elderly_institution": r.institution, "support_institution": r.institution, "elderly_centre": r.centre, "day_care_centre": r.dayCare,
		"elderly_station": r.station, "elderly_canteen": r.meals, "meal_point": r.meals, "rural_elderly_centre": r.rural, "columbarium": r.columbarium,
		"cemetery": r.cemetery, "funeral_parlour": r.parlour, "funeral_station": r.parlour, "rescue_station": r.rescue, "minor_protection": r.minors,
		"child_space": r.children, "child_welfare_home": r.welfare, "community_premises": r.premises, "social_work_station": r.social,
		"volunteer_station": r.volunteers, "health_station": r.health, "residents_lounge": r.lounge, "org_incubator": r.incubator, "marriage_office": r.marriages,
	}[r.f.kind]
	if ok {
		fill()
	}
}

func (r *recorder) institution() {
	beds := r.f.capacity
	r.must("beds", beds)
	if r.f.kind == "support_institution" {
		r.must("level", "district")
	} else {
		r.put("filed_no", fmt.Sprintf("示例备〔%d〕%03d", 2019+r.d.below(7), r.n))
		r.put("medical_contract", r.d.chance(0.8))
	}
	r.put("nursing_beds", min(beds, r.per(0.3, 0.8)))
	r.put("floor_area", r.per(28, 48))
	land := r.per(15, 46)
	r.put("land_area", land)
	r.put("own_site", true)
	r.put("footprint", r.d.round(mul(float64(land), r.d.span(0.18, 0.36))))
	r.put("room_area", r.per(5.6, 9))
	r.put("single_room_area", r.d.between(9, 15))
	r.put("double_room_area", r.d.between(15, 22))
	r.put("food_licence", r.licence())
}

func (r *recorder) centre() {
	r.must("floor_area", r.f.capacity)
	r.put("beds", r.d.between(10, 40))
	all := []string{"day_stay", "residential_care", "home_visits", "meals", "smart_care", "rehabilitation", "nursing", "family_beds"}
	r.put("functions", strings.Join(all[:r.d.between(4, len(all))], ";"))
}

func (r *recorder) dayCare() {
	r.must("places", r.f.capacity)
	r.put("floor_area", r.per(9, 20))
	r.put("rest_area", r.per(3.4, 6))
	seats := r.per(0.8, 1.2)
	r.put("dining_seats", seats)
	r.put("dining_area", r.d.round(mul(float64(seats), r.d.span(2.2, 3.4))))
	r.put("food_licence", r.licence())
}

func (r *recorder) station() { r.must("floor_area", r.d.between(60, 420)) }

func (r *recorder) meals() {
	canteen := r.f.kind == "elderly_canteen"
	r.must("meals_per_day", r.f.capacity)
	grade, services := "2", []string{"dine_in;collect", "dine_in", "collect"}
	if canteen {
		grade, services = "1", []string{"dine_in;delivery;collect", "dine_in;delivery", "dine_in"}
	}
	r.put("grade", grade)
	r.put("services", pick(r.d, services))
	r.put("meals_at_once", r.per(0.45, 0.7))
	r.put("diners", r.per(0.3, 0.95))
	seats := r.per(0.2, 0.45)
	r.put("seats", seats)
	r.put("dining_area", max(16, r.d.round(mul(float64(seats), r.d.span(1.4, 2.4)))))
	r.put("floor_area", max(30, r.d.round(mul(float64(seats), r.d.span(3, 5)))))
	r.put("floor", pick(r.d, []int{1, 1, 1, 1, 2}))
	r.put("meal_times", pick(r.d, []string{"午餐 11:00-13:00", "午餐 11:00-13:00；晚餐 17:00-18:30", "早餐 07:00-08:30；午餐 11:00-13:00；晚餐 17:00-18:30"}))
	r.put("subsidised", r.d.chance(0.75))
	r.put("food_licence", r.licence())
	r.put("food_licence_until", r.day(-r.d.between(-120, 1700)))
}

func (r *recorder) rural() {
	r.must("subtype", pick(r.d, []string{"mutual_aid_home", "mutual_aid_home", "elderly_courtyard"}))
	r.must("places", r.d.between(10, 40))
	r.put("floor_area", r.d.between(120, 500))
}

func (r *recorder) columbarium() {
	r.must("niches_total", r.f.capacity)
	level, fate := "village", pick(r.d, []string{"keep", "merge", "merge", "ban", "improve"})
	used := min(r.f.capacity, r.per(0.55, 1.02))
	if r.f.wide {
		level, fate, used = "subdistrict", pick(r.d, []string{"improve", "keep"}), r.per(0.25, 0.7)
	}
	r.must("level", level)
	r.must("niches_used", used)
	r.put("fate", fate)
	r.put("floor_area", r.per(0.18, 0.3))
	r.put("built_jointly", r.f.wide && r.d.chance(0.5))
	r.put("green_burial", r.d.chance(0.3))
}

func (r *recorder) cemetery() {
	r.must("kind", "public_benefit")
	r.must("plots_total", r.f.capacity)
	r.put("plots_used", r.per(0.5, 0.95))
	r.put("plot_area", "0."+strconv.Itoa(r.d.between(5, 9)))
	r.put("double_plot_area", "1."+strconv.Itoa(r.d.below(3)))
	r.put("land_area", r.per(4, 7))
	r.put("green_burial_area", r.per(0.4, 1))
	r.put("green_ratio", r.d.between(35, 60))
	r.put("outsiders_buried", pick(r.d, []int{0, 0, 3}))
	r.put("forbidden_ground", pick(r.d, []string{"none", "none", "farmland"}))
	r.put("fate", "keep")
}

func (r *recorder) parlour() {
	r.must("halls", r.d.between(2, 6))
	if r.f.kind == "funeral_parlour" {
		r.put("cremators", r.d.between(3, 8))
		return
	}
	r.put("level", "subdistrict")
	r.put("built_jointly", r.d.chance(0.6))
	r.put("fate", pick(r.d, []string{"build", "improve", "keep"}))
}

func (r *recorder) rescue() {
	r.must("beds", r.f.capacity)
	r.put("floor_area", r.d.between(1350, 1900))
	r.put("dormitory_area", r.per(3.6, 5))
	r.put("outdoor_area", r.d.between(170, 420))
	r.put("rooms_men", r.d.between(8, 14))
	r.put("rooms_women", r.d.between(4, 8))
	r.put("grade", "3")
}

func (r *recorder) minors() {
	r.must("level", "subdistrict")
	r.must("places", r.d.between(2, 8))
	r.put("floor_area", r.d.between(60, 200))
}

func (r *recorder) children() { r.must("area_children", r.d.between(40, 160)) }

func (r *recorder) welfare() {
	r.must("beds", r.f.capacity)
	r.put("floor_area", r.per(40, 60))
}

func (r *recorder) premises() {
	r.must("floor_area", r.f.capacity)
	setting := "urban"
	if r.f.rural {
		setting = "rural"
	}
	r.put("urban_rural", setting)
	r.put("title", pick(r.d, []string{"owned", "owned", "used", "leased", "none"}))
	handed := r.d.chance(0.85)
	r.put("handed_over", handed)
	if handed {
		r.put("handed_over_on", r.day(r.d.between(200, 4000)))
	}
	r.put("volunteer_station", r.d.chance(0.8))
	r.put("community_workers", r.d.between(2, 9))
}

func (r *recorder) social() {
	r.put("level", "subdistrict")
	r.put("floor_area", r.d.between(80, 260))
	r.put("workers", r.d.between(2, 6))
}

func (r *recorder) volunteers() {
	r.put("floor_area", r.d.between(30, 120))
	r.put("teams", r.d.between(2, 15))
}

func (r *recorder) lounge() { r.put("floor_area", r.d.between(60, 180)) }

func (r *recorder) incubator() {
	r.must("level", "subdistrict")
	r.put("floor_area", r.d.between(120, 500))
}

func (r *recorder) marriages() {
	r.put("rooms", "registration;mediation;archive;counselling;ceremony;waiting")
	r.put("grade", "3A")
	r.put("floor_area", r.d.between(400, 900))
}

func (r *recorder) health() {
	kind := "community_station"
	if r.f.rural {
		kind = "village_clinic"
	}
	r.must("subtype", kind)
	r.put("floor_area", r.d.between(120, 900))
}

// repeat registers a few places a second time, as happens when two offices send lists: under
// a name that says the same otherwise, some metres off. n is how many.
func repeat(list []facility, n int, d dice) []facility {
	otherwise := func(title string) string {
		for _, w := range [][2]string{{"养老服务站", "为老服务站"}, {"志愿服务站", "志愿者服务站"}, {"助餐点", "老年助餐点"}} {
			if rest, ok := strings.CutSuffix(title, w[0]); ok {
				return rest + w[1]
			}
		}
		return ""
	}
	var fit []int
	for i, f := range list {
		if f.status == "open" && otherwise(f.title.zh) != "" {
			fit = append(fit, i)
		}
	}
	d.shuffle(len(fit), func(a, b int) { fit[a], fit[b] = fit[b], fit[a] })
	for _, i := range fit[:min(n, len(fit))] {
		f := list[i]
		f.title.zh = otherwise(f.title.zh)
		f.serves = slices.Clone(f.serves)
		f.at = f.at.add(vec{d.span(-2, 2), d.span(-2, 2)})
		list = append(list, f)
	}
	return list
}

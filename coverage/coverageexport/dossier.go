package coverageexport

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/scenarios"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Dossier is a comparison of plans with all that a reader of its files must be told: what
// a planner takes to the meeting. Without plans it is how things are today.
type Dossier struct {
	Question   Question
	Comparison *coverage.Comparison
	Today      Standing              // of Comparison.Baseline
	Options    []OptionFacts         // parallel to Comparison.Options
	Divisions  []divisions.Division  // of the hierarchy
	Facilities []facilities.Facility // parallel to Comparison.Baseline.Sites
	Band       int                   // the one that leads, as an index
	English    bool                  // the language of the files
	Data       Data
	Made       Made
}

// Question says what was asked.
type Question struct {
	Type     facilities.Type
	TypeName coverage.Text
	Base     divisions.Base
	Params   coverage.Params
	Metres   int             // a distance asked for instead of a time; 0 for none
	Also     []coverage.Text // what else was asked: who walks, when, of which tier
	Note     *coverage.Text  // what to keep in mind with this type; nil when nothing
}

// Standing is what is drawn and told of today or of a plan.
type Standing struct {
	// Circles are by site: of today all, of a plan those that it adds or moves.
	Circles  map[int32]orb.MultiPolygon
	Unserved coverage.Unserved
}

// OptionFacts is what a comparison does not know of one of its options.
type OptionFacts struct {
	Note       string
	Steps      []coverage.Text
	Costs      []scenarios.CostLine
	Facilities []facilities.Facility // parallel to the delta's sites; added ones have a name, too
	Standing
}

// Data is where the figures come from.
type Data struct {
	District  coverage.Text
	AdCode    string
	Version   string
	AsOf      string // the day that the records are of; "" where nobody said
	Synthetic bool
	Examples  bool // some facilities were placed by rule
	Layers    []Layer
	Notices   []Notice
	Limits    []coverage.Text // what the data lack, and how far they may be trusted
}

// Layer is one layer of the data.
type Layer struct {
	Name   coverage.Text
	Rows   int
	CRS    string
	Digest string // SHA-256, hexadecimal
}

// Made says who made the files and when. Nothing else in them is of the moment.
type Made struct {
	Who    string
	When   string // "2026-11-27 22:31"
	Day    string // "2026-11-27"
	Office string // "" where none was named
}

// say picks the words of the files' language.
func (d *Dossier) say(zh, en string) string {
	if d.English {
		return en
	}
	return zh
}

func (d *Dossier) text(t coverage.Text) string {
	if d.English {
		return cmp.Or(t.EN, t.ZH)
	}
	return cmp.Or(t.ZH, t.EN)
}

// demand is the people, as they live on today's streets.
func (d *Dossier) demand() *coverage.Demand { return d.Comparison.Baseline.Ground.Demand }

func (d *Dossier) bands() []coverage.Band { return d.demand().Bands }

// bandsLed are all bands, the one that leads first and the others from the oldest.
func (d *Dossier) bandsLed() []int {
	order := d.bandsByAge()
	at := slices.Index(order, d.Band)
	return append([]int{d.Band}, slices.Delete(order, at, at+1)...)
}

// bandsByAge are all bands from the oldest.
func (d *Dossier) bandsByAge() []int {
	bands := d.bands()
	order := make([]int, len(bands))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(bands[b].FromAge, bands[a].FromAge) })
	return order
}

// band is a band in words. One that is open at both ends is everybody.
func (d *Dossier) band(k int) string {
	b := d.bands()[k]
	switch {
	case b.FromAge == 0 && b.ToAge < 0:
		return d.say("全部年龄", "all ages")
	case b.ToAge < 0:
		return d.say(fmt.Sprintf("%d 岁及以上", b.FromAge), fmt.Sprintf("aged %d and over", b.FromAge))
	default:
		return d.say(fmt.Sprintf("%d–%d 岁", b.FromAge, b.ToAge), fmt.Sprintf("aged %d–%d", b.FromAge, b.ToAge))
	}
}

// Title is what the files are about.
func (d *Dossier) Title() string {
	name := d.text(d.Question.TypeName)
	if len(d.Options) == 0 {
		return d.say(name+"现状覆盖报告", "Coverage today — "+name)
	}
	return d.say(name+"布局比选报告", "Options compared — "+name)
}

// Within is the limit in words, so that it follows "people who live".
func (d *Dossier) Within() string {
	q := d.Question
	switch {
	case q.Params.Mode == coverage.ByDivision:
		return d.say("所在辖区有设施", "in a division that has one")
	case q.Metres > 0:
		return d.say(fmt.Sprintf("步行 %d 米以内", q.Metres), fmt.Sprintf("within a walk of %d m", q.Metres))
	default:
		return d.say(fmt.Sprintf("步行 %s 分钟以内", minutes(q.Params.Limit)), fmt.Sprintf("within a walk of %s minutes", minutes(q.Params.Limit)))
	}
}

// Asked is the question in a sentence.
func (d *Dossier) Asked() string {
	q := d.Question
	base := d.say("常住人口", "residents")
	if q.Base == divisions.Registered {
		base = d.say("户籍人口", "registered population")
	}
	also := ""
	if q.Params.Mode == coverage.OnFoot && q.Metres == 0 {
		speed := strconv.FormatFloat(float64(q.Params.Speed)/1000, 'f', -1, 64)
		also = d.say("；步速 "+speed+" 米/秒", "; pace "+speed+" m/s")
	}
	for _, t := range q.Also {
		also += d.say("；", "; ") + d.text(t)
	}
	name := d.text(q.TypeName)
	if q.Params.Mode == coverage.ByDivision {
		return d.say(
			fmt.Sprintf("%s有多少人（%s，重点是%s）住在设有“%s”的辖区%s？", d.Data.District.ZH, base, d.band(d.Band), name, also),
			fmt.Sprintf("How many people of %s (%s, above all those %s) live in a division that has a facility of the type \"%s\"%s?", cmp.Or(d.Data.District.EN, d.Data.District.ZH), base, d.band(d.Band), name, also))
	}
	return d.say(
		fmt.Sprintf("%s有多少人（%s，重点是%s）住在距“%s”%s%s？", d.Data.District.ZH, base, d.band(d.Band), name, d.Within(), also),
		fmt.Sprintf("How many people of %s (%s, above all those %s) live %s of a facility of the type \"%s\"%s?", cmp.Or(d.Data.District.EN, d.Data.District.ZH), base, d.band(d.Band), d.Within(), name, also))
}

// minutes writes a time in minutes with at most one decimal.
func minutes(t walknet.Milliseconds) string {
	tenths := (int64(t) + 3000) / 6000
	s := strconv.FormatInt(tenths/10, 10)
	if tenths%10 != 0 {
		s += "." + strconv.FormatInt(tenths%10, 10)
	}
	return s
}

// option is the name of an option in its place, "方案 1" where it has none.
func (d *Dossier) option(i int) string {
	if name := strings.TrimSpace(d.Comparison.Options[i].Name); name != "" {
		return name
	}
	return d.say(fmt.Sprintf("方案 %d", i+1), fmt.Sprintf("Option %d", i+1))
}

func (d *Dossier) today() string { return d.say("现状", "Today") }

// situations are today and the options, in order.
func (d *Dossier) situations() []string {
	out := []string{d.today()}
	for i := range d.Options {
		out = append(out, d.option(i))
	}
	return out
}

// standing is that of a situation: 0 is today, 1 the first option.
func (d *Dossier) standing(situation int) Standing {
	if situation == 0 {
		return d.Today
	}
	return d.Options[situation-1].Standing
}

// facilitiesOf are those of a situation, by the numbers of its sites.
func (d *Dossier) facilitiesOf(situation int) []facilities.Facility {
	if situation == 0 {
		return d.Facilities
	}
	return d.Options[situation-1].Facilities
}

// division is the name of a division; "" for -1.
func (d *Dossier) division(at int32) string {
	if at < 0 {
		return ""
	}
	v := d.Divisions[at]
	return d.say(cmp.Or(v.NameZH, v.NameEN), cmp.Or(v.NameEN, v.Pinyin, v.NameZH))
}

func (d *Dossier) facility(f facilities.Facility) string {
	return d.say(cmp.Or(f.NameZH, f.NameEN, f.ID), cmp.Or(f.NameEN, f.NameZH, f.ID))
}

// unserved are the places of a situation, those with most of the leading band first; of
// equals those with most of everybody.
func (d *Dossier) unserved(situation int) []unservedPlace {
	u := d.standing(situation).Unserved
	var out []unservedPlace
	for i, g := range u.Gaps {
		out = append(out, unservedPlace{g, u.Places[i]})
	}
	for i, g := range u.Off {
		out = append(out, unservedPlace{g, u.OffAt[i]})
	}
	widest := coverage.Widest(d.bands())
	slices.SortStableFunc(out, func(a, b unservedPlace) int {
		return cmp.Or(
			cmp.Compare(b.gap.People[d.Band], a.gap.People[d.Band]),
			cmp.Compare(b.gap.People[widest], a.gap.People[widest]), cmp.Compare(a.gap.ID, b.gap.ID))
	})
	return out
}

type unservedPlace struct {
	gap   coverage.Gap
	place coverage.Place
}

// label is the place in the files' language; its coordinates where nothing has a name.
func (d *Dossier) label(p unservedPlace) string {
	if t := p.place.Label(d.Divisions); t.ZH != "" {
		return d.text(t)
	}
	return fmt.Sprintf("%.5f, %.5f", p.gap.Centre.Lon(), p.gap.Centre.Lat())
}

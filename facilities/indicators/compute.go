package indicators

import (
	"fmt"
	"math"

	"yike/facilities"
	"yike/geo/divisions"
)

// Compute works a formula out over facts. What is not known makes the result not known,
// with the reason and, where it makes sense, a lower bound from what is. O(facilities +
// divisions).
func (f Formula) Compute(facts Facts) Result {
	if !f.Computed() {
		return Result{Day: facts.Day, Inputs: []Input{}, Reason: Text{"这项指标由业务科室填报。", "The office in charge enters this indicator."}}
	}
	if f.Kind == EstateRate {
		c := computing{formula: f, facts: facts, out: Result{Day: facts.Day, Inputs: []Input{}}}
		c.estateRate()
		return c.out
	}
	c := computing{formula: f, facts: facts, chosen: facts.selectFor(f.Of), out: Result{Day: facts.Day, Inputs: []Input{}}}
	c.note()
	switch f.Kind {
	case Count:
		c.count()
	case Sum:
		c.sum()
	case ShareOfSum:
		c.shareOfSum()
	case ShareOfCount:
		c.shareOfCount()
	case Per1000Elders:
		c.perElders()
	case UnitCoverage:
		c.unitCoverage()
	case SubdistrictCoverage, SubdistrictCount:
		c.subdistricts()
	case AreaPer100Households:
		c.perHouseholds()
	case PremisesStandard:
		c.premisesStandard()
	default:
		c.out.Reason = Text{"没有这种算法。", "There is no such formula."}
	}
	return c.out
}

type computing struct {
	formula Formula
	facts   Facts
	chosen  selected
	out     Result
}

// floorArea is the field that every type has for its area.
const floorArea = "floor_area"

func (c *computing) note() {
	add := func(zh, en string) { c.out.Notes = append(c.out.Notes, Text{zh, en}) }
	if c.chosen.registered == 0 {
		add("登记中没有任何这类设施（含规划、在建和关停的）：可能是还没有登记。", "The registry has no facility of the kind at all, not even planned or closed ones: perhaps none is registered yet.")
	}
	if n := c.chosen.examples; n > 0 {
		add(fmt.Sprintf("其中 %d 处是按规则放置的示例，不是真实设施。", n), fmt.Sprintf("%d of them are examples placed by rule, not real places.", n))
	}
	if n := c.chosen.undated; n > 0 {
		add(fmt.Sprintf("其中 %d 处没有启用日期，也没有登记生效日期，按一直开放计。", n), fmt.Sprintf("%d of them say neither since when they are open nor since when the record holds; they count as open all along.", n))
	}
	c.out.Counted, c.out.Lacking = ids(c.chosen.sure), ids(c.chosen.unsure)
}

func (c *computing) input(zh, en string, v *float64, unit Text) {
	c.out.Inputs = append(c.out.Inputs, Input{Text{zh, en}, v, unit})
}

func whole(n int) *float64 {
	v := float64(n)
	return &v
}

// scaled is v in the formula's unit.
func (c *computing) scaled(v float64) *float64 {
	if c.formula.DivideBy > 0 {
		v /= c.formula.DivideBy
	}
	return &v
}

func places() Text { return Text{ZH: "处"} }

// lacking says that n facilities miss something, and gives up.
func (c *computing) lacking(list []facilities.Facility, zh, en string) {
	c.out.Lacking = ids(append(list, c.chosen.unsure...))
	n := len(c.out.Lacking)
	c.out.Reason = Text{
		fmt.Sprintf("无法计算：有 %d 处设施没有填写%s。补齐后自动算出。", n, zh),
		fmt.Sprintf("Cannot be computed: %d facilities do not say %s. It follows once they do.", n, en),
	}
}

func (c *computing) whichNames() (zh, en string) {
	var text Text
	for _, s := range c.formula.Of {
		for _, w := range s.Where {
			if t, ok := typeOf(c.facts.Types, s.Type); ok {
				if info, ok := t.Field(w.Field); ok {
					text = Text{info.ZH, info.EN}
				}
			}
		}
	}
	return text.ZH, text.EN
}

func (c *computing) count() {
	n := len(c.chosen.sure)
	c.input("开放的设施", "open facilities", whole(n), places())
	if len(c.chosen.unsure) > 0 {
		zh, en := c.whichNames()
		c.lacking(nil, zh, en)
		c.out.AtLeast = c.scaled(float64(n))
		return
	}
	c.out.Number = c.scaled(float64(n))
}

// total adds a field up over the facilities that say it, and lists those that do not.
func (c *computing) total(field string) (sum float64, without []facilities.Facility) {
	for _, place := range c.chosen.sure {
		v, ok := c.facts.field(place, field)
		if !ok {
			without = append(without, place)
			continue
		}
		sum += v
	}
	return sum, without
}

func (c *computing) fieldName(field string) Text { return c.formula.fieldText(c.facts.Types, field) }

func (c *computing) sum() {
	sum, without := c.total(c.formula.Field)
	name := c.fieldName(c.formula.Field)
	c.input("开放的设施", "open facilities", whole(len(c.chosen.sure)), places())
	c.input(name.ZH+"合计", name.EN+" together", &sum, Text{})
	if len(without)+len(c.chosen.unsure) > 0 {
		c.lacking(without, name.ZH, name.EN)
		c.out.AtLeast = c.scaled(sum)
		return
	}
	c.out.Number = c.scaled(sum)
}

func (c *computing) shareOfSum() {
	above, lackAbove := c.total(c.formula.Field)
	below, lackBelow := c.total(c.formula.OfField)
	a, b := c.fieldName(c.formula.Field), c.fieldName(c.formula.OfField)
	c.input(a.ZH+"合计", a.EN+" together", &above, Text{})
	c.input(b.ZH+"合计", b.EN+" together", &below, Text{})
	lack := lackBelow
	for _, place := range lackAbove {
		if !contains(lack, place) {
			lack = append(lack, place)
		}
	}
	switch {
	case len(lack)+len(c.chosen.unsure) > 0:
		c.lacking(lack, a.ZH+"或"+b.ZH, a.EN+" or "+b.EN)
	case below == 0:
		c.out.Reason = Text{"无法计算：" + b.ZH + "合计为 0。", "Cannot be computed: there are no " + b.EN + "."}
	default:
		c.out.Number = percent(above, below)
	}
}

func contains(list []facilities.Facility, f facilities.Facility) bool {
	for _, other := range list {
		if other.ID == f.ID {
			return true
		}
	}
	return false
}

func percent(part, all float64) *float64 {
	v := part / all * 100
	return &v
}

func (c *computing) shareOfCount() {
	so := 0
	var unsure []facilities.Facility
	for _, place := range c.chosen.sure {
		switch matches(place, c.formula.Part) {
		case yes:
			so++
		case notKnown:
			unsure = append(unsure, place)
		}
	}
	part := c.formula.partText(c.facts.Types)
	all := len(c.chosen.sure)
	c.input(part.ZH+"的", "with "+part.EN, whole(so), places())
	c.input("开放的设施", "open facilities", whole(all), places())
	switch {
	case len(unsure)+len(c.chosen.unsure) > 0:
		c.lacking(unsure, part.ZH, part.EN)
		if len(c.chosen.unsure) == 0 {
			c.out.AtLeast = percent(float64(so), float64(all))
		}
	case all == 0:
		c.out.Reason = Text{"无法计算：没有开放的这类设施。", "Cannot be computed: no facility of the kind is open."}
	default:
		c.out.Number = percent(float64(so), float64(all))
	}
}

// perElders gives the rate by every base that is known, and leads with the first; the
// indicator's own base is put first by Indicator.Compute.
func (c *computing) perElders() {
	sum, without := c.total(c.formula.Field)
	name := c.fieldName(c.formula.Field)
	c.input(name.ZH+"合计", name.EN+" together", &sum, Text{})
	for _, p := range c.facts.Elders {
		base := Text{"常住", "resident"}
		if p.Base == divisions.Registered {
			base = Text{"户籍", "registered"}
		}
		people := p.Number
		c.input("60 岁及以上"+base.ZH+"人口", base.EN+" people aged 60 and over", &people, Text{"人", "people"})
		if people > 0 {
			c.out.Bases = append(c.out.Bases, BaseRate{Base(p.Base), people, sum / people * 1000})
		}
	}
	if !c.facts.ElderNote.Empty() {
		c.out.Notes = append(c.out.Notes, c.facts.ElderNote)
	}
	c.out.Notes = append(c.out.Notes, Text{"人口取自现有数据包，不随年份变化。", "People are those of the data pack at hand, whatever the year."})
	switch {
	case len(without)+len(c.chosen.unsure) > 0:
		c.lacking(without, name.ZH, name.EN)
		if len(c.out.Bases) > 0 {
			c.out.AtLeast = &c.out.Bases[0].Number
		}
	case len(c.out.Bases) == 0:
		c.out.Reason = Text{"无法计算：没有 60 岁及以上的人口数。", "Cannot be computed: how many people are 60 and over is not known."}
	default:
		c.out.Number = &c.out.Bases[0].Number
	}
}

func (c *computing) perHouseholds() {
	area, without := c.total(floorArea)
	households, unknown := 0, 0
	for _, d := range c.facts.Divisions {
		if d.Level != divisions.Community {
			continue
		}
		if d.Households == 0 {
			unknown++
		}
		households += d.Households
	}
	c.input("建筑面积合计", "floor area together", &area, Text{"㎡", "m²"})
	c.input("户数", "households", whole(households), Text{"户", "households"})
	switch {
	case len(without)+len(c.chosen.unsure) > 0:
		c.lacking(without, "建筑面积", "floor area")
		if households > 0 && unknown == 0 {
			c.out.AtLeast = percent(area, float64(households))
		}
	case households == 0:
		c.out.Reason = Text{"无法计算：数据中没有户数。", "Cannot be computed: the data have no households."}
	case unknown > 0:
		c.out.Reason = Text{fmt.Sprintf("无法计算：有 %d 个村居没有户数。", unknown), fmt.Sprintf("Cannot be computed: %d communities have no households.", unknown)}
	default:
		c.out.Number = percent(area, float64(households))
	}
}

// differ is how many points two notions of coverage may lie apart unremarked (IND-28); a
// proposal of ours.
const differ = 10

// compareNotions puts the walk of people beside a coverage of units.
func (c *computing) compareNotions() {
	if c.facts.Reach == nil {
		return
	}
	r := c.facts.Reach(c.formula.Types())
	c.out.Reach = &r
	people, ok := r.Share()
	if !ok || c.out.Number == nil || r.Day != "" && r.Day != c.facts.Day {
		return // of two days nothing is said
	}
	if apart := math.Abs(people - *c.out.Number); apart > differ {
		c.out.Notes = append(c.out.Notes, Text{
			fmt.Sprintf("单位覆盖率与人口覆盖率相差 %s 个百分点：两者说的不是一回事，请一并看。", FormatNumber(apart)),
			fmt.Sprintf("Unit and population coverage are %s points apart: they are not the same thing; read both.", FormatNumber(apart)),
		})
	}
}

// Compute works the indicator's formula out and leads with the indicator's own base.
func (i Indicator) Compute(facts Facts) Result {
	r := i.Formula.Compute(facts)
	for n, b := range r.Bases {
		if b.Base != i.Base {
			continue
		}
		r.Bases[0], r.Bases[n] = r.Bases[n], r.Bases[0]
		if r.Number != nil {
			r.Number = &r.Bases[0].Number
		}
		if r.AtLeast != nil {
			r.AtLeast = &r.Bases[0].Number
		}
	}
	if len(r.Bases) > 0 && r.Bases[0].Base != i.Base && (i.Base == Registered || i.Base == Resident) {
		r.Notes = append(r.Notes, Text{"没有指标所用口径的人口，用了另一口径，不能与目标直接相比。", "People of the indicator's own base are not known, so another one is used; it must not be compared with the target."})
	}
	return r
}

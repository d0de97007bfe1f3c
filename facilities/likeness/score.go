package likeness

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"yike/facilities"
	"yike/geo"
)

// A score is the logistic of a sum of evidence in nats. The weights were set on generated
// pairs of other seeds than those of the test, by hand: they should be what an official
// finds reasonable when she reads the reasons.
const (
	bias       = -1.6
	mostName   = 3.0
	mostNumber = 6.0
	mostOther  = 14.0 // another function outweighs all else
	mostCode   = 9.0
	mostFar    = 5.0
	mostWhere  = 2.2
	mostPhone  = 1.8
	mostTown   = 2.4
	mostScore  = 99 // nothing is certain before somebody has looked
	mostOwner  = 0.8
)

// evidence collects the parts of a comparison.
type evidence struct {
	sum   float64
	parts []Part
	words bool // reasons are wanted
}

// add counts nats for or against, of at most so many.
func (e *evidence) add(part string, nats, most float64, say func() (zh, en string)) {
	e.sum += nats
	if !e.words {
		return
	}
	zh, en := say()
	e.parts = append(e.parts, Part{Part: part, Score: max(min(nats/most, 1), -1), Weight: most, ZH: zh, EN: en})
}

func text(zh, en string) func() (string, string) { return func() (string, string) { return zh, en } }

// compare scores two profiles; reasons are written only where they are wanted. Without
// them it gives 0 as soon as the rest cannot bring the two to Possible any more.
func (f *Finder) compare(a, b *profile, words bool) Match {
	const rest = mostName + mostWhere + mostPhone
	floor := math.Log(Possible/(100-float64(Possible))) - 0.1 // less rounds to less
	e := evidence{sum: bias, words: words}
	f.compareTypes(&e, a, b)
	compareCodes(&e, a, b)
	apart := compareDistance(&e, a, b)
	f.compareDivisions(&e, a, b, apart)
	if !words && e.sum+rest < floor {
		return Match{A: a.rec.ID, B: b.rec.ID}
	}
	f.compareNames(&e, a, b)
	f.comparePlaces(&e, a, b)
	compareAddresses(&e, a, b)
	comparePhones(&e, a, b)
	m := Match{A: a.rec.ID, B: b.rec.ID, Score: min(mostScore, int(math.Round(100/(1+math.Exp(-e.sum))))), Parts: e.parts}
	slices.SortStableFunc(m.Parts, func(x, y Part) int {
		return cmp.Compare(math.Abs(y.Score)*y.Weight, math.Abs(x.Score)*x.Weight)
	})
	return m
}

func (f *Finder) typeName(t facilities.Type) (zh, en string) {
	if info, ok := f.types[t]; ok {
		return info.ZH, info.EN
	}
	return string(t), string(t)
}

// divisionName is what people call a division; its code where it is not known.
func (f *Finder) divisionName(code string) (zh, en string) {
	d, ok := f.divisions[code]
	if !ok {
		return code, code
	}
	return d.NameZH, cmp.Or(d.NameEN, d.NameZH)
}

// compareTypes speaks against records of different functions, by their types and by their
// names: a canteen and a day-care centre in one house are two places, whatever else they
// share. Where the types differ and the names say the same function, one of the records
// may have the wrong type.
func (f *Finder) compareTypes(e *evidence, a, b *profile) {
	aZH, aEN := f.typeName(a.rec.Type)
	bZH, bEN := f.typeName(b.rec.Type)
	both := a.said != unknown && b.said != unknown
	switch {
	case a.rec.Type == "" || b.rec.Type == "":
		if both && a.said != b.said {
			e.add("function", -mostOther, mostOther, text("名称说的用途不同", "the names say other uses"))
		}
	case a.rec.Type == b.rec.Type:
		e.add("type", 0.4, mostOther, func() (string, string) { return "类型相同：" + aZH, "the same type: " + aEN })
		if both && a.said != b.said {
			e.add("function", -3, mostOther, text("名称说的用途不同", "the names say other uses"))
		}
	case a.function == b.function:
		e.add("type", -1, mostOther, func() (string, string) {
			return "类型相近：" + aZH + "、" + bZH, "types alike: " + aEN + ", " + bEN
		})
	case both && a.said == b.said:
		e.add("type", -2, mostOther, func() (string, string) {
			return "名称说的用途相同，类型却不同：" + aZH + "、" + bZH + "，可能有一条类型填错", "the names say the same use, the types are " + aEN + " and " + bEN + "; one may be wrong"
		})
	default:
		e.add("type", -mostOther, mostOther, func() (string, string) {
			return "类型不同：" + aZH + "、" + bZH, "other types: " + aEN + ", " + bEN
		})
	}
}

// compareCodes knows codes that one place has: the same is nearly proof, another nearly
// proof against.
func compareCodes(e *evidence, a, b *profile) {
	for _, c := range []struct{ a, b, zh, en string }{
		{a.institution, b.institution, "机构编码", "code"},
		{a.bureau, b.bureau, "局内编号", "bureau's number"},
	} {
		switch {
		case c.a == "" || c.b == "":
		case c.a == c.b:
			e.add("code", mostCode, mostCode, text(c.zh+"相同："+c.a, "the same "+c.en+": "+c.a))
		default:
			e.add("code", -mostCode, mostCode, text(c.zh+"不同", "another "+c.en))
		}
	}
	switch {
	case a.uscc == "" || b.uscc == "":
	case a.uscc == b.uscc:
		e.add("operator", mostOwner, mostOwner, text("统一社会信用代码相同（同一运营方可有多处）", "the same credit code, though one operator may have many places"))
	default:
		e.add("operator", -mostOwner/2, mostOwner, text("统一社会信用代码不同", "another credit code"))
	}
}

// compareDistance gives the distance in metres, -1 where a place is not known.
func compareDistance(e *evidence, a, b *profile) float64 {
	if !a.rec.Placed || !b.rec.Placed {
		return -1
	}
	p, q := a.rec.Point, b.rec.Point
	const farDeg = 0.12 // beyond the last step below, anywhere in China
	if !e.words && (math.Abs(p[0]-q[0]) > farDeg || math.Abs(p[1]-q[1]) > farDeg) {
		e.sum -= mostFar
		return math.Inf(1)
	}
	m := geo.Distance(p, q)
	nats := along(m, [][2]float64{{10, 2.2}, {50, 1.7}, {120, 0.6}, {300, -0.6}, {600, -1.8}, {2000, -4}, {6000, -mostFar}})
	e.add("distance", nats, mostFar, func() (string, string) {
		return fmt.Sprintf("相距约 %.0f 米", m), fmt.Sprintf("some %.0f m apart", m)
	})
	return m
}

// along reads a value off a line through the points given, flat beyond its ends.
func along(x float64, points [][2]float64) float64 {
	if x <= points[0][0] {
		return points[0][1]
	}
	for i := 1; i < len(points); i++ {
		if a, b := points[i-1], points[i]; x <= b[0] {
			return a[1] + (b[1]-a[1])*(x-a[0])/(b[0]-a[0])
		}
	}
	return points[len(points)-1][1]
}

// compareNames compares what is left of names without divisions and generic ends.
func (f *Finder) compareNames(e *evidence, a, b *profile) {
	alike, bySound := similar(a.core, b.core, f.sounds)
	if len(a.own) > 0 && len(b.own) > 0 && (a.place == "" || b.place == "" || a.place == b.place) {
		if own, sound := similar(a.own, b.own, f.sounds); own > alike {
			alike, bySound = own, sound
		}
	}
	if len(a.core) == 0 && len(b.core) == 0 {
		alike = 0.5 // neither says anything
	}
	nats := along(alike, [][2]float64{{0.15, -3.4}, {0.4, -2.2}, {0.6, 0}, {0.8, 1.7}, {0.93, 2.6}, {1, mostName}})
	const short = 3 // a slip in so short a name leaves little of it
	if min(len(a.core), len(b.core)) < short && slices.ContainsFunc(a.core, func(r rune) bool { return slices.Contains(b.core, r) }) {
		nats = max(nats, -1.5)
	}
	e.add("name", nats, mostName, func() (string, string) { return nameWords(a, b, alike, bySound) })
	switch {
	case a.number == b.number:
	case a.number != "" && b.number != "":
		e.add("number", -mostNumber, mostNumber, text("序号不同："+a.number+"、"+b.number, "other numbers: "+a.number+", "+b.number))
	case a.number+b.number == "1":
		e.add("number", -0.4, mostNumber, text("只有一个带序号 1", "only one has a number, 1"))
	default:
		e.add("number", -5, mostNumber, text("只有一个带序号 "+a.number+b.number, "only one has a number, "+a.number+b.number))
	}
	if a.note != "" && b.note != "" && a.note != b.note {
		e.add("number", -1.5, mostNumber, text("括号内不同："+a.note+"、"+b.note, "other words in brackets: "+a.note+", "+b.note))
	}
}

func nameWords(a, b *profile, alike float64, bySound bool) (zh, en string) {
	x, y := string(a.core), string(b.core)
	switch {
	case alike >= 0.999:
		return "名称主干相同：" + x, "the same name: " + x
	case bySound && alike >= 0.85:
		return "名称同音：" + x + "、" + y, "names that sound alike: " + x + ", " + y
	case alike >= 0.6:
		return "名称相近：" + x + "、" + y, "names alike: " + x + ", " + y
	}
	return "名称不同：" + x + "、" + y, "other names: " + x + ", " + y
}

// compareAddresses compares the doors that two addresses name, else their roads or texts.
func compareAddresses(e *evidence, a, b *profile) {
	if a.addressText == "" || b.addressText == "" {
		return
	}
	x, y := a.address, b.address
	switch {
	case a.addressKey != "" && a.addressKey == b.addressKey:
		e.add("address", 2, mostWhere, text("门牌或楼栋相同", "the same door or building"))
	case a.addressText == b.addressText:
		e.add("address", 1.3, mostWhere, text("地址文字相同", "the same address text"))
	case x.Estate != "" && x.Estate == y.Estate && x.Building != "" && y.Building != "":
		e.add("address", -1.2, mostWhere, text("同一小区的不同楼", "other buildings of one estate"))
	case a.road != "" && a.road == b.road && x.Number.From > 0 && y.Number.From > 0:
		e.add("address", -1.2, mostWhere, text(fmt.Sprintf("同一条路的不同门牌：%s、%s 号", x.Number, y.Number), fmt.Sprintf("other numbers of one road: %s, %s", x.Number, y.Number)))
	case a.road != "" && a.road == b.road, x.Estate != "" && x.Estate == y.Estate:
		e.add("address", 0.7, mostWhere, text("同一条路或同一小区", "the same road or estate"))
	case a.road != "" && b.road != "" && (x.Estate == "" || y.Estate == ""):
		e.add("address", -0.9, mostWhere, text("道路不同："+x.Road+"、"+y.Road, "other roads: "+x.Road+", "+y.Road))
	case strings.Contains(a.addressText, b.addressText), strings.Contains(b.addressText, a.addressText):
		e.add("address", 0.5, mostWhere, text("一个地址包含另一个", "one address holds the other"))
	}
}

func comparePhones(e *evidence, a, b *profile) {
	if len(a.phones) == 0 || len(b.phones) == 0 {
		return
	}
	for _, p := range a.phones {
		if slices.Contains(b.phones, p) {
			e.add("phone", mostPhone, mostPhone, text("电话相同："+p, "the same telephone: "+p))
			return
		}
	}
	e.add("phone", -0.3, mostPhone, text("电话不同", "another telephone"))
}

// compareDivisions knows that the same name in another community is another place, unless
// the two stand side by side at a border.
func (f *Finder) compareDivisions(e *evidence, a, b *profile, apart float64) {
	const close = 100
	x, y := a.rec.DivisionCode, b.rec.DivisionCode
	switch {
	case x == "" || y == "":
	case a.community != "" && a.community == b.community:
		e.add("division", 0.7, mostTown, func() (string, string) {
			zh, en := f.divisionName(a.community)
			return "同在" + zh, "both in " + en
		})
	case strings.HasPrefix(x, y), strings.HasPrefix(y, x):
	case apart >= 0 && apart <= close:
		e.add("division", -0.4, mostTown, text("分属相邻辖区，但紧挨着", "in neighbouring divisions, yet side by side"))
	default:
		e.add("division", -mostTown, mostTown, func() (string, string) {
			xZH, xEN := f.divisionName(x)
			yZH, yEN := f.divisionName(y)
			return fmt.Sprintf("分属%s、%s", xZH, yZH), fmt.Sprintf("one in %s, the other in %s", xEN, yEN)
		})
	}
}

// comparePlaces compares the divisions that the names themselves say.
func (f *Finder) comparePlaces(e *evidence, a, b *profile) {
	if a.town != "" && b.town != "" && a.town != b.town {
		e.add("division", -1.5, mostTown, text("名称中的街镇不同："+a.town+"、"+b.town, "other subdistricts in the names: "+a.town+", "+b.town))
	}
	if a.place != "" && b.place != "" && a.place != b.place {
		if alike, _ := similar([]rune(a.place), []rune(b.place), f.sounds); alike < 0.85 {
			e.add("division", -1.2, mostTown, text("名称中的村居不同："+a.place+"、"+b.place, "other communities in the names: "+a.place+", "+b.place))
		}
	}
}

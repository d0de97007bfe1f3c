package naming

import (
	"math"
	"slices"
	"strings"
	"time"

	"yike/internal/hanzi"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames"
)

// inputs gathers what the rules ask.
type inputs map[string]rules.Input

func (in inputs) set(name string, value any) { in[name] = rules.Input{Value: value} }

func (in inputs) unknown(name, zh, en string) { in[name] = rules.Input{WhyZH: zh, WhyEN: en} }

// positive gives a number that is not known where it is 0.
func (in inputs) positive(name string, v float64) {
	if v > 0 {
		in.set(name, v)
		return
	}
	in.unknown(name, "尚未填写", "not given")
}

func pointer[T any](in inputs, name string, p *T, value func(T) any) {
	if p != nil {
		in.set(name, value(*p))
		return
	}
	in.unknown(name, "尚未填写", "not given")
}

func same[T any](v T) any { return v }

// Inputs are what the rules ask of a name, worked out. Characters, sounds and sizes are the
// name's own; of the rest what is not known says why.
func (k *Checker) Inputs(f Facts) map[string]rules.Input {
	in := inputs{}
	parts, split := k.catalogue.PartsOf(f.Name)
	k.kinds(in, f, parts, split)
	k.register(in, f)
	k.lists(in, f)
	k.characters(in, f, parts)
	k.generics(in, f, parts, split)
	k.sizes(in, f)
	k.place(in, f, parts)
	papers(in, f)
	k.clocks(in, f)
	k.rest(in, f, parts)
	return in
}

func (k *Checker) kinds(in inputs, f Facts, p placenames.Parts, split bool) {
	kind, class, ok := k.catalogue.Of(f.Name.Kind)
	if !ok {
		for _, name := range []string{"class", "kind", "specific", "generic", "scope"} {
			in.unknown(name, "类别未定", "the kind is not known")
		}
		return
	}
	in.set("class", class.Code.Code)
	in.set("kind", kind.Code.Code)
	if f.Name.Text == "" {
		in.unknown("specific", "还没有名称", "there is no name yet")
		in.unknown("generic", "还没有名称", "there is no name yet")
	} else {
		in.set("specific", map[bool]string{true: p.Specific}[split])
		in.set("generic", p.Generic)
	}
	if scope, known := k.catalogue.Scope(f.Name); known {
		in.set("scope", scope)
	} else {
		in.unknown("scope", "未注明是否国内著名", "nobody said whether it is famous in the country")
	}
	if f.Act == placenames.Naming || f.Act == placenames.Renaming {
		in.set("act", string(f.Act))
	}
}

// related are the names of the inputs of relations.
func related() map[Relation]string {
	return map[Relation]string{
		SameName: "same_names", SameStem: "same_stems", SameSound: "same_sounds",
		NearSound: "near_sounds", LookAlike: "look_alikes", OneApart: "one_apart",
	}
}

// register works out what a register says within the scope of the law. A name found there is
// a fault that is known; where none is found, only a whole register says that there is none.
func (k *Checker) register(in inputs, f Facts) {
	own := EntryOf(k.catalogue, f.Name)
	scope, known := k.catalogue.Scope(f.Name)
	found, perhaps := map[Relation][]string{}, map[Relation][]string{}
	var retired []string
	for _, m := range f.Register.Like {
		e := m.Entry
		if own.Class == "" || e.Class != own.Class || e.ID == f.Name.ID && e.ID != "" {
			continue
		}
		label := e.Text
		if e.Former {
			label += "（曾用名）"
		}
		if m.Relation == SameName && (e.State.Ended() && e.State != placenames.Rejected && e.State != placenames.Withdrawn && e.State != placenames.Lapsed) {
			retired = append(retired, label)
		}
		if !e.State.Taken() || e.Former {
			continue
		}
		switch Within(scope, own, e) {
		case Here:
			found[m.Relation] = append(found[m.Relation], label)
		case Perhaps:
			perhaps[m.Relation] = append(perhaps[m.Relation], label)
		}
	}
	for r, name := range related() {
		switch {
		case len(found[r]) > 0:
			in.set(name, found[r])
		case own.Text == "" || !known:
			in.unknown(name, "名称或比对范围未定", "the name or its scope is not known")
		case !f.Register.Searched:
			in.unknown(name, "尚未与地名库比对", "no register was searched")
		case len(perhaps[r]) > 0:
			in.unknown(name, "所在建成区或政区未注明："+strings.Join(perhaps[r], "、"), "nobody said in which built-up area or division these lie: "+strings.Join(perhaps[r], ", "))
		case !f.Register.Whole:
			in.unknown(name, "地名库未覆盖整个比对范围", "the register does not have every name of the scope")
		default:
			in.set(name, []string{})
		}
	}
	k.retired(in, f, retired)
}

func (*Checker) retired(in inputs, f Facts, retired []string) {
	switch {
	case len(retired) > 0 && f.Name.Reuses != nil && f.Name.Reuses.Reason != "":
		in.set("retired_names", []string{}) // on purpose, with a reason
	case len(retired) > 0:
		in.set("retired_names", retired)
	case !f.Register.Searched || !f.Register.Whole:
		in.unknown("retired_names", "地名库未覆盖已注销的地名", "the register does not have every retired name")
	default:
		in.set("retired_names", []string{})
	}
}

// lists works out which words of lists the name has.
func (k *Checker) lists(in inputs, f Facts) {
	cleared := func(words []string) []string {
		return slices.DeleteFunc(words, func(w string) bool {
			return slices.ContainsFunc(f.Cleared, func(c Clearance) bool { return c.Word == w && c.Reason != "" && c.By != "" })
		})
	}
	for _, l := range []struct {
		input     string
		list      *List
		reviewed  bool
		clearable bool
	}{
		{"leader_names", f.Lists.Leaders, f.Reviewed.Leaders, false},
		{"person_names", f.Lists.Persons, f.Reviewed.Persons, true},
		{"foreign_names", f.Lists.Foreign, f.Reviewed.Foreign, true}, // 翠柏林苑 is no Berlin
		{"brand_names", f.Lists.Brands, f.Reviewed.Brands, true},
		{"banned_words", f.Lists.Banned, f.Reviewed.Banned, false},
	} {
		var hits []string
		if l.list != nil {
			hits = l.list.In(f.Name.Text)
		}
		if l.clearable {
			hits = cleared(hits)
		}
		switch {
		case f.Name.Text == "":
			in.unknown(l.input, "还没有名称", "there is no name yet")
		case len(hits) > 0:
			in.set(l.input, hits)
		case l.reviewed || l.list != nil && l.list.Whole:
			in.set(l.input, []string{})
		case l.list == nil:
			in.unknown(l.input, "没有名录，也未经人工确认", "there is no list, and nobody confirmed it")
		default:
			in.unknown(l.input, "名录中没有，但名录不全，需人工确认", "not in the list, which does not have all; somebody must confirm it")
		}
	}
}

// characters works out what the characters of the name say.
func (k *Checker) characters(in inputs, f Facts, p placenames.Parts) {
	text := f.Name.Text
	if text == "" {
		for _, name := range []string{"unlisted", "rare", "not_han", "length", "specific_length", "grand_words", "national_words", "transliterated", "feudal_words", "administrative", "landform", "polyphones"} {
			in.unknown(name, "还没有名称", "there is no name yet")
		}
		return
	}
	unlisted, rare, other, many := []string{}, []string{}, []string{}, []string{}
	for i, r := range []rune(text) {
		c := string(r)
		switch level := k.chars.Level(r); {
		case !hanzi.IsHan(r):
			other = append(other, c)
		case level == 0:
			unlisted = append(unlisted, c)
		case level == 3:
			rare = append(rare, c)
		}
		if of := k.chars.Readings(r); len(of) > 1 && (i >= len(f.Name.Readings) || f.Name.Readings[i] == "") {
			many = append(many, c+"（"+strings.Join(of, "、")+"）")
		}
	}
	in.set("unlisted", unlisted)
	in.set("rare", rare)
	in.set("not_han", other)
	in.set("polyphones", many)
	in.set("length", float64(placenames.Characters(text)))
	in.set("specific_length", float64(placenames.Characters(p.Specific)))
	for name, list := range map[string]*List{"grand_words": &k.words.Grand, "national_words": &k.words.National, "feudal_words": &k.words.Feudal} {
		in.set(name, append([]string{}, list.In(text)...))
	}
	in.set("transliterated", k.transliterated(p.Specific))
	in.set("administrative", k.ending(text, k.words.Administrative.Words))
	in.set("landform", k.ending(text, k.words.Landforms.Words))
}

// transliterated gives runs of three characters and more that are of use to write foreign
// sounds: 曼哈顿, 普罗旺斯.
func (k *Checker) transliterated(specific string) []string {
	const run = 3
	out, at := []string{}, ""
	chars := strings.Join(k.words.Transliterating.Words, "")
	flush := func() {
		if placenames.Characters(at) >= run {
			out = append(out, at)
		}
		at = ""
	}
	for _, r := range specific {
		if strings.ContainsRune(chars, r) {
			at += string(r)
			continue
		}
		flush()
	}
	flush()
	return out
}

// ending gives the word that a name ends with, if it is not a part of a longer one that
// means something else: 小区 is no district.
func (k *Checker) ending(text string, words []string) []string {
	for _, not := range k.words.NotGeneric {
		if strings.HasSuffix(text, not) {
			return []string{}
		}
	}
	for _, w := range words {
		if strings.HasSuffix(text, w) && text != w {
			return []string{w}
		}
	}
	return []string{}
}

// generics works out whether a generic stands before another.
func (k *Checker) generics(in inputs, f Facts, p placenames.Parts, split bool) {
	kind, _, ok := k.catalogue.Of(f.Name.Kind)
	if !ok || !split {
		in.unknown("stacked", "通名未能识别", "the generic part was not found")
		return
	}
	stacked := []string{}
	for _, g := range kind.Generics {
		// One character may well be the end of a specific part: 孝里, 龙门.
		if placenames.Characters(g) > 1 && strings.HasSuffix(p.Specific+p.Modifier, g) {
			stacked = append(stacked, g+p.Generic)
			break
		}
	}
	in.set("stacked", stacked)
}

func (k *Checker) sizes(in inputs, f Facts) {
	s := f.Name.Size
	in.positive("floors", float64(s.Floors))
	in.positive("height", s.HeightM)
	in.positive("floor_area", s.FloorM2)
	in.positive("site_area", s.SiteM2)
	in.positive("open_area", s.OpenM2)
	in.positive("length_m", s.LengthM)
	in.positive("width_m", s.WidthM)
	pointer(in, "green", s.GreenPct, same[float64])
	if f.Use != "" {
		in.set("use", string(f.Use))
		in.set("housing", f.Use == Housing || f.Use == Mixed)
	} else {
		in.unknown("use", "尚未填写用途", "nobody said what it is for")
		in.unknown("housing", "尚未填写用途", "nobody said what it is for")
	}
	pointer(in, "on_hill", f.OnHill, same[bool])
	if f.Cut.Known {
		in.set("cut_by", append([]string{}, f.Cut.Roads...))
	} else {
		in.unknown("cut_by", "尚未与道路比对", "it was not held against the roads")
	}
}

// place works out whether a direction word is true.
func (k *Checker) place(in inputs, f Facts, p placenames.Parts) {
	word, has := direction(p, f.Reference)
	in.set("has_direction", has)
	if !has {
		return
	}
	if f.Reference == nil || f.Name.Geometry == nil {
		in.unknown("direction_against", "没有可比对的位置", "there is no place to hold it against")
		return
	}
	switch against, known := contradicts(word, f.Reference.At, f.Name.Geometry.Bound().Center()); {
	case !known:
		in.unknown("direction_against", "方位介于两者之间，需人工判断", "it lies between the directions; somebody must judge")
	case against:
		in.set("direction_against", []string{word + "（" + f.Reference.Name + "）"})
	default:
		in.set("direction_against", []string{})
	}
}

// direction gives the direction word of a name: its modifier, or what stands before or
// behind the name that it refers to.
func direction(p placenames.Parts, ref *Reference) (string, bool) {
	const words = "东西南北"
	if m := []rune(p.Modifier); len(m) == 1 && strings.ContainsRune(words, m[0]) {
		return p.Modifier, true
	}
	if ref == nil {
		return "", false
	}
	for _, w := range words {
		base := strings.TrimSuffix(strings.TrimPrefix(p.Specific, string(w)), string(w))
		if base != p.Specific && base != "" && strings.HasPrefix(ref.Name, base) && !strings.HasPrefix(ref.Name, p.Specific) {
			return string(w), true
		}
	}
	return "", false
}

// contradicts reports whether a place lies against a direction seen from another: more than
// 112.5° off it. Between 67.5° and that, nobody knows; at the very place neither.
func contradicts(word string, from, to [2]float64) (against, known bool) {
	axis := map[string][2]float64{"东": {1, 0}, "西": {-1, 0}, "南": {0, -1}, "北": {0, 1}}[word]
	dx := (to[0] - from[0]) * math.Cos(from[1]*math.Pi/180)
	dy := to[1] - from[1]
	long := math.Hypot(dx, dy)
	if long == 0 {
		return false, false
	}
	const clear = 0.38268 // cos 67.5°
	switch cos := (dx*axis[0] + dy*axis[1]) / long; {
	case cos >= clear:
		return false, true
	case cos <= -clear:
		return true, true
	}
	return false, false
}

func papers(in inputs, f Facts) {
	p := f.Papers
	lists := map[string][]string{"materials": p.Materials, "assessment_heads": p.Assessment, "expert_heads": p.Experts, "consultation_heads": p.Consultation}
	for name, list := range lists {
		switch {
		case !p.Known:
			in.unknown(name, "材料尚未核对", "nobody looked at the papers")
		case list == nil && name != "materials":
			in.unknown(name, "报告内容尚未核对", "nobody looked what the report has")
		default:
			in.set(name, append([]string{}, list...))
		}
	}
	for name, code := range map[string]string{"needs_assessment": "assessment", "needs_experts": "experts", "needs_consultation": "consultation"} {
		if p.NeedsKnown {
			in.set(name, slices.Contains(p.Needs, code))
		} else {
			in.unknown(name, "尚未决定是否需要", "nobody decided whether the case needs it")
		}
	}
	number := func(n int) any { return float64(n) }
	pointer(in, "visits", p.Visits, number)
	pointer(in, "visits_full", p.VisitsFull, same[bool])
	pointer(in, "experts", p.ExpertCount, number)
	pointer(in, "from_bank", p.FromBank, same[bool])
	pointer(in, "conflicted", p.Conflicted, number)
}

// days counts days of the calendar from one to another; false where one is none.
func days(from, to record.Day) (float64, bool) {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil {
		return 0, false
	}
	return math.Round(b.Sub(a).Hours() / 24), true
}

// elapsed gives how many days something took; of what is not done yet it is known only
// once it is later than every rule allows, since until then it may still be in time.
func (k *Checker) elapsed(in inputs, name string, from, done, today record.Day) {
	n, ok := days(from, done)
	if !ok && done == "" {
		n, ok = days(from, today)
		ok = ok && n > k.latest(name)
	}
	if ok {
		in.set(name, n)
		return
	}
	in.unknown(name, "尚未办理，仍在期限内", "not done yet, and still in time")
}

// latest is the most that any rule allows of an input.
func (k *Checker) latest(input string) float64 {
	most := 0.0
	for i := range k.set.Rules {
		if r := &k.set.Rules[i]; len(r.Over) == 1 && r.Over[0] == input && r.AtMost != nil {
			most = max(most, r.AtMost.Value)
		}
	}
	return most
}

func (k *Checker) clocks(in inputs, f Facts) {
	c := f.Clock
	for _, one := range []struct {
		input      string
		from, done record.Day
	}{
		{"filing_days", c.Approved, c.Filed},
		{"announcing_days", c.Approved, c.Announced},
		{"announcing_days_after_filing", c.Filed, c.Announced},
		{"sign_days", c.Approved, c.Sign},
	} {
		if one.from == "" {
			in.unknown(one.input, "期限尚未开始", "the clock has not begun")
			continue
		}
		k.elapsed(in, one.input, one.from, one.done, f.Day)
	}
	pointer(in, "other_department", c.OtherDepartment, same[bool])
	if f.Fields == nil {
		in.unknown("announcement", "尚无公告", "there is no announcement yet")
	} else {
		in.set("announcement", []string(f.Fields))
	}
}

func (k *Checker) rest(in inputs, f Facts, p placenames.Parts) {
	if f.Roman == "" || f.Name.Roman == "" {
		in.unknown("roman_agrees", "读音未确认或尚未填写拼写", "readings are not confirmed, or no spelling is given")
	} else {
		in.set("roman_agrees", f.Roman == f.Name.Roman)
	}
	if f.Plan.In == nil {
		in.unknown("plan_or_reason", "尚未与地名方案比对", "it was not held against the plan of names")
	} else {
		in.set("plan_or_reason", *f.Plan.In || strings.TrimSpace(f.Plan.Reason) != "")
	}
	in.set("protected", f.Name.Heritage != nil)
	if f.Name.Heritage != nil {
		in.set("measures", strings.TrimSpace(f.Name.Heritage.Measures) != "")
	}
	in.set("derived", f.Host != nil || f.Name.HostID != "")
	if f.Host != nil {
		differs := []string{}
		if stem := hanzi.Fold(f.Host.Stem); stem == "" || !strings.Contains(hanzi.Fold(p.Text()), stem) {
			differs = append(differs, f.Host.Text)
		}
		in.set("host_differs", differs)
	}
	pointer(in, "stale_uses", f.StaleUses, func(n int) any { return float64(n) })
	if f.Approver != "" {
		in.set("approver", f.Approver)
	}
}

package naming_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yike/internal/hanzi"
	"yike/internal/rules"
	"yike/placenames"
	"yike/placenames/naming"
)

// everywhere are the regions of all places that have rules: the strictest place there could be.
func everywhere(k *naming.Checker) []string {
	var out []string
	for _, r := range k.Rules().Regions {
		out = append(out, r.Code)
	}
	return out
}

// estateNames writes plausible names of estates by a grammar: a water, hill, plant or wish, what
// is beside it, perhaps a direction, and a generic. The characters are among the commonest of
// such names; none was taken from a list of estates. Each once.
func estateNames(n int) []string {
	first := strings.Split("沣 渭 灞 浐 秦 汉 唐 云 锦 翠 紫 金 玉 文 和 瑞 景 华 兰 春 秋 学 书 福 康 安 宁 清 静 雅 逸 晨 星 月 水 山 柳 松 竹 梅 柏 荷 枫 桂 桃 杏 沁 嘉 祥 泰 盛 恒 恩 德 仁 礼 信", " ")
	second := strings.Split("水 河 岸 溪 湖 泉 林 岭 桥 园 庭 香 风 悦 和 乐 居 怡 润 泽 源 庄 亭 阳 晖 光 辰 景 禾 润 都 府 泰 安 宁 平 昌 盛 兴 华", " ")
	third := []string{"", "", "", "", "东", "南", "西", "北", "新", "佳"}
	generics := strings.Split("小区 花园 家园 嘉园 佳苑 雅苑 新苑 庭苑 公寓 苑 园 里 居 坊 轩 院 庭 新村", " ")
	r := rand.New(rand.NewPCG(7, 753))
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	seen := map[string]bool{}
	var out []string
	for len(out) < n {
		a, b := pick(first), pick(second)
		name := a + b + pick(third) + pick(generics)
		if a == b || seen[name] || a+b == "嘉园" { // 嘉园 is a generic: 嘉园佳苑 has two
			continue
		}
		seen[name] = true
		out = append(out, name)
	}
	return out
}

// TestPlausibleEstateNamesAreNotBlocked counts how many of 3,000 plausible names the rules of all
// places together would block, by what the program brings alone.
func TestPlausibleEstateNamesAreNotBlocked(t *testing.T) {
	t.Parallel()
	k := checker(t)
	var blocked, warned []string
	for _, name := range estateNames(3000) {
		f := naming.Facts{
			Name: placenames.Name{Text: name, Kind: "estate", State: placenames.Proposed, Divisions: []string{"610112"}},
			Act:  placenames.Naming, Day: "2026-11-27", Regions: everywhere(k), Lists: naming.Lists{Foreign: k.Foreign()},
		}
		for _, found := range k.Check(f) {
			if found.Outcome != rules.Fail {
				continue
			}
			text := name + " " + found.Rule.ID + " " + found.ReasonZH
			switch found.Rule.Severity {
			case rules.Error:
				blocked = append(blocked, text)
			case rules.Warning:
				warned = append(warned, text)
			}
		}
	}
	t.Logf("3,000 plausible names of estates: %d blocked, %d warnings", len(blocked), len(warned))
	for _, b := range blocked {
		t.Log("blocked: ", b)
	}
	if len(blocked) > 0 {
		t.Errorf("%d of 3,000 plausible names are blocked", len(blocked))
	}
}

// seeded are 200 names each with one thing wrong, and the rule that must say so.
func seeded() map[string]string {
	out := map[string]string{}
	specifics := strings.Split("锦河 翠庭 秦岸 云湖 和泰 瑞景 文泉 春晖 金禾 玉泽", " ")
	for rule, makes := range map[string][]string{
		"NAM-05": {"%甲乙丙苑", "甲乙丙%园"},
		"NAM-06": {"%丁戊己苑", "丁戊己%小区"},
		"NAM-07": {"曼哈顿%苑", "%普罗旺斯花园"},
		"NAM-08": {"%庚辛园", "庚辛%家园"},
		"NAM-09": {"%壬癸苑", "壬癸%小区"},
		"NAM-10": {"国际%小区", "%环球苑"},
		"NAM-11": {"中华%园", "中国%苑"},
		"NAM-13": {"%A苑", "%3号院"},
		"NAM-14": {"%花园小区", "%家园公寓"},
		"NAM-15": {"%市", "%郡"},
	} {
		for _, of := range makes {
			for _, s := range specifics {
				out[strings.ReplaceAll(of, "%", s)] = rule
			}
		}
	}
	return out
}

// TestSeededViolationsAreAllFlagged holds 200 names with one thing wrong each against the rules.
func TestSeededViolationsAreAllFlagged(t *testing.T) {
	t.Parallel()
	k := checker(t)
	list := func(words ...string) *naming.List { return &naming.List{Words: words} }
	cases := seeded()
	missed := 0
	for name, rule := range cases {
		f := naming.Facts{
			Name: placenames.Name{Text: name, Kind: "estate", State: placenames.Proposed, Divisions: []string{"610112"}},
			Act:  placenames.Naming, Day: "2026-11-27", Regions: everywhere(k),
			Lists: naming.Lists{Leaders: list("甲乙丙"), Persons: list("丁戊己"), Foreign: k.Foreign(), Brands: list("庚辛"), Banned: list("壬癸")},
		}
		if !slices.ContainsFunc(k.Check(f), func(found rules.Finding) bool { return found.Rule.ID == rule && found.Outcome == rules.Fail }) {
			missed++
			t.Errorf("%s is not flagged by %s", name, rule)
		}
	}
	t.Logf("%d seeded violations: %d missed", len(cases), missed)
	if len(cases) != 200 {
		t.Errorf("%d cases", len(cases))
	}
}

// TestHomophonesAreFound injects 2,000 variants of names of a register that are read alike, with
// one or two characters that have a reading in common, and counts how many are found as the same
// or a near sound; and how many of 2,000 names with a character of no common sound are called so.
func TestHomophonesAreFound(t *testing.T) {
	t.Parallel()
	k := checker(t)
	chars := hanzi.NewCharacters()
	bySound := map[string][]rune{}
	var common []rune
	for r := rune(0x4e00); r < 0x9fa5; r++ {
		if chars.Level(r) != 1 {
			continue
		}
		common = append(common, r)
		for _, s := range chars.Readings(r) {
			bySound[hanzi.Toneless(s)] = append(bySound[hanzi.Toneless(s)], r)
		}
	}
	rng := rand.New(rand.NewPCG(3, 1984))
	var entries []naming.Entry
	for i, name := range estateNames(2000) {
		stem := string([]rune(name)[:2])
		e := entry(string(rune('a'+i%26))+name, stem, "路")
		entries = append(entries, e)
	}
	shares := func(a, b rune) bool {
		return slices.ContainsFunc(chars.Readings(a), func(x string) bool {
			return slices.ContainsFunc(chars.Readings(b), func(y string) bool { return hanzi.Toneless(x) == hanzi.Toneless(y) })
		})
	}
	found, wrong := 0, 0
	for i := range 2000 {
		of := entries[i]
		x := k.NewIndex(entries[i : i+1])
		stem := []rune(of.Stem)
		at := rng.IntN(2)
		sound := chars.Readings(stem[at])
		same := bySound[hanzi.Toneless(sound[rng.IntN(len(sound))])]
		alike, other := slices.Clone(stem), slices.Clone(stem)
		alike[at] = same[rng.IntN(len(same))]
		for other[at] = common[rng.IntN(len(common))]; shares(other[at], stem[at]); {
			other[at] = common[rng.IntN(len(common))]
		}
		if m := x.Find(entry("", string(alike), "路")); len(m) == 1 && m[0].Relation >= naming.NearSound {
			found++
		}
		if m := x.Find(entry("", string(other), "路")); len(m) == 1 && m[0].Relation >= naming.NearSound {
			wrong++
		}
	}
	t.Logf("2,000 variants that are read alike: %d found (recall %.4f); 2,000 that are not: %d called so (precision %.4f)",
		found, float64(found)/2000, wrong, float64(found)/float64(found+wrong))
	if found != 2000 || wrong != 0 {
		t.Errorf("%d found, %d wrong", found, wrong)
	}
}

// TestRepairs proposes names only where a rule makes them plain.
func TestRepairs(t *testing.T) {
	t.Parallel()
	k := checker(t)
	for _, tc := range []struct{ kind, text, want string }{
		{"road", "長安路", "长安路"},
		{"estate", "锦河3号院", "锦河三号院"},
		{"estate", "锦河25号院", "锦河二十五号院"},
		{"estate", "锦河10号院", "锦河十号院"},
		{"estate", "锦河2049号院", "锦河二〇四九号院"},
		{"estate", "锦河·苑", "锦河苑"},
		{"estate", "锦河花园小区", "锦河小区"},
		{"estate", "锦河苑", ""},
		{"estate", "曼哈顿苑", ""}, // another name is for people
	} {
		f := naming.Facts{Name: placenames.Name{Text: tc.text, Kind: tc.kind, Divisions: []string{"610112"}}, Day: "2026-11-27", Regions: everywhere(k), Lists: naming.Lists{Foreign: k.Foreign()}}
		got := k.Repairs(f, k.Check(f))
		if tc.want == "" {
			if len(got) > 0 {
				t.Errorf("%s: %v", tc.text, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Text != tc.want || got[0].ZH == "" || got[0].EN == "" {
			t.Errorf("%s: %v, want %s", tc.text, got, tc.want)
		}
	}
}

// TestReferences names what a direction word may refer to.
func TestReferences(t *testing.T) {
	t.Parallel()
	k := checker(t)
	for text, want := range map[string][]string{
		"沣惠南路":  {"沣惠北路", "沣惠路", "沣惠东路", "沣惠西路", "沣惠"},
		"东长安街":  {"长安街"},
		"沣东大道":  nil,
		"渭水河北路": {"渭水河南路", "渭水河路", "渭水河东路", "渭水河西路", "渭水河"},
		"":      nil,
	} {
		got := k.References(placenames.Name{Text: text, Kind: "road"})
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestFreezeKeepsWhatACheckSaid in words, with what does not pass alone.
func TestFreezeKeepsWhatACheckSaid(t *testing.T) {
	t.Parallel()
	k := checker(t)
	f := good()
	f.Regions = everywhere(k)
	listed(leaders, "文教")(&f)
	f.StaleUses = nil
	found := k.Check(f)
	kept, counts := k.Freeze(f, found), naming.Count(found)
	if kept.Errors != counts.Errors || kept.Errors != 1 || kept.Open == 0 || kept.Passed == 0 || kept.Text != "文教北路" || kept.Day != f.Day {
		t.Errorf("%+v", kept)
	}
	for _, one := range kept.Findings {
		if one.Outcome == rules.Pass || one.TitleZH == "" || one.TitleEN == "" || one.SourceZH == "" {
			t.Errorf("%+v", one)
		}
	}
	if kept.Findings[0].Rule != "NAM-05" {
		t.Errorf("the first is %s", kept.Findings[0].Rule)
	}
}

// BenchmarkCheckAmong100000 is one check of a name as it is typed, on a register of 100,000 names:
// the search for names that are like it and all rules.
func BenchmarkCheckAmong100000(b *testing.B) {
	k := checker(b)
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		b.Fatal(err)
	}
	chars := []rune("沣渭灞浐秦汉唐云锦翠紫金玉文和瑞景华兰春学书福康安宁清静雅逸晨星月水山柳松竹梅柏荷枫桂桃杏沁嘉祥泰盛恒恩德仁礼信东西南北长")
	r := rand.New(rand.NewPCG(1, 1))
	entries := make([]naming.Entry, 100_000)
	for i := range entries {
		stem := make([]rune, 2+r.IntN(2))
		for j := range stem {
			stem[j] = chars[r.IntN(len(chars))]
		}
		entries[i] = entry(string(stem), string(stem), "路")
	}
	x := k.NewIndex(entries)
	names := estateNames(200)
	i := 0
	for b.Loop() {
		f := naming.Facts{
			Name: placenames.Name{Text: names[i%len(names)], Kind: "estate", State: placenames.Proposed, Divisions: []string{"610112"}, BuiltUpArea: "xixian-1"},
			Act:  placenames.Naming, Day: "2026-11-27", Regions: everywhere(k), Lists: naming.Lists{Foreign: k.Foreign()},
		}
		f.Register = naming.Register{Searched: true, Like: x.Find(naming.EntryOf(catalogue, f.Name))}
		k.Check(f)
		i++
	}
}

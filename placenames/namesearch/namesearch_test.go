package namesearch_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/hanzi"
	"yike/placenames"
	"yike/placenames/namesearch"
)

var readings = sync.OnceValue(func() *namesearch.Readings {
	return namesearch.NewReadings(hanzi.NewCharacters(), []string{"沣洋", "己已巳"})
})

func named(id, text string) namesearch.Name {
	return namesearch.Name{ID: id, Text: text, Class: "streets", State: placenames.Approved}
}

// TestReasons asks what people type and looks at what is found first, and why.
func TestReasons(t *testing.T) {
	t.Parallel()
	road := named("road", "沣东大道")
	road.Aliases, road.Former = []string{"新城快速路"}, []string{"红光路", "丰产路"}
	liuan := named("liuan", "六安路")
	liuan.Readings = []string{"lù", "ān", "lù"}
	retired := named("old", "长安路")
	retired.State = placenames.Retired
	k11 := named("k11", "K11购物中心")
	k11.Class = "buildings"
	x := namesearch.New(readings(), []namesearch.Name{road, liuan, retired, named("chang", "长安北路"), k11, named("xian", "西安门"), named("xian2", "先锋路"), named("rare", "𬭎路")})
	for _, tc := range []struct{ q, ids, by, text, spelling string }{
		{"沣东大道", "road", "standard", "沣东大道", ""},
		{"灃東", "road", "standard", "沣东大道", ""},
		{"东大", "road", "standard", "沣东大道", ""},
		{"快速", "road", "alias", "新城快速路", ""},
		{"红光路", "road", "former", "红光路", ""},
		{"沣dong", "road", "pinyin", "沣东大道", "feng dong da dao"},
		{"Fēngdōng Dàdào", "road", "pinyin", "沣东大道", "feng dong da dao"},
		{"dongdadao", "road", "pinyin", "沣东大道", "feng dong da dao"},
		{"fengd", "road", "pinyin", "沣东大道", "feng dong da dao"},
		{"fddd", "road", "initials", "沣东大道", "feng dong da dao"},
		{"沣ddd", "road", "initials", "沣东大道", "feng dong da dao"},
		{"fengddd", "road", "initials", "沣东大道", "feng dong da dao"},
		{"hgl", "road", "initials", "红光路", "hong guang lu"},
		{"丰栋", "road", "same_sound", "沣东大道", ""},
		{"洋东", "road", "look_alike", "沣东大道", ""},
		{"沣西大道", "road", "one_character", "沣东大道", ""},
		{"沣大道", "road", "one_character", "沣东大道", ""},
		{"沣东新大道", "road", "one_character", "沣东大道", ""},
		{"luan", "liuan", "pinyin", "六安路", "lu an lu"},
		{"liuan", "liuan", "pinyin", "六安路", "liu an lu"},
		{"zhangan", "chang old", "pinyin", "长安北路", "zhang an bei lu"},
		{"长安", "chang old", "standard", "长安北路", ""},
		{"长安路", "old chang liuan", "standard", "长安路", ""},
		{"xi'an", "xian", "pinyin", "西安门", "xi an men"},
		{"xian", "xian xian2", "pinyin", "西安门", "xi an men"},
		{"k11", "k11", "standard", "K11购物中心", ""},
		{"k11gw", "k11", "initials", "K11购物中心", "k 1 1 gou wu zhong xin"},
		{"Ｋ１１ gouwu", "k11", "pinyin", "K11购物中心", "k 1 1 gou wu zhong xin"},
		{"𬭎", "rare", "standard", "𬭎路", ""},
	} {
		hits := x.Search(tc.q, namesearch.Options{Limit: 10})
		if len(hits) == 0 {
			t.Errorf("%s: nothing", tc.q)
			continue
		}
		h := hits[0]
		if got := idsOf(hits); got != tc.ids || string(h.By) != tc.by || h.Text != tc.text || h.Spelling != tc.spelling {
			t.Errorf("%s: %s %s %q %q", tc.q, got, h.By, h.Text, h.Spelling)
		}
	}
	for _, q := range []string{"", "  ", "'", "不存在的名称", "zzzz", strings.Repeat("沣", 61)} {
		if hits := x.Search(q, namesearch.Options{Limit: 10}); len(hits) > 0 {
			t.Errorf("%q finds %s", q, idsOf(hits))
		}
	}
	if hits := x.Search("中心", namesearch.Options{Limit: 10, Class: "streets"}); len(hits) > 0 {
		t.Errorf("of another class: %s", idsOf(hits))
	}
	if hits := x.Search("沣东", namesearch.Options{}); hits != nil {
		t.Errorf("asked for none: %s", idsOf(hits))
	}
}

func idsOf(hits []namesearch.Hit) string {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Name.ID
	}
	return strings.Join(ids, " ")
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, c := range namesearch.By("").Codes() {
		if c.Code == "" || c.ZH == "" || c.EN == "" {
			t.Errorf("%+v", c)
		}
	}
}

// drawnCharacters are few, so that names are like one another: with several readings, alike in
// sound, alike in looks, letters, figures.
var drawnCharacters = []rune("沣丰东洋长安西先路行k1")

// drawnReadings are what the dictionary says of them.
func drawnReadings() map[rune][]string {
	out := map[rune][]string{}
	chars := hanzi.NewCharacters()
	for _, r := range drawnCharacters {
		for _, toned := range chars.Readings(r) {
			if p := hanzi.Toneless(toned); !slices.Contains(out[r], p) && len(out[r]) < 4 {
				out[r] = append(out[r], p)
			}
		}
	}
	return out
}

func drawName(t *rapid.T, id int) namesearch.Name {
	text := rapid.StringOfN(rapid.SampledFrom(drawnCharacters), 1, 5, -1)
	n := namesearch.Name{ID: fmt.Sprintf("%03d", id), Text: text.Draw(t, "text"), Class: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "class")}
	n.State = rapid.SampledFrom([]placenames.State{placenames.Approved, placenames.Proposed, placenames.Retired}).Draw(t, "state")
	n.Aliases = rapid.SliceOfN(text, 0, 2).Draw(t, "aliases")
	n.Former = rapid.SliceOfN(text, 0, 2).Draw(t, "former")
	return n
}

func drawQuery(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.Map(rapid.SampledFrom(drawnCharacters), func(r rune) string { return string(r) }),
		rapid.SampledFrom([]string{"feng", "dong", "chang", "zhang", "zh", "an", "xi", "xian", "l", "lu", "f", "d", "x", "c", "xing", "h", "'", "fe", "東"}),
	)
	return strings.Join(rapid.SliceOfN(piece, 1, 5).Draw(t, "query"), "")
}

// TestFindsWhatComparingWithEachFinds holds the index, and a book of changes, to a search that
// looks at every name.
func TestFindsWhatComparingWithEachFinds(t *testing.T) {
	t.Parallel()
	read := drawnReadings()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(t, "names")
		names := make([]namesearch.Name, n)
		for i := range names {
			names[i] = drawName(t, i)
		}
		book := namesearch.NewBook(readings(), slices.Clone(names))
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			var gone []string
			if i := rapid.IntRange(0, len(names)).Draw(t, "gone"); i < len(names) {
				gone = []string{names[i].ID}
				names = slices.Delete(names, i, i+1)
			}
			var changed []namesearch.Name
			if i := rapid.IntRange(0, len(names)).Draw(t, "changed"); i < len(names) {
				var id int
				_, _ = fmt.Sscanf(names[i].ID, "%d", &id)
				names[i] = drawName(t, id)
				changed = []namesearch.Name{names[i]}
			}
			book = book.With(changed, gone)
			if rapid.Bool().Draw(t, "whole") {
				book = book.Whole()
			}
		}
		for range 3 {
			q := drawQuery(t)
			o := namesearch.Options{Limit: rapid.IntRange(1, 50).Draw(t, "limit"), Class: rapid.SampledFrom([]string{"", "a"}).Draw(t, "of")}
			want := lookAtEach(read, names, q, o)
			for what, got := range map[string][]namesearch.Hit{"book": book.Search(q, o), "index": namesearch.New(readings(), names).Search(q, o)} {
				var lines []string
				for _, h := range got {
					lines = append(lines, fmt.Sprintf("%s %s %s", h.Name.ID, h.By, h.Text))
				}
				if !slices.Equal(lines, want) {
					t.Fatalf("%s: %q finds\n%s\nand not\n%s", what, q, strings.Join(lines, "\n"), strings.Join(want, "\n"))
				}
			}
		}
	})
}

// found is a text that was found by looking at it.
type found struct {
	rank, source, group int
	text, id            string
	by                  namesearch.By
}

func lookAtEach(read map[rune][]string, names []namesearch.Name, typed string, o namesearch.Options) []string {
	q := asked(typed)
	if q.text == "" {
		return nil
	}
	var all []found
	for _, n := range names {
		if o.Class != "" && n.Class != o.Class {
			continue
		}
		group := map[placenames.State]int{placenames.Approved: 0, placenames.Proposed: 1, placenames.Retired: 2}[n.State]
		var best []found
		for source, texts := range [][]string{{n.Text}, n.Aliases, n.Former} {
			for _, text := range texts {
				if rank, by := q.rank(read, text, source); rank >= 0 {
					best = append(best, found{rank, source, group, text, n.ID, by})
				}
			}
		}
		if len(best) > 0 {
			slices.SortFunc(best, func(a, b found) int { return compare(read, a, b) })
			all = append(all, best[0])
		}
	}
	slices.SortFunc(all, func(a, b found) int { return compare(read, a, b) })
	var out []string
	for _, f := range all[:min(len(all), o.Limit)] {
		out = append(out, fmt.Sprintf("%s %s %s", f.id, f.by, f.text))
	}
	return out
}

func compare(read map[rune][]string, a, b found) int {
	sound := func(s string) []string {
		var out []string
		for _, r := range s {
			if list := read[r]; len(list) > 0 {
				out = append(out, list[0])
			} else {
				out = append(out, "~"+string(r))
			}
		}
		return out
	}
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.source, b.source), cmp.Compare(a.group, b.group), cmp.Compare(len([]rune(a.text)), len([]rune(b.text))),
		slices.Compare(sound(a.text), sound(b.text)), slices.Compare([]rune(a.text), []rune(b.text)), strings.Compare(a.id, b.id))
}

// question is what was typed, once without the signs that part syllables and once with them.
type question struct{ text, parted string }

func asked(typed string) question {
	typed = strings.ReplaceAll(typed, "東", "东")
	parted := strings.Trim(regexp.MustCompile(`'+`).ReplaceAllString(typed, "-"), "-")
	return question{strings.ReplaceAll(parted, "-", ""), parted}
}

func (q question) rank(read map[rune][]string, text string, source int) (int, namesearch.By) {
	own := []namesearch.By{namesearch.Standard, namesearch.Alias, namesearch.Former}[source]
	letters := strings.ContainsAny(q.text, "abcdefghijklmnopqrstuvwxyz")
	t, runes := []rune(text), []rune(q.text)
	like := func(equal func(a, b rune) bool) (begins, within bool) {
		for from := 0; from+len(runes) <= len(t); from++ {
			if slices.EqualFunc(runes, t[from:from+len(runes)], equal) {
				return from == 0, true
			}
		}
		return false, false
	}
	soundBegins, soundWithin := like(func(a, b rune) bool {
		return a == b || slices.ContainsFunc(read[a], func(s string) bool { return slices.Contains(read[b], s) })
	})
	lookBegins, lookWithin := like(func(a, b rune) bool {
		return a == b || strings.ContainsRune("沣洋", a) && strings.ContainsRune("沣洋", b)
	})
	within := false
	for from := 1; from < len(t); from++ {
		within = within || spells(read, t[from:], q.parted, 2, false)
	}
	other := apart(runes, t)
	switch {
	case text == q.text:
		return 3 * source, own
	case strings.HasPrefix(text, q.text):
		return 3*source + 1, own
	case strings.Contains(text, q.text):
		return 3*source + 2, own
	case letters && spells(read, t, q.parted, 0, false):
		return 9, namesearch.Pinyin
	case letters && within:
		return 10, namesearch.Pinyin
	case letters && spells(read, t, q.parted, 0, true):
		return 11, namesearch.Initials
	case !letters && len(runes) > 1 && soundBegins:
		return 12, namesearch.SameSound
	case !letters && len(runes) > 1 && soundWithin:
		return 13, namesearch.SameSound
	case len(runes) > 1 && lookBegins:
		return 14, namesearch.LookAlike
	case len(runes) > 1 && lookWithin:
		return 15, namesearch.LookAlike
	case other && len(runes) != len(t):
		return 16, namesearch.OneCharacter
	case other:
		return 17, namesearch.OneCharacter
	}
	return -1, ""
}

// spells tries the question against expressions of what the characters may be typed as.
func spells(read map[rune][]string, t []rune, q string, wholes int, initials bool) bool {
	head := "^"
	for k, r := range t {
		whole := []string{regexp.QuoteMeta(string(r))}
		last := slices.Clone(whole)
		for _, s := range read[r] {
			whole = append(whole, s)
			for n := 1; n <= len(s); n++ {
				last = append(last, s[:n])
			}
			if initials {
				whole = append(whole, s[:1])
				if strings.HasPrefix(s, "zh") || strings.HasPrefix(s, "ch") || strings.HasPrefix(s, "sh") {
					whole = append(whole, s[:2])
				}
			}
		}
		if k >= wholes && regexp.MustCompile(head+"(?:"+strings.Join(last, "|")+")$").MatchString(q) ||
			k+1 >= wholes && regexp.MustCompile(head+"(?:"+strings.Join(whole, "|")+")$").MatchString(q) {
			return true
		}
		head += "(?:" + strings.Join(whole, "|") + ")-?"
	}
	return false
}

// apart tries every change of one character.
func apart(a, b []rune) bool {
	if max(len(a), len(b)) < 3 || slices.Equal(a, b) {
		return false
	}
	for i := range a {
		if len(a) == len(b) && slices.Equal(a[:i], b[:i]) && slices.Equal(a[i+1:], b[i+1:]) {
			return true
		}
		if slices.Equal(slices.Concat(a[:i], a[i+1:]), b) {
			return true
		}
	}
	for i := range b {
		if slices.Equal(slices.Concat(b[:i], b[i+1:]), a) {
			return true
		}
	}
	return false
}

// FuzzSearch asks anything of a few names: nothing fails, nothing is found twice, and nothing
// is found without a reason.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"沣东", "fengdong", "xi'an", "沣dong大d", "zhzhzh", "𬭎", "\xff", "ē", strings.Repeat("xian", 15), strings.Repeat("'", 80)} {
		f.Add(q)
	}
	long := named("long", strings.Repeat("西安嗯", 12))
	long.Aliases = []string{"xian", "ürümqi", strings.Repeat("安", 90)}
	x := namesearch.New(readings(), []namesearch.Name{named("road", "沣东大道"), long, named("none", ""), named("chang", "长安北路")})
	f.Fuzz(func(t *testing.T, q string) {
		seen := map[string]bool{}
		for _, h := range x.Search(q, namesearch.Options{Limit: 10}) {
			if seen[h.Name.ID] || h.By == "" || h.Text == "" || (h.By == namesearch.Pinyin || h.By == namesearch.Initials) && h.Spelling == "" {
				t.Errorf("%q: %+v", q, h)
			}
			seen[h.Name.ID] = true
		}
	})
}

package roman_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/placenames"
	"yike/placenames/roman"
)

func speller(t testing.TB, confirmed ...roman.Confirmation) *roman.Speller {
	t.Helper()
	s, err := roman.NewSpeller(confirmed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask makes a request of a name with its parts apart by dots, and confirmed readings.
func ask(class, parts, readings string) roman.Request {
	p := strings.Split(parts, ".")
	for len(p) < 3 {
		p = append(p[:len(p)-1], "", p[len(p)-1])
	}
	q := roman.Request{Class: class, Text: strings.Join(p, ""), Parts: placenames.Parts{Specific: p[0], Modifier: p[1], Generic: p[2], Confirmed: true}}
	if readings != "" {
		q.Readings = strings.Fields(readings)
	}
	return q
}

// The cases of the fourteen rules: the examples that the rules themselves give, and names of
// Xixian.
func TestRules(t *testing.T) {
	t.Parallel()
	s := speller(t)
	joined := func(q roman.Request) roman.Request { q.Joined = true; return q }
	for _, tc := range []struct {
		rule string
		q    roman.Request
		want string
	}{
		{"1", ask("street", "长安.街", "cháng ān jiē"), "Chang'an Jie"},
		{"1", ask("natural", "松花.江", ""), "Songhua Jiang"},
		{"1", ask("street", "沣东.大道", ""), "Fengdong Dadao"},
		{"1", ask("natural", "西辽.河", ""), "Xiliao He"},
		{"2", ask("street", "景山.后.街", ""), "Jingshan Houjie"},
		{"2", ask("street", "朝阳门.内.大街", "cháo yáng mén nèi dà jiē"), "Chaoyangmennei Dajie"},
		{"2", ask("street", "朝阳门内.南.小街", "cháo yáng mén nèi nán xiǎo jiē"), "Chaoyangmennei Nanxiaojie"},
		{"2", ask("street", "修文.西.小巷", ""), "Xiuwen Xixiaoxiang"},
		{"3", joined(ask("other", "周口.店", "")), "Zhoukoudian"},
		{"3", joined(ask("other", "王.村", "wáng cūn")), "Wangcun"},
		{"4", ask("division", "黑龙江.省", ""), "Heilongjiang Sheng"},
		{"4", ask("street", "解放路.南.小街", "jiě fàng lù nán xiǎo jiē"), "Jiefanglu Nanxiaojie"},
		{"5", ask("street", "张之洞.路", "zhāng zhī dòng lù"), "Zhangzhidong Lu"},
		{"5", ask("division", "左权.县", "zuǒ quán xiàn"), "Zuoquan Xian"},
		{"6", ask("other", "五一.广场", ""), "Wuyi Guangchang"},
		{"6", ask("street", "八一.路", ""), "Bayi Lu"},
		{"7", ask("street", "二.马路", ""), "2 Malu"},
		{"7", ask("street", "经五.路", "jīng wǔ lù"), "Jing 5 Lu"},
		{"7", ask("street", "东四.十二.条", ""), "Dongsi 12 Tiao"},
		{"7", ask("street", "沣西.三.路", ""), "Fengxi 3 Lu"},
		{"7", ask("street", "三.环路", "sān huán lù"), "3 Huanlu"},
		{"8", joined(ask("other", "十里.堡", "shí lǐ pù")), "Shilipu"},
		{"8", joined(ask("other", "大黄.堡", "dà huáng bǎo")), "Dahuangbao"},
		{"8", joined(ask("other", "吴.堡", "wú bǔ")), "Wubu"},
		{"11", ask("division", "西安.市", ""), "Xi'an Shi"},
		{"11", ask("division", "建瓯.市", ""), "Jian'ou Shi"},
		{"11", ask("division", "六安.市", "lù ān shì"), "Lu'an Shi"},
		{"11", ask("division", "第二.市", ""), "Di'er Shi"},
		{"12", ask("street", "盆儿.胡同", "pén r hú tòng"), "Penr Hutong"},
		{"14", ask("residence", "沣东.大厦", ""), "Fengdong Dasha"},
		{"14", ask("facility", "沣河.大桥", ""), "Fenghe Daqiao"},
		{"10", ask("division", "吕梁.市", ""), "Lüliang Shi"}, // ü
	} {
		got := s.Spell(tc.q)
		if got.Text != tc.want {
			t.Errorf("%s: %s, want %s", tc.q.Text, got.Text, tc.want)
		}
		if tc.rule != "5" && tc.rule != "4" && !slices.Contains(got.Rules, tc.rule) {
			t.Errorf("%s: rules %v, without %s", tc.q.Text, got.Rules, tc.rule)
		}
		if !got.Certain {
			t.Errorf("%s is not certain: %v", tc.q.Text, got.WhyEN)
		}
	}
	chang := s.Spell(ask("street", "长安.街", "cháng ān jiē"))
	if chang.Toned != "Cháng'ān Jiē" || chang.Upper() != "CHANG'AN JIE" { // rules 9 and 10
		t.Errorf("%s, %s", chang.Toned, chang.Upper())
	}
	if got := chang.Segments[0].Syllables; !slices.Equal(got, []string{"chang", "an"}) { // rule 13
		t.Errorf("broken as %v", got)
	}
	words := ask("division", "科尔沁右翼中.旗", "kē ěr qìn yòu yì zhōng qí") // rule 2: two syllables stand apart
	words.Parts = placenames.Parts{Specific: "科尔沁右翼", Modifier: "中", Generic: "旗", Confirmed: true}
	words.Words = []string{"科尔沁", "右翼"}
	if got := s.Spell(words).Text; got != "Ke'erqin Youyi Zhongqi" {
		t.Errorf("got %s", got)
	}
	if all := s.Rules(); len(all) != 14 || slices.ContainsFunc(all, func(c placenames.Code) bool { return c.ZH == "" || c.EN == "" }) {
		t.Errorf("%d rules", len(all))
	}
	if zh, en, grade := s.Source(); zh == "" || en == "" || grade != "r" {
		t.Errorf("%s %s %s", zh, en, grade)
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	s := speller(
		t,
		roman.Confirmation{Text: "长安", Readings: []string{"cháng", "ān"}, Where: "长安区"},
		roman.Confirmation{Text: "行知", Readings: []string{"xíng", "zhī"}, Where: "行知路"},
		roman.Confirmation{Text: "太行", Readings: []string{"tài", "háng"}, Where: "太行山"},
		roman.Confirmation{Text: "六合", Readings: []string{"lù", "hé"}, Where: "六合区"},
		roman.Confirmation{Text: "六合", Readings: []string{"liù", "hé"}, Where: "六合路"},
	)
	q := ask("street", "长安.街", "")
	got := s.Read(q)
	if got[0].Chosen != "cháng" || got[0].Source != roman.Precedent || got[0].Where != "长安区" || !slices.Contains(got[0].Candidates, "zhǎng") || got[0].Nearest[0].Text != "长安" {
		t.Errorf("%+v", got[0])
	}
	if sp := s.Spell(q); !sp.Certain || sp.Text != "Chang'an Jie" {
		t.Errorf("%+v", sp)
	}
	// What was confirmed of this name outranks what was of others.
	q.Readings = []string{"zhǎng", "", ""}
	if got := s.Read(q)[0]; got.Chosen != "zhǎng" || got.Source != roman.Confirmed || got.Where != "" {
		t.Errorf("%+v", got)
	}
	// Confirmed in two ways, it is left to people, and both are shown.
	q = ask("street", "六合.路", "")
	r := s.Read(q)[0]
	if r.Source != roman.Usual || len(r.Nearest) != 2 {
		t.Errorf("%+v", r)
	}
	if sp := s.Spell(q); sp.Certain || len(sp.WhyZH) == 0 || len(sp.WhyZH) != len(sp.WhyEN) {
		t.Errorf("%+v", sp)
	}
	// The nearest precedent shares the longest text around the character.
	if got := s.Read(ask("street", "太行.路", ""))[1]; got.Nearest[0].Text != "太行" || got.Chosen != "háng" {
		t.Errorf("%+v", got)
	}
	// Generics are read as they always are; the specific part is not.
	for i, want := range []roman.Source{roman.Usual, roman.Only, roman.Generic} {
		if got := s.Read(ask("street", "厦.胡同", ""))[i]; got.Source != want {
			t.Errorf("%s: %s", got.Character, got.Source)
		}
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	s := speller(t)
	guessed := func(q roman.Request) roman.Request { q.Parts.Confirmed = false; return q }
	for name, q := range map[string]roman.Request{
		"a polyphone":               ask("street", "长安.街", ""),
		"no parts":                  {Text: "沣东大道", Class: "street"},
		"parts of another name":     {Text: "沣东大道", Class: "street", Parts: placenames.Parts{Specific: "沣西", Generic: "大道", Confirmed: true}},
		"a modifier that was taken": guessed(ask("street", "大河.南.路", "")),
		"an ordinal or not":         guessed(ask("street", "东四十二.条", "")),
		"a day or an ordinal":       guessed(ask("street", "十一.路", "")),
		"儿 or r":                    ask("street", "盆儿.胡同", ""),
		"a made-up character":       ask("street", "\ue000东.路", ""),
		"nothing":                   {},
	} {
		if got := s.Spell(q); got.Certain {
			t.Errorf("%s: %s is called certain", name, got.Text)
		}
	}
	if got := s.Spell(guessed(ask("street", "沣东.大道", ""))); !got.Certain {
		t.Errorf("nothing is in doubt: %v", got.WhyEN)
	}
}

func TestPrecedentsNeedEachReading(t *testing.T) {
	t.Parallel()
	for _, c := range []roman.Confirmation{{}, {Text: "长安", Readings: []string{"cháng"}}, {Text: "长安", Readings: []string{"cháng", ""}}} {
		if _, err := roman.NewSpeller([]roman.Confirmation{c}); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

func TestSpellAnything(t *testing.T) {
	t.Parallel()
	s := speller(t)
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	k, _, _ := c.Of("road")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[长安东西门内三十第九儿A1𬇙路大道]{0,9}`).Draw(t, "text")
		q := roman.Request{Text: text, Class: "street", Parts: k.Split(text)[0], Joined: rapid.Bool().Draw(t, "joined")}
		got := s.Spell(q)
		if len(got.Readings) != len([]rune(text)) || strings.Contains(got.Text, "  ") || strings.TrimSpace(got.Text) != got.Text {
			t.Fatalf("%q: %+v", text, got)
		}
		if got.Certain && slices.ContainsFunc(got.Readings, func(r roman.Reading) bool { return r.Source == roman.None }) {
			t.Fatalf("%q is certain of what nobody can read", text)
		}
	})
}

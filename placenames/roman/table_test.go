package roman_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"yike/internal/hanzi"
	"yike/placenames/roman"
)

// The table of phrases has what it needs and no more: made again of itself it is the same.
func TestPhrasesAreDerived(t *testing.T) {
	t.Parallel()
	s := speller(t)
	var all []roman.Phrase
	for _, line := range lines(t, "phrases.txt") {
		text, readings, err := roman.ParseReading(line)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, roman.Phrase{Text: text, Readings: readings})
		got := s.Read(roman.Request{Text: text})
		for i, r := range got {
			if r.Source == roman.InPhrase && r.Within == text && r.Chosen != readings[i] {
				t.Errorf("%s is read %v", text, got)
			}
		}
	}
	if again := s.Derive(all); len(again) != len(all) || len(all) < 5000 {
		t.Errorf("of %d phrases %d are needed", len(all), len(again))
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	p := func(line string) roman.Phrase {
		f := strings.Fields(line)
		return roman.Phrase{Text: f[0], Readings: f[1:]}
	}
	got := speller(t).Derive([]roman.Phrase{
		p("重庆 chóng qìng"), p("重庆市 chóng qìng shì"), // the longer is read so by the shorter
		p("东西 dōng xī"),                      // as its characters alone
		p("长官 zhǎng guān"),                   // not as names usually read them
		p("一行 yì háng"),                      // the tone of the character, not of speech
		p("朝天 cháo tiān"), p("朝天 zhāo tiān"), // nothing chooses
		p("重 chóng"), p("重重重重重 chóng chóng chóng chóng chóng"), p("重庆 chóng"), p("重Q chóng q"), p("重庆 xx xx"),
	})
	var texts []string
	for _, g := range got {
		texts = append(texts, g.Text+" "+strings.Join(g.Readings, " "))
	}
	if want := []string{"一行 yī háng", "重庆 chóng qìng", "长官 zhǎng guān"}; !slices.Equal(texts, want) {
		t.Errorf("%q, want %q", texts, want)
	}
}

// lines are those of a table that are no comments.
func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(l string) bool { return l[0] == '#' || l[0] == '=' })
}

// Each name of the list is needed, and says a reading that the character is known to have; the
// few that no dictionary of characters has are these.
func TestPlacesAreNeeded(t *testing.T) {
	t.Parallel()
	s := speller(t)
	chars := hanzi.NewCharacters()
	rare := map[string]bool{}
	for _, line := range lines(t, "places.txt") {
		reading, _, _ := strings.Cut(line, "|")
		text, readings, err := roman.ParseReading(reading)
		if err != nil {
			t.Fatal(err)
		}
		got := s.Read(roman.Request{Text: text})
		for i, r := range []rune(text) {
			if got[i].Chosen != readings[i] {
				t.Errorf("%s: %c is read %s", text, r, got[i].Chosen)
			}
			if !slices.Contains(chars.Readings(r), readings[i]) {
				rare[string(r)+readings[i]] = true
			}
			if len([]rune(text)) > 1 && got[i].Source == roman.InPlace && got[i].Where == "" {
				t.Errorf("%s does not say what it was taken from", text)
			}
		}
	}
	want := map[string]bool{"潏jué": true, "儿r": true, "乐lào": true, "房páng": true, "宕tàn": true}
	for k := range rare {
		if !want[k] {
			t.Errorf("no dictionary reads %s", k)
		}
	}
}

// An order of authority: what people say of the name, of others, our list, generic parts, phrases,
// characters.
func TestAuthority(t *testing.T) {
	t.Parallel()
	q := ask("street", "六安.路", "")
	for _, tc := range []struct {
		confirmed []roman.Confirmation
		readings  []string
		want      string
		source    roman.Source
	}{
		{nil, nil, "lù", roman.InPlace},
		{[]roman.Confirmation{{Text: "六安", Readings: []string{"liù", "ān"}, Where: "六安里"}}, nil, "liù", roman.Precedent},
		{[]roman.Confirmation{{Text: "六安", Readings: []string{"liù", "ān"}, Where: "六安里"}}, []string{"lù", "ān", "lù"}, "lù", roman.Confirmed},
	} {
		asked := q
		asked.Readings = tc.readings
		got := speller(t, tc.confirmed...).Read(asked)[0]
		if got.Chosen != tc.want || got.Source != tc.source || !slices.Contains(got.Candidates, "liù") || !slices.Contains(got.Candidates, "lù") {
			t.Errorf("%+v", got)
		}
	}
	// A phrase is not looked for across the border of the parts.
	s := speller(t)
	if got := s.Read(ask("street", "南重.庆路", ""))[1]; got.Source == roman.InPhrase {
		t.Errorf("%+v", got)
	}
	if got := s.Spell(ask("street", "长征.路", "")); got.Certain || len(got.WhyEN) == 0 {
		t.Errorf("certain of what nobody confirmed: %+v", got)
	}
	// Of others taken from it a speller keeps nothing.
	other, err := s.With([]roman.Confirmation{{Text: "六安", Readings: []string{"liù", "ān"}}})
	if err != nil || other.Read(q)[0].Chosen != "liù" || s.Read(q)[0].Chosen != "lù" {
		t.Errorf("%v", err)
	}
}

func TestParseReading(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"六安 lù ān":         "lù ān",
		" 六安  LÙ  Ān ":     "lù ān",
		"吕梁 lǚ liáng":      "lǚ liáng",
		"绿 lv":             "lü",
		"绿 lu\u0308\u0300": "lǜ",
		"A座 a zuò":         "A zuò",
		"盆儿 pén r":         "pén r",
		"\ue000村 dōng cūn": "dōng cūn",
	} {
		if _, got, err := roman.ParseReading(in); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "六安", "六安 lù", "六安 lù ān lù", "六安 lù 4n", "六安 xyz ān", "六 lūù", "六，安 lù x ān", "六 r", "a b", "六 lu|g"} {
		if _, _, err := roman.ParseReading(in); !errors.Is(err, roman.ErrReading) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// Each reading of each standard character is one.
func TestEachSyllableIsOne(t *testing.T) {
	t.Parallel()
	c := hanzi.NewCharacters()
	for r := rune(0x3400); r < 0x33000; r++ {
		if c.Level(r) == 0 {
			continue
		}
		for _, reading := range c.Readings(r) {
			if got, err := roman.ParseReadings(string(r), reading); err != nil || got[0] != reading {
				t.Errorf("%c %s: %v, %v", r, reading, got, err)
			}
		}
	}
}

func FuzzParseReading(f *testing.F) {
	f.Add("六安 lù ān")
	f.Add("盆儿 pén r")
	f.Add("A座 a zuò")
	f.Fuzz(func(t *testing.T, line string) {
		text, readings, err := roman.ParseReading(line)
		if err != nil {
			return
		}
		if again, err := roman.ParseReadings(text, strings.Join(readings, " ")); err != nil || !slices.Equal(again, readings) {
			t.Errorf("%q: %v, then %v, %v", line, readings, again, err)
		}
	})
}

func FuzzSpell(f *testing.F) {
	s, err := roman.NewSpeller([]roman.Confirmation{{Text: "六安", Readings: []string{"lù", "ān"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("六安", "", "路", "lù ān", "street", false)
	f.Add("东四", "十二", "条", "", "street", false)
	f.Add("", "", "儿", "r", "other", true)
	f.Fuzz(func(t *testing.T, specific, modifier, generic, readings, class string, joined bool) {
		q := roman.Request{Text: specific + modifier + generic, Class: class, Joined: joined, Readings: strings.Fields(readings)}
		q.Parts.Specific, q.Parts.Modifier, q.Parts.Generic = specific, modifier, generic
		got := s.Spell(q)
		if len(got.Readings) != len([]rune(q.Text)) || len(got.WhyZH) != len(got.WhyEN) || got.Certain && len(got.WhyZH) > 0 {
			t.Errorf("%+v", got)
		}
	})
}

func BenchmarkSpell(b *testing.B) {
	s := speller(b)
	bare := s.Bare()
	q := ask("street", "朝阳门内.南.小街", "")
	b.Run("tables", func(b *testing.B) {
		for b.Loop() {
			s.Spell(q)
		}
	})
	b.Run("characters", func(b *testing.B) {
		for b.Loop() {
			bare.Spell(q)
		}
	})
}

func BenchmarkNewSpeller(b *testing.B) {
	for b.Loop() {
		speller(b)
	}
}

package imports

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"yike/facilities"
)

// surely is the score from which a suggestion is taken unless somebody says otherwise.
const surely = 70

// Suggest says what each column may mean, by its heading and, where that says nothing, by
// what it holds. No target is given to two columns: the likelier one has it. names are
// what the district's communities and subdistricts are called. Of a file of one type only
// the fields of that type are suggested; "" is of any.
func (l *Language) Suggest(columns []Source, of facilities.Type, names Divisions) []Suggestion {
	targets := l.TargetsOf(of)
	type offer struct {
		column int
		Suggestion
	}
	var offers []offer
	for i, c := range columns {
		if l.ignored(c.Header) {
			offers = append(offers, offer{i, Suggestion{Ignored, 90, "流水号或系统自己算的，不是填报的内容", "a running number, or what the system works out itself"}})
			continue
		}
		for _, t := range targets {
			if s := t.score(c); s.Score > 0 {
				offers = append(offers, offer{i, s})
			}
		}
		if s := byContent(c, names); s.Score > 0 {
			offers = append(offers, offer{i, s})
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int { return b.Score - a.Score })
	out := make([]Suggestion, len(columns))
	taken := map[string]bool{}
	for _, o := range offers {
		if out[o.column].Field != "" || taken[o.Field] && o.Field != Ignored {
			continue
		}
		out[o.column] = o.Suggestion
		taken[o.Field] = true
	}
	return pairCoordinates(out)
}

// ignored reports whether a heading is one of a column that says nothing of a facility. A
// word with brackets is meant with them: 备注 alone may say something.
func (l *Language) ignored(heading string) bool {
	return slices.ContainsFunc(l.ignore, func(word string) bool {
		if strings.ContainsAny(word, "(（") {
			return bare(strings.ToLower(heading)) == bare(word)
		}
		return plain(heading) == plain(word)
	})
}

// pairCoordinates gives up one coordinate without the other: it means nothing.
func pairCoordinates(list []Suggestion) []Suggestion {
	at := func(field string) int {
		return slices.IndexFunc(list, func(s Suggestion) bool { return s.Field == field })
	}
	lon, lat := at(FieldLon), at(FieldLat)
	for _, i := range []int{lon, lat} {
		if i >= 0 && (lon < 0 || lat < 0) {
			list[i] = Suggestion{}
		}
	}
	return list
}

// Taken makes a mapping of what is suggested with enough certainty; what is not stays for
// a person to decide.
func Taken(columns []Source, suggestions []Suggestion) Mapping {
	m := Mapping{Columns: make([]Column, len(columns))}
	for i, c := range columns {
		m.Columns[i].Header = c.Header
		if suggestions[i].Score >= surely {
			m.Columns[i].Field = suggestions[i].Field
		}
	}
	return m
}

// score says how well a heading fits a target.
func (t Target) score(c Source) Suggestion {
	give := func(score int, zh, en string) Suggestion { return Suggestion{t.Field, score, zh, en} }
	if c.Code != "" {
		if c.Code == t.Field {
			return give(100, "模板中的字段代码", "the code of our template")
		}
		return Suggestion{}
	}
	heading := plain(c.Header)
	if heading == "" {
		return Suggestion{}
	}
	if i := slices.Index(t.words, heading); i >= 0 {
		return give(max(90, 99-i), "列名相同", "the same heading")
	}
	best := 0
	for _, word := range t.words {
		best = max(best, partly(heading, word))
	}
	if best == 0 {
		return Suggestion{}
	}
	return give(best, "列名相近", "a heading like it")
}

// partly scores a heading that has a word in it: the more of the heading the word is, the
// better, and better at its end, where Chinese says what a thing is. Short words are in
// too many headings to say anything.
func partly(heading, word string) int {
	h, w := len([]rune(heading)), len([]rune(word))
	if w < 2 || w >= h || !strings.Contains(heading, word) || isASCII(word) && w < 4 {
		return 0
	}
	score := 40 + 40*w/h
	if strings.HasSuffix(heading, word) {
		score += 8
	}
	return min(score, 88)
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(c rune) bool { return c > 127 }) < 0 }

// byContent guesses what a column is by what it holds: codes with a check digit, names of
// communities, coordinates.
func byContent(c Source, names Divisions) Suggestion {
	if len(c.Samples) == 0 || c.Code != "" {
		return Suggestion{}
	}
	all := func(ok func(string) bool) bool {
		return !slices.ContainsFunc(c.Samples, func(s string) bool { return !ok(Half(Tidy(s))) })
	}
	share := fmt.Sprintf("%d", len(c.Samples))
	phone := regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8})$`)
	switch {
	case all(func(s string) bool { return facilities.ValidUSCC(strings.ToUpper(s)) }):
		return Suggestion{"uscc", 89, "内容都是统一社会信用代码", "all of it are unified social credit codes"}
	case all(func(s string) bool { return names.is(s, community) }):
		return Suggestion{FieldCommunity, 87, "内容都是本区村居", "all of it are communities of the district"}
	case all(func(s string) bool { return names.is(s, subdistrict) }):
		return Suggestion{FieldSubdistrict, 87, "内容都是本区街镇", "all of it are subdistricts"}
	case all(func(s string) bool { return phone.MatchString(strings.ReplaceAll(s, " ", "")) }):
		return Suggestion{"fields.contact_phone", 75, "内容像电话号码（" + share + " 个样本）", "it looks like telephone numbers"}
	case all(func(s string) bool { return degrees(s, 73, 136) }):
		return Suggestion{FieldLon, 72, "内容像经度", "it looks like longitudes"}
	case all(func(s string) bool { return degrees(s, 3, 54) }):
		return Suggestion{FieldLat, 71, "内容像纬度", "it looks like latitudes"}
	}
	return Suggestion{}
}

// degrees reports whether a cell has degrees with at least three decimals in a range.
func degrees(s string, from, to float64) bool {
	_, decimals, ok := strings.Cut(s, ".")
	v, number := parseNumber(s)
	return ok && number && len(decimals) >= 3 && v >= from && v <= to && v != math.Trunc(v)
}

// Guess gives the type of facility that texts such as the name of a file or a sheet speak
// of: that of the longest word in them; "" for none.
func (l *Language) Guess(texts ...string) facilities.Type {
	best, length := facilities.Type(""), 1
	for _, text := range texts {
		p := bare(strings.ToLower(Half(Tidy(text))))
		for word, t := range l.typeWord {
			n := len([]rune(word))
			if n > length || n == length && t < best {
				if strings.Contains(p, word) && !isASCII(word) {
					best, length = t, n
				}
			}
		}
	}
	return best
}

package papers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"yike/internal/record"
	"yike/placenames"
)

// Series is a series of numbers (发文字号) of an authority: 清民地名〔2026〕12号. Each year begins
// anew with 1; in Year the first is First, where a series that began on paper goes on.
type Series struct {
	Prefix string `json:"prefix"`
	Kinds  []Kind `json:"kinds"`
	Year   int    `json:"year,omitempty"`
	First  int    `json:"first,omitempty"`
}

// Settings are what an authority has set about its papers. The zero value is none: numbers are
// typed by people.
type Settings struct {
	Series []Series        `json:"series"`
	To     map[Kind]string `json:"to,omitempty"` // to whom papers of a kind go, where no record says it
}

// SeriesOf gives the series of a kind; false for none.
func (s Settings) SeriesOf(kind Kind) (Series, bool) {
	i := slices.IndexFunc(s.Series, func(x Series) bool { return slices.Contains(x.Kinds, kind) })
	if i < 0 {
		return Series{}, false
	}
	return s.Series[i], true
}

// Next is the number that follows the last one given in a year; last is 0 where there is none.
// Numbers follow one another without a gap.
func (s Series) Next(year, last int) record.DocNumber {
	no := last + 1
	if last == 0 && year == s.Year {
		no = max(1, s.First)
	}
	return record.DocNumber{Series: s.Prefix, Year: year, No: no}
}

// Typed gives what is wrong with a number that a person typed for a paper of a kind: where the
// authority has a series for it, the series gives the number.
func (s Settings) Typed(kind Kind, number string) []record.Fault {
	if strings.TrimSpace(number) == "" {
		return nil
	}
	var f faults
	if x, has := s.SeriesOf(kind); has {
		f.add("number", number, "本类文书由“"+x.Prefix+"”统一编号，请留空", "numbers of these papers are given by the series "+x.Prefix+"; leave it empty")
	}
	for _, x := range s.Series {
		if _, of := record.DocNumberOf(x.Prefix, number); of {
			f.add("number", number, "“"+x.Prefix+"”的文号由系统给出，不能自行填写", "numbers of the series "+x.Prefix+" are given and not typed")
			break
		}
	}
	return f
}

const mostSeries = 20

// Clean gives the settings without blanks around texts and without what says nothing.
func (s Settings) Clean() Settings {
	out := Settings{Series: slices.Clone(s.Series), To: map[Kind]string{}}
	for i := range out.Series {
		out.Series[i].Prefix = strings.TrimSpace(out.Series[i].Prefix)
		out.Series[i].Kinds = slices.Clone(out.Series[i].Kinds)
	}
	for k, to := range s.To {
		if to = strings.TrimSpace(to); to != "" {
			out.To[k] = to
		}
	}
	return out
}

// Validate gives what is wrong with settings.
func (s Settings) Validate() []record.Fault {
	var f faults
	if len(s.Series) > mostSeries {
		f.add("series", fmt.Sprint(len(s.Series)), "文号系列过多", "too many series")
	}
	var of []Kind
	var prefixes []string
	for i, x := range s.Series {
		at := fmt.Sprintf("series/%d", i)
		f.prefix(at+"/prefix", x.Prefix, prefixes)
		prefixes = append(prefixes, x.Prefix)
		if len(x.Kinds) == 0 {
			f.add(at+"/kinds", "", "请选择用这个文号的文书", "say which papers have these numbers")
		}
		for _, k := range x.Kinds {
			spec, ok := Of(k)
			switch {
			case !ok || !spec.Numbered:
				f.add(at+"/kinds", string(k), "没有这种编号的文书", "there are no such papers with a number")
			case slices.Contains(of, k):
				f.add(at+"/kinds", string(k), "一种文书只能属于一个文号系列", "papers of a kind are of one series")
			}
			of = append(of, k)
		}
		if (x.Year == 0) != (x.First == 0) || x.First < 0 || x.First > 99999 || x.Year != 0 && (x.Year < 1949 || x.Year > 9999) {
			f.add(at+"/first", fmt.Sprint(x.First), "起始号应写明年份和 1 到 99999 的号", "a first number is 1 to 99999 and of a year")
		}
	}
	for k, to := range s.To {
		if _, ok := Of(k); !ok {
			f.add("to/"+string(k), to, "没有这种文书", "there are no such papers")
		}
		f.short("to/"+string(k), to, longestTo)
	}
	return f
}

func (f *faults) prefix(at, prefix string, before []string) {
	switch {
	case prefix == "" || placenames.Characters(prefix) > 20:
		f.add(at, prefix, "机关代字应为 1 到 20 个字", "a series has 1 to 20 characters")
	case strings.ContainsFunc(prefix, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsDigit(r) || unicode.IsControl(r) || strings.ContainsRune("〔〕[]()（）［］【】", r)
	}):
		f.add(at, prefix, "只写机关代字，不含括号、年份和数字", "leave out brackets, years and digits")
	case slices.Contains(before, prefix):
		f.add(at, prefix, "重复", "is there twice")
	}
}

func (f *faults) short(field, text string, most int) {
	if placenames.Characters(text) > most {
		f.add(field, "", fmt.Sprintf("最多 %d 个字", most), fmt.Sprintf("at most %d characters", most))
	}
}

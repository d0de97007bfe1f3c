// Package wordlists owns the lists of words that a bureau keeps to hold names against: state
// leaders, persons, foreign names, enterprises and trade marks, and words that are not used;
// what experts let pass of them; and of which classes the register is whole.
//
// No list comes with the program here, and none of persons ever will: whoever answers for the
// names enters them. An empty list is no list, and says nothing about a name.
//
// The package is pure. It knows no rule that asks for a list, no storage and no HTTP.
package wordlists

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"yike/internal/record"
	"yike/placenames"
)

// What stores of lists return.
var (
	ErrUnknownKind = errors.New("there is no such list of words")
	ErrNoClearance = errors.New("there is no such word of an expert")
	ErrNoName      = errors.New("there is no such place name")
	ErrNoCover     = errors.New("nobody said so of the register")
)

// Kind is what the words of a list are.
type Kind string

// The kinds.
const (
	Leaders Kind = "leaders"
	Persons Kind = "persons"
	Foreign Kind = "foreign"
	Brands  Kind = "brands"
	Banned  Kind = "banned"
)

// Kinds lists the kinds with their words.
func Kinds() []placenames.Code {
	return []placenames.Code{
		{Code: string(Leaders), ZH: "国家领导人名字", EN: "State leaders"},
		{Code: string(Persons), ZH: "人名", EN: "Persons"},
		{Code: string(Foreign), ZH: "外国人名、地名", EN: "Foreign persons and places"},
		{Code: string(Brands), ZH: "企业名称、商标", EN: "Enterprises and trade marks"},
		{Code: string(Banned), ZH: "禁限用字词", EN: "Words not to be used"},
	}
}

// ParseKind reads the code word of a kind.
func ParseKind(code string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Code == code {
			return Kind(code), true
		}
	}
	return "", false
}

// Clearable reports whether an expert may let a word of the list pass: by articles 3 and 4 of
// the measures a person's or an enterprise's name does no harm where there is no specific link,
// and the characters of a foreign name may stand side by side by chance (翠柏林苑).
func (k Kind) Clearable() bool { return k == Persons || k == Brands || k == Foreign }

// The largest lists and texts.
const (
	MostWords   = 20000
	LongestWord = 30
	LongestNote = 200
)

// Word is one word of a list.
type Word struct {
	Word    string
	Reading string // 读音, with tones; "" where nobody gave it
	Note    string
	Source  string // where it is from
}

// List is a list of one kind. That of a kind of which nobody entered words has version 0.
type List struct {
	Kind     Kind
	Version  int
	Words    []Word
	Whole    bool   // the bureau says that it has all that there are: what is not in it is none
	Source   string // where the list is from
	Note     string
	MayWrite bool // whoever asked may change it
}

// Texts are the words alone.
func (l List) Texts() []string {
	out := make([]string, len(l.Words))
	for i, w := range l.Words {
		out[i] = w.Word
	}
	return out
}

// Clean gives a list without blanks around its texts, without empty rows, and with each word
// once, as it stands first.
func Clean(l List) List {
	seen := make(map[string]bool, len(l.Words))
	words := []Word{}
	for _, w := range l.Words {
		w = Word{strings.TrimSpace(w.Word), strings.TrimSpace(w.Reading), strings.TrimSpace(w.Note), strings.TrimSpace(w.Source)}
		if w.Word == "" || seen[w.Word] {
			continue
		}
		seen[w.Word] = true
		words = append(words, w)
	}
	l.Words, l.Source, l.Note = words, strings.TrimSpace(l.Source), strings.TrimSpace(l.Note)
	return l
}

// Validate gives what a person may not write so; the field of a fault names the row, as
// words/3/word. A word of one character would be found in every second name: only words that
// are not used may be so short.
func Validate(l List) []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if n := len(l.Words); n > MostWords {
		add("words", fmt.Sprint(n), fmt.Sprintf("最多 %d 个词", MostWords), fmt.Sprintf("at most %d words", MostWords))
		return out
	}
	if l.Whole && len(l.Words) == 0 {
		add("whole", "true", "名录还是空的，不能声明完整", "the list is empty, so it cannot have everything")
	}
	for i, w := range l.Words {
		at := fmt.Sprintf("words/%d/", i)
		n := placenames.Characters(w.Word)
		switch {
		case n > LongestWord:
			add(at+"word", w.Word, fmt.Sprintf("不应超过 %d 个字", LongestWord), fmt.Sprintf("at most %d characters", LongestWord))
		case n < 2 && l.Kind != Banned:
			add(at+"word", w.Word, "至少两个字，单字会误判许多地名", "at least two characters: one would be found in many names")
		}
		for _, t := range []struct{ field, text string }{{"reading", w.Reading}, {"note", w.Note}, {"source", w.Source}} {
			if placenames.Characters(t.text) > LongestNote {
				add(at+t.field, t.text, fmt.Sprintf("不应超过 %d 个字", LongestNote), fmt.Sprintf("at most %d characters", LongestNote))
			}
		}
	}
	for _, t := range []struct{ field, text string }{{"source", l.Source}, {"note", l.Note}} {
		if placenames.Characters(t.text) > placenames.LongestText {
			add(t.field, "", fmt.Sprintf("不应超过 %d 个字", placenames.LongestText), fmt.Sprintf("at most %d characters", placenames.LongestText))
		}
	}
	return out
}

// Parse reads words as people paste them: one in a row, with the reading, a note and the
// source behind it where a table has them, apart by tabs, commas or 、. A row of headings is
// left out. Rows that are empty are, too; nothing else is judged.
func Parse(text string) []Word {
	var out []Word
	for _, row := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		cells := strings.FieldsFunc(row, func(r rune) bool { return r == '\t' })
		if len(cells) == 1 {
			cells = strings.FieldsFunc(row, func(r rune) bool { return strings.ContainsRune(",，;；", r) })
		}
		if w, ok := Row(cells); ok {
			out = append(out, w)
		}
	}
	return out
}

// Row reads the cells of a row: word, reading, note, source. False for a row of headings and
// for an empty one.
func Row(cells []string) (Word, bool) {
	at := func(i int) string {
		if i < len(cells) {
			return strings.Trim(strings.TrimSpace(cells[i]), `"“”`)
		}
		return ""
	}
	w := Word{at(0), at(1), at(2), at(3)}
	switch strings.ToLower(w.Word) {
	case "", "词", "词语", "名字", "名称", "姓名", "word", "name":
		return Word{}, false
	}
	return w, true
}

// Change is what two lists have otherwise.
type Change struct{ Added, Removed []string }

// Between gives the words that came and went, in the order of their lists. O(words).
func Between(before, after []string) Change {
	lacks := func(list, in []string) []string {
		have := make(map[string]bool, len(in))
		for _, w := range in {
			have[w] = true
		}
		out := []string{}
		for _, w := range list {
			if !have[w] {
				out = append(out, w)
			}
		}
		return out
	}
	return Change{Added: lacks(after, before), Removed: lacks(before, after)}
}

// Clearance is an expert's word on a name: that a word of a list does no harm in it, or, where
// Word is "", that he looked for names of the kind beyond the list and found none. It is said
// of the name as it was, and of no other.
type Clearance struct {
	ID      string
	NameID  string // the record
	Version int
	Kind    Kind
	Word    string
	Text    string // the name as it was
	By      string // the expert
	Reason  string
	At      time.Time
}

// Check gives what a person may not write so.
func (c Clearance) Check() []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	_, known := ParseKind(string(c.Kind))
	switch {
	case !known:
		add("kind", string(c.Kind), "没有这种名录", "there is no such list")
	case c.Word != "" && !c.Kind.Clearable():
		add("word", c.Word, "这类词不得放行", "words of this kind are not let pass")
	case c.Word != "" && !strings.Contains(c.Text, c.Word):
		add("word", c.Word, "名称中没有这个词", "the name does not have this word")
	}
	if strings.TrimSpace(c.By) == "" || placenames.Characters(c.By) > LongestNote {
		add("by", c.By, "请写明由哪位专家确认", "say which expert confirmed it")
	}
	if strings.TrimSpace(c.Reason) == "" || placenames.Characters(c.Reason) > record.LongestReason {
		add("reason", c.Reason, "请写明理由", "say why")
	}
	return out
}

// Cover is somebody's word that the register has every name of a class in an area: only then
// "no other name is the same" is known.
type Cover struct {
	ID      string
	Version int
	Class   string // code of the class
	Area    string // the built-up area; "" for all of the authority's territory
	Source  string // by which count or document
	Since   record.Day
}

// Check gives what a person may not write so.
func (c Cover) Check(catalogue *placenames.Catalogue, today record.Day) []record.Fault {
	var out []record.Fault
	known := false
	for _, class := range catalogue.Classes {
		known = known || class.Code.Code == c.Class
	}
	if !known {
		out = append(out, record.Fault{Field: "class", Value: c.Class, ZH: "没有这个类别", EN: "there is no such class"})
	}
	if strings.TrimSpace(c.Source) == "" || placenames.Characters(c.Source) > LongestNote {
		out = append(out, record.Fault{Field: "source", Value: c.Source, ZH: "请写明依据，如普查名称", EN: "say by what, such as a census"})
	}
	if placenames.Characters(c.Area) > placenames.LongestName {
		out = append(out, record.Fault{Field: "area", Value: c.Area, ZH: "过长", EN: "too long"})
	}
	if _, ok := record.ParseDay(string(c.Since)); !ok || c.Since > today {
		out = append(out, record.Fault{Field: "since", Value: string(c.Since), ZH: "应为不晚于今天的日期", EN: "must be a day that is not after today"})
	}
	return out
}

// Whole reports whether the register has every name of the scope in which a name of a class is
// compared, by what people said of it. Of a province or the country no district's register has.
func Whole(covers []Cover, class, scope, area string) bool {
	for _, c := range covers {
		switch {
		case c.Class != class:
		case scope == placenames.County && c.Area == "":
			return true
		case scope == placenames.BuiltUpArea && (c.Area == "" || c.Area == area):
			return true
		}
	}
	return false
}

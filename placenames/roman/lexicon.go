package roman

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yike/internal/hanzi"
	"yike/internal/record"
)

// ErrNoRuling says that the lexicon has no such reading.
var ErrNoRuling = errors.New("the lexicon has no such reading")

// Ruling is an entry of the lexicon of readings that people keep: how a text is read in every
// name that has it, and by what.
type Ruling struct {
	ID       string
	Version  int
	Text     string
	Readings []string // of each character, with tones
	NameID   string   // the record of the name for which it was ruled; "" for none
	Document string   // decision or other document that it stands on; "" for none
	Note     string   // in free words
}

// RulingItem is an entry as a reader sees it.
type RulingItem struct {
	Ruling
	ValidFrom record.Day
	ChangedAt time.Time
	Name      string // text of the record; "" for none
	MayWrite  bool
}

const (
	longestText = 40
	longestNote = 500
)

// ParseRuling makes an entry of what a person wrote: readings are of each character, with
// spaces between. The faults are by field.
func ParseRuling(r Ruling, readings string) (Ruling, []record.Fault) {
	r.Text, r.Document, r.Note = strings.TrimSpace(r.Text), strings.TrimSpace(r.Document), strings.TrimSpace(r.Note)
	var faults []record.Fault
	add := func(field, value, zh, en string) {
		faults = append(faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	n := utf8.RuneCountInString(r.Text)
	switch {
	case n < 2:
		add("text", r.Text, "读音表收两个字以上的词；单字的读音随词而定", "an entry has two characters or more: how one is read depends on the others")
	case n > longestText:
		add("text", r.Text, "不应超过 40 个字", "at most 40 characters")
	case !strings.ContainsFunc(r.Text, hanzi.IsHan):
		add("text", r.Text, "没有汉字", "there is no Chinese character")
	}
	parsed, err := ParseReadings(r.Text, readings)
	if err != nil {
		add("readings", readings, "请逐字写出带声调的拼音，用空格隔开，如 lù ān", "write the reading of each character with its tone and spaces between, such as lù ān")
	}
	r.Readings = parsed
	if r.NameID == "" && r.Document == "" && r.Note == "" {
		add("document", "", "请写明依据：地名记录、文件或说明", "say where it is from: a record, a document or in words")
	}
	for field, text := range map[string]string{"document": r.Document, "note": r.Note} {
		if utf8.RuneCountInString(text) > longestNote {
			add(field, text, "不应超过 500 个字", "at most 500 characters")
		}
	}
	return r, faults
}

// Where says for people where an entry is from.
func (r RulingItem) Where() string {
	return strings.Join(slices.DeleteFunc([]string{r.Name, r.Document, r.Note}, func(s string) bool { return s == "" }), "；")
}

// RulingDifferences gives the fields in which after is not before.
func RulingDifferences(before, after Ruling) []record.Difference {
	return record.Differing(rulingContent(before), rulingContent(after))
}

func rulingContent(r Ruling) []record.Difference {
	return []record.Difference{
		{Field: "text", Before: r.Text},
		{Field: "readings", Before: strings.Join(r.Readings, " ")},
		{Field: "name_id", Before: r.NameID},
		{Field: "document", Before: r.Document},
		{Field: "note", Before: r.Note},
	}
}

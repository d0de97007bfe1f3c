package estates

import (
	"fmt"
	"strconv"
	"strings"

	"yike/internal/record"
)

// Letter is the number of an office's letter (发文字号): its series, the year and the number
// in that year, as 津西民意〔2026〕12号.
type Letter struct {
	Series string
	Year   int
	No     int
}

// String writes the number as it stands on the letter.
func (l Letter) String() string { return fmt.Sprintf("%s〔%d〕%d号", l.Series, l.Year, l.No) }

// LetterOf reads a number of a series; false for a text that is none of it. Brackets may be
// of any kind that people type, and space is of no meaning.
func LetterOf(series, text string) (Letter, bool) {
	text = strings.Join(strings.Fields(text), "")
	rest, ok := strings.CutPrefix(text, series)
	if !ok || series == "" {
		return Letter{}, false
	}
	for _, pair := range [][2]string{{"〔", "〕"}, {"[", "]"}, {"［", "］"}, {"【", "】"}, {"(", ")"}, {"（", "）"}} {
		inside, open := strings.CutPrefix(rest, pair[0])
		year, no, closed := strings.Cut(inside, pair[1])
		if !open || !closed {
			continue
		}
		no, named := strings.CutSuffix(strings.TrimPrefix(no, "第"), "号")
		y, errY := strconv.Atoi(year)
		n, errN := strconv.Atoi(no)
		if named && errY == nil && errN == nil && y >= 1949 && y < 10_000 && n > 0 {
			return Letter{series, y, n}, true
		}
	}
	return Letter{}, false
}

// Numbered is what is known of a series in a year.
type Numbered struct {
	Last  int  // the highest number so far; 0 for none
	Given bool // one was given out; from then on none is chosen
}

// NextLetter gives the number of an opinion's letter and whether it is given out here.
// typed is what a person wrote, "" to be given the next one. A series that began on paper
// goes on: numbers of it may be typed until the first is given out for a year, and from then
// on they follow one another without a gap. An office without a series numbers its letters
// itself. It returns a *StepError.
func NextLetter(series, typed string, day record.Day, known Numbered) (text string, of Letter, given bool, err error) {
	typed = strings.TrimSpace(typed)
	if l, ok := LetterOf(series, typed); ok {
		switch {
		case l.Year != day.Year():
			return "", l, false, &StepError{"letter", ErrNotBefore}
		case known.Given:
			return "", l, false, &StepError{"letter", ErrLetterGiven}
		}
		return l.String(), l, false, nil
	}
	switch {
	case typed != "":
		return typed, Letter{}, false, nil
	case series == "":
		return "", Letter{}, false, &StepError{"letter", ErrIncomplete}
	}
	l := Letter{series, day.Year(), known.Last + 1}
	return l.String(), l, true, nil
}

package estates

import (
	"strings"

	"yike/internal/record"
)

// Letter is the number of an office's letter.
type Letter = record.DocNumber

// LetterOf reads a number of a series; false for a text that is none of it.
func LetterOf(series, text string) (Letter, bool) { return record.DocNumberOf(series, text) }

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
	l := Letter{Series: series, Year: day.Year(), No: known.Last + 1}
	return l.String(), l, true, nil
}

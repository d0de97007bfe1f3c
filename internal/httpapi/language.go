package httpapi

import (
	"errors"
	"net/http"

	"golang.org/x/text/language"
)

// Language is one of the two that yike speaks. The zero value is Chinese.
type Language int

// The languages.
const (
	Chinese Language = iota
	English
)

// LanguageOf gives the language of a request: ?lang=zh or ?lang=en, else the one that
// Accept-Language likes best, else Chinese.
func LanguageOf(r *http.Request) Language {
	return pickLanguage(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
}

func pickLanguage(query, header string) Language {
	switch query {
	case "zh":
		return Chinese
	case "en":
		return English
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Chinese // a malformed header asks for nothing
	}
	for _, tag := range wanted {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return Chinese
		case "en":
			return English
		}
	}
	return Chinese
}

func asProblem(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}

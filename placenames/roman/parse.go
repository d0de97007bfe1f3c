package roman

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"yike/internal/hanzi"
)

// ErrReading is about a reading that cannot be one.
var ErrReading = errors.New("no reading in pinyin")

// ParseReading reads a text and the reading of each of its characters as people write them on
// one line: 六安 lù ān. Spaces stand between, tones are marks; ü may be v, and letters are
// made small. The error is ErrReading.
func ParseReading(line string) (text string, readings []string, err error) {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return "", nil, fmt.Errorf("%w: nothing there", ErrReading)
	}
	text = fields[0]
	readings, err = ParseReadings(text, strings.Join(fields[1:], " "))
	return text, readings, err
}

// ParseReadings reads the reading of each character of a text, with spaces between. A letter
// or a figure is read as itself. The error is ErrReading.
func ParseReadings(text, line string) ([]string, error) {
	readings := strings.Fields(line)
	if n := utf8.RuneCountInString(text); n == 0 || n != len(readings) {
		return nil, fmt.Errorf("%w: %q has %d characters and %d readings", ErrReading, text, n, len(readings))
	}
	i := 0
	for _, r := range text {
		s, err := syllable(r, readings[i])
		if err != nil {
			return nil, err
		}
		readings[i] = s
		i++
	}
	return readings, nil
}

// syllable makes a reading of a character uniform.
func syllable(r rune, s string) (string, error) {
	if r < utf8.RuneSelf && strings.EqualFold(s, string(r)) {
		return string(r), nil
	}
	s = strings.ReplaceAll(strings.ToLower(norm.NFC.String(s)), "v", "ü")
	if r == '儿' && s == "r" {
		return s, nil
	}
	if !hanzi.IsHan(r) && !unicode.Is(unicode.Co, r) { // a character of no standard may be a private one
		return "", fmt.Errorf("%w: %q is no character that has one", ErrReading, r)
	}
	tones, plain := 0, ""
	for _, c := range norm.NFD.String(s) {
		switch {
		case strings.ContainsRune("\u0304\u0301\u030c\u0300", c):
			tones++
		case c == '\u0308' && strings.HasSuffix(plain, "u"):
			plain = strings.TrimSuffix(plain, "u") + "v"
		case c != '\u0302': // of ê
			plain += string(c)
		}
	}
	if tones > 1 || !isSyllable(plain) {
		return "", fmt.Errorf("%w: %q", ErrReading, s)
	}
	return s, nil
}

// isSyllable reports whether letters without tones, with v for ü, may be a syllable: an initial
// and a final. Which of the two go together only a dictionary knows.
func isSyllable(s string) bool {
	const (
		initials = "b p m f d t n l g k h j q x r z c s y w"
		finals   = " a o e i u v ai ei ao ou an en ang eng ong ia ie iao iu ian in iang ing iong ua uo uai ui uan un uang ue ve "
		alone    = " a o e ai ei ao ou an en ang eng er m n ng hm hng "
	)
	if strings.Contains(alone, " "+s+" ") {
		return true
	}
	for _, first := range append([]string{"zh", "ch", "sh"}, strings.Fields(initials)...) {
		if final, ok := strings.CutPrefix(s, first); ok && final != "" {
			return !strings.Contains(final, " ") && strings.Contains(finals, " "+final+" ")
		}
	}
	return false
}

package record

import (
	"fmt"
	"strconv"
	"strings"
)

// DocNumber is the number of an office's document (发文字号): its series, the year and the
// number in that year, as 津西民意〔2026〕12号.
type DocNumber struct {
	Series string
	Year   int
	No     int
}

// String writes the number as it stands on the document.
func (n DocNumber) String() string { return fmt.Sprintf("%s〔%d〕%d号", n.Series, n.Year, n.No) }

// DocNumberOf reads a number of a series; false for a text that is none of it. Brackets may be
// of any kind that people type, and space is of no meaning.
func DocNumberOf(series, text string) (DocNumber, bool) {
	text = strings.Join(strings.Fields(text), "")
	rest, ok := strings.CutPrefix(text, series)
	if !ok || series == "" {
		return DocNumber{}, false
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
			return DocNumber{series, y, n}, true
		}
	}
	return DocNumber{}, false
}

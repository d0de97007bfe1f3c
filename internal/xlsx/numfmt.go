package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"

	"yike/internal/xmltok"
)

// numberKind is what a number format makes of a number.
type numberKind uint8

const (
	plainNumber numberKind = iota
	percentNumber
	dateNumber     // a day
	dateTimeNumber // a day and a time of it
	timeNumber     // a time of day
	elapsedNumber  // hours that may pass 24
	paddedNumber   // zeros before it
)

// numberFormat is what of a cell's format decides how its number is read.
type numberFormat struct {
	kind   numberKind
	digits int // of a paddedNumber
}

// readStyles keeps the number format of every cell style.
func (b *Book) readStyles(part string) error {
	if part == "" {
		return nil
	}
	codes := map[int]string{}
	inXfs := false
	err := b.each(part, func(s *xmltok.Scanner) error {
		switch string(s.Name()) {
		case "numFmt":
			id, err := strconv.Atoi(s.AttrString("numFmtId"))
			if err == nil && len(codes) < 10_000 {
				codes[id] = s.AttrString("formatCode")
			}
		case "cellXfs":
			inXfs = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inXfs = false
		case "xf":
			if inXfs && len(b.formats) < 1<<16 {
				id, _ := strconv.Atoi(s.AttrString("numFmtId"))
				b.formats = append(b.formats, formatOf(id, codes))
			}
		}
		return nil
	})
	return err
}

// formatOf goes by the code where the workbook has one, else by the number of a format
// that every program knows (ECMA-376 part 1, 18.8.30, with those of Chinese Excel).
func formatOf(id int, codes map[int]string) numberFormat {
	if code, ok := codes[id]; ok {
		return parseFormat(code)
	}
	switch {
	case id == 9 || id == 10:
		return numberFormat{kind: percentNumber}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{kind: dateNumber}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return numberFormat{kind: timeNumber}
	case id == 22:
		return numberFormat{kind: dateTimeNumber}
	case id == 46:
		return numberFormat{kind: elapsedNumber}
	}
	return numberFormat{}
}

// parseFormat reads a format code such as yyyy"年"m"月"d"日";@ as far as it matters.
func parseFormat(code string) numberFormat {
	code, elapsed := bareFormat(code)
	lower := strings.ToLower(code)
	if strings.Contains(lower, "general") || strings.Contains(lower, "g/通用格式") {
		return numberFormat{}
	}
	day := strings.ContainsAny(lower, "yd") || strings.Contains(lower, "e") && !strings.ContainsAny(lower, "0#")
	hour := strings.ContainsAny(lower, "hs")
	switch {
	case elapsed:
		return numberFormat{kind: elapsedNumber}
	case day && hour:
		return numberFormat{kind: dateTimeNumber}
	case day, !hour && strings.Contains(lower, "m"):
		return numberFormat{kind: dateNumber}
	case hour:
		return numberFormat{kind: timeNumber}
	case strings.Contains(lower, "%"):
		return numberFormat{kind: percentNumber}
	case len(lower) > 1 && strings.Trim(lower, "0") == "":
		return numberFormat{kind: paddedNumber, digits: len(lower)}
	}
	return numberFormat{}
}

// bareFormat is the first section of a code without literals, colours, conditions,
// locales and padding. It says whether the section counts elapsed time, as [h] does.
func bareFormat(code string) (bare string, elapsed bool) {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return b.String(), elapsed
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return b.String(), elapsed
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return b.String(), elapsed
			}
			inside := strings.ToLower(code[i+1 : i+end])
			elapsed = elapsed || inside != "" && (strings.Trim(inside, "h") == "" || strings.Trim(inside, "m") == "" || strings.Trim(inside, "s") == "")
			i += end
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), elapsed
}

// shown is the number as it is meant. Digits beyond what Excel keeps (15) are not made
// up; exact says whether the number is one that Excel can have kept whole.
func (f numberFormat) shown(v float64, raw string, date1904 bool) (text string, exact bool) {
	exact = math.Abs(v) < 1e15
	switch f.kind {
	case percentNumber:
		return decimal(v*100) + "%", exact
	case dateNumber, dateTimeNumber:
		if t, ok := moment(v, date1904); ok {
			return momentText(t, f.kind == dateTimeNumber), true
		}
	case timeNumber:
		if v >= 0 && v < 1 {
			return clock(v), true
		}
		if t, ok := moment(v, date1904); ok && v >= 1 {
			return momentText(t, true), true
		}
	case elapsedNumber:
		if v >= 0 && v < 1e6 {
			return clock(v), true
		}
	case paddedNumber:
		if v >= 0 && v == math.Trunc(v) && exact {
			digits := strconv.FormatFloat(v, 'f', 0, 64)
			return strings.Repeat("0", max(0, f.digits-len(digits))) + digits, true
		}
	}
	if plainInteger(raw) {
		return raw, exact
	}
	return decimal(v), exact
}

// plainInteger reports digits that need no rounding.
func plainInteger(raw string) bool {
	digits := strings.TrimPrefix(raw, "-")
	return len(digits) > 0 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == "" && (raw == "0" || digits[0] != '0')
}

// decimal writes a number with at most 15 digits that count, without exponent as far as
// a person would write none.
func decimal(v float64) string {
	text := strconv.FormatFloat(v, 'g', 15, 64)
	rounded, err := strconv.ParseFloat(text, 64)
	if err != nil || rounded == 0 {
		return "0"
	}
	if a := math.Abs(rounded); a >= 1e21 || a < 1e-12 {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// moment is the time that a serial number stands for, to the second. Day 60 of the
// system of 1900 is 29 February 1900, which never was; the days before it are one off.
func moment(v float64, date1904 bool) (time.Time, bool) {
	const last = 2958466 // 10000-01-01
	if !(v >= 0 && v < last) {
		return time.Time{}, false
	}
	days, part := math.Modf(v)
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	return start.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second), true
}

func momentText(t time.Time, withTime bool) string {
	h, m, s := t.Clock()
	switch {
	case !withTime || h+m+s == 0:
		return t.Format(time.DateOnly)
	case s == 0:
		return t.Format("2006-01-02 15:04")
	}
	return t.Format(time.DateTime)
}

// clock writes days as hours, minutes and, if there are any, seconds.
func clock(v float64) string {
	s := int(math.Round(v * 86400))
	text := strconv.Itoa(s/3600) + ":" + two(s/60%60)
	if s/3600 < 10 {
		text = "0" + text
	}
	if s%60 != 0 {
		text += ":" + two(s%60)
	}
	return text
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

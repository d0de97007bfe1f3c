package roman

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/hanzi"
)

// piece is what is written as one.
type piece struct {
	from, to int    // characters of the name
	figures  string // written in place of the characters; "" for none
}

// Spell spells a name. What it does not know for sure it says. O(n).
func (s *Speller) Spell(q Request) Spelling {
	out := Spelling{Readings: s.Read(q), Certain: q.Text != ""}
	if q.Text == "" {
		return out
	}
	w := &writer{request: q, runes: []rune(q.Text), out: &out}
	w.use(8, 9, 10, 13)
	w.cut()
	var plain, toned []string
	for _, p := range w.pieces {
		text, marked, syllables := w.write(p)
		if text == "" {
			continue
		}
		plain, toned = append(plain, text), append(toned, marked)
		out.Segments = append(out.Segments, Segment{Text: text, Syllables: syllables})
	}
	out.Text, out.Toned = strings.Join(plain, " "), strings.Join(toned, " ")
	w.doubts()
	slices.SortFunc(out.Rules, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return cmp.Compare(x, y)
	})
	return out
}

type writer struct {
	request Request
	runes   []rune
	pieces  []piece
	out     *Spelling
}

func (w *writer) use(numbers ...int) {
	for _, n := range numbers {
		if r := strconv.Itoa(n); !slices.Contains(w.out.Rules, r) {
			w.out.Rules = append(w.out.Rules, r)
		}
	}
}

func (w *writer) doubt(zh, en string) {
	w.out.Certain = false
	w.out.WhyZH, w.out.WhyEN = append(w.out.WhyZH, zh), append(w.out.WhyEN, en)
}

// cut says which characters are written as one.
func (w *writer) cut() {
	p, n := w.request.Parts, len(w.runes)
	if w.request.Joined {
		w.use(3)
		w.pieces = []piece{{to: n}}
		return
	}
	if p.Text() != w.request.Text || p.Generic == "" {
		w.doubt("专名、通名未分清", "the specific and the generic part are not told apart")
		w.pieces = []piece{{to: n}}
		return
	}
	w.use(1)
	if c := w.request.Class; c == "residence" || c == "facility" || c == "park" {
		w.use(14)
	}
	if p.Modifier != "" && !p.Confirmed {
		w.doubt("“"+p.Modifier+"”作为修饰字是推定的，请确认", p.Modifier+" was taken for a modifier; confirm it")
	}
	end := utf8.RuneCountInString(p.Specific)
	modifier := utf8.RuneCountInString(p.Modifier)
	generic := piece{from: end + modifier, to: n}
	switch {
	case modifier == 0:
		w.specific(end)
	case w.figured(p.Modifier):
		w.specific(end)
		w.use(7)
		w.pieces = append(w.pieces, piece{end, end + modifier, ordinal(p.Modifier)})
	case inner(p.Specific, p.Modifier):
		w.use(2)
		w.specific(end + modifier) // 朝阳门内 Dajie: what is within the gate belongs to the gate
	case modifier == 1:
		w.use(2)
		w.specific(end)
		generic.from = end
	default:
		w.use(2)
		w.specific(end)
		w.pieces = append(w.pieces, piece{from: end, to: end + modifier})
	}
	w.pieces = append(w.pieces, generic)
}

// specific writes the specific part, up to a character: as one, or as people cut it, or the
// ordinal at its end in figures.
func (w *writer) specific(end int) {
	whole := string(w.runes[:end])
	if words := w.request.Words; len(words) > 0 && strings.Join(words, "") == whole {
		at := 0
		for _, word := range words {
			n := utf8.RuneCountInString(word)
			w.pieces = append(w.pieces, piece{from: at, to: at + n})
			at += n
		}
		w.use(2)
		return
	}
	if w.request.Class == "street" {
		at := end
		for at > 0 && strings.ContainsRune(numerals, w.runes[at-1]) {
			at--
		}
		number := string(w.runes[at:end])
		// 经五路, 二马路, 十二路 are of a row; 五一路, 八一路 are days; and of 十一路 and 东四十二条
		// only people know.
		tens := strings.ContainsRune(number, '十')
		row := at == 0 && (end == 1 || tens) || at == 1 && strings.ContainsRune("经纬", w.runes[0])
		if number != "" && !w.request.Parts.Confirmed && (at == 0 && end > 1 && tens || at > 0 && !row) {
			w.doubt("“"+number+"”是否为序数，请确认专名和通名", "whether "+number+" is an ordinal: confirm the parts of the name")
		}
		if number != "" && row && w.figured(number) {
			w.use(7)
			if at > 0 {
				w.pieces = append(w.pieces, piece{to: at})
			}
			w.pieces = append(w.pieces, piece{at, end, ordinal(number)})
			return
		}
	}
	if strings.ContainsAny(whole, numerals) {
		w.use(6)
	}
	w.pieces = append(w.pieces, piece{to: end})
}

const numerals = "一二三四五六七八九十百零〇第"

// figured reports whether a modifier of a street is an ordinal.
func (w *writer) figured(number string) bool {
	if w.request.Class != "street" {
		return false
	}
	bare := strings.TrimPrefix(number, "第")
	return bare != "" && strings.Trim(bare, numerals+"0123456789") == "" && ordinal(number) != ""
}

// ordinal gives a numeral in figures: 十二 is 12, 第九 is Di-9.
func ordinal(number string) string {
	bare, ordered := strings.CutPrefix(number, "第")
	out := hanzi.Arabic(bare)
	if _, err := strconv.Atoi(out); err != nil {
		return ""
	}
	if ordered {
		return "Di-" + out
	}
	return out
}

// inner reports whether a modifier belongs to what stands before it: within or without a
// gate.
func inner(specific, modifier string) bool {
	return (modifier == "内" || modifier == "外") && strings.HasSuffix(specific, "门")
}

// write writes a piece: plain, with tones, and its syllables.
func (w *writer) write(p piece) (text, toned string, syllables []string) {
	if p.figures != "" {
		return p.figures, p.figures, []string{p.figures}
	}
	var marked []string
	for i := p.from; i < p.to; i++ {
		r := w.out.Readings[i]
		if r.Chosen == "" {
			continue
		}
		if r.Character == "儿" && r.Chosen == "r" && len(marked) > 0 {
			w.use(12)
			marked[len(marked)-1] += "r"
			continue
		}
		marked = append(marked, r.Chosen)
	}
	var a, b strings.Builder
	for i, m := range marked {
		plain := withoutTone(m)
		if first, _ := utf8.DecodeRuneInString(plain); i > 0 && strings.ContainsRune("aoe", first) {
			w.use(11)
			a.WriteByte('\'')
			b.WriteByte('\'')
		}
		a.WriteString(plain)
		b.WriteString(m)
		syllables = append(syllables, plain)
	}
	return capital(a.String()), capital(b.String()), syllables
}

// withoutTone takes the tone off a syllable and leaves ü.
func withoutTone(marked string) string {
	plain := hanzi.Toneless(marked)
	return strings.ReplaceAll(plain, "v", "ü")
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// doubts says of each reading whether it is sure.
func (w *writer) doubts() {
	for i, r := range w.out.Readings {
		if slices.ContainsFunc(w.pieces, func(p piece) bool { return p.figures != "" && p.from <= i && i < p.to }) {
			continue // nobody reads what is written in figures
		}
		switch r.Source {
		case InPlace, InPhrase:
			book, en := "词语读音表", "the table of phrases has"
			if r.Source == InPlace {
				book, en = "地名读音表", "the list of places has"
			}
			w.doubt("“"+r.Character+"”按"+book+"中的“"+r.Within+"”读"+r.Chosen+"，尚未有人确认", r.Character+" is read "+r.Chosen+" as "+en+" "+r.Within+"; nobody confirmed it")
		case Usual:
			w.doubt("“"+r.Character+"”有多个读音："+strings.Join(r.Candidates, "、"), r.Character+" has several readings: "+strings.Join(r.Candidates, ", "))
		case None:
			w.doubt("“"+r.Character+"”读音不详", r.Character+": nobody knows how it is read")
		}
	}
}

// Upper is a spelling in capitals, which the rules allow (rule 10).
func (s Spelling) Upper() string { return strings.ToUpper(s.Text) }

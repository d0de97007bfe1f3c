package docx

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// filler writes a part with its placeholders replaced.
type filler struct {
	part  *part
	known names
	out   bytes.Buffer
}

// item is what fields of a list stand for where it is repeated.
type item struct {
	list   string
	fields map[string]string
	line   *string // of a text of several lines that a paragraph is repeated for
}

func (p *part) fill(known names) ([]byte, error) {
	f := &filler{part: p, known: known}
	f.out.Write(p.raw[:p.root.begin])
	f.inside(p.root, item{})
	f.out.Write(p.raw[p.root.end:])
	if f.full() {
		return nil, ErrTooLong
	}
	return f.out.Bytes(), nil
}

// full reports whether more was written than is kept; from then on nothing is.
func (f *filler) full() bool { return f.out.Len() > maxFilled }

func (f *filler) raw(from, to int) {
	if !f.full() {
		f.out.Write(f.part.raw[from:to])
	}
}

// inside writes an element whose kids are filled.
func (f *filler) inside(e *element, it item) {
	at := e.begin
	last := ""
	for _, k := range e.kids {
		f.raw(at, k.begin)
		at = k.end
		before := f.out.Len()
		f.element(k, it)
		if f.out.Len() > before && (k.name == "p" || k.name == "tbl") {
			last = k.name
		}
	}
	f.raw(at, e.outer)
	// What holds paragraphs must end with one.
	if e.lastIsP && last != "p" && e.name != "body" {
		f.out.WriteString("<" + f.part.prefix + "p/>")
	}
	f.raw(e.outer, e.end)
}

// element writes an element, as often as it is to be there.
func (f *filler) element(e *element, it item) {
	switch e.name {
	case "tr":
		f.repeat(e, e.marks, it, f.inside)
	case "p":
		f.repeat(e, e.paragraph.marks, it, f.paragraph)
	case "tbl":
		f.table(e, it)
	default:
		f.inside(e, it)
	}
}

// table writes a table, unless it lost all of its rows: then there is none.
func (f *filler) table(e *element, it item) {
	had := slices.ContainsFunc(e.kids, func(k *element) bool { return k.name == "tr" })
	before := f.out.Len()
	rows := 0
	at := e.begin
	for _, k := range e.kids {
		f.raw(at, k.begin)
		at = k.end
		start := f.out.Len()
		f.element(k, it)
		if f.out.Len() > start {
			rows++
		}
	}
	f.raw(at, e.end)
	if had && rows == 0 {
		f.out.Truncate(before)
	}
}

// repeat writes a row or a paragraph for each item of the list that its marks are of, and
// not at all where a condition says so. In a row that is repeated already, fields of its
// list are those of its item.
func (f *filler) repeat(e *element, marks []mark, it item, write func(*element, item)) {
	if !f.known.hold(marks, it) {
		f.drop(e)
		return
	}
	for _, m := range marks {
		name, _, ok := f.known.listOf(m)
		if !ok || name == it.list {
			continue
		}
		written := 0
		for _, fields := range f.known.lists[name].items {
			one := item{list: name, fields: fields}
			if f.full() {
				return
			}
			if f.known.hold(marks, one) {
				write(e, one)
				written++
			}
		}
		if written == 0 {
			f.drop(e)
		}
		return
	}
	if lines := f.alone(e, marks, it); len(lines) > 1 {
		for _, line := range lines {
			write(e, item{list: it.list, fields: it.fields, line: &line})
		}
		return
	}
	write(e, it)
}

// alone gives the lines of the text that a paragraph has nothing but.
func (f *filler) alone(e *element, marks []mark, it item) []string {
	if e.name != "p" || e.paragraph == nil {
		return nil
	}
	var only *mark
	rest := e.paragraph.text
	for i, m := range marks {
		if m.broken || m.sense == value && only != nil {
			return nil
		}
		if m.sense == value {
			only = &marks[i]
		}
	}
	if only == nil || f.textBeside(rest, marks) {
		return nil
	}
	return slices.DeleteFunc(lines(f.lookup(*only, it)), func(l string) bool { return strings.TrimSpace(l) == "" })
}

// textBeside reports whether a paragraph has text that is no mark.
func (f *filler) textBeside(text string, marks []mark) bool {
	text = strings.NewReplacer("｛", "{", "｝", "}").Replace(text)
	for range marks {
		from, to := strings.Index(text, "{{"), strings.Index(text, "}}")
		if from < 0 || to < from {
			return true
		}
		if strings.TrimSpace(text[:from]) != "" {
			return true
		}
		text = text[to+2:]
	}
	return strings.TrimSpace(text) != ""
}

// drop leaves an element out; of a paragraph that ends a section that end stays.
func (f *filler) drop(e *element) {
	if e.name != "p" || e.ruled == nil {
		return
	}
	f.raw(e.begin, e.inner)
	f.raw(e.properties.begin, e.properties.end)
	f.raw(e.outer, e.end)
}

// lookup is what a mark stands for.
func (f *filler) lookup(m mark, it item) string {
	switch {
	case m.broken:
		return "{{" // Check has told of it
	case m.sense != value:
		return ""
	case it.line != nil:
		return *it.line
	}
	if name, field, ok := f.known.listOf(m); ok && name == it.list {
		return it.fields[field]
	}
	return f.known.shown(m.key)
}

// paragraph writes a paragraph with its marks replaced.
func (f *filler) paragraph(e *element, it item) {
	edits := f.edits(e.paragraph, it)
	f.texts(e, it, e.begin, edits)
	f.raw(e.lastKid(), e.end)
}

// lastKid is where the last kept kid of an element ends.
func (e *element) lastKid() int {
	if len(e.kids) == 0 {
		return e.begin
	}
	return e.kids[len(e.kids)-1].end
}

// texts writes what is below a paragraph, from at on, up to its last kid.
func (f *filler) texts(e *element, it item, at int, edits map[*element][]edit) {
	for _, k := range e.kids {
		f.raw(at, k.begin)
		at = k.end
		switch {
		case k.name == "t":
			f.text(k, edits[k])
		case k.name == "txbxContent":
			f.inside(k, item{list: it.list, fields: it.fields})
		case len(k.kids) > 0:
			f.texts(k, it, k.begin, edits)
			f.raw(k.lastKid(), k.end)
		default:
			f.raw(k.begin, k.end)
		}
	}
}

// edit replaces bytes of the part by a text.
type edit struct {
	from, to int
	text     string
}

// edits are those of a paragraph, by the t that they are in. The text goes to where a mark
// begins and so takes the looks of its first brace; the rest of the mark goes.
func (f *filler) edits(p *paragraph, it item) map[*element][]edit {
	if len(p.marks) == 0 {
		return nil
	}
	out := map[*element][]edit{}
	for _, m := range p.marks {
		text := f.lookup(m, it)
		for i := m.from.piece; i <= m.to.piece; i++ {
			pc := p.pieces[i]
			first, last := 0, len(pc.chars)-1
			if i == m.from.piece {
				first = m.from.char
			}
			if i == m.to.piece {
				last = m.to.char
			}
			if pc.t == nil || last < first {
				continue
			}
			out[pc.t] = append(out[pc.t], edit{pc.chars[first].begin, pc.chars[last].end, text})
			text = ""
		}
	}
	return out
}

// text writes a t with its edits. Space at the ends of what is left must be kept.
func (f *filler) text(t *element, edits []edit) {
	if len(edits) == 0 {
		f.raw(t.begin, t.end)
		return
	}
	tag := f.part.raw[t.begin:t.inner]
	if bytes.Contains(tag, []byte("xml:space")) {
		f.out.Write(tag)
	} else {
		f.out.Write(tag[:len(tag)-1])
		f.out.WriteString(` xml:space="preserve">`)
	}
	at := t.inner
	for _, e := range edits {
		f.raw(at, e.from)
		f.value(e.text)
		at = e.to
	}
	f.raw(at, t.end)
}

// value writes a text inside of a t, a line break for each newline.
func (f *filler) value(text string) {
	for i, line := range lines(text) {
		if f.full() {
			return
		}
		if i > 0 {
			w := f.part.prefix
			f.out.WriteString("</" + w + "t><" + w + "br/><" + w + `t xml:space="preserve">`)
		}
		f.out.WriteString(escape(line))
	}
}

func lines(text string) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text), "\n")
}

// escape makes text of any string: what XML cannot hold goes.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

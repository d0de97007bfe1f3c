package docx

import (
	"strings"
	"unicode"
)

// mark is a placeholder in a paragraph.
type mark struct {
	name   string // as it is written, without braces and space around it
	key    string // as names are compared
	sense  sense
	from   place // of its first brace
	to     place // of its last brace
	broken bool  // it has no end; name is what follows
}

// sense is what a mark does.
type sense int

const (
	value  sense = iota
	where        // the paragraph or row stays where there is something of that name
	absent       // it stays where there is nothing
)

// place is a character of a paragraph.
type place struct{ piece, char int }

const longestName = 60 // characters

// find looks for the placeholders of a paragraph.
func (p *paragraph) find() {
	var text []rune
	var at []place
	for i, pc := range p.pieces {
		if pc.t == nil {
			text, at = append(text, '\t'), append(at, place{-1, -1})
		}
		for k, c := range pc.chars {
			text, at = append(text, c.r), append(at, place{i, k})
		}
	}
	p.text = string(text)
	for i := 0; i+1 < len(text); i++ {
		if !opens(text[i]) || !opens(text[i+1]) {
			continue
		}
		for i+2 < len(text) && opens(text[i+2]) { // of three braces the last two
			i++
		}
		end := i + 2
		for end < len(text) && end < i+2+longestName && !closes(text[end]) && !opens(text[end]) && text[end] != '\t' {
			end++
		}
		m := mark{name: strings.TrimSpace(string(text[i+2 : end])), from: at[i]}
		if end+1 < len(text) && closes(text[end]) && closes(text[end+1]) {
			m.to = at[end+1]
			m.sense, m.key = asked(m.name)
			p.marks = append(p.marks, m)
			i = end + 1
			continue
		}
		m.broken, m.to = true, at[i+1]
		p.marks = append(p.marks, m)
		i++
	}
}

func opens(r rune) bool  { return r == '{' || r == '｛' }
func closes(r rune) bool { return r == '}' || r == '｝' }

// asked takes a name apart: what it does, and the name as names are compared.
func asked(name string) (sense, string) {
	for _, w := range []struct {
		word string
		s    sense
	}{{"如有", where}, {"如无", absent}, {"if ", where}, {"unless ", absent}} {
		if rest, ok := strings.CutPrefix(strings.ToLower(name), w.word); ok && key(rest) != "" {
			return w.s, key(rest)
		}
	}
	return value, key(name)
}

// key is a name as names are compared: without space, in small letters, with plain dots.
func key(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r == '．' || r == '。':
			return '.'
		case r == '：':
			return ':'
		}
		return unicode.ToLower(r)
	}, name)
}

// names are the data by their keys.
type names struct {
	texts  map[string]string
	blanks map[string]string
	lists  map[string]list
}

// list is a list by the keys of its fields.
type list struct {
	fields map[string]bool
	items  []map[string]string
}

func newNames(d Data) names {
	n := names{texts: map[string]string{}, blanks: map[string]string{}, lists: map[string]list{}}
	for name, v := range d.Texts {
		n.texts[key(name)] = v
	}
	for name, v := range d.Blanks {
		n.blanks[key(name)] = v
	}
	for name, l := range d.Lists {
		out := list{fields: map[string]bool{}}
		for _, f := range l.Fields {
			out.fields[key(f)] = true
		}
		for _, item := range l.Items {
			keyed := map[string]string{}
			for f, v := range item {
				keyed[key(f)] = v
				out.fields[key(f)] = true
			}
			out.items = append(out.items, keyed)
		}
		n.lists[key(name)] = out
	}
	return n
}

// shown is what stands for a text: the text, or its blank.
func (n names) shown(key string) string {
	if text := n.texts[key]; strings.TrimSpace(text) != "" {
		return text
	}
	if blank, ok := n.blanks[key]; ok {
		return blank
	}
	return n.texts[key]
}

// listOf gives the list and the field that a mark is of; false for a text.
func (n names) listOf(m mark) (name, field string, ok bool) {
	if _, isText := n.texts[m.key]; isText || m.broken {
		return "", "", false
	}
	name, field, ok = strings.Cut(m.key, ".")
	if !ok {
		return "", "", false
	}
	l, ok := n.lists[name]
	return name, field, ok && l.fields[field]
}

// there reports whether there is something of a name: a text that is not empty, a list that
// has items.
func (n names) there(key string) bool {
	if l, ok := n.lists[key]; ok {
		return len(l.items) > 0
	}
	return strings.TrimSpace(n.texts[key]) != ""
}

// hold reports whether the conditions among marks hold for an item; those of fields of
// another list are left to where that is repeated.
func (n names) hold(marks []mark, it item) bool {
	for _, m := range marks {
		if m.sense == value || m.broken {
			continue
		}
		there := false
		if name, field, ok := n.listOf(m); !ok {
			there = n.there(m.key)
		} else if name == it.list {
			there = strings.TrimSpace(it.fields[field]) != ""
		} else {
			continue
		}
		if there != (m.sense == where) {
			return false
		}
	}
	return true
}

// Fault is what is wrong with a placeholder of a template.
type Fault struct {
	Name   string // as it is written
	Where  string // the text of its paragraph, cut short
	ZH, EN string
	Near   string // a name that is known and was perhaps meant; "" for none
}

// Check holds the placeholders of the template against the names that the data have: those
// that are not known or have no end, and rows that are of two lists. It returns nil where
// nothing is wrong. Each fault is told once for each name.
func (t *Template) Check(data Data) []Fault {
	c := checker{known: newNames(data), data: data, told: map[string]bool{}}
	for _, p := range t.inOrder() {
		c.rows(p.root)
		for _, para := range p.paragraphs {
			c.paragraph(para)
		}
	}
	return c.faults
}

type checker struct {
	known  names
	data   Data
	told   map[string]bool
	faults []Fault
}

func (c *checker) add(name, where, zh, en, near string) {
	if id := name + "\x00" + zh; !c.told[id] {
		c.told[id] = true
		c.faults = append(c.faults, Fault{Name: name, Where: snippet(where), ZH: zh, EN: en, Near: near})
	}
}

func (c *checker) paragraph(p *paragraph) {
	for _, m := range p.marks {
		_, isText := c.known.texts[m.key]
		_, isList := c.known.lists[m.key]
		_, _, isField := c.known.listOf(m)
		switch {
		case m.broken:
			c.add(m.name, p.text, "占位符没有写完：“{{”之后找不到“}}”", "the placeholder has no end: there is no }} after {{", "")
		case m.sense == value && isList:
			c.add(m.name, p.text, "这是一个列表，请写明要哪一项，如 {{"+m.name+"."+c.someField(m.key)+"}}", "it is a list; name a field of it", "")
		case isText, isList, isField:
		default:
			c.add(m.name, p.text, "没有这个占位符", "there is no such placeholder", c.near(m))
		}
	}
	c.lists(p.marks, p.text)
}

// rows looks for rows that are of two lists.
func (c *checker) rows(e *element) {
	for _, k := range e.kids {
		if k.name == "tr" && len(k.marks) > 0 {
			c.lists(k.marks, k.marks[0].name)
		}
		c.rows(k)
	}
}

func (c *checker) lists(marks []mark, where string) {
	first := ""
	for _, m := range marks {
		name, _, ok := c.known.listOf(m)
		switch {
		case !ok || name == first:
		case first == "":
			first = name
		default:
			c.add(m.name, where, "同一行（段）里有两个列表，无法逐条重复", "one row or paragraph has fields of two lists, so it cannot be repeated", "")
			return
		}
	}
}

// someField is a field of a list as an example, as it was given.
func (c *checker) someField(listKey string) string {
	for name, l := range c.data.Lists {
		if key(name) == listKey && len(l.Fields) > 0 {
			return l.Fields[0]
		}
	}
	return "…"
}

// near finds the known name that is most like an unknown one, if any is.
func (c *checker) near(m mark) string {
	best, least := "", 0
	consider := func(name string) {
		k := key(name)
		d := distance([]rune(m.key), []rune(k))
		most := max(1, min(len([]rune(m.key)), len([]rune(k)))/2)
		if d <= most && (best == "" || d < least || d == least && name < best) {
			best, least = name, d
		}
	}
	for name := range c.data.Texts {
		consider(name)
	}
	for name, l := range c.data.Lists {
		if m.sense != value {
			consider(name)
			continue
		}
		for _, f := range l.Fields {
			consider(name + "." + f)
		}
	}
	return best
}

// distance is Levenshtein's, O(len(a)·len(b)).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for k, y := range b {
			next := min(row[k+1], row[k]) + 1
			if x == y {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[k+1] = row[k+1], next
		}
	}
	return row[len(b)]
}

func snippet(text string) string {
	const most = 40
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

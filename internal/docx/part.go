package docx

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"yike/internal/xmltok"
)

// part is one part of the document with text: its bytes, and where what matters stands.
type part struct {
	name       string
	raw        []byte
	prefix     string // of WordprocessingML, with its colon
	root       *element
	paragraphs []*paragraph // in the order of their beginnings
}

// element is an element that decides how a part is filled. Those in between are not kept:
// kids are the nearest below.
type element struct {
	name              string // without prefix
	begin, inner      int    // of its start tag and behind it
	outer, end        int    // of its end tag and behind it; all equal where it closes itself
	kids              []*element
	paragraph         *paragraph // of a p
	lastIsP           bool       // of a container: it ended with a paragraph
	marks             []mark     // of a tr: those of its paragraphs, but not of rows within
	properties, ruled *element   // of a p: its pPr; the sectPr in it, which ends a section
}

// paragraph is the text of a p, without that of paragraphs within it.
type paragraph struct {
	pieces []piece
	marks  []mark
	text   string // for messages and for telling whether a mark stands alone
}

// piece is the text of one t, or a break, which no placeholder goes over.
type piece struct {
	t     *element // nil for a break
	chars []char
}

// char is a character and where it is written.
type char struct {
	r          rune
	begin, end int
}

func kept(name string) bool {
	return slices.Contains([]string{
		"p", "tr", "tbl", "tc", "t", "tab", "br", "cr", "noBreakHyphen", "hdr", "ftr", "body", "txbxContent", "sdtContent", "footnote", "endnote", "pPr", "sectPr",
	}, name)
}

// refusedElements are those that a letter must not go out with.
func refusedElement(name string) (zh, en string) {
	switch name {
	case "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange":
		return "模板含有修订痕迹，请先接受或拒绝全部修订", "the template has tracked changes; accept or reject them first"
	case "commentReference":
		return "模板含有批注，请先删除批注", "the template has comments; delete them first"
	case "altChunk", "object", "control", "subDoc":
		return "模板内嵌了其他文件或控件，请删去后再上传", "the template has embedded files or controls; remove them"
	}
	return "", ""
}

// parsePart reads a part and finds its placeholders.
func parsePart(name string, raw []byte) (*part, error) {
	p := &part{name: name, raw: raw}
	b := builder{part: p}
	if err := scan(name, raw, b.token); err != nil {
		return nil, err
	}
	if b.fields.dangerous() {
		return nil, &Error{Part: name, ZH: "模板的域会读取其他文件（INCLUDE、LINK、DDE），请删去", EN: "a field of the template reads other files (INCLUDE, LINK, DDE); remove it"}
	}
	return p, p.collect(p.root)
}

// builder makes the tree of a part.
type builder struct {
	part   *part
	open   []*element // kept ones, with nil for the others
	fields instructions
}

func (b *builder) token(s *xmltok.Scanner, kind xmltok.Kind) error {
	begin, end := s.Place()
	switch kind {
	case xmltok.Start:
		return b.start(s, int(begin), int(end))
	case xmltok.End:
		at := b.open[len(b.open)-1]
		b.open = b.open[:len(b.open)-1]
		if b.fields.inside > 0 && len(b.open) < b.fields.inside {
			b.fields.inside = 0
		}
		if at != nil {
			at.outer, at.end = int(begin), int(end)
		}
	case xmltok.Text:
		if b.fields.inside > 0 {
			b.fields.text.Write(s.Text())
		}
	}
	return nil
}

func (b *builder) start(s *xmltok.Scanner, begin, end int) error {
	if b.part.root == nil && len(b.open) == 0 {
		prefix, ok := wordPrefix(s)
		if !ok {
			return &Error{ZH: "不是 Word 正文（缺少 WordprocessingML 命名空间）", EN: "it is no WordprocessingML"}
		}
		b.part.prefix = prefix
		b.part.root = &element{name: string(s.Name()), begin: begin, inner: end}
		b.open = append(b.open, b.part.root)
		return nil
	}
	name, ours := strings.CutPrefix(string(s.FullName()), b.part.prefix)
	if ours && b.part.prefix == "" && strings.Contains(name, ":") {
		ours = false
	}
	if ours {
		if zh, en := refusedElement(name); zh != "" {
			return &Error{ZH: zh, EN: en}
		}
		b.fields.start(name, s.AttrString("instr"), len(b.open)+1)
	}
	if !ours || !kept(name) {
		b.open = append(b.open, nil)
		return nil
	}
	e := &element{name: name, begin: begin, inner: end}
	parent := b.parent()
	parent.kids = append(parent.kids, e)
	b.open = append(b.open, e)
	return nil
}

func (b *builder) parent() *element {
	for i := len(b.open) - 1; ; i-- {
		if b.open[i] != nil {
			return b.open[i]
		}
	}
}

// wordPrefix finds the prefix of WordprocessingML at the root.
func wordPrefix(s *xmltok.Scanner) (prefix string, ok bool) {
	s.EachAttr(func(name, value []byte) {
		v := string(value)
		if v != "http://schemas.openxmlformats.org/wordprocessingml/2006/main" && v != "http://purl.oclc.org/ooxml/wordprocessingml/main" {
			return
		}
		switch n, named := strings.CutPrefix(string(name), "xmlns:"); {
		case named:
			prefix, ok = n+":", true
		case string(name) == "xmlns":
			prefix, ok = "", true
		}
	})
	return prefix, ok
}

// instructions are the texts of fields of a part.
type instructions struct {
	text   strings.Builder
	inside int // depth of the instrText that is open; 0 for none
}

func (f *instructions) start(name, instr string, depth int) {
	switch name {
	case "instrText":
		f.inside = depth
	case "fldSimple":
		f.text.WriteString(" " + instr + " ")
	case "fldChar":
		f.text.WriteByte(' ')
	}
}

// dangerous reports whether a field reads something from elsewhere.
func (f *instructions) dangerous() bool {
	for word := range strings.FieldsSeq(strings.ToUpper(f.text.String())) {
		if strings.HasPrefix(word, "INCLUDE") || strings.HasPrefix(word, "DDE") || slices.Contains([]string{"LINK", "IMPORT", "DATABASE", "RD", "MACROBUTTON"}, word) {
			return true
		}
	}
	return false
}

// collect reads the paragraphs below an element.
func (p *part) collect(e *element) error {
	if e.name == "p" {
		e.paragraph = &paragraph{}
		p.paragraphs = append(p.paragraphs, e.paragraph)
		if err := p.pieces(e, e); err != nil {
			return err
		}
		e.paragraph.find()
		return nil
	}
	for _, k := range e.kids {
		if err := p.collect(k); err != nil {
			return err
		}
		e.gather(k)
	}
	return nil
}

// gather notes what a container holds.
func (e *element) gather(kid *element) {
	if kid.name == "p" || kid.name == "tbl" {
		e.lastIsP = kid.name == "p"
	}
	switch {
	case kid.name == "p":
		e.marks = append(e.marks, kid.paragraph.marks...)
	case kid.name != "tr":
		e.marks = append(e.marks, kid.marks...)
	}
}

// pieces reads the text of a paragraph from an element in it.
func (p *part) pieces(para, e *element) error {
	for _, k := range e.kids {
		switch k.name {
		case "pPr":
			para.properties = k
			for _, s := range k.kids {
				if s.name == "sectPr" {
					para.ruled = s
				}
			}
		case "t":
			chars, err := p.decode(k)
			if err != nil {
				return err
			}
			para.paragraph.pieces = append(para.paragraph.pieces, piece{k, chars})
		case "tab", "br", "cr", "noBreakHyphen":
			para.paragraph.pieces = append(para.paragraph.pieces, piece{})
		case "txbxContent":
			if err := p.collect(k); err != nil {
				return err
			}
		default:
			if err := p.pieces(para, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// decode reads the characters of a t. The scanner has found its references in order.
func (p *part) decode(t *element) ([]char, error) {
	var out []char
	for at := t.inner; at < t.outer; {
		c := char{begin: at}
		switch p.raw[at] {
		case '<':
			return nil, &Error{Part: p.name, ZH: "文字中有 CDATA 或注释，请用 Word 重新保存", EN: "its text has CDATA or XML comments; save it again with Word"}
		case '&':
			end := at + strings.IndexByte(string(p.raw[at:min(at+16, t.outer)]), ';') + 1
			c.r, _ = utf8.DecodeRuneInString(html.UnescapeString(string(p.raw[at:end])))
			c.end = end
		default:
			r, size := utf8.DecodeRune(p.raw[at:t.outer])
			c.r, c.end = r, at+size
		}
		at = c.end
		out = append(out, c)
	}
	return out, nil
}

// marked reports whether the part has placeholders.
func (p *part) marked() bool {
	return slices.ContainsFunc(p.paragraphs, func(x *paragraph) bool { return len(x.marks) > 0 })
}

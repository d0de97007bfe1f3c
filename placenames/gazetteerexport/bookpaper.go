package gazetteerexport

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"yike/internal/pdf"
	"yike/placenames/gazetteer"
)

// WritePDF writes the book of names for print on A4: a page of contents, the names by class and
// letter with their spelling, position, meaning and former names, and an index by spelling to
// their pages, former names among them. fonts must have Chinese characters. It gives the
// characters that none of them has, which stand as boxes and are named in front. The book is set twice, since its
// contents come first and are known last: O(names).
func (f File) WritePDF(w io.Writer, fonts *pdf.Fonts) ([]rune, error) {
	b := &bookPaper{File: f, chapters: gazetteer.Book(f.Entries, f.Catalogue), lines: f.columns()}
	var err error
	if b.lacks, err = b.set(io.Discard, fonts); err != nil {
		return nil, err
	}
	return b.set(w, fonts)
}

// bookPaper is the book while it is set, and on which page what stood when it was set before.
type bookPaper struct {
	File
	chapters []gazetteer.Chapter
	lines    []column
	doc      *pdf.Document
	at       []int // pages on which chapters begin
	index    []indexed
	indexAt  int
	lacks    []rune // characters that no font has
}

// indexed is a line of the index.
type indexed struct {
	text, roman string
	see         string // the name that stands in the book; "" for that itself
	page        int
}

const (
	entrySize = 10.0
	noteSize  = 8.5
)

func (b *bookPaper) set(w io.Writer, fonts *pdf.Fonts) ([]rune, error) {
	footer := pdf.Footer{Source: b.say("来源：地名登记", "Source: the register of place names")}
	for _, n := range b.Notices {
		footer.Notices = append(footer.Notices, b.word(n))
	}
	b.doc = pdf.New(w, fonts, pdf.Options{
		Paper: pdf.A4(), Margin: 20 * pdf.MM, Footer: footer, Meta: pdf.Meta{Title: b.title(), Lang: b.say("zh-CN", "en"), Day: string(b.Made)},
	})
	b.front()
	at, index := []int{}, []indexed{}
	for _, c := range b.chapters {
		b.doc.Page()
		at = append(at, b.doc.Pages())
		index = append(index, b.chapter(c)...)
	}
	b.at, b.index = at, index
	if len(index) > 0 {
		b.doc.Page()
		b.indexAt = b.doc.Pages()
		b.writeIndex()
	}
	if err := b.doc.Close(); err != nil {
		return nil, fmt.Errorf("write the book of place names: %w", err)
	}
	return b.doc.Missing(), nil
}

// front is the page of contents.
func (b *bookPaper) front() {
	b.doc.Title(b.title())
	for _, n := range b.notes() {
		b.doc.Note(n)
	}
	if len(b.lacks) > 0 {
		points := make([]string, len(b.lacks))
		for i, r := range b.lacks {
			points[i] = fmt.Sprintf("U+%04X", r)
		}
		b.doc.Note(b.say("本机字体缺少下列字符，以方框代替：", "No font of this machine has these characters; boxes stand for them: ") + strings.Join(points, " "))
	}
	b.doc.Heading(b.say("目录", "Contents"))
	var rows []pdf.Row
	total := 0
	page := func(i int) string {
		if i < len(b.at) {
			return fmt.Sprint(b.at[i])
		}
		return ""
	}
	for i, c := range b.chapters {
		total += c.Names()
		rows = append(rows, pdf.Row{Cells: []pdf.Cell{{Text: b.word(c.Class)}, {Text: fmt.Sprint(c.Names())}, {Text: page(i)}}})
	}
	if total > 0 {
		rows = append(rows, pdf.Row{Cells: []pdf.Cell{{Text: b.say("拼音索引", "Index by spelling")}, {}, {Text: fmt.Sprint(b.indexAt)}}},
			pdf.Row{Bold: true, Cells: []pdf.Cell{{Text: b.say("合计", "Total")}, {Text: fmt.Sprint(total)}, {}}})
	}
	b.doc.Table(pdf.Table{
		Columns: []pdf.Column{{Title: b.say("类别", "Class"), Weight: 4}, {Title: b.say("地名数", "Names"), Weight: 1, Align: pdf.Right}, {Title: b.say("页", "Page"), Weight: 1, Align: pdf.Right}},
		Empty:   b.say("没有符合条件的地名。", "There are no such names."),
	}, slices.Values(rows))
}

// chapter sets the names of a class, and gives their lines in the index.
func (b *bookPaper) chapter(c gazetteer.Chapter) []indexed {
	b.doc.Title(b.word(c.Class))
	var out []indexed
	for _, g := range c.Groups {
		b.doc.Heading(b.letter(g.Initial))
		for _, e := range g.Entries {
			b.entry(e)
			page := b.doc.Pages()
			out = append(out, indexed{text: e.Text, roman: e.Roman, page: page})
			for _, o := range e.Former {
				out = append(out, indexed{text: o.Text, roman: o.Roman, see: e.Text, page: page})
			}
		}
	}
	return out
}

// entry sets one name: the name with its spelling, then what is known of it, each with what it is.
func (b *bookPaper) entry(e gazetteer.Entry) {
	b.doc.Keep(3 * entrySize * 1.6)
	head := e.Text
	if e.Roman != "" {
		head += "　" + e.Roman
	}
	b.doc.Text(head, pdf.Style{Size: entrySize, Bold: true, Lead: 1.6})
	var said []string
	for _, col := range b.lines {
		if col.record || col.code == "name" || col.code == "roman" {
			continue
		}
		if text := strings.TrimSpace(col.text(e)); text != "" {
			said = append(said, b.say(col.zh+"：", col.en+": ")+text)
		}
	}
	b.doc.Text(strings.Join(said, b.say("　", "   ")), pdf.Style{Size: noteSize, Lead: 1.5})
	b.doc.Space(1.5 * pdf.MM)
}

// key is a name in the order of the index: by the letters of its spelling, without spaces, marks
// and case; what has none stands behind.
func (x indexed) key() string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, x.roman)
	return cmp.Or(letters, "\U0010FFFD") + "\x00" + x.text
}

const indexColumns = 3

// writeIndex sets the index in columns, down each column of a page.
func (b *bookPaper) writeIndex() {
	list := slices.SortedFunc(slices.Values(b.index), func(x, y indexed) int { return cmp.Or(cmp.Compare(x.key(), y.key()), cmp.Compare(x.page, y.page)) })
	b.doc.Title(b.say("拼音索引", "Index by spelling"))
	b.doc.Note(b.say("按罗马字母拼写的字母排列；没有确认拼写的排在最后。“见”指现行标准地名。", "By the letters of the spelling; names whose spelling nobody confirmed stand last. “See” is the standard name of today."))
	style := pdf.Style{Size: noteSize, Lead: 1.5}
	for len(list) > 0 {
		canvas, room := b.doc.Room()
		width := room.W / indexColumns
		for col := range indexColumns {
			used := 0.0
			for len(list) > 0 {
				text := list[0].line(b.File)
				height := canvas.TextHeight(width-6*pdf.MM, text, style)
				if used > 0 && used+height > room.H {
					break
				}
				canvas.TextBox(room.X+float64(col)*width, room.Y+used, width-6*pdf.MM, text, style)
				used += height
				list = list[1:]
			}
		}
		if len(list) > 0 {
			b.doc.Page()
		}
	}
}

func (x indexed) line(f File) string {
	text := strings.TrimSpace(x.roman + " " + x.text)
	if x.see != "" {
		text += f.say("　见 "+x.see, " see "+x.see)
	}
	return fmt.Sprintf("%s … %d", text, x.page)
}

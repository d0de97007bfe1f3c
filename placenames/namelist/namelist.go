// Package namelist owns what a list says of place names: which heading of a register means which
// field, which word which kind, what a row says of a name, and which record of the register it
// means. It is pure, and a child of placenames: it knows no file, no storage and no HTTP.
package namelist

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/geo"
	"yike/internal/record"
	"yike/placenames"
)

// MostRows is how many rows a file may have.
const MostRows = 100_000

// Options are what rows are read with.
type Options struct {
	Catalogue *placenames.Catalogue
	Places    lists.Places
	Columns   map[string]string // field that somebody says a heading means, by the heading; "" to pass it over
	Kinds     map[string]string // kind that somebody says a word means, by the word as it is written; "" as a word is of rows without one
	Source    string            // where names without a document were found: 第二次全国地名普查
	Today     record.Day
}

// Row is what a row says of a name.
type Row struct {
	Sheet  string // or layer; "" where the file has one only
	Number int    // as people count in the file
	Name   placenames.Name
	Said   map[string]bool // fields of Columns that the row fills in; geometry where it is drawn
	// Guessed says that nobody named the kind: the generic of the name did.
	Guessed bool
	// Thin says that the row gives a document in part only, so that what the name stands on is the
	// source of the list.
	Thin   bool
	Faults []lists.Fault // of what could not be read
}

// Word is a word of the column of kinds, and what it means.
type Word struct {
	Word    string
	Rows    int
	Kind    string // code; "" where the generic of each name tells it, or nobody
	Unknown int    // rows of which nobody knows the kind
}

// Reader reads the rows of one sheet. It is of one goroutine.
type Reader struct {
	heads lists.Heads
	o     Options
	crs   geo.CRS
	words map[string]*Word
	kinds map[string]string // what a word means by itself; "" where the name has to tell
	found map[string]spot // divisions by what cells say, since a list says the same again and again
}

type spot struct {
	codes []string
	fault *record.Fault
}

// NewReader finds what the headings mean. Positions in cells are in crs. The faults are headings
// that mean the same, and that none is the name.
func NewReader(texts []string, o Options, crs geo.CRS) (*Reader, []lists.Fault) {
	heads, faults := lists.ReadChosen(texts, Columns(), derived(), o.Columns)
	r := &Reader{heads: heads, o: o, crs: crs, words: map[string]*Word{}, kinds: map[string]string{}, found: map[string]spot{}}
	if heads.Of("text") == "" {
		faults = append(faults, lists.Fault{Fault: record.Fault{Field: "text", ZH: "没有“标准名称”一列", EN: "there is no column of standard names"}})
	}
	return r, faults
}

// Lists reports whether a sheet with some headings lists names.
func Lists(texts []string, o Options) bool {
	heads, _ := lists.ReadChosen(texts, Columns(), derived(), o.Columns)
	return heads.Of("text") != ""
}

// Heads are the headings with the code of the field that each means, "" for none, in their order.
func (r *Reader) Heads() [][2]string {
	out := make([][2]string, r.heads.Len())
	for i := range out {
		out[i] = [2]string{r.heads.Text(i), r.heads.Field(i)}
	}
	return out
}

// Of is the heading of a field; "" where there is none.
func (r *Reader) Of(field string) string { return r.heads.Of(field) }

// Words are the words of kinds that were read, the most frequent first.
func (r *Reader) Words() []Word {
	out := make([]Word, 0, len(r.words))
	for _, w := range r.words {
		out = append(out, *w)
	}
	SortWords(out)
	return out
}

// SortWords puts words in their order: those that nobody knows first, then the most frequent.
func SortWords(all []Word) {
	slices.SortFunc(all, func(a, b Word) int {
		return cmp.Or(-cmp.Compare(a.Unknown, b.Unknown), -cmp.Compare(a.Rows, b.Rows), cmp.Compare(a.Word, b.Word))
	})
}

// Placed gives a fault of a name the row and the column that it stands in.
func (r *Reader) Placed(row int, f record.Fault) lists.Fault {
	return r.heads.Placed(row, record.Fault{Field: columnOf(f.Field), Value: f.Value, ZH: f.ZH, EN: f.EN})
}

// columnOf is the column of a field of the record: size/length_m, decision/number, former/0/text.
func columnOf(field string) string {
	head, rest, nested := strings.Cut(field, "/")
	switch head {
	case "size", "extent", "decision":
		if nested {
			return rest
		}
	case "geometry":
		return "coordinates"
	case "parts":
		return "specific"
	}
	return head
}

// Read reads a row. Cells are in the order of the headings; shape is in WGS 84, nil for none.
func (r *Reader) Read(number int, cells []string, shape orb.Geometry) Row {
	c := reading{r: r, row: Row{Number: number, Said: map[string]bool{}}, cells: map[string]string{}}
	for i := range min(r.heads.Len(), len(cells)) {
		if field, cell := r.heads.Field(i), strings.TrimSpace(cells[i]); field != "" && cell != "" {
			c.cells[field] = cell
		}
	}
	c.words()
	c.kind()
	c.parts()
	c.place()
	c.sizes()
	c.others()
	c.decision()
	c.shape(shape)
	return c.row
}

// reading is a row on its way.
type reading struct {
	r     *Reader
	row   Row
	cells map[string]string // by field
}

func (c *reading) fault(field, value, zh, en string) {
	c.row.Faults = append(c.row.Faults, c.r.heads.Placed(c.row.Number, record.Fault{Field: field, Value: value, ZH: zh, EN: en}))
}

// say takes the cell of a field as it is.
func (c *reading) say(field string, to *string) {
	if cell := c.cells[field]; cell != "" && !none(cell) {
		*to = cell
		c.row.Said[field] = true
	}
}

// none reports whether a cell says that there is nothing, as registers do.
func none(cell string) bool {
	switch cell {
	case "无", "—", "-", "--", "/", "不详", "暂无", "none", "None":
		return true
	}
	return false
}

func (c *reading) words() {
	n := &c.row.Name
	n.Text = strings.Join(strings.Fields(c.cells["text"]), "")
	if n.Text == "" {
		c.fault("text", "", "请填写标准名称", "give the name")
	}
	c.say("id", &n.ID)
	for field, to := range map[string]*string{
		"roman": &n.Roman, "built_up_area": &n.BuiltUpArea, "from": &n.Extent.From, "to": &n.Extent.To, "via": &n.Extent.Via, "position": &n.Extent.Position,
		"meaning": &n.Meaning, "origin": &n.Origin, "note": &n.Note,
	} {
		c.say(field, to)
	}
	n.Roman = strings.Join(strings.Fields(strings.NewReplacer("'", "’", "＇", "’", "‘", "’", "`", "’").Replace(n.Roman)), " ")
	history := ""
	if c.say("history", &history); history != "" {
		n.Origin = strings.TrimSpace(n.Origin + "\n历史沿革：" + history)
		c.row.Said["origin"] = true
	}
}

// kind finds the kind: as somebody said of the word, by the word, by the word of a class with the
// generic of the name, by the generic alone.
func (c *reading) kind() {
	word := c.cells["kind"]
	w := c.r.words[word]
	if w == nil {
		w = &Word{Word: word}
		c.r.words[word] = w
	}
	w.Rows++
	n := &c.row.Name
	if kind, said := c.r.o.Kinds[word]; said && kind != "" {
		n.Kind, w.Kind = kind, kind
	} else {
		alone, known := c.r.kinds[word]
		if !known {
			alone, _ = KindOf(c.r.o.Catalogue, word, "")
			c.r.kinds[word] = alone
		}
		if n.Kind, w.Kind = alone, alone; alone == "" {
			n.Kind, c.row.Guessed = KindOf(c.r.o.Catalogue, word, n.Text)
			c.row.Guessed = c.row.Guessed && word == ""
		}
	}
	switch {
	case n.Kind != "":
		c.row.Said["kind"] = true
	case word == "":
		w.Unknown++
		c.fault("kind", "", "请填写地名类别；按通名也认不出来", "give the kind; the generic does not tell it either")
	default:
		w.Unknown++
		c.fault("kind", word, "不认识这个类别，请在“类别用词”里对应", "this kind is not known; say which it means")
	}
}

// KindOf gives the kind that a word means for a name: by a kind's code or words, else by those of
// its class with the name's generic. A name without a word has the only kind that has its longest
// generic. guessed says that the generic decided. "" where nobody knows.
func KindOf(cat *placenames.Catalogue, word, name string) (kind string, guessed bool) {
	var within []placenames.Kind
	for _, class := range cat.Classes {
		for _, k := range class.Kinds {
			if word != "" && (lists.Says(word, k.Code.Code, k.ZH, k.EN) || slices.Contains(also(k.Code.Code), lists.Key(word))) {
				return k.Code.Code, false
			}
		}
		if word == "" || lists.Says(word, class.Code.Code, class.ZH, class.EN) || slices.Contains(alsoClass(class.Code.Code), lists.Key(word)) {
			within = append(within, class.Kinds...)
		}
	}
	longest, best := 0, ""
	for _, k := range within {
		for _, g := range k.Generics {
			if !strings.HasSuffix(name, g) || len(g) == len(name) || len(g) < longest {
				continue
			}
			if len(g) > longest {
				longest, best = len(g), k.Code.Code
			} else if best != k.Code.Code && word == "" {
				best = "" // two kinds have it
			}
		}
	}
	return best, best != ""
}

// also are other words of registers for a kind.
func also(kind string) []string {
	return map[string][]string{
		"road": {"路", "街路", "城市道路", "主干路", "次干路", "支路", "快速路", "公路", "街"}, "lane": {"巷", "街巷胡同", "胡同", "里弄", "小巷"}, "estate": {"居民小区", "小区", "居民区", "住宅小区", "居民点"},
		"building": {"建筑物", "大楼", "高层建筑", "大厦"}, "bridge": {"桥", "立交桥", "桥梁涵洞"}, "village_seat": {"行政村", "村委会", "建制村"}, "community_seat": {"社区", "居委会", "社区居委会"},
		"natural_village": {"农村居民点", "村庄"}, "city_park": {"公园"}, "river": {"河", "水系", "河道"}, "lake": {"湖"}, "reservoir": {"水库大坝"}, "tunnel": {"隧道涵洞"}, "township": {"乡镇", "镇", "乡"},
		"square": {"城市广场"}, "station": {"火车站", "公交站", "地铁站", "车站码头"}, "memorial": {"纪念地", "旅游景点", "文物古迹"}, "industrial": {"工业区", "开发区", "产业园区"}, "mountain": {"山峰", "山体"},
	}[kind]
}

// alsoClass are other words of registers for a class.
func alsoClass(class string) []string {
	return map[string][]string{
		"street": {"街路巷名称", "道路街巷", "道路、街巷", "街道路巷"}, "residence": {"住宅区", "楼宇", "居民点", "建筑物(群)", "住宅区和楼宇"}, "facility": {"交通运输设施", "交通设施", "水利设施", "设施", "专业设施"},
		"natural": {"自然实体", "陆地水系", "陆地地形"}, "other": {"其他"}, "park": {"公园、自然保护地", "风景名胜"},
	}[class]
}

func (c *reading) parts() {
	n := &c.row.Name
	var p placenames.Parts
	c.say("specific", &p.Specific)
	c.say("modifier", &p.Modifier)
	c.say("generic", &p.Generic)
	if p == (placenames.Parts{}) {
		return
	}
	switch {
	case p.Specific == "" && p.Generic != "":
		p.Specific = strings.TrimSuffix(strings.TrimSuffix(n.Text, p.Generic), p.Modifier)
	case p.Generic == "" && p.Modifier == "":
		p.Generic = strings.TrimPrefix(n.Text, p.Specific)
	}
	if p.Text() != n.Text {
		c.fault("specific", p.Text(), "专名、修饰字、通名相连应等于标准名称", "specific part, modifier and generic must make the name")
		return
	}
	p.Confirmed = true
	n.Parts = p
	c.row.Said["parts"] = true
}

func (c *reading) place() {
	cell := c.cells["divisions"]
	if cell == "" {
		return
	}
	at, known := c.r.found[cell]
	if !known {
		at = c.r.divisions(cell)
		c.r.found[cell] = at
	}
	if at.fault != nil {
		c.fault("divisions", at.fault.Value, at.fault.ZH, at.fault.EN)
		return
	}
	c.row.Name.Divisions = at.codes
	c.row.Said["divisions"] = len(at.codes) > 0
}

// divisions finds the divisions that a cell names, by code, by the name of a subdistrict or by that
// of a community.
func (r *Reader) divisions(cell string) spot {
	var out spot
	for name := range strings.FieldsFuncSeq(cell, func(c rune) bool { return strings.ContainsRune("；;、，,/\n", c) }) {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		code, community := "", ""
		if strings.Trim(name, "0123456789") == "" {
			code, name = name, ""
		}
		found, fault := r.o.Places.Find(code, name, community)
		if fault != nil && name != "" {
			if other, fault2 := r.o.Places.Find("", "", name); fault2 == nil && other != "" {
				found, fault = other, nil
			}
		}
		if fault != nil {
			fault.Value = cmp.Or(name, code)
			return spot{fault: fault}
		}
		if found != "" && !slices.Contains(out.codes, found) {
			out.codes = append(out.codes, found)
		}
	}
	return out
}

func (c *reading) sizes() {
	s := &c.row.Name.Size
	for field, to := range map[string]*float64{"length_m": &s.LengthM, "width_m": &s.WidthM, "height_m": &s.HeightM} {
		cell := c.cells[field]
		if cell == "" || none(cell) {
			continue
		}
		v, unit, ok := lists.Amount(cell)
		times, known := metres()[cmp.Or(unit, unitIn(c.r.heads.Of(field)))]
		if !ok || !known || v < 0 {
			c.fault(field, cell, "应为长度，如 860、860米、1.2公里", "must be a length such as 860, 860 m or 1.2 km")
			continue
		}
		*to = round(v * times)
		c.row.Said[field] = true
	}
	for field, to := range map[string]*float64{"site_m2": &s.SiteM2, "floor_m2": &s.FloorM2} {
		cell := c.cells[field]
		if cell == "" || none(cell) {
			continue
		}
		m, ok := lists.Area(cell, c.unit(field))
		if !ok || m.Value < 0 {
			c.fault(field, cell, "应为面积，如 5200、5200㎡、1.2万平方米", "must be an area such as 5200 or 1.2 ha")
			continue
		}
		*to = m.Value
		c.row.Said[field] = true
	}
	if cell := c.cells["floors"]; cell != "" && !none(cell) {
		v, unit, ok := lists.Amount(cell)
		if !ok || v != float64(int(v)) || v < 0 || v > 1000 || unit != "" && unit != "层" && unit != "f" {
			c.fault("floors", cell, "应为层数", "must be a number of floors")
			return
		}
		s.Floors = int(v)
		c.row.Said["floors"] = true
	}
}

func (c *reading) unit(field string) string {
	for i := range c.r.heads.Len() {
		if c.r.heads.Field(i) == field {
			return c.r.heads.Unit(i)
		}
	}
	return ""
}

// round keeps a size to a hundredth, so that the same file reads the same.
func round(v float64) float64 { return float64(int64(v*100+0.5)) / 100 }

// Describe says what a field is called, in both languages; its code where there is no such column.
func Describe(field string) (zh, en string) {
	for _, c := range Columns() {
		if c.Code == field {
			return c.ZH, c.EN
		}
	}
	return field, field
}

// asIs is the sentence by which a name without a whole document stands on the list's source.
func asIs(source string, d placenames.Decision) string {
	var parts []string
	for _, p := range []string{d.Title, d.Body, d.Number, string(d.Day)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return source
	}
	return fmt.Sprintf("%s（原载：%s）", source, strings.Join(parts, " "))
}

package pack

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checker walks a manifest and notes every fault.
type checker struct{ faults Faults }

func (c *checker) bad(field, value, zh, en string) {
	c.faults.Add(Fault{File: FileName, Field: field, Value: value, Reason: Text{ZH: zh, EN: en}})
}

// Check holds the manifest against every rule that needs no file, and names all that
// are broken in one *BadPackError.
func (m *Manifest) Check() error {
	var c checker
	c.head(m)
	c.bands(m.Bands)
	for i, n := range m.Notices {
		c.text(fmt.Sprintf("notices[%d]", i), Text{n.ZH, n.EN})
	}
	for i, t := range m.Absent {
		c.text(fmt.Sprintf("absent[%d]", i), t)
	}
	if m.Layers.Roads == nil {
		c.bad("layers.roads", "", "缺少道路图层", "the roads layer is missing")
	}
	if m.Layers.Population == nil {
		c.bad("layers.population", "", "缺少人口图层", "the population layer is missing")
	}
	for i, l := range m.Layers.Divisions {
		if l == nil {
			c.bad(fmt.Sprintf("layers.divisions[%d]", i), "", "为空", "is empty")
			return c.faults.Err("manifest")
		}
	}
	for _, n := range m.All() {
		c.layer(n, m.Bands)
	}
	return c.faults.Err("manifest")
}

func (c *checker) head(m *Manifest) {
	if m.Format != Format {
		c.bad("format", m.Format, "应为 "+Format, "must be "+Format)
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`).MatchString(m.ID) {
		c.bad("id", m.ID, "应为小写字母、数字和连字符", "must be lower-case letters, digits and hyphens")
	}
	if !regexp.MustCompile(`^[1-9][0-9]{5}$`).MatchString(m.AdCode) {
		c.bad("adcode", m.AdCode, "应为六位区划代码（无代码者用 99 开头的自编代码）", "must be a six-digit code (99xxxx where there is none)")
	}
	c.text("name", m.Name)
	if _, err := time.Parse(time.DateOnly, m.AsOf); m.AsOf != "" && err != nil {
		c.bad("as_of", m.AsOf, "应为日期，如 2026-10-31", "must be a day such as 2026-10-31")
	}
	if !(m.SnapLimitM >= 0 && m.SnapLimitM <= 2000) { // true for NaN, which YAML can write
		c.bad("snap_limit_m", fmt.Sprint(m.SnapLimitM), "应在 0 至 2000 米之间", "must be between 0 and 2000 metres")
	}
}

func (c *checker) text(field string, t Text) {
	if strings.TrimSpace(t.ZH) == "" {
		c.bad(field+".zh", "", "不能为空", "must not be empty")
	}
	if strings.TrimSpace(t.EN) == "" {
		c.bad(field+".en", "", "不能为空", "must not be empty")
	}
}

func (c *checker) bands(bands []Band) {
	if len(bands) == 0 {
		c.bad("bands", "", "至少要有一个年龄段", "at least one age band is needed")
		return
	}
	seen := map[string]bool{}
	widest := -1
	for i, b := range bands {
		at := fmt.Sprintf("bands[%d]", i)
		switch {
		case b.ID == "" || strings.ContainsAny(b.ID, " ,;\t\n"):
			c.bad(at+".id", b.ID, "不能为空，也不能含空格、逗号、分号", "must not be empty or hold spaces, commas or semicolons")
		case seen[b.ID]:
			c.bad(at+".id", b.ID, "重复", "is used twice")
		}
		seen[b.ID] = true
		if b.From < 0 || b.From > 150 {
			c.bad(at+".from", fmt.Sprint(b.From), "应在 0 至 150 岁之间", "must be between 0 and 150 years")
		}
		if b.To != nil && *b.To < b.From {
			c.bad(at+".to", fmt.Sprint(*b.To), "小于 from", "is below from")
		}
		if b.Widest && widest >= 0 {
			c.bad(at+".widest", b.ID, "只能有一个最宽的年龄段", "only one band can be the widest")
		}
		if b.Widest {
			widest = i
		}
	}
	if widest < 0 {
		c.bad("bands", "", "须用 widest: true 标明最宽的年龄段", "one band must be marked widest: true")
		return
	}
	for i, b := range bands {
		if w := bands[widest]; b.From < w.From || w.To != nil && (b.To == nil || *b.To > *w.To) {
			c.bad(fmt.Sprintf("bands[%d]", i), b.ID, "超出最宽的年龄段 "+w.ID, "reaches beyond the widest band "+w.ID)
		}
	}
}

// barriers is the kind of the layer of points that goes with roads.
const barriers = "barriers"

// layerRules says what a kind of layer may hold.
type layerRules struct {
	kinds  []string
	fields []string
	prefix string // of further columns, which the importer of the layer knows; "" for none
}

// takes reports whether a layer has one of our columns.
func (r layerRules) takes(name string) bool {
	return slices.Contains(r.fields, name) || r.prefix != "" && strings.HasPrefix(name, r.prefix) && len(name) > len(r.prefix)
}

// TypeFields begins the names of the columns of a facilities layer that facility types
// declare: fields.beds is the field beds of whatever type a row is of.
const TypeFields = "fields."

func rulesOf(kind string) layerRules {
	switch kind {
	case Divisions:
		return layerRules{fields: []string{"source", "code", "level", "parent", "name_zh", "name_en", "pinyin", "setting", "households", "complete"}}
	case Roads:
		return layerRules{fields: []string{"source", "class", "name", "bridge", "tunnel", "level", "foot", "access", "direction", "crossing", "wheelchair", "incline"}}
	case barriers:
		return layerRules{fields: []string{"source", "kind", "passable", "hours", "lon", "lat"}}
	case Buildings:
		return layerRules{fields: []string{"source", "name", "use", "floors", "households"}}
	case Population:
		return layerRules{kinds: []string{"points", "communities"}, fields: []string{"source", "code", "lon", "lat"}}
	default:
		return layerRules{
			kinds:  []string{"file", "examples"},
			prefix: TypeFields,
			fields: []string{
				"source", "type", "name_zh", "name_en", "status", "address", "capacity", "serves", "uscc", "institution_code", "bureau_no", "verified_on",
				"lon", "lat",
			},
		}
	}
}

func (c *checker) layer(n Named, bands []Band) {
	rules := rulesOf(n.Kind)
	if n.Layer.Kind != "" && len(rules.kinds) > 0 && !slices.Contains(rules.kinds, n.Layer.Kind) {
		c.bad(n.Field+".kind", n.Layer.Kind, "可选值："+strings.Join(rules.kinds, "、"), "must be one of: "+strings.Join(rules.kinds, ", "))
	}
	c.file(n)
	c.crs(n)
	known := rules.fields
	if rules.prefix != "" {
		known = append(slices.Clone(known), rules.prefix+"*")
	}
	for _, name := range sortedKeys(n.Fields) {
		if !rules.takes(name) {
			c.bad(n.Field+".fields."+name, name, "本图层没有这个字段，可用："+strings.Join(known, "、"), "this layer has no such field; it has: "+strings.Join(known, ", "))
		}
	}
	for _, name := range sortedKeys(n.Values) {
		if !rules.takes(name) {
			c.bad(n.Field+".values."+name, name, "本图层没有这个字段", "this layer has no such field")
		}
	}
	c.layerBands(n, bands)
	c.misplaced(n)
	c.heights(n)
	c.barriers(n)
	if n.Kind == Divisions && n.Level != "" && !slices.Contains([]string{"province", "city", "district", "subdistrict", "community", "grid"}, n.Level) {
		c.bad(n.Field+".level", n.Level, "不是辖区层级", "is not a level of divisions")
	}
	if !(n.JoinM >= 0 && n.JoinM <= 20) {
		c.bad(n.Field+".join_m", fmt.Sprint(n.JoinM), "应在 0 至 20 米之间", "must be between 0 and 20 metres")
	}
}

// misplaced names the keys that layers of this kind do not read: passed over in
// silence, they would be a wish that nobody hears.
func (c *checker) misplaced(n Named) {
	for _, k := range []struct {
		key   string
		set   bool
		kinds []string
	}{
		{"base", n.Base != "", []string{Population, Divisions}},
		{"bands", len(n.Bands) > 0, []string{Population, Divisions}},
		{"registered_bands", len(n.RegisteredBands) > 0, []string{Population, Divisions}},
		{"level", n.Level != "", []string{Divisions}},
		{"join_m", n.JoinM != 0, []string{Roads}},
		{"heights", n.Heights != nil, []string{Roads}},
		{"barriers", n.Barriers != nil, []string{Roads}},
		{"kind", n.Layer.Kind != "", []string{Population, Facilities}},
	} {
		if k.set && !slices.Contains(k.kinds, n.Kind) {
			c.bad(n.Field+"."+k.key, "", "本图层没有这一项，只用于："+strings.Join(k.kinds, "、"), "this layer has no such key; it is for: "+strings.Join(k.kinds, ", "))
		}
	}
}

func (c *checker) barriers(n Named) {
	if n.Barriers == nil {
		return
	}
	if n.FileFormat() == OSM {
		c.bad(n.Field+".barriers", n.Barriers.File, "OSM 数据自带门与障碍", "an OSM extract has its barriers inside")
	}
	c.layer(Named{barriers, n.Field + ".barriers", n.Barriers}, nil)
}

func (c *checker) heights(n Named) {
	h := n.Heights
	if h == nil {
		return
	}
	field := n.Field + ".heights"
	switch {
	case !filepath.IsLocal(filepath.FromSlash(h.File)):
		c.bad(field+".file", h.File, "须是 root 之下的相对路径", "must be a path below root")
	case h.Driver() == "":
		c.bad(field+".file", h.File, "高程须是 .tif、.tiff 或 .asc", "heights must be a .tif, .tiff or .asc")
	}
	code, isEPSG := strings.CutPrefix(h.CRS, "EPSG:")
	if _, err := strconv.ParseUint(code, 10, 32); (h.CRS != "" || h.Driver() == "AAIGrid") && (!isEPSG || err != nil) {
		c.bad(field+".crs", h.CRS, "须写成 EPSG:数字；ASCII 栅格必填", "must be EPSG: and a number, which an ASCII grid needs")
	}
}

func (c *checker) file(n Named) {
	if n.Layer.Kind == "examples" {
		if n.File != "" {
			c.bad(n.Field+".file", n.File, "示例设施按规则布设，不读文件", "examples are placed by rule and read no file")
		}
		return
	}
	switch {
	case n.File == "":
		c.bad(n.Field+".file", "", "不能为空", "must not be empty")
		return
	case !filepath.IsLocal(filepath.FromSlash(n.File)):
		c.bad(n.Field+".file", n.File, "须是 root 之下的相对路径", "must be a path below root")
	}
	format := n.FileFormat()
	switch {
	case format == "":
		c.bad(n.Field+".format", n.File, "看不出文件格式，请写明", "the format cannot be told from the name; say it")
	case !slices.Contains([]string{OSM, GeoJSON, CSV, Shapefile, GPKG}, format):
		c.bad(n.Field+".format", format, "可选值：osm、geojson、csv、shapefile、gpkg", "must be one of: osm, geojson, csv, shapefile, gpkg")
	case format == OSM && n.Kind != Roads:
		c.bad(n.Field+".format", format, "只有道路图层能读 OSM", "only the roads layer reads OSM")
	case format == CSV && (n.Kind == Roads || n.Kind == Divisions || n.Kind == Buildings):
		c.bad(n.Field+".format", format, "该图层需要几何，CSV 没有", "this layer needs shapes, which CSV has not")
	}
}

func (c *checker) layerBands(n Named, bands []Band) {
	known := map[string]bool{}
	for _, b := range bands {
		known[b.ID] = true
	}
	check := func(field string, sums map[string][]string) {
		for _, id := range sortedKeys(sums) {
			if !known[id] {
				c.bad(n.Field+"."+field+"."+id, id, "不在 bands 里", "is not among bands")
			}
			if len(sums[id]) == 0 {
				c.bad(n.Field+"."+field+"."+id, id, "没有写明列名", "names no columns")
			}
		}
	}
	check("bands", n.Bands)
	check("registered_bands", n.RegisteredBands)
	if n.Base != "registered" && n.Base != "resident" && (n.Kind == Population || n.Base != "") {
		c.bad(n.Field+".base", n.Base, "须为 resident（常住）或 registered（户籍）", "must be resident or registered")
	}
	if n.Base == "registered" && len(n.RegisteredBands) > 0 {
		c.bad(n.Field+".registered_bands", "", "base 已是户籍", "base is registered already")
	}
	if n.Kind != Population {
		return
	}
	for _, b := range bands {
		if _, ok := n.Bands[b.ID]; !ok {
			c.bad(n.Field+".bands", b.ID, "缺少该年龄段的列", "has no columns for this band")
		}
		if _, ok := n.RegisteredBands[b.ID]; !ok && len(n.RegisteredBands) > 0 {
			c.bad(n.Field+".registered_bands", b.ID, "缺少该年龄段的列", "has no columns for this band")
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

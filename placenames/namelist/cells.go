package namelist

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/placenames"
)

// names takes a cell of several names apart, without what stands in brackets behind one.
func names(cell string) []string {
	var out []string
	for name := range strings.FieldsFuncSeq(cell, func(c rune) bool { return strings.ContainsRune("；;、，,\n", c) }) {
		if i := strings.IndexAny(name, "（("); i > 0 {
			name = name[:i]
		}
		if name = strings.Join(strings.Fields(name), ""); name != "" && !none(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// others reads the other names of a place.
func (c *reading) others() {
	n := &c.row.Name
	for _, of := range []struct {
		field string
		kind  placenames.AliasKind
	}{{"aliases", placenames.Colloquial}, {"short", placenames.Short}, {"colloquial", placenames.Colloquial}} {
		for _, name := range names(c.cells[of.field]) {
			if name == n.Text || slices.ContainsFunc(n.Aliases, func(a placenames.Alias) bool { return a.Text == name }) {
				continue
			}
			n.Aliases = append(n.Aliases, placenames.Alias{Text: name, Kind: of.kind})
			c.row.Said["aliases"] = true
		}
	}
	for _, name := range names(c.cells["former"]) {
		if name != n.Text {
			n.Former = append(n.Former, placenames.Former{Text: name})
			c.row.Said["former"] = true
		}
	}
}

// decision reads by what the name stands, and in which state it is.
func (c *reading) decision() {
	n := &c.row.Name
	d := placenames.Decision{Kind: placenames.Naming}
	c.say("number", &d.Number)
	c.say("body", &d.Body)
	c.say("title", &d.Title)
	if cell := c.cells["day"]; cell != "" && !none(cell) {
		day, fit := lists.Day(cell)
		switch {
		case fit == lists.WholeDay && day > c.r.o.Today:
			c.fault("day", cell, "不应晚于今天", "must not be after today")
		case fit == lists.WholeDay || fit == lists.MonthOnly:
			d.Day = day
		default:
			c.fault("day", cell, "应为日期，如 2010-06-01、2010年6月", "must be a day such as 2010-06-01, or a month")
		}
	}
	state, retired := c.state()
	whole := d.Number != "" && d.Day != "" && d.Body != ""
	some := d.Number != "" || d.Day != "" || d.Body != ""
	source := cmp.Or(c.r.o.Source, d.Title)
	switch {
	case whole && retired:
		d.Kind = placenames.Retirement
	case whole:
	case source == "":
		c.fault("number", "", "文号、批准机关、批准时间不全，又没有说明资料来源：请补齐，或在导入时填写来源", "the document is not whole and nobody says where the list is from: complete it, or give the source of the list")
	default:
		c.row.Thin = some
		d = placenames.Decision{Kind: placenames.Observed, Title: asIs(source, titled(d, source))}
	}
	if state == "" {
		state = placenames.Customary
		if some || whole {
			state = placenames.Approved
		}
	}
	n.State, n.Decision = state, d
	for i := range n.Former {
		n.Former[i].Decision = placenames.Decision{Kind: placenames.Observed, Title: cmp.Or(source, d.Title, d.Number)}
	}
}

// titled is a document without the title that is the source itself.
func titled(d placenames.Decision, source string) placenames.Decision {
	if d.Title == source {
		d.Title = ""
	}
	return d
}

// state reads the word of a state; "" where the row says none, and then the document tells.
func (c *reading) state() (s placenames.State, retired bool) {
	cell := c.cells["state"]
	if cell == "" || none(cell) {
		return "", false
	}
	switch lists.Key(cell) {
	case "在用", "使用中", "现行", "现用", "正在使用", "现状地名", "正常", "in use":
		return "", false
	case "历史地名", "废止", "已废止", "不再使用", "停用", "已停用", "消失", "已消失", "撤销", "注销":
		return placenames.Retired, true
	}
	for _, code := range placenames.States() {
		if lists.Says(cell, code.Code, code.ZH, code.EN) {
			s := placenames.State(code.Code)
			if !slices.Contains(placenames.Beginnings(), s) {
				break
			}
			return s, s == placenames.Retired
		}
	}
	c.fault("state", cell, "应为标准地名、习惯使用、已注销或在用", "must be a standard name, in use, or retired")
	return "", false
}

// shape takes where the place is: its shape, else the position in the cells.
func (c *reading) shape(shape orb.Geometry) {
	n := &c.row.Name
	if shape != nil {
		n.Geometry = shape
		c.row.Said["geometry"] = true
		return
	}
	lon, lat := c.cells["lon"], c.cells["lat"]
	field := "lon"
	if cell := c.cells["coordinates"]; cell != "" && !none(cell) && lon == "" && lat == "" {
		parts := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",，;； \t", r) })
		if field = "coordinates"; len(parts) != 2 {
			c.fault(field, cell, "应为“经度,纬度”", "must be longitude,latitude")
			return
		}
		lon, lat = parts[0], parts[1]
	}
	switch {
	case lon == "" && lat == "":
		return
	case lon == "" || lat == "":
		c.fault(field, "", "经度和纬度应一并填写", "longitude and latitude go together")
		return
	}
	x, okX := lists.Degrees(lon)
	y, okY := lists.Degrees(lat)
	if !okX || !okY {
		c.fault(field, lon+" "+lat, "应为一个数", "must be a number")
		return
	}
	at, err := c.r.crs.ToWGS84(orb.Point{x, y})
	if err != nil {
		c.fault(field, lon+" "+lat, "坐标不在所声明的坐标系内", "does not lie in the coordinate system that was declared")
		return
	}
	n.Geometry = at
	c.row.Said["geometry"] = true
}

package coverageexport

import (
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/internal/xlsx"
)

// siteLine is one facility, of today or of an option, for one band.
type siteLine struct {
	name     string
	point    orb.Point
	division int32
	today    coverage.Served
	options  []siteIn // per option
}

// siteIn is a facility in one option.
type siteIn struct {
	gained, lost  coverage.People
	within, near  coverage.People
	fate          siteFate
	inThis, quiet bool // the option has it; nothing changes for it
}

// siteFate is what an option does with a facility.
type siteFate int

const (
	stays siteFate = iota
	added
	moved
	shut
)

func (d *Dossier) fate(f siteFate) string {
	return [...]string{"", d.say("新设", "new"), d.say("迁移", "moved"), d.say("关闭", "closed")}[f]
}

// siteLines are today's facilities and then those that options add.
func (d *Dossier) siteLines(band int) []siteLine {
	c := d.Comparison
	b := c.Baseline
	out := make([]siteLine, len(b.Sites), len(b.Sites)+len(c.Sites))
	for i, s := range b.Sites {
		out[i] = siteLine{name: d.facility(d.Facilities[i]), point: s.Point, division: s.Division, today: b.Served[i][band], options: make([]siteIn, len(c.Options))}
		for k := range c.Options {
			out[i].options[k] = d.quietSite(int32(i), band) //nolint:gosec // fewer than 2^31
		}
	}
	for _, row := range c.Sites {
		var line *siteLine
		if row.Baseline >= 0 {
			line = &out[row.Baseline]
		} else {
			out = append(out, siteLine{point: row.Point, division: -1, options: make([]siteIn, len(c.Options))})
			line = &out[len(out)-1]
		}
		for k, in := range row.Options {
			if in.Site < 0 {
				continue
			}
			line.options[k] = d.changedSite(k, in, row.Baseline < 0, band)
			if row.Baseline < 0 {
				line.name, line.division = d.facility(d.Options[k].Facilities[in.Site]), c.Options[k].Delta.Sites[in.Site].Division
			}
		}
	}
	return out
}

// quietSite is a facility for which an option changes nothing.
func (d *Dossier) quietSite(site int32, band int) siteIn {
	s := d.Comparison.Baseline.Served[site][band]
	return siteIn{within: s.Only + s.Shared, near: s.Nearest, inThis: true, quiet: true}
}

func (d *Dossier) changedSite(option int, in coverage.SiteIn, isNew bool, band int) siteIn {
	delta := d.Comparison.Options[option].Delta
	served := delta.ServedBy(in.Site)[band]
	out := siteIn{within: served.Only + served.Shared, near: served.Nearest, inThis: true, quiet: in.Bands == nil}
	if in.Bands != nil {
		out.gained, out.lost = in.Bands[band].Gained, in.Bands[band].Lost
	}
	switch {
	case isNew:
		out.fate = added
	case !delta.Open[in.Site]:
		out.fate = shut
	case delta.Sites[in.Site].Point != d.Comparison.Baseline.Sites[in.Site].Point:
		out.fate = moved
	}
	return out
}

// byFacility has every facility, per band, with whom the options gain and lose by it.
func (b *book) byFacility() error {
	count := func(group, zh, en string) xlsx.Column {
		return xlsx.Column{Group: group, Head: b.say(zh, en), Kind: xlsx.Integer, Width: 11}
	}
	columns := []xlsx.Column{
		{Head: b.say("年龄段", "Ages"), Width: 15},
		{Head: b.say("设施", "Facility"), Width: 28},
		{Head: b.say("所在辖区", "Division"), Width: 18},
		{Head: b.say("经度", "Longitude"), Kind: xlsx.Number, Width: 12},
		{Head: b.say("纬度", "Latitude"), Kind: xlsx.Number, Width: 12},
		count(b.today(), "只到得了这里", "This one only"), count(b.today(), "也到得了别处", "Others too"), count(b.today(), "时限内人口", "Within the limit"), count(b.today(), "以此为最近", "Nearest"),
	}
	for i := range b.Options {
		group := b.option(i)
		columns = append(columns, xlsx.Column{Group: group, Head: b.say("变动", "Change"), Width: 8},
			count(group, "新增覆盖", "Gained"), count(group, "失去覆盖", "Lost"), count(group, "时限内人口", "Within the limit"), count(group, "以此为最近", "Nearest"))
	}
	t, err := b.table(b.say("按设施", "By facility"), b.say("按设施：谁因哪一处被覆盖", "By facility: who is covered through which"), 2, columns, false)
	if err != nil {
		return err
	}
	for _, k := range b.bandsLed() {
		if err := b.facilityBlock(t, k); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) facilityBlock(t *xlsx.TableWriter, band int) error {
	first := t.Rows() + 1
	lines := b.siteLines(band)
	var nearest coverage.People
	gained, lost, near := make([]coverage.People, len(b.Options)), make([]coverage.People, len(b.Options)), make([]coverage.People, len(b.Options))
	for _, l := range lines {
		r := t.Rows() + 1
		row := []any{
			b.band(band), l.name, b.division(l.division), l.point.Lon(), l.point.Lat(),
			peopleCell(l.today.Only), peopleCell(l.today.Shared),
			xlsx.Formula{Text: ref(5, r) + "+" + ref(6, r), Value: peopleCell(l.today.Only + l.today.Shared)},
			peopleCell(l.today.Nearest),
		}
		nearest += l.today.Nearest
		for i, in := range l.options {
			if !in.inThis {
				row = append(row, nil, nil, nil, nil, nil)
				continue
			}
			row = append(row, b.fate(in.fate), peopleCell(in.gained), peopleCell(in.lost), peopleCell(in.within), peopleCell(in.near))
			gained[i], lost[i], near[i] = gained[i]+in.gained, lost[i]+in.lost, near[i]+in.near
		}
		if err := t.Row(row...); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return nil
	}
	last := t.Rows()
	total := func(c int, p coverage.People) any { return sum(ref(c, first), ref(c, last), peopleCell(p)) }
	row := []any{b.band(band), b.say("合计（按最近的一处，每人一次）", "Total (by the nearest, each person once)"), nil, nil, nil, nil, nil, nil, total(8, nearest)}
	for i := range b.Options {
		c := len(row)
		row = append(row, nil, total(c+1, gained[i]), total(c+2, lost[i]), nil, total(c+4, near[i]))
	}
	return t.TonedRow(xlsx.Strong, row...)
}

// touched are the facilities for which any option changes something.
func touched(lines []siteLine) []siteLine {
	return slices.DeleteFunc(slices.Clone(lines), func(l siteLine) bool {
		return !slices.ContainsFunc(l.options, func(in siteIn) bool { return in.fate != stays || in.gained != 0 || in.lost != 0 })
	})
}

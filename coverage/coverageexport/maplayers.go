package coverageexport

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"yike/coverage"
	"yike/coverage/walknet"
)

// MapLayer is one layer of a comparison as a map program reads it.
type MapLayer struct {
	Name string // of the file, without extension
	What coverage.Text
	Rows int // how many features it had when it was written

	features func(*geojson)
}

// MapLayers are the layers of the comparison, in order. Properties of options have the
// option's number in their names: gained_1 is what the first option gains.
func (d *Dossier) MapLayers() []MapLayer {
	return []MapLayer{
		{Name: "circles", What: coverage.Text{ZH: "服务圈：今天的每一处，以及各方案新设或迁移的", EN: "Service circles: of every facility today, and of those that options add or move"}, features: d.circleLayer},
		{Name: "gaps", What: coverage.Text{ZH: "缺口：未覆盖的人在哪里，地名与表中相同", EN: "Gaps: where the people are who are not covered, under the names of the workbook"}, features: d.gapLayer},
		{Name: "facilities", What: coverage.Text{ZH: "设施与各方案的选址", EN: "Facilities, and the sites of the options"}, features: d.facilityLayer},
		{Name: "people", What: coverage.Text{ZH: "人口点：人数与今天、各方案下的状态（汇总人数，不是个人）", EN: "Population points: numbers of people, and how they stand today and in each option (counts, never persons)"}, features: d.peopleLayer},
		{Name: "divisions", What: coverage.Text{ZH: "辖区与各自的得失", EN: "Divisions with what they gain and lose"}, features: d.divisionLayer},
	}
}

// Write streams the layer as GeoJSON (RFC 7946). What must be said of the data is a member
// of the collection.
func (l *MapLayer) Write(to io.Writer, d *Dossier) error {
	g := &geojson{w: bufio.NewWriterSize(to, 1<<16)}
	notices := noticeMembers(d.Data.Notices)
	if d.Data.Synthetic {
		notices = append([]noticeMember{{ZH: "合成示例数据，不是真实情况", EN: "Synthetic example data, not a real place"}}, notices...)
	}
	g.text(`{"type":"FeatureCollection","name":`)
	g.value(l.Name)
	g.text(`,"data_version":`)
	g.value(d.Data.Version)
	g.text(`,"situations":`)
	g.value(d.situations())
	g.text(`,"notices":`)
	g.value(notices)
	g.text(`,"features":[`)
	l.features(g)
	g.text("\n]}\n")
	if g.err == nil {
		g.err = g.w.Flush()
	}
	if g.err != nil {
		return fmt.Errorf("write the layer %s: %w", l.Name, g.err)
	}
	l.Rows = g.rows
	return nil
}

// in begins the properties of a feature of a situation: 0 is today.
func (d *Dossier) in(situation int, id string) props {
	var p props
	p.set("id", id)
	p.set("situation", situation)
	p.set("situation_name", d.situations()[situation])
	return p
}

func (d *Dossier) setPeople(p *props, prefix string, n []coverage.People) {
	for _, k := range d.bandsByAge() {
		p.set(prefix+d.bands()[k].ID, json.Number(n[k].String()))
	}
}

func (d *Dossier) circleLayer(g *geojson) {
	for s := range d.situations() {
		list := d.facilitiesOf(s)
		circles := d.standing(s).Circles
		for i := range list {
			site := int32(i) //nolint:gosec // fewer than 2^31
			area, ok := circles[site]
			if !ok || len(area) == 0 {
				continue
			}
			p := d.in(s, list[i].ID)
			p.set("name", d.facility(list[i]))
			p.set("example", list[i].Example)
			d.setPeople(&p, "people ", d.within(s, site))
			g.feature(area, p)
		}
	}
}

// within are the people within the limit of a site of a situation, per band.
func (d *Dossier) within(situation int, site int32) []coverage.People {
	served := make([]coverage.Served, len(d.bands()))
	if situation > 0 {
		served = d.Comparison.Options[situation-1].Delta.ServedBy(site)
	} else {
		copy(served, d.Comparison.Baseline.Served[site])
	}
	out := make([]coverage.People, len(served))
	for k, s := range served {
		out[k] = s.Only + s.Shared
	}
	return out
}

func (d *Dossier) gapLayer(g *geojson) {
	for s := range d.situations() {
		list := d.facilitiesOf(s)
		for _, u := range d.unserved(s) {
			p := d.in(s, u.gap.ID)
			label := u.place.Label(d.Divisions)
			p.set("name", d.label(u))
			p.set("name_zh", label.ZH)
			p.set("name_en", label.EN)
			p.set("subdistrict", d.division(u.place.Subdistrict))
			p.set("community", d.division(u.place.Community))
			d.setPeople(&p, "people ", u.gap.People)
			p.set("points", len(u.gap.Points))
			p.set("reason", string(u.place.Reason))
			p.set("why", d.why(u.place))
			nearest := ""
			if u.place.Nearest >= 0 {
				nearest = d.facility(list[u.place.Nearest])
			}
			p.set("nearest", nearest)
			p.set("shortest_min", minutesNumber(u.place.Shortest))
			p.set("longest_min", minutesNumber(u.place.Longest))
			p.set("area_m2", int64(u.gap.AreaM2+0.5))
			g.feature(u.gap.Area, p)
		}
	}
}

func minutesNumber(t walknet.Milliseconds) any {
	if t == walknet.Unreached {
		return nil
	}
	return json.Number(strconv.FormatFloat(float64(t)/60_000, 'f', 2, 64))
}

func (d *Dossier) facilityLayer(g *geojson) {
	for i, l := range d.siteLines(d.Band) {
		var p props
		id := ""
		if i < len(d.Facilities) {
			id = d.Facilities[i].ID
		}
		p.set("id", id)
		p.set("name", l.name)
		p.set("today", i < len(d.Facilities))
		p.set("division", d.division(l.division))
		p.set("within_today", json.Number((l.today.Only + l.today.Shared).String()))
		for k, in := range l.options {
			n := strconv.Itoa(k + 1)
			p.set("change_"+n, d.fate(in.fate))
			p.set("gained_"+n, json.Number(in.gained.String()))
			p.set("lost_"+n, json.Number(in.lost.String()))
			p.set("within_"+n, json.Number(in.within.String()))
		}
		g.feature(l.point, p)
	}
}

func (d *Dossier) peopleLayer(g *geojson) {
	demand, today := d.demand(), d.Comparison.Baseline.Result
	after := make([]*coverage.Result, len(d.Options))
	for k, o := range d.Comparison.Options {
		after[k] = o.Delta.Result()
	}
	row := make([]coverage.People, len(demand.Bands))
	for i, at := range demand.Points {
		var p props
		p.set("id", demand.IDs[i])
		code := ""
		if v := demand.Division[i]; v >= 0 {
			code = d.Divisions[v].Code
		}
		p.set("division_code", code)
		for k := range row {
			row[k] = demand.People[k][i]
		}
		d.setPeople(&p, "people ", row)
		p.set("state", today.State[i].String())
		p.set("walk_min", minutesNumber(today.Time[i]))
		for k, r := range after {
			p.set("state_"+strconv.Itoa(k+1), r.State[i].String())
			p.set("walk_min_"+strconv.Itoa(k+1), minutesNumber(r.Time[i]))
		}
		g.feature(at, p)
	}
}

func (d *Dossier) divisionLayer(g *geojson) {
	for _, l := range d.divisionLines(d.Band) {
		if l.at < 0 {
			continue
		}
		v := d.Divisions[l.at]
		var p props
		p.set("code", v.Code)
		p.set("level", string(v.Level))
		p.set("name_zh", v.NameZH)
		p.set("name_en", v.NameEN)
		p.set("complete", v.Complete)
		p.set("band", d.bands()[d.Band].ID)
		p.set("population", json.Number(l.count.Population.String()))
		p.set("covered", json.Number(l.count.Covered.String()))
		p.set("uncovered", json.Number(l.count.Uncovered.String()))
		p.set("unsnapped", json.Number(l.count.Unsnapped.String()))
		p.set("population_coverage", orNull(l.count.PopulationCoverage()))
		for k, c := range l.changes {
			p.set("gained_"+strconv.Itoa(k+1), json.Number(c.Gained.String()))
			p.set("lost_"+strconv.Itoa(k+1), json.Number(c.Lost.String()))
		}
		g.feature(v.Boundary, p)
	}
}

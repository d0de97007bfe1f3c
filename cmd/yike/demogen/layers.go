package demogen

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

func (d *district) writeDivisions(s *sheet) {
	all := make([]division, 0, len(d.subdistricts)+len(d.communities))
	all = append(append(all, d.subdistricts...), d.communities...)
	s.features(len(all), func(i int) []property {
		v := all[i]
		setting := "urban"
		if v.rural {
			setting = "rural"
		}
		out := []property{
			{"code", v.code},
			{"level", v.level},
			{"parent", v.parent},
			{"name_zh", v.name.zh},
			{"name_en", v.name.en},
			{"pinyin", v.name.pinyin},
			{"setting", setting},
			{"households", v.households},
			{"complete", true},
		}
		for b, band := range ageBands() {
			out = append(out, property{residentColumn(band.id), v.people.resident[b]}, property{registeredColumn(band.id), v.people.registered[b]})
		}
		return out
	}, func(i int) { s.multiPolygon(all[i].boundary) })
}

// residentColumn and registeredColumn are the columns of a band, e.g. resident_60plus.
func residentColumn(band string) string   { return "resident_" + column(band) }
func registeredColumn(band string) string { return "registered_" + column(band) }

func column(band string) string {
	return strings.NewReplacer("+", "plus", "-", "_").Replace(band)
}

func (s *sheet) multiPolygon(mp orb.MultiPolygon) {
	s.text("{\"type\":\"MultiPolygon\",\"coordinates\":[")
	for i, p := range mp {
		if i > 0 {
			s.text(",")
		}
		s.text("[")
		for k, r := range p {
			if k > 0 {
				s.text(",")
			}
			s.ring(r)
		}
		s.text("]")
	}
	s.text("]}")
}

func (d *district) writeBuildings(s *sheet) {
	s.features(len(d.buildings), func(i int) []property {
		h := d.buildings[i]
		title := h.title.zh
		if h.number > 0 {
			title += strconv.Itoa(h.number) + "号楼"
		}
		return []property{
			{"source", "b" + strconv.Itoa(i+1)},
			{"name", title},
			{"use", h.use},
			{"floors", h.floors},
			{"households", h.households},
		}
	}, func(i int) {
		s.text("{\"type\":\"Polygon\",\"coordinates\":[")
		s.ring(d.buildings[i].ring)
		s.text("]}")
	})
}

func (d *district) writePopulation(s *sheet) {
	s.text("source,lon,lat")
	for _, band := range ageBands() {
		s.text(",", residentColumn(band.id))
	}
	for _, band := range ageBands() {
		s.text(",", registeredColumn(band.id))
	}
	s.text("\n")
	for i, h := range d.buildings {
		if h.people.resident[0] == 0 && h.people.registered[0] == 0 {
			continue
		}
		p := d.ground.point(h.middle)
		s.text("b", strconv.Itoa(i+1), ",")
		s.degree(p[0])
		s.text(",")
		s.degree(p[1])
		for _, row := range [...][bandCount]int{h.people.resident, h.people.registered} {
			for _, n := range row {
				s.text(",", strconv.Itoa(n))
			}
		}
		s.text("\n")
	}
}

func (d *district) writeFacilities(s *sheet) {
	s.features(len(d.facilities), func(i int) []property {
		f := d.facilities[i]
		return append([]property{
			{"source", "f" + strconv.Itoa(i+1)},
			{"type", f.kind},
			{"name_zh", f.title.zh},
			{"name_en", f.title.en},
			{"status", f.status},
			{"address", f.address},
			{"capacity", f.capacity},
			{"serves", strings.Join(f.serves, ";")},
			{"bureau_no", f.bureauNo},
			{"verified_on", f.verifiedOn},
		}, f.fields...)
	}, func(i int) {
		s.text("{\"type\":\"Point\",\"coordinates\":")
		s.point(d.ground.point(d.facilities[i].at))
		s.text("}")
	})
}

// writeRoads writes the network as OSM XML.
func (d *district) writeRoads(s *sheet) {
	s.text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\" generator=\"yike demo generate\">\n")
	for i, n := range d.net.nodes {
		s.text(" <node id=\"", strconv.Itoa(i+1), "\" version=\"1\" lat=\"")
		s.degree(n.p[1])
		s.text("\" lon=\"")
		s.degree(n.p[0])
		if len(n.tags) == 0 {
			s.text("\"/>\n")
			continue
		}
		s.text("\">\n")
		s.tags(n.tags)
		s.text(" </node>\n")
	}
	for i, w := range d.net.ways {
		s.text(" <way id=\"", strconv.Itoa(i+1), "\" version=\"1\">\n")
		for _, id := range w.nodes {
			s.text("  <nd ref=\"", strconv.FormatInt(id, 10), "\"/>\n")
		}
		s.tags(w.tags)
		s.text(" </way>\n")
	}
	s.text("</osm>\n")
}

func (s *sheet) tags(tags []tag) {
	for _, t := range tags {
		s.text("  <tag k=\"", escape(t.k), "\" v=\"", escape(t.v), "\"/>\n")
	}
}

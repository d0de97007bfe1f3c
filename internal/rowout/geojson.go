package rowout

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// geoJSONWriter writes a FeatureCollection (RFC 7946), or features line by line for GDAL.
// WGS 84 is the system of that standard; another is named by the member crs of the older
// one, which programs still read, and a shifted one in words, since it has no code.
type geoJSONWriter struct {
	placed
	buffer *bufio.Writer
	lines  bool
	count  int
	names  []string // of the properties; the headings, unless a format needs shorter ones
}

func newGeoJSON(to io.Writer, p placed, s System) (Writer, error) {
	w := newFeatures(to, p, false)
	head := map[string]any{"name": p.table.Name, "coordinate_system": s.Label()}
	if len(p.table.Notes) > 0 {
		head["notes"] = p.table.Notes
	}
	text, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("write the head of the file: %w", err)
	}
	w.print(`{"type":"FeatureCollection",` + strings.Trim(string(text), "{}") + `,`)
	if s == CGCS2000 {
		w.print(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},`)
	}
	w.print(`"features":[`)
	return w, nil
}

func newFeatures(to io.Writer, p placed, lines bool) *geoJSONWriter {
	w := &geoJSONWriter{placed: p, buffer: bufio.NewWriterSize(to, 64<<10), lines: lines}
	for _, c := range p.table.Columns {
		w.names = append(w.names, c.Head)
	}
	return w
}

// print keeps its error in the buffer, which gives it to Flush.
func (w *geoJSONWriter) print(text string) { _, _ = w.buffer.WriteString(text) }

// Row writes one feature.
func (w *geoJSONWriter) Row(r Row) error {
	r, err := w.place(r)
	if err != nil {
		return err
	}
	switch {
	case w.lines && w.count > 0:
		w.print("\n")
	case w.count > 0:
		w.print(",\n")
	}
	w.count++
	w.print(`{"type":"Feature","properties":{`)
	for i, v := range r.Values {
		if i > 0 {
			w.print(",")
		}
		if err := w.member(w.names[i], v); err != nil {
			return err
		}
	}
	if r.Shape != nil && !w.lines { // a layer of GDAL has one kind of geometry
		return w.shaped(r.Shape)
	}
	if r.Point == nil {
		w.print(`},"geometry":null}`)
		return nil
	}
	w.print(`},"geometry":{"type":"Point","coordinates":[` + number(r.Point.Lon()) + "," + number(r.Point.Lat()) + `]}}`)
	return nil
}

func (w *geoJSONWriter) shaped(g orb.Geometry) error {
	moved, err := w.shape(g)
	if err != nil {
		return err
	}
	text, err := json.Marshal(geojson.NewGeometry(moved))
	if err != nil {
		return fmt.Errorf("write a shape: %w", err)
	}
	w.print(`},"geometry":` + string(text) + `}`)
	return nil
}

func (w *geoJSONWriter) member(name string, v any) error {
	switch x := v.(type) {
	case string:
		v = plainText(x)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			v = nil
		} else {
			v = json.Number(number(x))
		}
	}
	key, err := json.Marshal(name)
	if err == nil {
		var value []byte
		if value, err = json.Marshal(v); err == nil {
			w.print(string(key) + ":" + string(value))
			return nil
		}
	}
	return fmt.Errorf("write the property %s: %w", name, err)
}

// Close finishes the file.
func (w *geoJSONWriter) Close() error {
	if !w.lines {
		w.print("]}\n")
	}
	if err := w.buffer.Flush(); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// Discard has nothing to remove.
func (w *geoJSONWriter) Discard() {}

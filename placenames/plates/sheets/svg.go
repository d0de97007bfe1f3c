package sheets

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"yike/internal/pdf"
	"yike/internal/pdf/objects"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/symbol"
)

// SVG writes one plate in its own size. It holds no font, script or style, so it may stand
// in any page.
func SVG(d faces.Drawing) []byte {
	f := d.Face
	b := make([]byte, 0, 32<<10)
	b = fmt.Appendf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %g %g" role="img"><title>%s</title>`,
		f.Width, f.Height, f.Width, f.Height, escape(spoken(d.Text)))
	b = fmt.Appendf(b, `<rect width="%g" height="%g" rx="%g" fill="%s"/>`, f.Width, f.Height, f.Corner, f.Background)
	if len(d.Faint) > 0 {
		b = fmt.Appendf(b, `<path fill="%s" fill-opacity="%g" d="`, f.Ink, faint)
		b = append(paths(b, d.Faint), `"/>`...)
	}
	b = fmt.Appendf(b, `<path fill="%s" d="`, f.Ink)
	b = append(paths(b, d.Marks), `"/>`...)
	s := f.Symbol
	b = fmt.Appendf(b, `<rect x="%g" y="%g" width="%g" height="%g" fill="#FFFFFF"/>`, s.X, s.Y, s.Side, s.Side)
	b = fmt.Appendf(b, `<path transform="translate(%g %g) scale(%g)" d="`, s.X+symbol.QuietZone*d.Module, s.Y+symbol.QuietZone*d.Module, d.Module)
	for r := range d.Symbol.Runs {
		b = append(strconv.AppendInt(append(b, 'M'), int64(r.X), 10), ' ')
		b = append(strconv.AppendInt(b, int64(r.Y), 10), 'h')
		b = append(strconv.AppendInt(b, int64(r.Length), 10), "v1h-"...)
		b = append(strconv.AppendInt(b, int64(r.Length), 10), 'z')
	}
	return append(b, `"/></svg>`...)
}

// faint is how much of a sample's mark is seen.
const faint = 0.28

func spoken(t faces.Text) string {
	return strings.Join(strings.Fields(t.Name+" "+t.Number+" "+t.Roman+" "+t.Domain+" "+t.Code), " ")
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}

func paths(b []byte, marks []faces.Mark) []byte {
	for _, m := range marks {
		open := false
		for _, s := range m.Glyph.Segments {
			switch s.Op {
			case pdf.Move:
				if open {
					b = append(b, 'Z')
				}
				b, open = points(append(b, 'M'), m.M, s.To[:1]), true
			case pdf.Line:
				b = points(append(b, 'L'), m.M, s.To[:1])
			case pdf.Curve:
				b = points(append(b, 'C'), m.M, s.To[:])
			}
		}
		if open {
			b = append(b, 'Z')
		}
	}
	return b
}

func points(b []byte, m [6]float64, ps [][2]float64) []byte {
	for i, p := range ps {
		if i > 0 {
			b = append(b, ' ')
		}
		x, y := apply(m, p)
		b = append(objects.Number(b, x), ' ')
		b = objects.Number(b, y)
	}
	return b
}

func apply(m [6]float64, p [2]float64) (x, y float64) {
	return m[0]*p[0] + m[2]*p[1] + m[4], m[1]*p[0] + m[3]*p[1] + m[5]
}

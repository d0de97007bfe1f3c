package sheets

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"

	"yike/internal/pdf"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/symbol"
)

const (
	minPixels = 2  // of a module
	maxPixels = 16 // of a module: a large plate is then some 2,800 pixels wide
)

// PNG paints one plate with about the given width in pixels. The scale is such that each
// module is the same whole number of pixels, from 2 to 16: no module is wider than another,
// which decoders would stumble over.
func PNG(d faces.Drawing, width int) ([]byte, error) {
	per := math.Round(float64(width) / d.Face.Width * d.Module)
	img, err := Paint(d, int(min(max(per, minPixels), maxPixels)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("write the picture of a plate: %w", err)
	}
	return out.Bytes(), nil
}

// Paint paints one plate with modules of so many pixels. What lies outside of the rounded
// corners is transparent. It returns the error of a face whose colours are none.
func Paint(d faces.Drawing, module int) (*image.RGBA, error) {
	f, scale := d.Face, float64(module)/d.Module
	ground, err := faces.Colour(f.Background)
	if err != nil {
		return nil, err
	}
	ink, err := faces.Colour(f.Ink)
	if err != nil {
		return nil, err
	}
	p := painter{
		img:   image.NewRGBA(image.Rect(0, 0, int(math.Ceil(f.Width*scale)), int(math.Ceil(f.Height*scale)))),
		scale: scale,
	}
	p.begin()
	p.rounded(f.Width, f.Height, f.Corner)
	p.fill(color.NRGBA{ground[0], ground[1], ground[2], 255})
	for _, layer := range []struct {
		marks []faces.Mark
		alpha uint8
	}{{d.Faint, uint8(math.Round(255 * faint))}, {d.Marks, 255}} {
		if len(layer.marks) == 0 {
			continue
		}
		p.begin()
		p.marks(layer.marks)
		p.fill(color.NRGBA{ink[0], ink[1], ink[2], layer.alpha})
	}
	p.symbol(d, module)
	return p.img, nil
}

type painter struct {
	img   *image.RGBA
	scale float64
	pen   *vector.Rasterizer
}

func (p *painter) begin() {
	size := p.img.Bounds().Size()
	if p.pen == nil {
		p.pen = vector.NewRasterizer(size.X, size.Y)
	}
	p.pen.Reset(size.X, size.Y)
}

func (p *painter) fill(c color.NRGBA) {
	p.pen.Draw(p.img, p.img.Bounds(), image.NewUniform(c), image.Point{})
}

func (p *painter) marks(marks []faces.Mark) {
	for _, m := range marks {
		at := func(q [2]float64) (float32, float32) {
			x, y := apply(m.M, q)
			return float32(x * p.scale), float32(y * p.scale)
		}
		for i, s := range m.Glyph.Segments {
			x, y := at(s.To[0])
			switch s.Op {
			case pdf.Move:
				if i > 0 {
					p.pen.ClosePath()
				}
				p.pen.MoveTo(x, y)
			case pdf.Line:
				p.pen.LineTo(x, y)
			case pdf.Curve:
				cx, cy := at(s.To[1])
				ex, ey := at(s.To[2])
				p.pen.CubeTo(x, y, cx, cy, ex, ey)
			}
		}
		p.pen.ClosePath()
	}
}

func (p *painter) rounded(w, h, r float64) {
	at := func(x, y float64) (float32, float32) { return float32(x * p.scale), float32(y * p.scale) }
	for i, c := range rounded(w, h, r) {
		x, y := at(c[0], c[1])
		if i == 0 {
			p.pen.MoveTo(x, y)
		} else {
			p.pen.LineTo(x, y)
		}
		ax, ay := at(c[2], c[3])
		bx, by := at(c[4], c[5])
		ex, ey := at(c[6], c[7])
		p.pen.CubeTo(ax, ay, bx, by, ex, ey)
	}
	p.pen.ClosePath()
}

// rounded is a rectangle with round corners: to each corner a straight line, then a curve
// with two controls and its end.
func rounded(w, h, r float64) [4][8]float64 {
	const round = 0.5522847498 // where a quarter of a circle has its controls
	k := r * (1 - round)
	return [4][8]float64{
		{w - r, 0, w - k, 0, w, k, w, r},
		{w, h - r, w, h - k, w - k, h, w - r, h},
		{r, h, k, h, 0, h - k, 0, h - r},
		{0, r, 0, k, k, 0, r, 0},
	}
}

// symbol fills whole pixels.
func (p *painter) symbol(d faces.Drawing, module int) {
	at := image.Pt(int(math.Round(d.Face.Symbol.X*p.scale)), int(math.Round(d.Face.Symbol.Y*p.scale)))
	side := module * (d.Symbol.Side() + 2*symbol.QuietZone)
	draw.Draw(p.img, image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}, image.White, image.Point{}, draw.Src)
	at = at.Add(image.Pt(symbol.QuietZone*module, symbol.QuietZone*module))
	for r := range d.Symbol.Runs {
		box := image.Rect(r.X*module, r.Y*module, (r.X+r.Length)*module, (r.Y+1)*module).Add(at)
		draw.Draw(p.img, box, image.Black, image.Point{}, draw.Src)
	}
}

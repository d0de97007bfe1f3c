package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"

	"yike/internal/pdf/objects"
)

// ErrPicture reports bytes that are no JPEG or PNG picture that can be read whole.
var ErrPicture = errors.New("pdf: not a JPEG or PNG picture that can be read")

// ErrPictureTooLarge reports a picture of more pixels than the caller allows. Its pixels
// were not read.
var ErrPictureTooLarge = errors.New("pdf: the picture has too many pixels")

// Picture is a picture as a document stores it. It may be drawn in several documents and
// places; each document stores it once.
type Picture struct {
	Width, Height int // pixels
	dict          string
	data          []byte
	packed        bool // data is already compressed as dict says
}

// ReadPicture reads a JPEG or PNG of at most so many pixels. All of it is decoded, so that
// a broken one is refused and not found out in print; a JPEG is then kept as it came, and
// a PNG as its colours on white.
func ReadPicture(data []byte, maxPixels int) (*Picture, error) {
	header, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" && format != "png" {
		return nil, ErrPicture
	}
	if header.Width < 1 || header.Height < 1 {
		return nil, ErrPicture
	}
	if int64(header.Width)*int64(header.Height) > int64(maxPixels) {
		return nil, fmt.Errorf("%d by %d: %w", header.Width, header.Height, ErrPictureTooLarge)
	}
	decode := jpeg.Decode
	if format == "png" {
		decode = png.Decode
	}
	decoded, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	p := &Picture{Width: header.Width, Height: header.Height}
	if space := jpegSpace(format, header.ColorModel); space != "" {
		p.dict, p.data, p.packed = p.describe(space)+" /Filter /DCTDecode", data, true
		return p, nil
	}
	p.dict = p.describe("/DeviceRGB") + fmt.Sprintf(" /DecodeParms << /Predictor 12 /Colors 3 /Columns %d >>", p.Width)
	p.data = rowsUp(decoded)
	return p, nil
}

// jpegSpace is the colour space of a JPEG that can be kept as it came.
func jpegSpace(format string, model color.Model) string {
	switch {
	case format != "jpeg":
		return ""
	case model == color.GrayModel:
		return "/DeviceGray"
	case model == color.YCbCrModel:
		return "/DeviceRGB"
	}
	return "" // four inks, of which programs disagree what is black
}

func (p *Picture) describe(space string) string {
	return fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8", p.Width, p.Height, space)
}

// rowsUp is the picture's colours on white, each row less the one above it, which maps
// and drawings compress well as.
func rowsUp(decoded image.Image) []byte {
	b := decoded.Bounds()
	w, h := b.Dx(), b.Dy()
	band := image.NewRGBA(image.Rect(0, 0, w, 1))
	out := make([]byte, 0, h*(3*w+1))
	above, here := make([]byte, 3*w), make([]byte, 3*w)
	for y := range h {
		draw.Draw(band, band.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(band, band.Bounds(), decoded, image.Pt(b.Min.X, b.Min.Y+y), draw.Over)
		out = append(out, 2)
		for x := range w {
			copy(here[3*x:3*x+3], band.Pix[4*x:])
		}
		for i, v := range here {
			out = append(out, v-above[i])
		}
		above, here = here, above
	}
	return out
}

// Picture draws a picture into a box, as large as it fits, in its middle, and returns
// where it stands.
func (c *Canvas) Picture(p *Picture, box Box) Box {
	scale := min(box.W/float64(p.Width), box.H/float64(p.Height))
	if !(scale > 0) || math.IsInf(scale, 0) {
		return Box{X: box.X, Y: box.Y}
	}
	at := Box{W: scale * float64(p.Width), H: scale * float64(p.Height)}
	at.X, at.Y = box.X+(box.W-at.W)/2, box.Y+(box.H-at.H)/2
	b := append(c.body, "q "...)
	b = objects.Numbers(b, at.W, 0, 0, at.H, at.X, c.paper.Height-at.Y-at.H)
	c.body = fmt.Appendf(b, "cm /P%d Do Q\n", c.doc.store(p))
	return at
}

// store writes a picture into the file when it is first drawn.
func (d *Document) store(p *Picture) int {
	if id, ok := d.stored[p]; ok {
		return id
	}
	id := d.objects.Reserve()
	if p.packed {
		d.objects.Raw(id, p.dict, p.data)
	} else {
		d.objects.Stream(id, p.dict, p.data)
	}
	d.stored[p] = id
	d.pictures = append(d.pictures, id)
	return id
}

package pdf

import (
	"math"

	"yike/internal/pdf/objects"
)

// Pattern is how an area is filled.
type Pattern int

// The patterns, which stay apart in grey print. Plain fills with the colour itself, Tint
// with a pale one; the others are drawn in the colour on white.
const (
	Empty Pattern = iota
	Plain
	Tint
	Hatch
	BackHatch
	CrossHatch
	Dots
)

// Fill is what an area is filled with. The zero value fills nothing.
type Fill struct {
	Pattern Pattern
	Color   Color
	Step    float64 // between lines of a hatch, in points; 0 is 4
}

const (
	maxHatchLines = 4000 // of one area
	hatchWidth    = 0.5
)

// area fills what trace draws, whose bounds are b.
func (c *Canvas) area(f Fill, b Box, trace func()) {
	fill, clip := "f\n", "W n\n"
	if c.evenOdd {
		fill, clip = "f*\n", "W* n\n"
	}
	switch f.Pattern {
	case Plain, Tint:
		c.fill(f.shade())
		trace()
		c.body = append(c.body, fill...)
	case Hatch, BackHatch, CrossHatch, Dots:
		c.body = append(c.body, "q\n"...)
		trace()
		c.body = append(c.body, clip...)
		switch f.Pattern {
		case Dots:
			c.dots(f, b)
		case CrossHatch:
			c.hatch(f, b, 1)
			c.hatch(f, b, -1)
		case BackHatch:
			c.hatch(f, b, -1)
		default:
			c.hatch(f, b, 1)
		}
		c.body = append(c.body, "Q\n"...)
	}
}

// shade is the colour itself, or a tenth of it on white.
func (f Fill) shade() Color {
	if f.Pattern != Tint {
		return f.Color
	}
	pale := func(v uint8) uint8 { return uint8(255 - (255-int(v))/10) }
	return Color{pale(f.Color.R), pale(f.Color.G), pale(f.Color.B)}
}

// step is the distance of the lines, larger where the area would need too many.
func (f Fill) step(b Box) float64 {
	step := f.Step
	if !(step > 0.5) {
		step = 4
	}
	return max(step, (b.W+b.H)/maxHatchLines)
}

// hatch draws lines at 45°, rising to the right for slope 1. They lie on one grid of the
// page, so that the hatches of neighbouring cells run on.
func (c *Canvas) hatch(f Fill, b Box, slope float64) {
	if !(b.W+b.H > 0) || math.IsInf(b.W+b.H, 0) {
		return
	}
	c.stroke(Stroke{Width: hatchWidth, Color: f.Color})
	step := f.step(b) * math.Sqrt2
	// A line is where y + slope·x is constant.
	low, high := b.Y+min(0, slope*b.W)+slope*b.X, b.Y+b.H+max(0, slope*b.W)+slope*b.X
	for k := math.Floor(low/step) * step; k <= high; k += step {
		c.trace([]float64{b.X, k - slope*b.X, b.X + b.W, k - slope*(b.X+b.W)})
	}
	c.body = append(c.body, "S\n"...)
}

// dots draws small squares on a grid of the page.
func (c *Canvas) dots(f Fill, b Box) {
	if !(b.W+b.H > 0) || math.IsInf(b.W+b.H, 0) {
		return
	}
	c.fill(f.Color)
	step := max(f.step(b), math.Sqrt(b.W*b.H/maxHatchLines))
	const side = 0.8
	for y := math.Floor(b.Y/step) * step; y <= b.Y+b.H; y += step {
		for x := math.Floor(b.X/step) * step; x <= b.X+b.W; x += step {
			c.body = append(objects.Numbers(c.body, x, c.paper.Height-y, side, side), "re\n"...)
		}
	}
	c.body = append(c.body, "f\n"...)
}

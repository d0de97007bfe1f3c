package pdf

import "math"

// Rings draws an area with holes, given as rings of x, y, x, y and so on, and the outline
// of each: what lies in an odd number of rings is filled.
func (c *Canvas) Rings(rings [][]float64, f Fill, s Stroke) {
	b := Box{X: math.Inf(1)}
	trace := func() {
		for _, ring := range rings {
			if len(ring) >= 6 {
				c.trace(ring)
				c.body = append(c.body, "h "...)
			}
		}
	}
	for _, ring := range rings {
		if len(ring) >= 6 {
			b = b.around(bounds(ring))
		}
	}
	if math.IsInf(b.X, 1) {
		return
	}
	c.evenOdd = true
	c.area(f, b, trace)
	c.evenOdd = false
	if s.Width > 0 {
		c.stroke(s)
		trace()
		c.body = append(c.body, "S\n"...)
	}
}

// around is the box that holds both; one at infinity holds nothing.
func (b Box) around(o Box) Box {
	if math.IsInf(b.X, 1) {
		return o
	}
	x, y := min(b.X, o.X), min(b.Y, o.Y)
	return Box{X: x, Y: y, W: max(b.X+b.W, o.X+o.W) - x, H: max(b.Y+b.H, o.Y+o.H) - y}
}

// Clip has only that part be seen of what draw draws that lies in the box.
func (c *Canvas) Clip(b Box, draw func()) {
	c.body = append(c.body, "q\n"...)
	c.trace([]float64{b.X, b.Y, b.X + b.W, b.Y, b.X + b.W, b.Y + b.H, b.X, b.Y + b.H})
	c.body = append(c.body, "h W n\n"...)
	draw()
	c.body = append(c.body, "Q\n"...)
}

package walknet

import "github.com/paulmach/orb"

// hilbert is the place of p along a Hilbert curve of order 16 over the box.
func hilbert(p orb.Point, box orb.Bound) uint64 {
	const side = 1 << 16
	x := scaled(p[0], box.Min[0], box.Max[0], side)
	y := scaled(p[1], box.Min[1], box.Max[1], side)
	var d uint64
	for s := uint32(side / 2); s > 0; s /= 2 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += uint64(s) * uint64(s) * uint64((3*rx)^ry)
		if ry == 0 { // turn the quadrant
			if rx == 1 {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
	}
	return d
}

func scaled(v, low, high float64, side uint32) uint32 {
	if high <= low {
		return 0
	}
	s := (v - low) / (high - low) * float64(side)
	return min(uint32(max(s, 0)), side-1)
}

package walknet

import (
	"math"

	"yike/geo"
)

// climb is how far a way goes up and how far down, in mm, from share t of the segment
// that begins at one vertex to share u of that at another.
func (w *Way) climb(from int, t float64, to int, u float64) (rise, fall int32) {
	at := w.heightAt()
	if at == nil {
		return 0, 0
	}
	height := func(v int, t float64) float64 {
		if t == 0 {
			return at(v)
		}
		return at(v) + t*(at(v+1)-at(v))
	}
	up, down := 0.0, 0.0
	last := height(from, t)
	step := func(next float64) {
		up, down = up+max(next-last, 0), down+max(last-next, 0)
		last = next
	}
	for v := from + 1; v <= to; v++ {
		step(at(v))
	}
	if u > 0 {
		step(height(to, u))
	}
	return metresToMM(up), metresToMM(down)
}

// heightAt gives the height of a vertex in metres, by its heights or else its incline;
// nil where neither is known.
func (w *Way) heightAt() func(int) float64 {
	if w.Heights != nil {
		return func(v int) float64 { return float64(w.Heights[v]) }
	}
	if w.Incline == 0 {
		return nil
	}
	along := make([]float64, len(w.Line))
	for i := 1; i < len(w.Line); i++ {
		along[i] = along[i-1] + geo.Distance(w.Line[i-1], w.Line[i])
	}
	return func(v int) float64 { return along[v] * float64(w.Incline) / 1000 }
}

// steepestM bounds a climb: whoever measured more was mistaken, and the sum must not
// run over.
const steepestM = 9000

func metresToMM(m float64) int32 { return int32(math.Round(min(m, steepestM) * 1000)) }

package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// Disagreement is how far the drawing of a service circle is from the walking times by
// which people are counted. Each place of people is asked where it lies in the drawing
// and when its people arrive: In + OutsideInTime are those counted as reached.
type Disagreement struct {
	In            []People // per band, inside the drawing and in time
	InsideLate    []People // per band, inside the drawing but not reached within the limit
	OutsideInTime []People // per band, reached within the limit but outside the drawing
	// WorstLate is by how much the latest of those inside misses the limit. It is at most
	// the limit: who takes twice as long, or has no way at all, counts as that late.
	WorstLate walknet.Milliseconds
}

// Late is the share of the people of a band inside the drawing who are late, Missed that
// of those in time who are outside: 1 less the drawing's precision and its recall. Not
// known (false) where there are none to take a share of.
func (d *Disagreement) Late(band int) (float64, bool) {
	return shareOf(d.InsideLate[band], d.In[band])
}

// Missed is told at Late.
func (d *Disagreement) Missed(band int) (float64, bool) {
	return shareOf(d.OutsideInTime[band], d.In[band])
}

func shareOf(part, rest People) (float64, bool) {
	if part+rest == 0 {
		return 0, false
	}
	return float64(part) / float64(part+rest), true
}

func newDisagreement(bands int) Disagreement {
	return Disagreement{In: make([]People, bands), InsideLate: make([]People, bands), OutsideInTime: make([]People, bands)}
}

// add judges the people of one point.
func (d *Disagreement) add(demand *Demand, point int32, inside, inTime bool) {
	switch {
	case inside && inTime:
		demand.addTo(d.In, point)
	case inside:
		demand.addTo(d.InsideLate, point)
	case inTime:
		demand.addTo(d.OutsideInTime, point)
	}
}

// latest is by how much the latest of some places that are late misses the limit, told
// at WorstLate. Where there are any, it takes a search to twice the limit.
func latest(net *walknet.Network, s Site, p Params, late []walknet.Snap) walknet.Milliseconds {
	if len(late) == 0 {
		return 0
	}
	worst := walknet.Milliseconds(0)
	twice := net.Reach(s.Snap, walknet.Milliseconds(min(2*int64(p.Limit), math.MaxInt32)), p.Speed)
	for _, snap := range late {
		by := p.Limit
		if at := twice.At(snap); at != walknet.Unreached {
			by = at - p.Limit
		}
		worst = max(worst, by)
	}
	return worst
}

// drawn is a drawing prepared for many questions of whether a point lies in it: its sides
// by the rows of latitude that they pass through.
type drawn struct {
	box  orb.Bound
	row  float64 // degrees
	rows [][]side
}

type side struct{ a, b orb.Point }

const drawnRows = 128

func newDrawn(area orb.MultiPolygon) drawn {
	d := drawn{box: area.Bound(), rows: make([][]side, drawnRows)}
	d.row = (d.box.Max[1] - d.box.Min[1]) / drawnRows
	if !(d.row > 0) {
		return drawn{}
	}
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := range len(ring) - 1 {
				a, b := ring[i], ring[i+1]
				for r := d.at(min(a[1], b[1])); r <= d.at(max(a[1], b[1])); r++ {
					d.rows[r] = append(d.rows[r], side{a, b})
				}
			}
		}
	}
	return d
}

func (d *drawn) at(lat float64) int {
	return min(max(int((lat-d.box.Min[1])/d.row), 0), drawnRows-1)
}

// contains counts the sides east of the point: an odd number is inside, holes and islands
// included.
func (d *drawn) contains(p orb.Point) bool {
	if d.rows == nil || !d.box.Contains(p) {
		return false
	}
	inside := false
	for _, s := range d.rows[d.at(p[1])] {
		if (s.a[1] > p[1]) != (s.b[1] > p[1]) && p[0] < s.a[0]+(p[1]-s.a[1])*(s.b[0]-s.a[0])/(s.b[1]-s.a[1]) {
			inside = !inside
		}
	}
	return inside
}

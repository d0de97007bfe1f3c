package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Cell is a square of a grid in which options gain or lose people: enough to draw where
// they differ, and too wide to point at a building.
type Cell struct {
	Min, Max orb.Point // lon/lat WGS 84
	Options  []CellIn
}

// CellIn is the people of one band in a cell for whom an option changes whether they are
// covered. Only are gained by this option and by no other.
type CellIn struct{ Gained, Lost, Only People }

// metresPerDegree is that of latitude, on a sphere of the earth's mean radius.
const metresPerDegree = 111_195

// Cells adds the changes of a band up by squares of sideM metres, from south to north and
// west to east; for each option the cells hold its Total's Gained and Lost. Longitudes are
// scaled for the middle of the people's latitudes. O(points changed × log).
func (c *Comparison) Cells(band int, sideM float64) []Cell {
	d := c.Baseline.Ground.Demand
	size := c.cellSize(sideM)
	cells := map[[2]int32]*Cell{}
	at := func(point int32) *Cell {
		p := d.Points[point]
		key := [2]int32{int32(math.Floor(p.Lat() / size[1])), int32(math.Floor(p.Lon() / size[0]))}
		cell := cells[key]
		if cell == nil {
			south, west := float64(key[0])*size[1], float64(key[1])*size[0]
			cell = &Cell{Min: orb.Point{west, south}, Max: orb.Point{west + size[0], south + size[1]}, Options: make([]CellIn, len(c.Options))}
			cells[key] = cell
		}
		return cell
	}
	for i, o := range c.Options {
		for _, p := range o.Delta.Points {
			if change := changeOf(p, d.People[band][p.Point]); change.Gained > 0 || change.Lost > 0 {
				in := &at(p.Point).Options[i]
				in.Gained, in.Lost = in.Gained+change.Gained, in.Lost+change.Lost
			}
		}
		for _, p := range c.Gained.OnlyPoints[i] {
			if n := d.People[band][p]; n > 0 {
				at(p).Options[i].Only += n
			}
		}
	}
	out := make([]Cell, 0, len(cells))
	for _, cell := range cells {
		out = append(out, *cell)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Min.Lat(), b.Min.Lat()), cmp.Compare(a.Min.Lon(), b.Min.Lon()))
	})
	return out
}

// cellSize is a square of so many metres in degrees, by longitude and latitude.
func (c *Comparison) cellSize(sideM float64) [2]float64 {
	box := orb.MultiPoint(c.Baseline.Ground.Demand.Points).Bound()
	lat := sideM / metresPerDegree
	return [2]float64{lat / math.Max(math.Cos(box.Center().Lat()*math.Pi/180), 0.01), lat}
}

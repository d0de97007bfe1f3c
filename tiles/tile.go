package tiles

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// The tile grid. A tile has Extent units a side; geometry is kept for Buffer units
// beyond each side, so that strokes and symbols are not cut at the seam.
const (
	Extent  = 4096
	Buffer  = 64
	MaxZoom = 18
)

const (
	worldBits  = 31
	worldSize  = 1 << worldBits
	extentBits = 12
	clipLo     = -Buffer
	clipHi     = Extent + Buffer
)

// Tile names one square of the Web Mercator grid (XYZ: y grows to the south).
type Tile struct{ Z, X, Y int }

// TileError says which part of a tile address is wrong.
type TileError struct {
	Part  string // "z", "x" or "y"
	Value string
	Max   int // the largest value allowed, inclusive; the smallest is 0
}

// Error names the part, its value and the range.
func (e *TileError) Error() string {
	return fmt.Sprintf("tile %s %q is not a whole number from 0 to %d", e.Part, e.Value, e.Max)
}

// ParseTile reads a tile address. Each part is a plain decimal number without sign or
// leading zeros, so that a tile has one address only. The error is a *TileError.
func ParseTile(z, x, y string) (Tile, error) {
	zoom, err := parsePart("z", z, MaxZoom)
	if err != nil {
		return Tile{}, err
	}
	last := 1<<zoom - 1
	col, err := parsePart("x", x, last)
	if err != nil {
		return Tile{}, err
	}
	row, err := parsePart("y", y, last)
	if err != nil {
		return Tile{}, err
	}
	return Tile{Z: zoom, X: col, Y: row}, nil
}

func parsePart(part, s string, last int) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil || int(n) > last || (len(s) > 1 && s[0] == '0') {
		return 0, &TileError{Part: part, Value: s, Max: last}
	}
	return int(n), nil
}

// TileAt is the tile of zoom z that holds p (lon/lat).
func TileAt(p orb.Point, z int) Tile {
	w := toWorld(p)
	shift := uint(worldBits - z)
	return Tile{Z: z, X: int(w.x >> shift), Y: int(w.y >> shift)}
}

// Bound is the ground of the tile in lon/lat, without its buffer.
func (t Tile) Bound() orb.Bound {
	n := math.Exp2(float64(t.Z))
	return orb.Bound{
		Min: unproject(float64(t.X)/n, float64(t.Y+1)/n),
		Max: unproject(float64(t.X+1)/n, float64(t.Y)/n),
	}
}

// String is the address as z/x/y.
func (t Tile) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// pt is a point in world or tile units, y to the south.
type pt struct{ x, y int32 }

// nowhere is where coordinates that are no numbers lie.
func nowhere() pt { return pt{math.MinInt32, math.MinInt32} }

// toWorld projects lon/lat to the world grid; latitudes beyond the square are put on
// its edge (spherical Web Mercator, EPSG:3857).
func toWorld(p orb.Point) pt {
	if math.IsNaN(p[0]) || math.IsNaN(p[1]) {
		return nowhere()
	}
	sin := math.Sin(p[1] * math.Pi / 180)
	x := (p[0] + 180) / 360
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return pt{toGrid(x), toGrid(y)}
}

func toGrid(f float64) int32 {
	return int32(min(max(math.Floor(f*worldSize+0.5), 0), worldSize-1))
}

func unproject(x, y float64) orb.Point {
	return orb.Point{x*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi}
}

// local maps world units to units of one tile.
type local struct {
	shift  uint
	half   int64
	ox, oy int64
}

func (t Tile) local() local {
	shift := uint(worldBits - extentBits - t.Z)
	return local{shift: shift, half: 1 << shift >> 1, ox: int64(t.X) << extentBits, oy: int64(t.Y) << extentBits}
}

func (l local) at(p pt) pt {
	return pt{
		int32((int64(p.x)+l.half)>>l.shift - l.ox),
		int32((int64(p.y)+l.half)>>l.shift - l.oy),
	}
}

// reach is the world box whose content may show in the tile, buffer included.
func (l local) reach() (lo, hi [2]int32) {
	grid := func(units int64) int32 {
		return int32(min(max(units<<l.shift, 0), worldSize-1))
	}
	// One unit more on each side: rounding moves a vertex by at most half a unit.
	lo = [2]int32{grid(l.ox + clipLo - 1), grid(l.oy + clipLo - 1)}
	hi = [2]int32{grid(l.ox + clipHi + 1), grid(l.oy + clipHi + 1)}
	return lo, hi
}

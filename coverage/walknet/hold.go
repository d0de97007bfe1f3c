package walknet

import "github.com/paulmach/orb"

// holdSlack is by how many cells a street must be inside, as interpolated between
// raster points, because outlines are straight within a cell and interpolation is not;
// and by how many a raster point is raised at most.
const holdSlack = 0.1

// hold sees to it that the streets within reach lie in the circle. A raster point
// counts by the street nearest to it, so a street that passes where the raster points
// are nearer to others, or that ends between them, would be cut off. There the corners
// of its cell are raised to just inside until the street is, the nearest first, so that
// the circle grows by about a cell at most.
func (c *canvas) hold() {
	limit, metresPerMS := float64(c.r.limit), float64(c.r.speed)/1e6
	const perStep = 500 // mm a metre of cell: two steps a cell
	for i := range c.streets {
		s := &c.streets[i]
		line, along := c.r.net.lineAlong(s.edge)
		for j := range len(line) - 1 {
			start, mm := float64(along[j]), float64(along[j+1]-along[j])
			ax, ay := c.place(line[j])
			bx, by := c.place(line[j+1])
			steps := 1 + int(mm/(perStep*c.cell))
			for k := range steps + 1 {
				t := float64(k) / float64(steps)
				if left := (limit - s.times.at(start+t*mm)) * metresPerMS; left >= 0 {
					c.raise(ax+t*(bx-ax), ay+t*(by-ay), float32(left))
				}
			}
		}
	}
}

// place is where a point is on the canvas, in raster points.
func (c *canvas) place(p orb.Point) (x, y float64) {
	return c.ground.column(p[0]) - float64(c.x), c.ground.row(p[1]) - float64(c.y)
}

// raise puts a place of a street, in raster points, inside; left are the metres left
// on the street there.
func (c *canvas) raise(x, y float64, left float32) {
	col, row := int(x), int(y)
	if x < 0 || y < 0 || col >= c.w-1 || row >= c.h-1 {
		return // the canvas reaches farther than any street within reach
	}
	corners := [4]int{row*c.w + col, row*c.w + col + 1, (row+1)*c.w + col, (row+1)*c.w + col + 1}
	if min(c.left[corners[0]], c.left[corners[1]], c.left[corners[2]], c.left[corners[3]]) >= 0 {
		return
	}
	u, v := float32(x-float64(col)), float32(y-float64(row))
	share := [4]float32{(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v}
	slack := float32(holdSlack * c.cell)
	between := -slack
	for i, at := range corners {
		between += share[i] * c.left[at]
	}
	for range corners {
		near := largest(share)
		at, part := corners[near], share[near]
		if between >= 0 || part <= 0 {
			return
		}
		share[near] = 0
		if raised := min(c.left[at]-between/part, left, slack); raised > c.left[at] {
			between += part * (raised - c.left[at])
			c.left[at] = raised
		}
	}
}

// largest is the index of the largest share; of equal ones, the first.
func largest(share [4]float32) int {
	most := 0
	for i, s := range share {
		if s > share[most] {
			most = i
		}
	}
	return most
}

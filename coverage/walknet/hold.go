package walknet

// holdSlack is by how many cells a street must be inside, as interpolated between
// raster points, because outlines are straight within a cell and interpolation is not;
// and by how many a raster point is raised at most.
const holdSlack = 0.05

// hold sees to it that the streets within reach lie in the circle. A raster point
// counts by the street nearest to it, so a street that passes where the raster points
// are nearer to others, or that ends between them, would be cut off. There the corners
// of its cell are raised to just inside until the street is, the nearest first, so that
// the circle grows by about a cell at most.
func (c *canvas) hold() {
	for i := range c.streets {
		s := &c.streets[i]
		_, along := c.r.net.lineAlong(s.edge)
		for j := range len(along) - 1 {
			c.holdSegment(s, c.verts[s.first+j], c.verts[s.first+j+1], along[j], along[j+1])
		}
	}
}

// holdSegment sees to one straight stretch of a street, from a to b, twice a cell.
func (c *canvas) holdSegment(s *street, a, b rasterXY, start, end int32) {
	const perStep = 500 // mm a metre of cell
	mm := float64(end - start)
	steps := 1 + int(mm/(perStep*c.cell))
	step, fine := 1/float32(steps), -1
	for k := range steps + 1 {
		t := float32(k) * step
		at := a.lerp(b, t)
		if !s.whole && !c.holds(at) {
			continue
		}
		corner := int(at.y)*c.w + int(at.x)
		if corner == fine {
			continue
		}
		if c.inside(corner) {
			fine = corner
			continue
		}
		left := (float64(c.r.limit) - s.times.at(float64(start)+float64(t)*mm)) * float64(c.r.speed) / 1e6
		if left >= 0 {
			c.raise(at, float32(left))
		}
	}
}

// holds says whether a place has raster points all around it. The canvas reaches
// farther than anything within reach, but streets go on.
func (c *canvas) holds(p rasterXY) bool {
	return p.x >= 0 && p.y >= 0 && int(p.x) < c.w-1 && int(p.y) < c.h-1
}

// inside says whether the raster point at a corner is, and those east, north and
// north-east of it.
func (c *canvas) inside(corner int) bool {
	south, north := c.left[corner:corner+2], c.left[corner+c.w:corner+c.w+2]
	return south[0] >= 0 && south[1] >= 0 && north[0] >= 0 && north[1] >= 0
}

// raise puts a place of a street, in raster points, inside; left are the metres left
// on the street there.
func (c *canvas) raise(p rasterXY, left float32) {
	col, row := int(p.x), int(p.y)
	corners := [4]int{row*c.w + col, row*c.w + col + 1, (row+1)*c.w + col, (row+1)*c.w + col + 1}
	u, v := p.x-float32(col), p.y-float32(row)
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

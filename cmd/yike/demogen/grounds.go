package demogen

import "math"

// grounds gives a block without residents its inner paths and one or two open
// entrances.
func (b *builder) grounds(i int32, ring polygon, lines []float64, r rows, class string) {
	var ys []float64
	for _, y := range lines {
		if y2 := y + r.pitch/2; len(ys) < 2 {
			ys = append(ys, y2)
		}
	}
	p := b.paths(ring, ys, math.NaN())
	sides := b.streetSides(b.blocks[i].faces[0])
	b.d.shuffle(len(sides), func(x, y int) { sides[x], sides[y] = sides[y], sides[x] })
	made := 0
	for _, h := range sides {
		m := b.l.mesh
		a, c := m.points[m.origin(h)], m.points[m.origin(h^1)]
		street := a.lerp(c, b.d.span(0.35, 0.65))
		s, ok := ring.meet(street, a.toward(c).left())
		if !ok || ring.at(s).dist(street) > 70 || made >= 2 {
			continue
		}
		b.entrance(h, street, s, p, class)
		made++
	}
	p.lay(b.net, []tag{{"highway", class}})
}

// entrance is an opening without a gate.
func (b *builder) entrance(h int32, street vec, s float64, p *innerPaths, class string) {
	v := b.l.mesh.splitEdge(h>>1, street)
	in := b.net.node(p.ring.at(s))
	p.joins = append(p.joins, join{s, in})
	b.net.way([]int64{b.net.vertex(b.l.mesh, v), in}, tag{"highway", class})
}

// park is a round walk with paths across.
func (b *builder) park(i int32) {
	ring := b.l.mesh.outline(b.blocks[i].faces[0]).inset(18)
	if ring == nil {
		return
	}
	lo, hi := ring.bounds()
	r := rows{pitch: 2}
	b.grounds(i, ring, []float64{(lo.y+hi.y)/2 + b.d.span(-15, 15)}, r, "footway")
}

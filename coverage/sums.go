package coverage

import "slices"

// sums adds the changes of points up by division and by site.
type sums struct {
	a         *application
	bands     int
	total     []Change
	outside   []Change
	divisions sparse[Change] // of the points directly in each
	sites     sparse[ServedBand]
}

func newSums(a *application) *sums {
	bands := len(a.base.Ground.Demand.Bands)
	return &sums{
		a: a, bands: bands, total: make([]Change, bands), outside: make([]Change, bands),
		divisions: newSparse[Change](a.base.Ground.Hierarchy.Len(), bands),
		sites:     newSparse[ServedBand](len(a.plan.sites), bands),
	}
}

// walks adds what changes for the sites that a point can or could walk to.
func (s *sums) walks(c PointChange) {
	a := s.a
	wasOnly, isOnly := c.Before.Sites == 1, c.After.Sites == 1
	before, _ := a.base.Walks(c.Point)
	for _, site := range before {
		switch {
		case a.changed[site]:
			s.serve(site, c.Point, wasOnly, -1)
		case wasOnly != isOnly:
			s.serve(site, c.Point, wasOnly, -1)
			s.serve(site, c.Point, isOnly, 1)
		}
	}
	for _, w := range a.arrivals(c.Point) {
		s.serve(w.site, c.Point, isOnly, 1)
	}
}

func (s *sums) serve(site, point int32, only bool, sign People) {
	row := s.sites.row(site)
	for k := range s.bands {
		n := sign * s.a.base.Ground.Demand.People[k][point]
		if only {
			row[k].Served.Only += n
		} else {
			row[k].Served.Shared += n
		}
	}
}

// point adds a point that stands otherwise.
func (s *sums) point(c PointChange) {
	d := s.a.base.Ground.Demand
	row := s.outside
	if at := d.Division[c.Point]; at >= 0 {
		row = s.divisions.row(at)
	}
	for k := range s.bands {
		row[k].merge(changeOf(c, d.People[k][c.Point]))
	}
	if c.Before.Nearest != c.After.Nearest {
		s.nearest(c)
	}
}

// changeOf is the change of n people at one point.
func changeOf(c PointChange, n People) Change {
	var out Change
	switch c.Fate() {
	case FateGained:
		out.Gained = n
	case FateLost:
		out.Lost = n
	case FateNearer:
		out.Nearer = n
	case FateFarther:
		out.Farther = n
	}
	out.Count.add(n, c.After.State)
	out.Count.add(-n, c.Before.State)
	out.Overlap.add(n, c.After.Sites)
	out.Overlap.add(-n, c.Before.Sites)
	return out
}

// nearest adds a point that another site, or none, is the nearest of.
func (s *sums) nearest(c PointChange) {
	d := s.a.base.Ground.Demand
	if c.Before.Nearest >= 0 {
		row := s.sites.row(c.Before.Nearest)
		for k := range s.bands {
			row[k].Served.Nearest -= d.People[k][c.Point]
			if c.After.Nearest < 0 {
				row[k].Lost += d.People[k][c.Point]
			}
		}
	}
	if c.After.Nearest >= 0 {
		row := s.sites.row(c.After.Nearest)
		for k := range s.bands {
			row[k].Served.Nearest += d.People[k][c.Point]
			if c.Before.Nearest < 0 {
				row[k].Gained += d.People[k][c.Point]
			}
		}
	}
}

// finish adds divisions up to their ancestors and leaves out what came to nothing.
func (s *sums) finish(d *Delta) {
	h := s.a.base.Ground.Hierarchy
	up := newSparse[Change](h.Len(), s.bands)
	for at, row := range s.divisions.all() {
		for ; at >= 0; at = h.Parent(at) {
			into := up.row(at)
			for k := range row {
				into[k].merge(row[k])
			}
		}
		for k := range row {
			s.total[k].merge(row[k])
		}
	}
	for k := range s.outside {
		s.total[k].merge(s.outside[k])
	}
	d.Total, d.Outside = s.total, s.outside
	for at, row := range up.all() {
		if slices.ContainsFunc(row, func(c Change) bool { return c != Change{} }) {
			d.Divisions = append(d.Divisions, DivisionChange{at, row})
		}
	}
	for site, row := range s.sites.all() {
		if slices.ContainsFunc(row, func(c ServedBand) bool { return c != ServedBand{} }) {
			d.Served = append(d.Served, ServedChange{site, row})
		}
	}
}

// sparse is a table of which few rows are in use.
type sparse[T any] struct {
	columns int
	slot    []int32 // per row, 1 + its place; 0 where it is not in use
	rows    []T
}

func newSparse[T any](rows, columns int) sparse[T] {
	return sparse[T]{columns: columns, slot: make([]int32, rows)}
}

// row is good until the next row is asked for.
func (s *sparse[T]) row(i int32) []T {
	if s.slot[i] == 0 {
		s.rows = append(s.rows, make([]T, s.columns)...)
		s.slot[i] = int32(len(s.rows) / max(s.columns, 1))
	}
	k := int(s.slot[i]-1) * s.columns
	return s.rows[k : k+s.columns : k+s.columns]
}

// all yields the rows in use, ascending.
func (s *sparse[T]) all() func(func(int32, []T) bool) {
	return func(yield func(int32, []T) bool) {
		for i, at := range s.slot {
			if at > 0 && !yield(int32(i), s.row(int32(i))) {
				return
			}
		}
	}
}

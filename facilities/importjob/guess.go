package importjob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"yike/facilities/imports"
	"yike/geo/crsguess"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
)

// mostAnchors is how many rows are looked up by their address to tell shifted coordinates
// from true ones.
const mostAnchors = 300

// Guesses gives the coordinate systems that a file may be in, by the columns that its
// mapping names, and the numbers of the rows that they speak of. There are none where no
// column has coordinates. roads are the district's in WGS 84; nil where they are not at
// hand.
func (s Surveyor) Guesses(ctx context.Context, adcode string, b imports.Batch, roads []orb.LineString) ([]crsguess.Candidate, []int, error) {
	x, y := coordinateColumns(b.Mapping)
	if x < 0 {
		return nil, nil, nil
	}
	f, err := s.Ready(ctx, adcode, plainly(b))
	if err != nil {
		return nil, nil, err
	}
	list, err := divisiondb.New(s.DB).List(ctx, adcode)
	if err != nil {
		return nil, nil, err
	}
	c := &coordinates{
		reader: imports.NewReader(f.Words, b.Mapping, b.Options, f.Ground.Names, nowhere), ground: f.Ground, x: x, y: y,
		anchors: map[int]orb.Point{},
	}
	if err := s.eachRow(ctx, adcode, b, c.take); err != nil {
		return nil, nil, err
	}
	ys := c.ys
	if y < 0 {
		ys = nil
	}
	return crsguess.Guess(c.xs, ys, crsguess.Area{
		Bounds: f.Ground.Bounds, Holds: func(p orb.Point) bool { return f.Ground.Locate(p) != "" }, Roads: roads,
		Agrees: c.agrees(list), Anchors: c.anchors, Hints: hints(b),
	}), c.numbers, nil
}

// plainly is the batch without what its rows need not be held against here.
func plainly(b imports.Batch) imports.Batch {
	b.Options.Duplicates, b.Options.CRS = false, ""
	return b
}

// coordinateColumns are those of the mapping; y is -1 where one column has both, and both
// are where there is none.
func coordinateColumns(m imports.Mapping) (x, y int) {
	x, y = -1, -1
	for i, c := range m.Columns {
		switch c.Field {
		case imports.FieldLon, imports.FieldLonLat:
			x = i
		case imports.FieldLat:
			y = i
		}
	}
	return x, y
}

// hints are words of the file about its coordinates.
func hints(b imports.Batch) []string {
	out := []string{b.FileName}
	var s Source
	if json.Unmarshal(b.Source, &s) == nil {
		out = append(out, s.Format.CRS, s.table().Name)
	}
	for _, c := range b.Mapping.Columns {
		out = append(out, c.Header)
	}
	return out
}

func nowhere(string, string) (orb.Point, string, string, bool) { return orb.Point{}, "", "", true }

// coordinates gathers the coordinates of a file, and what else its rows say of where they
// are.
type coordinates struct {
	reader  *imports.Reader
	ground  imports.Ground
	x, y    int
	xs, ys  []string
	numbers []int
	named   []string // divisions
	anchors map[int]orb.Point
	asked   int
}

func (c *coordinates) take(row imports.Row) {
	cell := func(i int) string {
		if i < 0 || i >= len(row.Cells) {
			return ""
		}
		return imports.Tidy(row.Cells[i])
	}
	d := c.reader.Read(row.Number, row.Cells)
	at := len(c.xs)
	c.xs, c.ys = append(c.xs, cell(c.x)), append(c.ys, cell(c.y))
	c.numbers, c.named = append(c.numbers, row.Number), append(c.named, d.Division)
	if c.xs[at] == "" || d.Patch.Address == nil || c.ground.Find == nil || c.asked == mostAnchors {
		return
	}
	c.asked++
	if spot := c.ground.Find(imports.Seeking{Address: *d.Patch.Address, Division: d.Division}); spot.Placed {
		c.anchors[at] = spot.Point
	}
}

// agrees says whether a place lies in the division that its row names.
func (c *coordinates) agrees(list []divisions.Division) func(row int, p orb.Point) (agrees, known bool) {
	inside := map[string]*divisions.Locator{}
	for _, d := range list {
		inside[d.Code] = divisions.NewLocator([]divisions.Division{d})
	}
	return func(row int, p orb.Point) (bool, bool) {
		if row >= len(c.named) || inside[c.named[row]] == nil {
			return false, false
		}
		return inside[c.named[row]].Locate(p) >= 0, true
	}
}

// eachRow reads the file of a batch and gives its rows, those that cannot be read apart.
func (s Surveyor) eachRow(ctx context.Context, adcode string, b imports.Batch, take func(imports.Row)) (err error) {
	rows, err := openBatch(ctx, s.DB.Pool(), adcode, b)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil && n%chunk == 0 {
			return fmt.Errorf("read the file of an import: %w", err)
		}
		row, more, err := rows.Next()
		if err != nil || !more {
			return err
		}
		if row.Cells != nil {
			take(row)
		}
	}
}

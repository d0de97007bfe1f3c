// Package populationimport reads where people live: points and grid cells with people
// by age band, or one row per community, spread over its residential buildings. It
// reads buildings too, since those are what people are spread over.
package populationimport

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// Population is what a population layer holds.
type Population struct {
	Points      []coveragedb.PopulationPoint
	Report      pack.Report
	Contradicts string // the coordinate system that the file itself declares, where it is another than the manifest's
}

// Places gives the points where people live, each once.
func (p Population) Places() []orb.Point {
	var points []orb.Point
	for _, at := range p.Points {
		if at.Base == p.Points[0].Base {
			points = append(points, at.Point)
		}
	}
	return points
}

// column is one base and the columns of each band, in the pack's order of bands.
type column struct {
	base  divisions.Base
	bands [][]string
}

func columnsOf(layer pack.Named, bands []pack.Band) []column {
	pick := func(base string, from map[string][]string) column {
		c := column{base: divisions.Base(base)}
		for _, b := range bands {
			c.bands = append(c.bands, from[b.ID])
		}
		return c
	}
	out := []column{pick(layer.Base, layer.Bands)}
	if len(layer.RegisteredBands) > 0 {
		out = append(out, pick(string(divisions.Registered), layer.RegisteredBands))
	}
	return out
}

// Read reads a layer of points or grid cells: one row is one place. People outside every division
// are kept, without a code. Faults of the file are a *pack.BadPackError.
func Read(ctx context.Context, root string, layer pack.Named, bands []pack.Band, where *divisions.Locator) (out Population, err error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return Population{}, err
	}
	out.Contradicts = table.Contradicts()
	columns := columnsOf(layer, bands)
	seen := map[string]bool{}
	err = table.Each(ctx, func(row *packimport.Row) {
		key := uniqueKey(row, seen)
		point := placeOf(row)
		counts := readCounts(row, columns, bands)
		if row.Bad() {
			return
		}
		code := where.Code(point)
		for i, c := range columns {
			out.Points = append(out.Points, coveragedb.PopulationPoint{
				SourceID: key, Base: c.base, People: counts[i], DivisionCode: code, Point: point,
			})
		}
	})
	if err := errors.Join(err, table.Close()); err != nil {
		return Population{}, err
	}
	describe(&out, bands)
	return out, nil
}

// placeOf is where a row's people live: its point, or a point inside its grid cell.
func placeOf(row *packimport.Row) orb.Point {
	switch row.Geometry.(type) {
	case orb.Polygon, orb.MultiPolygon:
		area, _ := row.Area()
		return geo.Inside(area)
	}
	point, _ := row.Point()
	return point
}

// readCounts reads the people of each base and band of one row, and holds narrower
// bands against the widest.
func readCounts(row *packimport.Row, columns []column, bands []pack.Band) [][]coverage.People {
	counts := make([][]coverage.People, len(columns))
	for i, c := range columns {
		widest := 0
		for b, names := range c.bands {
			counts[i] = append(counts[i], coverage.People(row.People(names)))
			if bands[b].Widest {
				widest = b
			}
		}
		for b, n := range counts[i] {
			// Source columns are rounded one by one: a narrow band may exceed the widest by a little.
			if n > counts[i][widest]+slack(counts[i][widest]) && !row.Bad() {
				row.Fault(bands[b].ID, n.String(), "多于最宽年龄段 "+bands[widest].ID+" 的 "+counts[i][widest].String(),
					"is more than the "+counts[i][widest].String()+" of the widest band "+bands[widest].ID)
			}
		}
	}
	return counts
}

// slack is what rounding of columns may add up to: a thousandth, and at least 0.01.
func slack(n coverage.People) coverage.People { return max(coverage.Person/100, n/1000) }

// describe sums up a population: people by base and band, and those outside every
// division.
func describe(out *Population, bands []pack.Band) {
	sums := map[divisions.Base][]coverage.People{}
	var outside coverage.People
	places := 0
	for _, p := range out.Points {
		if sums[p.Base] == nil {
			sums[p.Base] = make([]coverage.People, len(bands))
		}
		for b, n := range p.People {
			sums[p.Base][b] += n
			if bands[b].Widest && p.DivisionCode == "" {
				outside += n
			}
		}
		if p.DivisionCode == "" {
			places++
		}
	}
	for _, base := range []divisions.Base{divisions.Registered, divisions.Resident} {
		for b, n := range sums[base] {
			out.Report.Count(string(base)+" "+bands[b].ID, int64(n))
			ages := packimport.Ages(bands[b])
			out.Report.Fact(fmt.Sprintf("%s%s：%s 人", baseZH(base), ages.ZH, n.String()),
				fmt.Sprintf("%s people %s: %s", base, ages.EN, n.String()))
		}
	}
	out.Report.Count("outside", int64(outside))
	if places > 0 {
		out.Report.Warn(fmt.Sprintf("%d 处人口（%s 人）不在任何辖区内，保留并单列", places, outside.String()),
			fmt.Sprintf("%d places with %s people lie outside every division; they are kept and counted apart", places, outside.String()))
	}
}

func baseZH(b divisions.Base) string {
	if b == divisions.Registered {
		return "户籍人口，"
	}
	return "常住人口，"
}

// floorSpace is a building's floor space in hundredths of a square metre: its footprint
// in square metres times its floors, of which an unknown number counts as one. It is
// held to 10,000 km², so that the sum over any list of buildings stays a number.
func floorSpace(area float64, floors int) int64 {
	const most = 1e12
	return int64(math.Round(min(most, 100*area*float64(max(floors, 1)))))
}

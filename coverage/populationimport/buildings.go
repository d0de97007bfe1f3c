package populationimport

import (
	"context"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// Buildings is what a buildings layer holds.
type Buildings struct {
	Buildings   []coveragedb.Building
	Report      pack.Report
	Contradicts string // the coordinate system that the file itself declares, where it is another than the manifest's
}

// Points gives a point inside each building.
func (b Buildings) Points() []orb.Point {
	points := make([]orb.Point, len(b.Buildings))
	for i := range b.Buildings {
		points[i] = geo.Inside(b.Buildings[i].Boundary)
	}
	return points
}

// Residential is the use of buildings where people live.
const Residential = "residential"

// ReadBuildings reads the buildings layer of a pack whose files lie below root. Faults
// of the file are a *pack.BadPackError.
func ReadBuildings(ctx context.Context, root string, layer pack.Named, where *divisions.Locator) (out Buildings, err error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return Buildings{}, err
	}
	out.Contradicts = table.Contradicts()
	seen := map[string]bool{}
	err = table.Each(ctx, func(row *packimport.Row) {
		b := coveragedb.Building{
			SourceID:   uniqueKey(row, seen),
			Name:       row.Text("name"),
			Use:        useOf(row.Text("use")),
			Floors:     floorsOf(row),
			Households: row.Whole("households"),
		}
		b.Boundary, _ = row.Area()
		if !row.Bad() {
			b.DivisionCode = where.Code(geo.Inside(b.Boundary))
			out.Buildings = append(out.Buildings, b)
		}
	})
	describeBuildings(&out)
	return out, errors.Join(err, table.Close())
}

// mostFloors is more than any house on earth has; a larger number is a height in
// millimetres or a slip of the hand, and would draw all people of its community to it.
const mostFloors = 200

func floorsOf(row *packimport.Row) int {
	n := row.Whole("floors")
	if n > mostFloors {
		row.Fault("floors", row.Text("floors"), fmt.Sprintf("楼层数超过 %d", mostFloors), fmt.Sprintf("is more than %d floors", mostFloors))
		return 0
	}
	return n
}

// useOf brings OSM's words for houses to our one; other words stay as they are.
func useOf(word string) string {
	switch word {
	case "residential", "apartments", "house", "detached", "semidetached_house", "terrace",
		"dormitory", "bungalow", "住宅", "居住", "公寓", "宿舍":
		return Residential
	case "yes", "building":
		return ""
	}
	return word
}

func uniqueKey(row *packimport.Row, seen map[string]bool) string {
	key := row.Key()
	if seen[key] {
		row.Fault("source", key, "重复", "is used twice")
	}
	seen[key] = true
	return key
}

func describeBuildings(out *Buildings) {
	var residential, floors, households int64
	for _, b := range out.Buildings {
		if b.Use == Residential {
			residential++
		}
		if b.Floors > 0 {
			floors++
		}
		if b.Households > 0 {
			households++
		}
	}
	n := len(out.Buildings)
	out.Report.Count("buildings", int64(n))
	out.Report.Count("residential", residential)
	out.Report.Fact(fmt.Sprintf("%d 栋建筑，其中住宅 %d 栋，有层数 %d 栋，有户数 %d 栋", n, residential, floors, households),
		fmt.Sprintf("%d buildings: %d residential, %d with floors, %d with households", n, residential, floors, households))
}

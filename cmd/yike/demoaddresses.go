package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"yike/geo/divisions"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
	"yike/placenames/placenamedb"
)

// addresses numbers the demonstration: doors along its longest roads, and an estate with buildings
// and units. Some numbers are reserved, some provisional, some were given anew.
func (d *demoDesk) addresses(ctx context.Context) error {
	store := addressdb.New(d.db)
	page, err := store.List(ctx, d.w, addresses.Filter{}, addressdb.After{}, 1)
	return once(page.Rows, err, func() error {
		catalogue, err := placenames.NewCatalogue()
		if err != nil {
			return err
		}
		x := &demoDoors{demoDesk: d, store: store, names: placenamedb.New(d.db, catalogue)}
		return x.fill(ctx)
	})
}

type demoDoors struct {
	*demoDesk
	store *addressdb.Store
	names *placenamedb.Store
}

func (x *demoDoors) fill(ctx context.Context) error {
	all, err := x.named(ctx)
	if err != nil {
		return err
	}
	roads, estates := 0, 0
	for _, n := range all {
		switch g := n.Geometry.(type) {
		case orb.LineString, orb.MultiLineString:
			if roads < 5 {
				roads++
				err = x.road(ctx, n.ID, linesOf(g)[0])
			}
		case orb.Polygon:
			if estates < 2 {
				estates++
				err = x.estate(ctx, n.ID, g)
			}
		case orb.MultiPolygon:
			if estates < 2 {
				estates++
				err = x.estate(ctx, n.ID, g[0])
			}
		}
		if err != nil {
			return fmt.Errorf("number %s: %w", n.Text, err)
		}
	}
	return nil
}

// named gives the roads and estates in use that are drawn, the longest road first.
func (x *demoDoors) named(ctx context.Context) ([]placenames.Name, error) {
	page, err := x.names.List(ctx, x.w, placenames.Filter{Classes: []string{"street", "residence"}, States: []placenames.State{placenames.Approved}}, record.At{}, placenamedb.After{}, 400)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(page.Rows))
	for i, r := range page.Rows {
		ids[i] = r.ID
	}
	items, err := x.names.Some(ctx, x.w, ids)
	if err != nil {
		return nil, err
	}
	var out []placenames.Name
	for _, i := range items {
		if i.Geometry != nil && i.Kind != "bridge" && i.Kind != "interchange" && i.Kind != "tunnel" && i.ParentID == "" {
			out = append(out, i.Name)
		}
	}
	length := func(n placenames.Name) float64 {
		if lines := linesOf(n.Geometry); len(lines) > 0 {
			return geo.Length(lines[0])
		}
		return 0
	}
	slices.SortFunc(out, func(a, b placenames.Name) int {
		if la, lb := length(a), length(b); la != lb {
			return int(math.Copysign(1, lb-la))
		}
		if a.Text < b.Text {
			return -1
		}
		return 1
	})
	return out, nil
}

func (x *demoDoors) decision() addresses.Decision {
	return addresses.Decision{Kind: addresses.Numbering, Number: "示例编号〔2025〕1号", Day: x.ago(300), Body: "清澜示例区门牌管理单位"}
}

func (x *demoDoors) door(name, number string, at orb.Point) addresses.Address {
	return addresses.Address{
		Level: addresses.Number, NameID: name, Number: number, Main: true, State: addresses.Approved, Custody: addresses.Own, Decision: x.decision(), Note: "示例，由程序生成，不是真实地址",
		Positions: []addresses.Position{{Kind: addresses.AtEntrance, Point: at, Source: addresses.FromMap, Accuracy: 5, Day: x.ago(300)}},
	}
}

// road numbers both sides of a road, a door every 24 m, left odd and right even.
func (x *demoDoors) road(ctx context.Context, name string, line orb.LineString) error {
	const most, every, aside = 90, 24.0, 14.0
	var batch []addresses.Entry
	for i := 0; i < most; i++ {
		at, ok := besideLine(line, every*float64(i/2)+20, aside*float64(1-2*(i%2)))
		if !ok {
			break
		}
		if !x.within(at) {
			continue
		}
		a := x.door(name, fmt.Sprint(i+1), at)
		switch {
		case i%29 == 28:
			a.State, a.Decision = addresses.Reserved, addresses.Decision{}
		case i%31 == 30:
			a.State, a.Decision = addresses.Provisional, addresses.Decision{}
		case i == 2:
			a.Suffix = "1"
		}
		batch = append(batch, addresses.Entry{Address: a, Ref: fmt.Sprint(i)})
	}
	if len(batch) < 4 {
		return nil
	}
	side := x.door(name, "200", batch[0].Positions[0].Point)
	batch = append(batch, addresses.Entry{Address: side, MainRef: batch[0].Ref})
	ids, err := x.store.CreateAll(ctx, x.w, batch, record.Change{Reason: x.change.Reason, ValidFrom: x.ago(300)}, x.today)
	if err != nil {
		return err
	}
	old := x.door(name, "4", batch[1].Positions[0].Point)
	old.State, old.Successors, old.ValidUntil = addresses.Historical, []string{ids[1]}, x.ago(301)
	old.Decision = addresses.Decision{Kind: addresses.Renumbering, Number: "示例改号〔2025〕2号", Day: x.ago(301), Body: "清澜示例区门牌管理单位"}
	gone := x.door(name, "300", batch[2].Positions[0].Point)
	gone.State, gone.ValidUntil = addresses.Historical, x.ago(320)
	gone.Decision = addresses.Decision{Kind: addresses.Retirement, Number: "示例注销〔2025〕1号", Day: x.ago(320), Body: "清澜示例区门牌管理单位"}
	_, err = x.store.CreateAll(ctx, x.w, []addresses.Entry{{Address: old}, {Address: gone}}, x.change, x.today)
	return err
}

// within reports whether a point is in a subdistrict of the demonstration.
func (x *demoDoors) within(at orb.Point) bool {
	return slices.ContainsFunc(x.divisions, func(d divisions.Division) bool {
		return d.Level == divisions.Subdistrict && planar.MultiPolygonContains(d.Boundary, at)
	})
}

// estate has up to nine buildings in rows, each of three units.
func (x *demoDoors) estate(ctx context.Context, name string, outline orb.Polygon) error {
	var batch []addresses.Entry
	box := outline.Bound()
	for b := 1; b <= 9; b++ {
		at := orb.Point{
			box.Min[0] + (box.Max[0]-box.Min[0])*(float64((b-1)%3)+0.5)/3, box.Min[1] + (box.Max[1]-box.Min[1])*(float64((b-1)/3)+0.5)/3,
		}
		if !planar.PolygonContains(outline, at) || !x.within(at) {
			continue
		}
		building := x.door(name, "", at)
		building.Level, building.Label, building.Positions[0].Kind = addresses.Building, fmt.Sprintf("%d号楼", b), addresses.AtBuilding
		ref := fmt.Sprint(b)
		batch = append(batch, addresses.Entry{Address: building, Ref: ref})
		for u := 1; u <= 3; u++ {
			unit := x.door(name, "", orb.Point{at[0] + float64(u-2)*0.00015, at[1]})
			unit.Level, unit.Label, unit.Positions[0].Kind = addresses.Unit, fmt.Sprintf("%d单元", u), addresses.AtUnit
			batch = append(batch, addresses.Entry{Address: unit, ParentRef: ref})
		}
	}
	if len(batch) == 0 {
		return nil
	}
	_, err := x.store.CreateAll(ctx, x.w, batch, record.Change{Reason: x.change.Reason, ValidFrom: x.ago(300)}, x.today)
	return err
}

// besideLine gives the point so many metres along a line and so many to its left; false past its end.
func besideLine(line orb.LineString, along, left float64) (orb.Point, bool) {
	for i := 1; i < len(line); i++ {
		long := geo.Distance(line[i-1], line[i])
		if along > long || long == 0 {
			along -= long
			continue
		}
		share, bearing := along/long, geo.Bearing(line[i-1], line[i])
		on := orb.Point{line[i-1][0] + (line[i][0]-line[i-1][0])*share, line[i-1][1] + (line[i][1]-line[i-1][1])*share}
		return geo.PointAtBearingAndDistance(on, bearing-math.Copysign(90, left), math.Abs(left)), true
	}
	return orb.Point{}, false
}

package populationimport

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// Ground is what a table of communities is spread over.
type Ground struct {
	Divisions []divisions.Division
	Buildings []coveragedb.Building // with their division codes
}

// community is one row of the table with the buildings its people are spread over.
type community struct {
	division  *divisions.Division
	counts    [][]coverage.People
	buildings []int // in Ground.Buildings
}

// ReadCommunities reads a table with one row per community (or any other division) and
// spreads its people over its residential buildings: by households where all of them
// have any, else by floor space. The parts sum to the row exactly, band by band. A
// community without residential buildings uses the buildings of unknown use, and one
// without those a point inside its boundary; both are said in the report. Faults of the
// file are a *pack.BadPackError.
func ReadCommunities(ctx context.Context, root string, layer pack.Named, bands []pack.Band, ground Ground) (out Population, err error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return Population{}, err
	}
	columns := columnsOf(layer, bands)
	byCode := map[string]*divisions.Division{}
	for i := range ground.Divisions {
		byCode[ground.Divisions[i].Code] = &ground.Divisions[i]
	}
	housing := housingOf(ground)
	seen := map[string]bool{}
	var list []community
	err = table.Each(ctx, func(row *packimport.Row) {
		c := community{division: findDivision(row, byCode, seen), counts: readCounts(row, columns, bands)}
		if !row.Bad() {
			list = append(list, c)
		}
	})
	if len(ground.Divisions) == 0 {
		table.Faults.Add(pack.Fault{File: layer.File, Reason: pack.Text{
			ZH: "按社区的人口表需要辖区图层", EN: "a table of communities needs a divisions layer",
		}})
	}
	if err := errors.Join(err, table.Close()); err != nil {
		return Population{}, err
	}
	var notes spreadNotes
	for _, c := range list {
		c.buildings = housing[c.division.Code]
		out.Points = append(out.Points, notes.place(c, columns, ground)...)
	}
	describe(&out, bands)
	notes.describe(&out.Report, ground, byCode, seen)
	return out, nil
}

func findDivision(row *packimport.Row, byCode map[string]*divisions.Division, seen map[string]bool) *divisions.Division {
	code := row.Need("code")
	d := byCode[code]
	switch {
	case code == "":
	case d == nil:
		row.Fault("code", code, "辖区图层里没有这个编码", "the divisions layer has no such code")
	case seen[code]:
		row.Fault("code", code, "重复", "is used twice")
	}
	seen[code] = true
	return d
}

// housingOf lists for each division the buildings that people of it live in: the
// residential ones, or those of unknown use where there are none.
func housingOf(ground Ground) map[string][]int {
	homes, unknown := map[string][]int{}, map[string][]int{}
	tree, err := divisions.NewTree(ground.Divisions)
	if err != nil {
		return homes // divisions are checked when they are read
	}
	for i, b := range ground.Buildings {
		for d := tree.Index(b.DivisionCode); d >= 0; d = tree.Parent(d) {
			code := ground.Divisions[d].Code
			switch b.Use {
			case Residential:
				homes[code] = append(homes[code], i)
			case "":
				unknown[code] = append(unknown[code], i)
			}
		}
	}
	for code, list := range unknown {
		if len(homes[code]) == 0 {
			homes[code] = list
		}
	}
	return homes
}

// spreadNotes counts how communities were spread, for the report.
type spreadNotes struct {
	byHouseholds, byFloorSpace int
	unknownUse, noBuildings    []string // names
}

// place gives the points of one community.
func (n *spreadNotes) place(c community, columns []column, ground Ground) []coveragedb.PopulationPoint {
	if len(c.buildings) == 0 {
		n.noBuildings = append(n.noBuildings, c.division.NameZH)
		var points []coveragedb.PopulationPoint
		for i, col := range columns {
			points = append(points, coveragedb.PopulationPoint{
				SourceID: c.division.Code, Base: col.base, People: c.counts[i],
				DivisionCode: c.division.Code, Point: geo.Inside(c.division.Boundary),
			})
		}
		return points
	}
	weights := n.weigh(c, ground)
	var points []coveragedb.PopulationPoint
	for i, col := range columns {
		first := len(points)
		for _, b := range c.buildings {
			building := &ground.Buildings[b]
			points = append(points, coveragedb.PopulationPoint{
				SourceID: c.division.Code + "/" + building.SourceID, Base: col.base,
				People:       make([]coverage.People, len(c.counts[i])),
				DivisionCode: building.DivisionCode, Point: geo.Inside(building.Boundary),
			})
		}
		for band, total := range c.counts[i] {
			for k, part := range spread(int64(total), weights) {
				points[first+k].People[band] = coverage.People(part)
			}
		}
	}
	return points
}

func (n *spreadNotes) weigh(c community, ground Ground) []int64 {
	weights := make([]int64, len(c.buildings))
	all := true
	for k, b := range c.buildings {
		weights[k] = int64(ground.Buildings[b].Households)
		all = all && weights[k] > 0
	}
	if ground.Buildings[c.buildings[0]].Use != Residential {
		n.unknownUse = append(n.unknownUse, c.division.NameZH)
	}
	if all {
		n.byHouseholds++
		return weights
	}
	n.byFloorSpace++
	for k, b := range c.buildings {
		weights[k] = floorSpace(geo.Area(ground.Buildings[b].Boundary), ground.Buildings[b].Floors)
	}
	return weights
}

func (n *spreadNotes) describe(r *pack.Report, ground Ground, byCode map[string]*divisions.Division, seen map[string]bool) {
	r.Fact(fmt.Sprintf("%d 个社区按户数、%d 个按建筑面积分摊到住宅楼，各社区合计不变", n.byHouseholds, n.byFloorSpace),
		fmt.Sprintf("%d communities were spread over their residential buildings by households, %d by floor space; each community's sum is kept", n.byHouseholds, n.byFloorSpace))
	if len(n.unknownUse) > 0 {
		r.Warn("这些社区没有住宅楼，改用用途不明的建筑："+names(n.unknownUse),
			"these communities have no residential building; buildings of unknown use were taken: "+names(n.unknownUse))
	}
	if len(n.noBuildings) > 0 {
		r.Warn("这些社区没有可住的建筑，全部人口放在辖区内一点："+names(n.noBuildings),
			"these communities have no building to live in; all their people are put at one point inside: "+names(n.noBuildings))
	}
	var silent []string
	for _, d := range ground.Divisions {
		if d.Level == divisions.Community && byCode[d.Code] != nil && !seen[d.Code] {
			silent = append(silent, d.NameZH)
		}
	}
	if len(silent) > 0 {
		r.Warn("人口表里没有这些社区："+names(silent), "the table has no row for these communities: "+names(silent))
	}
}

func names(list []string) string {
	const most = 10
	if len(list) > most {
		return fmt.Sprintf("%s … (%d)", strings.Join(list[:most], "、"), len(list))
	}
	return strings.Join(list, "、")
}

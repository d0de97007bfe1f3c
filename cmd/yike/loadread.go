package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/networkimport"
	"yike/coverage/populationimport"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/facilityimport"
	"yike/geo/divisions"
	"yike/geo/divisions/divisionimport"
	"yike/internal/pack"
	"yike/internal/postgres"
)

// ground is what later layers stand on, read from the files or, for layers that did
// not change, from the database when it is first asked for.
type ground struct {
	divisions  []divisions.Division
	locator    *divisions.Locator
	roads      *networkimport.Roads
	network    *walknet.Network
	buildings  []coveragedb.Building
	population []coveragedb.PopulationPoint
}

func (l *loader) readDivisions(ctx context.Context, s *loadStep) error {
	read, err := divisionimport.Read(ctx, l.root, l.manifest.AdCode, s.layers)
	if err != nil {
		return err
	}
	s.rows, s.report, s.contradicts = len(read.Divisions), read.Report, read.Contradicts
	l.ground.divisions = read.Divisions
	s.write = func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error) {
		changes, err := l.divisions.Replace(ctx, tx, l.manifest.AdCode, read.Divisions)
		if err != nil {
			return changes, err
		}
		if err := l.checkShapes(ctx, tx); err != nil {
			return changes, err
		}
		return changes, l.settleEdited(ctx, tx, s)
	}
	return nil
}

// mostOverlap is how much of a division may lie inside another of its level: borders
// drawn by two hands differ by slivers, a copied polygon by all of it.
const mostOverlap = 0.1

// checkShapes refuses boundaries that PostGIS calls invalid, since one that crosses
// itself holds points that are in it and not in it, and divisions on the same ground.
func (l *loader) checkShapes(ctx context.Context, tx pgx.Tx) error {
	invalid, err := l.divisions.Invalid(ctx, tx, l.manifest.AdCode)
	if err != nil {
		return err
	}
	var faults pack.Faults
	for _, d := range invalid {
		faults.Add(pack.Fault{
			Field: "geometry", Value: d.NameZH + " " + d.Code,
			Reason: pack.Text{ZH: "边界自相交或无效", EN: "the boundary crosses itself or is not valid"},
			Hint:   pack.Text{EN: d.Reason},
		})
	}
	if err := faults.Err(pack.Divisions); err != nil {
		return err // an invalid boundary cannot be compared with its neighbours
	}
	overlaps, err := l.divisions.Overlaps(ctx, tx, l.manifest.AdCode, mostOverlap)
	if err != nil {
		return err
	}
	for _, o := range overlaps {
		faults.Add(pack.Fault{
			Field: "geometry", Value: o.NameA + " " + o.CodeA,
			Reason: pack.Text{
				ZH: fmt.Sprintf("与同级的 %s %s 重叠 %.0f%%，人口归属不明", o.NameB, o.CodeB, 100*o.Share),
				EN: fmt.Sprintf("overlaps %s %s of the same level by %.0f%%: whose people are these?", o.NameB, o.CodeB, 100*o.Share),
			},
		})
	}
	return faults.Err(pack.Divisions)
}

func (l *loader) readRoads(ctx context.Context, s *loadStep) error {
	roads, err := networkimport.Read(ctx, l.root, s.layers[0])
	if err != nil {
		return err
	}
	s.report, err = networkimport.Describe(roads, s.layers[0].Join())
	if err != nil {
		return err
	}
	s.rows = len(roads.Roads)
	s.contradicts = map[string]string{s.layers[0].Field: roads.Contradicts}
	l.ground.roads = &roads
	s.write = func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error) {
		return l.coverage.ReplaceRoads(ctx, tx, l.manifest.AdCode, roads.Roads, roads.Barriers)
	}
	return nil
}

func (l *loader) readBuildings(ctx context.Context, s *loadStep) error {
	locator, err := l.locator(ctx)
	if err != nil {
		return err
	}
	read, err := populationimport.ReadBuildings(ctx, l.root, s.layers[0], locator)
	if err != nil {
		return err
	}
	s.rows, s.report, s.points = len(read.Buildings), read.Report, read.Points()
	s.contradicts = map[string]string{s.layers[0].Field: read.Contradicts}
	l.ground.buildings = read.Buildings
	s.write = func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error) {
		return l.coverage.ReplaceBuildings(ctx, tx, l.manifest.AdCode, read.Buildings)
	}
	return nil
}

func (l *loader) readPopulation(ctx context.Context, s *loadStep) error {
	layer := s.layers[0]
	var read populationimport.Population
	var err error
	if layer.Layer.Kind == "communities" {
		read, err = l.readCommunities(ctx, layer)
	} else {
		var locator *divisions.Locator
		if locator, err = l.locator(ctx); err == nil {
			read, err = populationimport.Read(ctx, l.root, layer, l.manifest.Bands, locator)
			s.points = read.Places()
		}
	}
	if err != nil {
		return err
	}
	s.rows, s.report = len(read.Points), read.Report
	s.contradicts = map[string]string{layer.Field: read.Contradicts}
	l.ground.population = read.Points
	if err := l.reportUnsnapped(ctx, s, read.Points); err != nil {
		return err
	}
	s.write = func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error) {
		return l.coverage.ReplacePopulation(ctx, tx, l.manifest.AdCode, read.Points)
	}
	return nil
}

func (l *loader) readCommunities(ctx context.Context, layer pack.Named) (populationimport.Population, error) {
	list, err := l.divisionList(ctx)
	if err != nil {
		return populationimport.Population{}, err
	}
	if l.ground.buildings == nil && len(l.step(pack.Buildings).layers) > 0 {
		if l.ground.buildings, err = l.coverage.Buildings(ctx, l.manifest.AdCode); err != nil {
			return populationimport.Population{}, err
		}
	}
	return populationimport.ReadCommunities(ctx, l.root, layer, l.manifest.Bands,
		populationimport.Ground{Divisions: list, Buildings: l.ground.buildings})
}

// reportUnsnapped says how many people live too far from any path to be counted as
// served or unserved.
func (l *loader) reportUnsnapped(ctx context.Context, s *loadStep, list []coveragedb.PopulationPoint) error {
	net, err := l.net(ctx)
	if err != nil {
		return err
	}
	widest := 0
	for b, band := range l.manifest.Bands {
		if band.Widest {
			widest = b
		}
	}
	places, people := 0, coverage.People(0)
	for _, p := range list {
		if p.Base == list[0].Base && !net.Snap(p.Point, l.manifest.SnapLimit()).OK() {
			places++
			people += p.People[widest]
		}
	}
	s.report.Count("unsnapped", int64(people))
	if places > 0 {
		limit, n := l.manifest.SnapLimit(), float64(people)/float64(coverage.Person)
		s.report.Warn(
			fmt.Sprintf("%d 处人口（%.1f 人）%.0f 米内没有可步行的路，单列，不计入覆盖与未覆盖", places, n, limit),
			fmt.Sprintf("%d places with %.1f people have no walkable road within %.0f m; they are listed apart, neither covered nor uncovered", places, n, limit))
	}
	return nil
}

func (l *loader) readFacilities(ctx context.Context, s *loadStep) error {
	list, err := l.divisionList(ctx)
	if err != nil {
		return err
	}
	var read facilityimport.Facilities
	if s.layers[0].Layer.Kind == "examples" {
		read, err = l.placeExamples(ctx, list, l.types)
	} else {
		read, err = l.readFacilityFile(ctx, s, list)
	}
	if err != nil {
		// Shifted facilities lie outside the divisions: name that cause, not its rows.
		if cause := l.checkPlace(ctx, s); cause != nil {
			return cause
		}
		return err
	}
	s.rows, s.report = len(read.Facilities), read.Report
	s.contradicts = map[string]string{s.layers[0].Field: read.Contradicts}
	s.write = func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error) {
		return l.replaceFacilities(ctx, tx, s, read.Facilities)
	}
	return nil
}

func (l *loader) readFacilityFile(ctx context.Context, s *loadStep, list []divisions.Division) (facilityimport.Facilities, error) {
	var kept []facilities.Facility
	if !l.replaces { // else they go, too
		var err error
		if kept, err = l.facilities.Edited(ctx, l.db.Reader(), l.manifest.AdCode); err != nil {
			return facilityimport.Facilities{}, err
		}
	}
	read, err := facilityimport.Read(ctx, l.root, l.manifest.AdCode, s.layers[0], list, l.types, kept)
	s.points = read.Places
	return read, err
}

func (l *loader) placeExamples(ctx context.Context, list []divisions.Division, types []facilities.TypeInfo) (facilityimport.Facilities, error) {
	net, err := l.net(ctx)
	if err != nil {
		return facilityimport.Facilities{}, err
	}
	if l.ground.population == nil {
		if l.ground.population, err = l.coverage.Population(ctx, l.manifest.AdCode); err != nil {
			return facilityimport.Facilities{}, err
		}
	}
	return facilityimport.Examples(facilityimport.Ground{
		AdCode: l.manifest.AdCode, Divisions: list, Network: net, People: l.ground.population, Bands: l.manifest.Bands, Types: types,
	}), nil
}

func (l *loader) divisionList(ctx context.Context) ([]divisions.Division, error) {
	if l.ground.divisions != nil || len(l.step(pack.Divisions).layers) == 0 {
		return l.ground.divisions, nil
	}
	var err error
	l.ground.divisions, err = l.divisions.List(ctx, l.manifest.AdCode)
	return l.ground.divisions, err
}

func (l *loader) locator(ctx context.Context) (*divisions.Locator, error) {
	list, err := l.divisionList(ctx)
	if err != nil {
		return nil, err
	}
	if l.ground.locator == nil {
		l.ground.locator = divisions.NewLocator(list)
	}
	return l.ground.locator, nil
}

func (l *loader) roads(ctx context.Context) (*networkimport.Roads, error) {
	if l.ground.roads != nil {
		return l.ground.roads, nil
	}
	roads, err := l.coverage.Roads(ctx, l.manifest.AdCode)
	if err != nil {
		return nil, err
	}
	barriers, err := l.coverage.Barriers(ctx, l.manifest.AdCode)
	if err != nil {
		return nil, err
	}
	l.ground.roads = &networkimport.Roads{Roads: roads, Barriers: barriers}
	return l.ground.roads, nil
}

func (l *loader) roadLines(ctx context.Context) ([]orb.LineString, error) {
	roads, err := l.roads(ctx)
	if err != nil {
		return nil, err
	}
	return roads.Lines(), nil
}

func (l *loader) net(ctx context.Context) (*walknet.Network, error) {
	if l.ground.network != nil {
		return l.ground.network, nil
	}
	roads, err := l.roads(ctx)
	if err != nil {
		return nil, err
	}
	net, _, err := walknet.Build(roads.Ways(), roads.Barriers, walknet.BuildOptions{JoinM: l.manifest.Layers.Roads.Join()})
	if err != nil {
		return nil, fmt.Errorf("build network: %w", err)
	}
	l.ground.network = net
	return net, nil
}

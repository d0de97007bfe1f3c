// Package coveragedb stores what coverage is computed from: roads, barriers,
// buildings and the points where people live.
package coveragedb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/internal/postgres"
)

// ErrBands says that the people were stored under other age bands than asked for.
var ErrBands = errors.New("人口按别的年龄段存储，请重新载入数据包 / people are stored under other age bands; load the pack again")

// Store reads and writes roads, buildings and people.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Road is one line of the source, walkable or not.
type Road struct {
	SourceID  string // e.g. "way/123"
	Name      string
	Class     string
	Walkable  bool
	Direction walknet.Direction // on foot
	Bridge    bool
	Tunnel    bool
	Level     int8
	NodeIDs   []int64 // one per vertex for OSM; nil for line layers
	Line      orb.LineString

	Crossing walknet.Crossing
	Wheels   walknet.Wheels
	Incline  int16     // thousandths, up along Line; 0 unknown or level
	Heights  []float32 // metres, one per vertex; nil unknown
}

// Way is the road as the network builder takes it.
func (r Road) Way() walknet.Way {
	return walknet.Way{
		SourceID: r.SourceID, Name: r.Name, Class: r.Class, Direction: r.Direction,
		Bridge: r.Bridge, Tunnel: r.Tunnel, Level: r.Level, NodeIDs: r.NodeIDs, Line: r.Line,
		Crossing: r.Crossing, Wheels: r.Wheels, Incline: r.Incline, Heights: r.Heights,
	}
}

func roadRecords() postgres.Records {
	return postgres.Records{
		Table:   "road",
		Key:     []string{"source_id"},
		Content: []string{"name", "class", "walkable", "direction", "bridge", "tunnel", "level", "node_ids", "geom", "crossing", "wheels", "incline", "heights"},
	}
}

func barrierRecords() postgres.Records {
	return postgres.Records{Table: "road_barrier", Key: []string{"source_id"}, Content: []string{"kind", "node_id", "passable", "geom", "hours"}}
}

// Roads gives every road of adcode by source id, walkable or not, for the map.
func (s *Store) Roads(ctx context.Context, adcode string) ([]Road, error) {
	return s.roads(ctx, adcode, false)
}

func (s *Store) roads(ctx context.Context, adcode string, walkableOnly bool) ([]Road, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT source_id, name, class, walkable, direction, bridge, tunnel, level, node_ids, geom, crossing, wheels, incline, heights
FROM road WHERE adcode = @adcode AND (walkable OR NOT @walkable_only)
ORDER BY source_id COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode, "walkable_only": walkableOnly})
	if err != nil {
		return nil, fmt.Errorf("list roads: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Road, error) {
		var r Road
		err := row.Scan(&r.SourceID, &r.Name, &r.Class, &r.Walkable, &r.Direction, &r.Bridge, &r.Tunnel, &r.Level, &r.NodeIDs, &r.Line,
			&r.Crossing, &r.Wheels, &r.Incline, &r.Heights)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("list roads: %w", err)
	}
	return list, nil
}

// Ways gives the walkable ways of adcode by source id, and the barriers on them.
func (s *Store) Ways(ctx context.Context, adcode string) ([]walknet.Way, []walknet.Barrier, error) {
	roads, err := s.roads(ctx, adcode, true)
	if err != nil {
		return nil, nil, err
	}
	ways := make([]walknet.Way, len(roads))
	for i, r := range roads {
		ways[i] = r.Way()
	}
	barriers, err := s.Barriers(ctx, adcode)
	return ways, barriers, err
}

// Barriers gives the barriers of adcode by source id.
func (s *Store) Barriers(ctx context.Context, adcode string) ([]walknet.Barrier, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT source_id, kind, node_id, passable, geom, hours FROM road_barrier
WHERE adcode = @adcode ORDER BY source_id COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list barriers: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (walknet.Barrier, error) {
		var b walknet.Barrier
		var hours []int16
		err := row.Scan(&b.SourceID, &b.Kind, &b.NodeID, &b.Passable, &b.Point, &hours)
		for i := 1; i < len(hours); i += 2 {
			b.Hours = append(b.Hours, walknet.Opening{From: hours[i-1], To: hours[i]})
		}
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("list barriers: %w", err)
	}
	return list, nil
}

// ReplaceRoads makes the given roads and barriers all that adcode has. The changes count
// both.
func (s *Store) ReplaceRoads(ctx context.Context, tx pgx.Tx, adcode string, roads []Road, barriers []walknet.Barrier) (postgres.Changes, error) {
	changes, err := roadRecords().Replace(ctx, tx, adcode, len(roads), func(i int) ([]any, error) {
		r := &roads[i]
		return []any{
			r.SourceID, r.Name, r.Class, r.Walkable, int16(r.Direction), r.Bridge, r.Tunnel, int16(r.Level), r.NodeIDs, r.Line,
			int16(r.Crossing), int16(r.Wheels), r.Incline, r.Heights,
		}, nil
	})
	if err != nil {
		return changes, err
	}
	gates, err := barrierRecords().Replace(ctx, tx, adcode, len(barriers), func(i int) ([]any, error) {
		b := &barriers[i]
		hours := []int16{}
		for _, o := range b.Hours {
			hours = append(hours, o.From, o.To)
		}
		return []any{b.SourceID, b.Kind, b.NodeID, b.Passable, b.Point, hours}, nil
	})
	changes.Created += gates.Created
	changes.Updated += gates.Updated
	changes.Removed += gates.Removed
	changes.Unchanged += gates.Unchanged
	return changes, err
}

// Building is one building.
type Building struct {
	ID           string // UUIDv7, text form; given by the store
	SourceID     string
	Name         string
	Use          string // "residential", or the source's word; empty when unknown
	Floors       int    // 0 unknown
	Households   int    // 0 unknown
	DivisionCode string // the finest division that holds it; empty outside all
	Boundary     orb.MultiPolygon
}

func buildingRecords() postgres.Records {
	return postgres.Records{
		Table:   "building",
		Key:     []string{"source_id"},
		Content: []string{"name", "use", "floors", "households", "division_code", "geom"},
	}
}

// Buildings gives the buildings of adcode by source id.
func (s *Store) Buildings(ctx context.Context, adcode string) ([]Building, error) {
	rows, err := s.db.Reader().Query(ctx, `
SELECT id::text, source_id, name, use, floors, households, coalesce(division_code, ''), geom
FROM building WHERE adcode = @adcode ORDER BY source_id COLLATE "C"`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return nil, fmt.Errorf("list buildings: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Building, error) {
		var b Building
		err := row.Scan(&b.ID, &b.SourceID, &b.Name, &b.Use, &b.Floors, &b.Households, &b.DivisionCode, &b.Boundary)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("list buildings: %w", err)
	}
	return list, nil
}

// ReplaceBuildings makes list all the buildings of adcode.
func (s *Store) ReplaceBuildings(ctx context.Context, tx pgx.Tx, adcode string, list []Building) (postgres.Changes, error) {
	return buildingRecords().Replace(ctx, tx, adcode, len(list), func(i int) ([]any, error) {
		b := &list[i]
		return []any{b.SourceID, b.Name, b.Use, b.Floors, b.Households, nullable(b.DivisionCode), b.Boundary}, nil
	})
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

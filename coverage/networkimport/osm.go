package networkimport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/geo"
	"yike/internal/pack"
)

// extract is an OSM file read in two passes, so that only the nodes of roads are kept.
type extract struct {
	path   string
	file   string // as the manifest names it
	nodes  map[osm.NodeID]*place
	ways   []roadWay
	seen   map[osm.WayID]bool
	faults pack.Faults
}

// place is a node of a road.
type place struct {
	point   orb.Point
	there   bool // in the file
	barrier Tags // nil unless it carries a barrier
}

type roadWay struct {
	id    osm.WayID
	nodes []osm.NodeID
	name  string
	traits
}

// readOSM reads the roads and the barriers on walkable roads of an OSM extract, PBF or
// XML by the file's name. Ways cut by the edge of the extract are kept as the pieces
// whose nodes are there; a road's node off the earth is a fault, since no map could
// show that road.
func readOSM(ctx context.Context, path, file string) (Roads, error) {
	x := &extract{path: path, file: file, nodes: map[osm.NodeID]*place{}, seen: map[osm.WayID]bool{}}
	if err := x.scan(ctx, onlyWays, x.takeWay); err != nil {
		return Roads{}, err
	}
	if err := x.scan(ctx, onlyNodes, x.takeNode); err != nil {
		return Roads{}, err
	}
	if err := x.faults.Err(pack.Roads); err != nil {
		return Roads{}, err
	}
	closeStranded(x.ways)
	return x.roads(), nil
}

type pass int

const (
	onlyWays pass = iota
	onlyNodes
)

// scan gives every object of one pass to take. A file that ends in the middle is an
// error, not an end.
func (x *extract) scan(ctx context.Context, p pass, take func(osm.Object)) (err error) {
	file, err := os.Open(x.path)
	if err != nil {
		return fmt.Errorf("open OSM extract: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := x.read(ctx, file, p, take); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &brokenFileError{err}
	}
	return nil
}

func (x *extract) read(ctx context.Context, file io.Reader, p pass, take func(osm.Object)) error {
	r := bufio.NewReaderSize(file, 1<<16)
	if strings.HasSuffix(strings.ToLower(x.path), ".pbf") {
		return (&pbfReader{r: r, pass: p, take: take}).read(ctx)
	}
	scanner := osmxml.New(ctx, r)
	found := false
	for scanner.Scan() {
		found = true
		take(scanner.Object())
	}
	err := errors.Join(scanner.Err(), scanner.Close())
	if err == nil && !found {
		return errors.New("holds no OSM element")
	}
	return err
}

// brokenFileError says that the file is not a whole OSM extract.
type brokenFileError struct{ err error }

func (e *brokenFileError) Error() string { return "read OSM extract: " + e.err.Error() }
func (e *brokenFileError) Unwrap() error { return e.err }

func (x *extract) takeWay(o osm.Object) {
	w, ok := o.(*osm.Way)
	if !ok {
		return
	}
	tags := tagMap(w.Tags)
	t, ok := readTags(tags)
	if !ok {
		return
	}
	if x.seen[w.ID] {
		x.fault(fmt.Sprintf("way/%d", w.ID), "", "道路编号重复", "the way is in the extract twice")
		return
	}
	x.seen[w.ID] = true
	road := roadWay{id: w.ID, name: first(tags["name"], tags["name:zh"]), traits: t, nodes: make([]osm.NodeID, len(w.Nodes))}
	for i, n := range w.Nodes {
		road.nodes[i] = n.ID
		if x.nodes[n.ID] == nil {
			x.nodes[n.ID] = &place{}
		}
	}
	x.ways = append(x.ways, road)
}

func (x *extract) takeNode(o osm.Object) {
	n, ok := o.(*osm.Node)
	if !ok {
		return
	}
	at := x.nodes[n.ID]
	if at == nil {
		return
	}
	point, err := geo.WGS84().ToWGS84(orb.Point{n.Lon, n.Lat})
	var ce *geo.CoordinateError
	if errors.As(err, &ce) {
		axis := map[string]string{"x": "lon", "y": "lat"}[ce.Axis]
		x.fault(fmt.Sprintf("node/%d %s", n.ID, axis), fmt.Sprint(ce.Value), ce.ReasonZH, ce.ReasonEN)
		return
	}
	at.point, at.there = point, true
	if n.Tags.Find("barrier") != "" {
		at.barrier = tagMap(n.Tags)
	}
}

func (x *extract) fault(element, value, zh, en string) {
	x.faults.Add(pack.Fault{File: x.file, Field: element, Value: value, Reason: pack.Text{ZH: zh, EN: en}})
}

// roads turns what was read into records, in the order of the file.
func (x *extract) roads() Roads {
	var out Roads
	seen := map[osm.NodeID]bool{}
	for _, w := range x.ways {
		pieces, missing := x.pieces(w)
		out.MissingNodes += missing
		for i, r := range pieces {
			r.SourceID = fmt.Sprintf("way/%d", w.id)
			if i > 0 {
				r.SourceID += fmt.Sprintf("#%d", i+1)
			}
			out.Roads = append(out.Roads, r)
		}
		if !w.walkable {
			continue
		}
		for _, id := range w.nodes {
			if !seen[id] && x.nodes[id].barrier != nil {
				seen[id] = true
				if b, ok := x.barrier(id); ok {
					out.Barriers = append(out.Barriers, b)
				}
			}
		}
	}
	return out
}

func (x *extract) barrier(id osm.NodeID) (walknet.Barrier, bool) {
	at := x.nodes[id]
	kind, passable, ok := readBarrier(at.barrier)
	return walknet.Barrier{
		SourceID: fmt.Sprintf("node/%d", id), Kind: kind, NodeID: int64(id), Point: at.point, Passable: passable,
		Hours: hoursOf(at.barrier),
	}, ok && at.there
}

// pieces are the runs of a way's nodes that the file has, those of one node left out.
func (x *extract) pieces(w roadWay) (pieces []coveragedb.Road, missing int) {
	blank := coveragedb.Road{
		Name: w.name, Class: w.class, Walkable: w.walkable, Direction: w.direction,
		Bridge: w.bridge, Tunnel: w.tunnel, Level: w.level, Crossing: w.crossing, Wheels: w.wheels, Incline: w.incline,
	}
	run := blank
	end := func() {
		if len(run.Line) >= 2 {
			pieces = append(pieces, run)
		}
		run = blank
	}
	for _, id := range w.nodes {
		at := x.nodes[id]
		switch {
		case !at.there:
			missing++
			end()
		case len(run.NodeIDs) > 0 && run.NodeIDs[len(run.NodeIDs)-1] == int64(id):
		default:
			run.NodeIDs = append(run.NodeIDs, int64(id))
			run.Line = append(run.Line, at.point)
		}
	}
	end()
	return pieces, missing
}

// closeStranded makes carriageways of fast roads unwalkable where no street leads to
// them: a stretch of trunk road between two viaducts is no place to walk, and people
// beside it must not be put onto it.
func closeStranded(ways []roadWay) {
	group := map[osm.NodeID]osm.NodeID{}
	find := func(n osm.NodeID) osm.NodeID {
		for {
			p, ok := group[n]
			if !ok || p == n {
				return n
			}
			if g, ok := group[p]; ok {
				group[n] = g
			}
			n = p
		}
	}
	for _, w := range ways {
		for i := 1; w.walkable && i < len(w.nodes); i++ {
			if a, b := find(w.nodes[i-1]), find(w.nodes[i]); a != b {
				group[a] = b
			}
		}
	}
	street := map[osm.NodeID]bool{}
	for _, w := range ways {
		if w.walkable && len(w.nodes) > 0 && w.class != "trunk" && w.class != "trunk_link" {
			street[find(w.nodes[0])] = true
		}
	}
	for i, w := range ways {
		if w.walkable && len(w.nodes) > 0 && !street[find(w.nodes[0])] {
			ways[i].walkable = false
		}
	}
}

func tagMap(tags osm.Tags) Tags {
	m := make(Tags, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

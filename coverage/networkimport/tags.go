package networkimport

import (
	"strconv"
	"strings"

	"yike/coverage/walknet"
)

// Tags are the tags of an OSM element, or a line layer's columns by the same words.
type Tags map[string]string

// traits are what the tags of a way say to someone on foot.
type traits struct {
	class     string
	walkable  bool
	direction walknet.Direction
	bridge    bool
	tunnel    bool
	level     int8
	crossing  walknet.Crossing
	wheels    walknet.Wheels
	incline   int16 // thousandths, up along the way
}

// classWalk says whether a class may be walked on where no tag says otherwise.
// A class that is not here is no road at all (construction, proposed, raceway …).
func classWalk(class string) (walkable, known bool) {
	switch class {
	case "footway", "path", "steps", "pedestrian", "corridor", "living_street", "residential",
		"service", "unclassified", "tertiary", "tertiary_link", "secondary", "secondary_link",
		"primary", "primary_link", "trunk", "trunk_link", "track", "road", "cycleway", "bridleway",
		"crossing", "platform", "elevator":
		return true, true
	case "motorway", "motorway_link", "busway", "bus_guideway", "escape":
		return false, true
	}
	return false, false
}

// readTags decides what a highway is to a walker. ok is false for what is no road.
//
// foot decides first; then access; then motorroad; then the class. Carriageways of
// elevated roads (viaducts of trunk and primary roads, and bridges of their ramps)
// carry no walkers unless a foot or sidewalk tag says so; other bridges, such as those
// over rivers, do.
func readTags(tags Tags) (traits, bool) {
	class := tags["highway"]
	byClass, known := classWalk(class)
	if !known {
		return traits{}, false
	}
	t := traits{
		class:     class,
		bridge:    yes(tags["bridge"]),
		tunnel:    yes(tags["tunnel"]),
		direction: footDirection(tags),
	}
	t.level = levelOf(tags["layer"], t)
	t.walkable = onFoot(tags, byClass, t)
	t.crossing, t.wheels, t.incline = crossingOf(tags), wheelsOf(tags), inclineOf(tags["incline"])
	return t, true
}

func onFoot(tags Tags, byClass bool, t traits) bool {
	switch tags["foot"] {
	case "yes", "designated", "permissive", "official", "destination", "customers", "permit", "residents":
		return true
	case "no", "private", "use_sidepath", "agricultural", "forestry", "delivery":
		return false
	}
	if hasSidewalk(tags) {
		return true
	}
	switch tags["access"] {
	case "no", "private", "agricultural", "forestry", "military", "emergency", "delivery":
		return false
	}
	if tags["motorroad"] == "yes" || elevated(tags["bridge"], t) {
		return false
	}
	return byClass
}

func hasSidewalk(tags Tags) bool {
	for _, key := range []string{"sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"} {
		switch tags[key] {
		case "yes", "both", "left", "right":
			return true
		}
	}
	return false
}

// elevated reports whether a bridge is a road on stilts rather than one over a river.
func elevated(bridge string, t traits) bool {
	if !t.bridge {
		return false
	}
	switch t.class {
	case "trunk_link", "primary_link":
		return true
	case "trunk", "primary":
		return bridge == "viaduct"
	}
	return false
}

func yes(value string) bool {
	switch value {
	case "", "no", "0", "false", "proposed", "construction":
		return false
	}
	return true
}

// levelOf is the layer tag; without one a bridge lies above the ground and a tunnel
// below it.
func levelOf(layer string, t traits) int8 {
	if n, err := strconv.ParseFloat(strings.TrimSpace(layer), 64); err == nil && n >= -20 && n <= 20 {
		return int8(n)
	}
	switch {
	case t.bridge:
		return 1
	case t.tunnel:
		return -1
	}
	return 0
}

// footDirection is which way one may walk. oneway itself speaks to vehicles; only a
// tag for walkers, or an escalator's, restricts them.
func footDirection(tags Tags) walknet.Direction {
	switch tags["oneway:foot"] {
	case "yes", "1", "true":
		return walknet.Forward
	case "-1", "reverse":
		return walknet.Backward
	case "no":
		return walknet.Both
	}
	switch {
	case tags["foot:backward"] == "no":
		return walknet.Forward
	case tags["foot:forward"] == "no":
		return walknet.Backward
	}
	switch tags["conveying"] {
	case "forward":
		return walknet.Forward
	case "backward":
		return walknet.Backward
	}
	return walknet.Both
}

// readBarrier says whether one may pass a barrier on a path. ok is false where the
// tags name none. Unknown kinds are passable: a wrong wall cuts a district in two,
// a wrong gap moves one person's path by a street.
func readBarrier(tags Tags) (kind string, passable, ok bool) {
	kind = tags["barrier"]
	if kind == "" || kind == "no" || kind == "entrance" {
		return "", false, false
	}
	switch tags["foot"] {
	case "yes", "designated", "permissive", "official", "destination", "customers", "permit", "residents":
		return kind, true, true
	case "no", "private":
		return kind, false, true
	}
	if tags["locked"] == "yes" {
		return kind, false, true
	}
	switch tags["access"] {
	case "no", "private", "military", "emergency":
		return kind, false, true
	}
	switch kind {
	case "wall", "fence", "hedge", "retaining_wall", "city_wall", "ditch", "block_wall",
		"guard_rail", "handrail", "jersey_barrier", "debris", "chain_link", "cable_barrier":
		return kind, tags["access"] == "yes", true
	}
	return kind, true, true
}

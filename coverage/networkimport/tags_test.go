package networkimport

import (
	"strings"
	"testing"

	"yike/coverage/walknet"
)

// tagsOf reads "a=b c=d".
func tagsOf(text string) Tags {
	tags := Tags{}
	for _, pair := range strings.Fields(text) {
		k, v, _ := strings.Cut(pair, "=")
		tags[k] = v
	}
	return tags
}

func TestWhereOneMayWalk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tags     string
		road, ok bool // is a road; may be walked on
	}{
		{"highway=footway", true, true},
		{"highway=steps", true, true},
		{"highway=residential oneway=yes", true, true},
		{"highway=service service=driveway", true, true},
		{"highway=pedestrian area=yes", true, true},
		{"highway=track", true, true},
		{"highway=cycleway", true, true},
		{"highway=cycleway foot=no", true, false},
		{"highway=trunk", true, true},
		{"highway=trunk foot=no", true, false},
		{"highway=trunk motorroad=yes", true, false},
		{"highway=trunk motorroad=yes sidewalk=both", true, true},
		{"highway=trunk bridge=yes", true, true},
		{"highway=trunk bridge=viaduct", true, false},
		{"highway=trunk bridge=viaduct foot=yes", true, true},
		{"highway=trunk_link", true, true},
		{"highway=trunk_link bridge=yes", true, false},
		{"highway=primary bridge=yes", true, true},
		{"highway=secondary bridge=viaduct", true, true},
		{"highway=motorway", true, false},
		{"highway=motorway foot=yes", true, true},
		{"highway=motorway_link", true, false},
		{"highway=busway", true, false},
		{"highway=service access=private", true, false},
		{"highway=service access=private foot=yes", true, true},
		{"highway=service access=private foot=designated", true, true},
		{"highway=service access=no", true, false},
		{"highway=service access=destination", true, true},
		{"highway=footway foot=private", true, false},
		{"highway=primary foot=use_sidepath", true, false},
		{"highway=construction construction=primary", false, false},
		{"highway=proposed", false, false},
		{"highway=raceway", false, false},
		{"highway=bus_stop", false, false},
		{"railway=platform", false, false},
		{"route=ferry", false, false},
		{"", false, false},
	} {
		t.Run(c.tags, func(t *testing.T) {
			t.Parallel()
			got, road := readTags(tagsOf(c.tags))
			if road != c.road || got.walkable != c.ok {
				t.Errorf("road %v walkable %v, want %v %v", road, got.walkable, c.road, c.ok)
			}
		})
	}
}

func TestDirectionOnFootAndLevel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tags      string
		direction walknet.Direction
		level     int8
	}{
		{"highway=residential oneway=yes", walknet.Both, 0},
		{"highway=footway oneway:foot=yes", walknet.Forward, 0},
		{"highway=footway oneway:foot=-1", walknet.Backward, 0},
		{"highway=footway oneway:foot=no conveying=forward", walknet.Both, 0},
		{"highway=footway foot:backward=no", walknet.Forward, 0},
		{"highway=footway foot:forward=no", walknet.Backward, 0},
		{"highway=steps conveying=backward", walknet.Backward, 0},
		{"highway=footway bridge=yes", walknet.Both, 1},
		{"highway=footway bridge=yes layer=2", walknet.Both, 2},
		{"highway=footway tunnel=yes", walknet.Both, -1},
		{"highway=footway tunnel=no", walknet.Both, 0},
		{"highway=footway layer=many", walknet.Both, 0},
		{"highway=footway layer=1000", walknet.Both, 0},
	} {
		t.Run(c.tags, func(t *testing.T) {
			t.Parallel()
			got, _ := readTags(tagsOf(c.tags))
			if got.direction != c.direction || got.level != c.level {
				t.Errorf("direction %d level %d, want %d %d", got.direction, got.level, c.direction, c.level)
			}
		})
	}
}

func TestBarriers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tags             string
		passable, exists bool
	}{
		{"barrier=gate", true, true},
		{"barrier=gate access=private", false, true},
		{"barrier=gate access=private foot=yes", true, true},
		{"barrier=gate access=no", false, true},
		{"barrier=gate locked=yes", false, true},
		{"barrier=gate foot=no", false, true},
		{"barrier=lift_gate", true, true},
		{"barrier=bollard", true, true},
		{"barrier=wall", false, true},
		{"barrier=fence foot=yes", true, true},
		{"barrier=something_new", true, true},
		{"barrier=entrance", false, false},
		{"barrier=no", false, false},
		{"highway=crossing", false, false},
	} {
		t.Run(c.tags, func(t *testing.T) {
			t.Parallel()
			_, passable, exists := readBarrier(tagsOf(c.tags))
			if passable != c.passable || exists != c.exists {
				t.Errorf("passable %v exists %v, want %v %v", passable, exists, c.passable, c.exists)
			}
		})
	}
}

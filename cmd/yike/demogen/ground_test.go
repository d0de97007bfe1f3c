package demogen_test

import (
	"fmt"
	"testing"

	"yike/coverage/networkimport"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/internal/pack"

	"github.com/paulmach/orb"
)

func TestDivisionsShareTheirBorders(t *testing.T) {
	t.Parallel()
	for _, c := range sizes {
		t.Run(fmt.Sprintf("%d people seed %d", c.people, c.seed), func(t *testing.T) {
			t.Parallel()
			dir, _ := generate(t, c.people, c.seed)
			p := readPack(t, dir)
			checkBorders(t, p)
			checkFacilities(t, p)
		})
	}
}

func TestFacilitiesFollowThePlan(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 200_000, 4)
	p := readPack(t, dir)
	got := map[string]int{}
	premises := map[string]bool{}
	for _, f := range p.facilities {
		got[f.kind]++
		if f.kind == "community_premises" {
			premises[p.holder(t, f.point, "community").code] = true
		}
	}
	for kind, want := range map[string]int{"day_care_centre": 12, "elderly_canteen": 24, "columbarium": 11, "rescue_station": 1} {
		if got[kind] != want {
			t.Errorf("%d of %s, want %d: the plan's density", got[kind], kind, want)
		}
	}
	communities, without := 0, 0
	for _, d := range p.divisions {
		if d.level == "community" {
			communities++
			if !premises[d.code] {
				without++
			}
		}
	}
	if without == 0 || 4*without > communities {
		t.Errorf("%d of %d communities have no premises, want a few", without, communities)
	}
}

func TestTypesAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, x := range types {
		known[string(x.Type)] = true
	}
	dir, _ := generate(t, 200_000, 4)
	for _, f := range readPack(t, dir).facilities {
		if !known[f.kind] {
			t.Errorf("%s is no type of the catalogue", f.kind)
		}
	}
}

// network reads a pack's roads as the product does.
func network(t testing.TB, dir string) networkimport.Roads {
	t.Helper()
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range m.All() {
		if layer.Kind == pack.Roads {
			roads, err := networkimport.Read(t.Context(), m.Folder(dir, ""), layer)
			if err != nil {
				t.Fatal(err)
			}
			return roads
		}
	}
	t.Fatal("the pack has no roads")
	return networkimport.Roads{}
}

func build(t testing.TB, roads networkimport.Roads, gates func(walknet.Barrier) walknet.Barrier) (*walknet.Network, walknet.Report) {
	t.Helper()
	barriers := make([]walknet.Barrier, len(roads.Barriers))
	for i, b := range roads.Barriers {
		barriers[i] = gates(b)
	}
	net, report, err := walknet.Build(roads.Ways(), barriers, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return net, report
}

func asIs(b walknet.Barrier) walknet.Barrier { return b }

func TestStreetsConnect(t *testing.T) {
	t.Parallel()
	for _, c := range sizes {
		t.Run(fmt.Sprintf("%d people seed %d", c.people, c.seed), func(t *testing.T) {
			t.Parallel()
			dir, _ := generate(t, c.people, c.seed)
			net, report := build(t, network(t, dir), asIs)
			if share := report.IslandLengthM() / report.LengthM; share > 0.03 {
				t.Errorf("%.1f %% of the network lies on %d islands", 100*share, len(report.Islands))
			}
			if len(report.Skipped) > 0 {
				t.Errorf("the network left out %v", report.Skipped[0])
			}
			checkSnaps(t, net, readPack(t, dir), c.people)
		})
	}
}

// checkSnaps wants everyone beside a path, but for a handful of farmhouses on purpose.
func checkSnaps(t *testing.T, net *walknet.Network, p districtPack, people int) {
	t.Helper()
	far, marooned := 0, 0
	main := net.Component(net.Snap(p.facilities[0].point, 100).Edge)
	for _, h := range p.people {
		switch s := net.Snap(h.point, 100); {
		case !s.OK():
			far++
		case net.Component(s.Edge) != main:
			marooned++
		}
	}
	for _, f := range p.facilities {
		if s := net.Snap(f.point, 100); !s.OK() || net.Component(s.Edge) != main {
			t.Errorf("%s stands beside no street", f.name)
		}
	}
	if far > 10 || marooned > max(6, len(p.people)/50) {
		t.Errorf("%d of %d buildings are far from any path, %d on islands", far, len(p.people), marooned)
	}
	if people >= 20_000 && far == 0 {
		t.Error("nobody lives far from every path, so that the list of them is never seen")
	}
}

func TestRiverAndRailwayHaveFewCrossings(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 60_000, 6)
	bridges, tunnels, tracks := map[string]bool{}, map[string]bool{}, 0
	for _, r := range network(t, dir).Roads {
		switch {
		case r.Class == "rail" || r.Class == "river":
			tracks++
		case r.Bridge && r.Walkable:
			bridges[r.Name] = true
		case r.Tunnel:
			tunnels[r.Name] = true
		}
	}
	if len(bridges) < 2 || len(bridges) > 12 || len(tunnels) == 0 {
		t.Errorf("%d bridges and %d underpasses", len(bridges), len(tunnels))
	}
	if tracks > 0 {
		t.Error("the railway or the river was read as a road")
	}
}

func TestLockedGatesMakePeopleWalkRound(t *testing.T) {
	t.Parallel()
	dir, s := generate(t, 60_000, 6)
	roads := network(t, dir)
	if len(roads.Barriers) != s.Gates || s.LockedGates == 0 || s.LockedGates == s.Gates {
		t.Fatalf("%d barriers read; %d gates made, %d of them locked", len(roads.Barriers), s.Gates, s.LockedGates)
	}
	p := readPack(t, dir)
	var sites []orb.Point
	for _, f := range p.facilities {
		if f.kind == "elderly_canteen" && f.status == "open" {
			sites = append(sites, f.point)
		}
	}
	asMade, _ := build(t, roads, asIs)
	opened, _ := build(t, roads, func(b walknet.Barrier) walknet.Barrier { b.Passable = true; return b })
	longer := 0
	made, open := times(asMade, sites, p.people), times(opened, sites, p.people)
	for i := range made {
		switch {
		case made[i] == walknet.Unreached && open[i] != walknet.Unreached, made[i] > open[i]+1000:
			longer++
		case made[i] != walknet.Unreached && made[i] < open[i]-1000:
			t.Errorf("%s is nearer with its gates locked", p.people[i].source)
		}
	}
	if longer < len(made)/20 {
		t.Errorf("locked gates make the way longer from %d buildings only", longer)
	}
}

// times is the walking time of every house to the nearest site, within two hours.
func times(net *walknet.Network, sites []orb.Point, people []house) []walknet.Milliseconds {
	var snaps []walknet.Snap
	for _, p := range sites {
		snaps = append(snaps, net.Snap(p, 100))
	}
	labels := net.Nearest(snaps, 7_200_000, 900)
	out := make([]walknet.Milliseconds, len(people))
	for i, h := range people {
		out[i], _ = labels.At(net.Snap(h.point, 100))
	}
	return out
}

// Package networkimport reads roads into what the network is built from: OSM extracts,
// whose tags decide who may walk where, and line layers of official centrelines, whose
// columns a manifest maps to the same words. It knows no people and no facilities.
package networkimport

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/internal/pack"
)

// Roads is what a roads layer holds.
type Roads struct {
	Roads        []coveragedb.Road // walkable or not, in the order of the file
	Barriers     []walknet.Barrier // on walkable roads
	FarGates     []orb.Point       // barriers of a points layer that are beside no road, which are not among those
	MissingNodes int               // vertices that an OSM extract refers to and has not
	Contradicts  string            // the coordinate system that the file itself declares, where it is another than the manifest's
}

// Lines are the lines of all roads, for comparing other layers with them.
func (r Roads) Lines() []orb.LineString {
	lines := make([]orb.LineString, len(r.Roads))
	for i := range r.Roads {
		lines[i] = r.Roads[i].Line
	}
	return lines
}

// Ways are the walkable roads as the network builder takes them.
func (r Roads) Ways() []walknet.Way {
	var ways []walknet.Way
	for _, road := range r.Roads {
		if road.Walkable {
			ways = append(ways, road.Way())
		}
	}
	return ways
}

// Read reads the roads layer of a pack whose files lie below root. Faults of the file
// are a *pack.BadPackError.
func Read(ctx context.Context, root string, layer pack.Named) (Roads, error) {
	var roads Roads
	var err error
	if layer.FileFormat() == pack.OSM {
		roads, err = readOSM(ctx, filepath.Join(root, filepath.FromSlash(layer.File)), layer.File)
		var broken *brokenFileError
		if errors.As(err, &broken) {
			return Roads{}, pack.Bad(pack.Roads, pack.Fault{
				File: layer.File,
				Reason: pack.Text{
					ZH: "不是完整的 OSM 数据，可能下载未完成：" + broken.err.Error(),
					EN: "not a whole OSM extract, perhaps cut off while downloading",
				},
			})
		}
	} else {
		if roads, err = readLines(ctx, root, layer); err == nil {
			err = readGates(ctx, root, layer, &roads)
		}
	}
	if err != nil {
		return Roads{}, err
	}
	if err := addHeights(ctx, root, layer, roads.Roads); err != nil {
		return Roads{}, err
	}
	if len(roads.Ways()) == 0 {
		return Roads{}, pack.Bad(pack.Roads, pack.Fault{
			File:   layer.File,
			Reason: pack.Text{ZH: "没有可步行的道路", EN: "holds no road that can be walked on"},
		})
	}
	return roads, nil
}

// Describe builds the network once to say what it is like: its size, its islands, and
// where lines of a line layer stop just short of another.
func Describe(roads Roads, joinM float64) (pack.Report, error) {
	_, r, err := walknet.Build(roads.Ways(), roads.Barriers, walknet.BuildOptions{JoinM: joinM})
	if err != nil {
		return pack.Report{}, fmt.Errorf("build network: %w", err)
	}
	var out pack.Report
	out.Count("roads", int64(len(roads.Roads)))
	out.Count("ways", int64(r.Ways))
	out.Count("nodes", int64(r.Nodes))
	out.Count("edges", int64(r.Edges))
	out.Count("length_m", int64(r.LengthM))
	out.Count("islands", int64(len(r.Islands)))
	out.Count("island_length_m", int64(r.IslandLengthM()))
	out.Count("dangles", int64(len(r.Dangles)))
	out.Count("barriers", int64(len(roads.Barriers)))
	out.Fact(fmt.Sprintf("可步行 %d 条路，%.1f 千米，%d 个结点、%d 条边", r.Ways, r.LengthM/1000, r.Nodes, r.Edges),
		fmt.Sprintf("%d walkable ways, %.1f km, %d nodes and %d edges", r.Ways, r.LengthM/1000, r.Nodes, r.Edges))
	describeHeights(&out, roads)
	describeGates(&out, roads)
	describeIslands(&out, r)
	if n := len(r.Dangles); n > 0 {
		out.Warn(fmt.Sprintf("%d 处断头路离另一条路仅数米，可能漏接：%s", n, places(r.Dangles)),
			fmt.Sprintf("%d dead ends stop a few metres short of another line and may be unjoined: %s", n, places(r.Dangles)))
	}
	if n := len(r.Skipped); n > 0 {
		out.Warn(fmt.Sprintf("%d 处未能进入路网，首处 %s：%s", n, r.Skipped[0].SourceID, r.Skipped[0].Reason),
			fmt.Sprintf("%d things could not become part of the network, the first %s: %s", n, r.Skipped[0].SourceID, r.Skipped[0].Reason))
	}
	if n := roads.MissingNodes; n > 0 {
		out.Fact(fmt.Sprintf("%d 个道路顶点不在数据范围内，道路在边界处截断", n),
			fmt.Sprintf("%d vertices of roads are not in the extract; roads end at its edge", n))
	}
	return out, nil
}

func describeIslands(out *pack.Report, r walknet.Report) {
	if len(r.Islands) == 0 {
		return
	}
	var at []orb.Point
	for _, c := range r.Islands {
		at = append(at, c.Point)
	}
	km := r.IslandLengthM() / 1000
	out.Warn(fmt.Sprintf("%d 片与主路网不相连，共 %.1f 千米，较长者位于 %s", len(r.Islands), km, places(at)),
		fmt.Sprintf("%d pieces, %.1f km in all, are not joined to the main network; the longest lie at %s", len(r.Islands), km, places(at)))
}

// places names the first few points of a list.
func places(points []orb.Point) string {
	text := ""
	for i, p := range points {
		if i == 3 {
			return text + " …"
		}
		if i > 0 {
			text += "; "
		}
		text += fmt.Sprintf("%.5f, %.5f", p[0], p[1])
	}
	return text
}

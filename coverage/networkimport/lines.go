package networkimport

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// readLines reads a line layer. Ways carry no node ids: they meet at ends that are the
// same within the join tolerance and at true crossings of one level.
func readLines(ctx context.Context, root string, layer pack.Named) (out Roads, err error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return Roads{}, err
	}
	out.Contradicts = table.Contradicts()
	seen := map[string]bool{}
	err = table.Each(ctx, func(row *packimport.Row) {
		out.Roads = append(out.Roads, readLine(row, seen)...)
	})
	return out, errors.Join(err, table.Close())
}

func readLine(row *packimport.Row, seen map[string]bool) []coveragedb.Road {
	key := row.Key()
	if seen[key] {
		row.Fault("source", key, "重复", "is used twice")
	}
	seen[key] = true
	road, ok := readColumns(row)
	var roads []coveragedb.Road
	for i, line := range row.Lines() {
		road.SourceID, road.Line = key, line
		if i > 0 {
			road.SourceID = fmt.Sprintf("%s#%d", key, i+1)
			if seen[road.SourceID] {
				row.Fault("source", key, "其第 "+strconv.Itoa(i+1)+" 段的编号 "+road.SourceID+" 已被别的记录占用",
					"has a part "+strconv.Itoa(i+1)+" that would be called "+road.SourceID+", which another row is called already")
			}
			seen[road.SourceID] = true
		}
		roads = append(roads, road)
	}
	if row.Bad() || !ok {
		return nil
	}
	return roads
}

// readColumns says the row's columns as tags and lets the tags decide.
func readColumns(row *packimport.Row) (coveragedb.Road, bool) {
	class := strings.ToLower(row.Text("class"))
	if class == "" {
		class = "road"
	}
	tags := Tags{
		"highway": class,
		"layer":   row.Text("level"),
		"access":  row.Text("access"),
	}
	for _, key := range []string{"bridge", "tunnel"} {
		if row.Text(key) == "viaduct" {
			tags[key] = "viaduct"
		} else if row.Flag(key, false) {
			tags[key] = "yes"
		}
	}
	if row.Text("foot") != "" {
		tags["foot"] = map[bool]string{true: "yes", false: "no"}[row.Flag("foot", true)]
	}
	readWalkColumns(row, tags)
	t, ok := readTags(tags)
	if !ok {
		row.Fault("class", row.Text("class"),
			"不认识的道路类别，请在 values.class 中对应到 primary、secondary、residential、footway 等",
			"is no road class we know; map it under values.class to primary, secondary, residential, footway …")
	}
	t.direction = direction(row)
	return coveragedb.Road{
		Name: row.Text("name"), Class: t.class, Walkable: t.walkable, Direction: t.direction,
		Bridge: t.bridge, Tunnel: t.tunnel, Level: t.level, Crossing: t.crossing, Wheels: t.wheels, Incline: t.incline,
	}, ok
}

// direction is on foot; the one-way rules of vehicles do not belong in this column.
func direction(row *packimport.Row) walknet.Direction {
	switch value := strings.ToLower(row.Text("direction")); value {
	case "", "both", "双向":
		return walknet.Both
	case "forward", "正向":
		return walknet.Forward
	case "backward", "反向":
		return walknet.Backward
	default:
		row.Fault("direction", value, "应为 both、forward 或 backward", "must be both, forward or backward")
		return walknet.Both
	}
}

// readWalkColumns says the columns about walkers as tags.
func readWalkColumns(row *packimport.Row, tags Tags) {
	switch value := strings.ToLower(row.Text("crossing")); value {
	case "", "no", "否":
	case "signals", "信号灯":
		tags["footway"], tags["crossing"] = "crossing", "traffic_signals"
	case "uncontrolled", "yes", "是", "无信号灯":
		tags["footway"] = "crossing"
	default:
		row.Fault("crossing", value, "应为 signals、uncontrolled 或空", "must be signals, uncontrolled or empty")
	}
	if row.Text("wheelchair") != "" {
		tags["wheelchair"] = map[bool]string{true: "yes", false: "no"}[row.Flag("wheelchair", true)]
	}
	if value := row.Text("incline"); value != "" {
		tags["incline"] = strings.TrimSuffix(strings.TrimSpace(value), "%") + "%"
		if _, err := strconv.ParseFloat(strings.TrimSuffix(tags["incline"], "%"), 64); err != nil {
			row.Fault("incline", value, "应为百分数，上坡为正，如 5 或 -3.5", "must be a percentage, positive uphill, such as 5 or -3.5")
		}
	}
}

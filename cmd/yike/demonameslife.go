package main

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/placenames"
	"yike/placenames/placenamedb"
)

func inside(m orb.MultiPolygon, p orb.Point) bool { return planar.MultiPolygonContains(m, p) }

// nature: a river with the bridges that have their names from it, a hill whose character is
// beyond the first 65,536 of Unicode, and a lake.
func (x *demoNames) nature(ctx context.Context) error {
	river := x.point("澜水河", "river", placenames.Customary, 0)
	var line orb.LineString
	for i := range 9 {
		off := float64(i-4) * 0.0045
		line = append(line, orb.Point{x.centre[0] + off, x.centre[1] - 0.35*off + 0.0006*float64(i%3)})
	}
	river.Geometry, river.Divisions = line, x.through(line)
	river.Origin, river.Meaning = "古称澜水，见旧县志（示例）", "水波清澜"
	host, err := x.made(ctx, river)
	if err != nil {
		return err
	}
	for i, text := range []string{"澜水河大桥", "澜水河北桥", "澜水河南桥"} {
		bridge := x.point(text, "bridge", placenames.Approved, i)
		bridge.Geometry, bridge.HostID, bridge.Size.LengthM = line[2+2*i], host.ID, float64(60+20*i)
		if _, err := x.made(ctx, bridge); err != nil {
			return err
		}
	}
	hill := x.point("𬭚山", "mountain", placenames.Customary, 1)
	hill.Origin = "“𬭚”为生僻字（U+2CB5A），记录与检索均保持原字"
	rare, err := x.made(ctx, hill)
	if err != nil {
		return err
	}
	lane := x.street(36, placenames.Approved)
	lane.Text, lane.HostID = "𬭚山路", rare.ID
	if _, err := x.made(ctx, lane); err != nil {
		return err
	}
	_, err = x.made(ctx, x.point("澄澜湖", "lake", placenames.Approved, 2))
	return err
}

// places of all other classes, some of them on a list of protected names.
func (x *demoNames) places(ctx context.Context) error {
	for i, s := range x.subs {
		n := placenames.Name{Text: s.NameZH, Kind: "subdistrict", State: placenames.Approved, Divisions: []string{s.Code}, Geometry: s.Boundary, Origin: "示例来历", Meaning: "示例含义"}
		if !endsInSubdistrict(s.NameZH) {
			n.Kind = "township"
		}
		if i > 2 {
			break
		}
		if _, err := x.made(ctx, n); err != nil {
			return err
		}
	}
	protected := &placenames.Heritage{
		List: "清澜区地名保护名录第一批（示例）", Level: "区级", Since: x.ago(900), Reason: "沿用百年以上的老地名（示例）", Measures: "更名前设牌说明、档案留存（示例）",
	}
	for i, p := range []struct {
		text, kind string
		state      placenames.State
		heritage   *placenames.Heritage
	}{
		{"清澜广场", "square", placenames.Approved, nil},
		{"钟鼓楼广场", "square", placenames.Customary, nil},
		{"柳湾村", "natural_village", placenames.Customary, protected},
		{"石桥庄", "natural_village", placenames.Customary, protected},
		{"澜水纪念碑", "memorial", placenames.Approved, protected},
		{"清澜科技园", "industrial", placenames.Approved, nil},
		{"翠岭公园", "city_park", placenames.Approved, nil},
		{"澜水湿地公园", "reserve", placenames.Approved, nil},
		{"清澜站", "station", placenames.Approved, nil},
		{"东澜客运站", "station", placenames.Customary, nil},
		{"北塘水库", "reservoir", placenames.Approved, nil},
		{"澜水干渠", "channel", placenames.Customary, nil},
		{"柳湾社区", "community_seat", placenames.Approved, nil},
		{"石桥村", "village_seat", placenames.Approved, nil},
		{"清澜大厦", "building", placenames.Approved, nil},
		{"海晏中心", "building", placenames.Proposed, nil},
	} {
		n := x.point(p.text, p.kind, p.state, i+3)
		n.Heritage = p.heritage
		if p.kind == "channel" {
			n.Geometry = orb.LineString{x.beside(i + 3), x.beside(i + 4)}
		}
		if p.kind == "building" {
			n.Size = placenames.Size{FloorM2: 52_000, HeightM: 96, Floors: 24}
		}
		if _, err := x.made(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func endsInSubdistrict(name string) bool {
	r := []rune(name)
	return len(r) > 2 && string(r[len(r)-2:]) == "街道"
}

// lives are names that were changed, contested, annulled, retired, given again on purpose, or
// found to be of a place that has a record.
func (x *demoNames) lives(ctx context.Context) error {
	renamed, err := x.made(ctx, x.street(37, placenames.Approved))
	if err != nil {
		return err
	}
	text := "清澜路"
	if _, err := x.store.Rename(ctx, x.w, renamed.ID, renamed.Version, placenamedb.Renaming{
		Text: text, Decision: x.decision(placenames.Renaming, x.ago(120), "关于"+renamed.Text+"更名为"+text+"的批复"), Reason: x.change.Reason,
	}, x.today); err != nil {
		return fmt.Errorf("rename %s: %w", renamed.Text, err)
	}
	ends := []placenames.Move{
		{To: placenames.Contested},
		{To: placenames.Annulled, Decision: x.decision(placenames.Annulment, x.ago(60), "关于撤销违规命名的决定")},
		{To: placenames.Retired, Decision: x.decision(placenames.Retirement, x.ago(200), "关于注销已灭失道路名称的批复")},
		{To: placenames.Merged, SuccessorID: renamed.ID, Decision: x.decision(placenames.Retirement, x.ago(90), "关于注销重复地名的批复")},
	}
	for i, m := range ends {
		n, err := x.made(ctx, x.street(38+i, placenames.Approved))
		if err != nil {
			return err
		}
		m.Reason = x.change.Reason
		moved, err := x.store.Move(ctx, x.w, n.ID, n.Version, m, x.today)
		if err != nil {
			return fmt.Errorf("end %s: %w", n.Text, err)
		}
		if m.To != placenames.Retired {
			continue
		}
		again := x.street(38+i, placenames.Approved)
		again.Decision = x.decision(placenames.Naming, x.ago(30), "关于"+again.Text+"的批复")
		again.Reuses = &placenames.Reuse{ID: moved.ID, Reason: "道路原址重建，沿用原名（示例）"}
		if _, err := x.made(ctx, again); err != nil {
			return err
		}
	}
	_, err = x.made(ctx, x.street(42, placenames.Draft))
	return err
}

// plan reserves names, one of which a proposal takes and one of which ran out.
func (x *demoNames) plan(ctx context.Context) error {
	for i, text := range []string{"澜晖路", "澜晴路", "澜岚路", "澜汀路", "映澜街", "沐澜街", "听澜桥", "澜洲公园"} {
		p := placenames.Planned{
			Text: text, Kind: "road", Plan: demoNamePlan, Division: x.subs[i%len(x.subs)].Code, Note: demoNameNote,
			Document: x.decision(placenames.Naming, x.ago(700), "关于清澜区地名规划的批复"),
		}
		switch i {
		case 3:
			p.Until = x.ago(30)
		case 6:
			p.Kind = "bridge"
		case 7:
			p.Kind = "city_park"
		}
		made, err := x.store.Reserve(ctx, x.w, p, x.change, x.today)
		if err != nil {
			return fmt.Errorf("reserve %s: %w", text, err)
		}
		if i != 0 {
			continue
		}
		n := x.street(43, placenames.Proposed)
		n.Text, n.Planned, n.Divisions = text, made.ID, []string{p.Division}
		if _, err := x.made(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"yike/coverage/coveragelive"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

// layerKind is one layer of the map: what it is called, what it says, how it is made.
type layerKind struct {
	info      tilehttp.LayerInfo
	asks      bool // its content follows from the query
	needsType bool // it is nothing without a facility type
	people    bool // it carries people per band
	shared    bool // its polygons share borders
	sites     bool // it shows facilities, whatever is asked
	make      func(context.Context, *tileSource, *coveragelive.State, tileQuery) ([]tiles.Feature, error)
}

// follows reports whether the layer is another one when facilities change.
func (k layerKind) follows(ask tileQuery) bool { return k.sites || k.asks && ask.Type != "" }

// tileMaxZoom is the last zoom worth asking for: beyond, clients draw these tiles
// larger. A unit is then 15 cm on the ground.
const tileMaxZoom = 16

// The first zooms of layers.
const (
	cellZoom     = 5  // people added up on a grid
	peopleZoom   = 14 // population points
	buildingZoom = 14
	barrierZoom  = 15
)

// layerKinds lists every layer, those drawn first in front.
func layerKinds() []layerKind {
	return []layerKind{
		{info: layerInfo("divisions", 0, "辖区 / divisions", divisionFields()), shared: true, make: divisionFeatures},
		{info: layerInfo("buildings", buildingZoom, "建筑 / buildings", fields{
			"use": "用途 / use; residential when people live there", "floors": "层数，0 表示不详 / floors, 0 unknown",
		}), make: buildingFeatures},
		{info: layerInfo("roads", 5, "道路 / roads", fields{
			"class": "类别 / class", "name": "名称 / name", "walkable": "可步行 / may be walked on",
			"bridge": "桥 / bridge", "tunnel": "隧道 / tunnel",
		}), make: roadFeatures},
		{info: layerInfo("barriers", barrierZoom, "障碍与小区门 / barriers and gates", fields{
			"kind": "类别 / kind", "passable": "可通行 / lets walkers through",
		}), make: barrierFeatures},
		{info: layerInfo("circles", 6, "服务圈 / service circles", fields{
			"facility": "设施标识 / id of the facility", "name_zh": "名称 / Chinese name", "name_en": "英文名 / English name", "type": "类型 / facility type",
			"c": "试算方案：new 新的，gone 不再有的 / with a plan: new or gone",
		}), asks: true, needsType: true, make: circleFeatures},
		{info: layerInfo("gaps", 6, "盲区 / coverage gaps", fields{
			"n": "最宽年龄段人数 / people of the widest band",
		}), asks: true, needsType: true, people: true, make: gapFeatures},
		{info: layerInfo("people", cellZoom, "人口 / people", fields{
			"n": "最宽年龄段人数 / people of the widest band",
			"t": "到最近设施的步行秒数，-1 表示时限之外 / seconds on foot to the nearest facility, -1 beyond the limit",
			"s": "covered, uncovered or unsnapped",
			"c": "试算方案的影响 / what a plan does: gained, lost, nearer, farther",
		}), asks: true, people: true, make: peopleFeatures},
		{info: layerInfo("facilities", 0, "设施 / facilities", fields{
			"type": "类型 / type", "name_zh": "名称 / Chinese name", "name_en": "英文名 / English name",
			"status": "状态 / status", "example": "示例，非真实设施 / placed by rule, not a real place",
		}), sites: true, make: facilityFeatures},
		{info: layerInfo("division_labels", 0, "辖区注记 / labels of divisions", divisionFields()), make: labelFeatures},
	}
}

type fields = map[string]string

func layerInfo(id string, minZoom int, text string, f fields) tilehttp.LayerInfo {
	f["id"] = "标识 / record id"
	return tilehttp.LayerInfo{ID: id, Description: text, MinZoom: minZoom, MaxZoom: tileMaxZoom, Fields: f}
}

func divisionFields() fields {
	return fields{
		"code": "代码 / code", "level": "层级 / level", "parent": "上级代码 / code of the parent",
		"name_zh": "名称 / Chinese name", "name_en": "英文名 / English name", "setting": "城乡 / urban or rural, empty when unknown",
	}
}

func layerNames() []string {
	var names []string
	for _, k := range layerKinds() {
		names = append(names, k.info.ID)
	}
	return names
}

// describe adds what depends on the district: the age bands of layers of people.
func (k layerKind) describe(st *coveragelive.State) tilehttp.LayerInfo {
	if k.people {
		for i, b := range st.Bands {
			k.info.Fields[fmt.Sprintf("b_%d", i)] = b.ID + " 人数 / people"
		}
	}
	return k.info
}

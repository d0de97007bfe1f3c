package placing_test

import (
	"fmt"
	"iter"
	"slices"

	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/geo"
	"yike/geo/divisions"
)

// world is a district of 4 × 2 km: two subdistricts of four communities each, roads every
// 500 m, estates between them, some house numbers, named buildings and facilities.
type world struct {
	frame   geo.LocalFrame
	list    []divisions.Division
	entries []placing.Entry
	gaz     *placing.Gazetteer
}

func (w *world) at(x, y float64) orb.Point { return w.frame.From(orb.Point{x, y}) }

func (w *world) square(x, y, dx, dy float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{w.at(x, y), w.at(x+dx, y), w.at(x+dx, y+dy), w.at(x, y+dy), w.at(x, y)}}}
}

// The roads that run east, by metres north, and those that run north, by metres east.
var (
	eastward  = map[string]float64{"解放路": 10, "友谊路": 500, "石桥一路": 1000, "石桥二路": 1500, "长江道": 1990}
	northward = map[string]float64{"建设大道": 10, "悦虹巷": 700, "中山街": 1500, "二七路": 2300, "3号路": 3100, "柳口路": 3990}
)

func newWorld() *world {
	w := &world{frame: geo.Frame(orb.Point{117, 39.1})}
	w.list = append(w.list, divisions.Division{ID: "d", Code: "120111", Level: divisions.District, NameZH: "西青区", NameEN: "Xiqing", Boundary: w.square(0, 0, 4000, 2000)})
	names := []string{"友谊社区", "嘉枫苑社区", "周家营村", "康霞社区", "友谊社区", "碧桐社区", "何家洼村", "翠荣社区"}
	for s, town := range []string{"西营门街道", "杨柳青镇"} {
		code := fmt.Sprintf("12011100%d", s+1)
		w.list = append(w.list, divisions.Division{ID: code, Code: code, ParentCode: "120111", Level: divisions.Subdistrict, NameZH: town, Boundary: w.square(2000*float64(s), 0, 2000, 2000)})
		for c := range 4 {
			sub := fmt.Sprintf("%s00%d", code, c+1)
			w.list = append(w.list, divisions.Division{
				ID: sub, Code: sub, ParentCode: code, Level: divisions.Community, NameZH: names[4*s+c],
				Boundary: w.square(2000*float64(s)+1000*float64(c%2), 1000*float64(c/2), 1000, 1000),
			})
		}
	}
	w.roads()
	w.buildings()
	w.facilities()
	half := len(w.entries) / 2
	w.gaz = placing.New(w.list, slices.Values(w.entries[:half]), slices.Values(w.entries[half:]))
	return w
}

func (w *world) add(e placing.Entry) {
	e.ID = fmt.Sprint("e", len(w.entries))
	w.entries = append(w.entries, e)
}

func (w *world) roads() {
	for _, name := range slices.Sorted(keys(eastward)) {
		y := eastward[name]
		for x := 0.0; x < 4000; x += 500 {
			w.add(placing.Entry{Kind: placing.Road, Name: name, Line: orb.LineString{w.at(x, y), w.at(x+500, y)}})
		}
	}
	for _, name := range slices.Sorted(keys(northward)) {
		x := northward[name]
		w.add(placing.Entry{Kind: placing.Road, Name: name, Line: orb.LineString{w.at(x, 0), w.at(x, 2000)}})
	}
	w.add(placing.Entry{Kind: placing.Road, Name: "短巷", Line: orb.LineString{w.at(2500, 700), w.at(2500, 900)}})
	// 解放路 has numbers every 40 m on the north side, 友谊路 at its ends.
	for n := 2; n <= 60; n += 2 {
		w.add(placing.Entry{Kind: placing.Door, Name: "解放路", Number: fmt.Sprint(n), Point: w.at(40*float64(n), 30)})
	}
	w.add(placing.Entry{Kind: placing.Door, Name: "解放路", Number: "12-1", Point: w.at(485, 35)})
	w.add(placing.Entry{Kind: placing.Door, Name: "友谊路", Number: "1", Point: w.at(100, 480)})
	w.add(placing.Entry{Kind: placing.Door, Name: "友谊路", Number: "41", Point: w.at(900, 480)})
	w.add(placing.Entry{Kind: placing.Door, Name: "友谊路", Number: "45", Point: w.at(980, 480)})
}

func (w *world) buildings() {
	estate := func(name string, x, y float64, buildings int) {
		for b := range buildings {
			w.add(placing.Entry{Kind: placing.Building, Name: fmt.Sprintf("%s%d号楼", name, b+1), Point: w.at(x+60*float64(b%4), y+50*float64(b/4))})
		}
	}
	estate("嘉枫苑", 1200, 200, 12)
	estate("怀湖花园", 200, 600, 8)
	estate("永莲里", 300, 1200, 8)
	estate("润丰新村", 1300, 1200, 4)
	estate("康乐家园", 2200, 200, 6) // of this name there are two
	estate("康乐家园", 3300, 1300, 6)
	for range 5 { // buildings that have the estate's name only
		w.add(placing.Entry{Kind: placing.Building, Name: "武华苑", Point: w.at(3300+float64(len(w.entries)%7)*15, 700)})
	}
	w.add(placing.Entry{Kind: placing.Building, Name: "凯旋大厦", Point: w.at(2350, 480)})
	w.add(placing.Entry{Kind: placing.Building, Name: "万科圆方A栋", Point: w.at(2450, 1480)})
	w.add(placing.Entry{Kind: placing.Building, Name: "利民菜市场", Point: w.at(720, 980)})
	w.add(placing.Entry{Kind: placing.Building, Name: "", Point: w.at(50, 50)})
	w.add(placing.Entry{Kind: placing.Building, Name: "12", Point: w.at(60, 50)})
}

func (w *world) facilities() {
	w.add(placing.Entry{Kind: placing.Facility, Name: "友谊小学", Point: w.at(650, 540), Address: "友谊路29号"})
	w.add(placing.Entry{Kind: placing.Facility, Name: "翠荣社区老人家食堂", Point: w.at(3700, 1470), Address: "石桥二路118号"})
	w.add(placing.Entry{Kind: placing.Facility, Name: "何家洼村骨灰堂", Point: w.at(2100, 1800), Address: "何家洼村"})
	w.add(placing.Entry{Kind: placing.Facility, Name: "碧桐社区日间照料中心", Point: w.at(3950, 300), Address: "柳口路8号", Unsure: true})
	w.add(placing.Entry{Kind: placing.Place, Name: "西青医院", Aliases: []string{"区医院"}, Point: w.at(1700, 1700)})
}

func keys(m map[string]float64) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

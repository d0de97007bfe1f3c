package survey

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// What a visit holds at the most.
const (
	// MostFixes is how long a track may be as it comes: eight hours with a fix each second.
	MostFixes   = 30_000
	mostKept    = 5_000 // of a track as it is kept
	mostPoints  = 200
	mostPeople  = 30
	longestText = 1000 // characters
	longestName = 60
	longest     = 200_000 // metres; the longest road of a district
	widest      = 1_000
)

// Known is what a visit is held against.
type Known struct {
	Today record.Day
	Box   orb.Bound // of the district; the zero value where nobody knows
}

type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Validate gives everything about a visit, cleaned, that a person may not write so.
func Validate(v Visit, k Known) []record.Fault {
	var f faults
	switch _, ok := record.ParseDay(string(v.Day)); {
	case v.Day == "":
		f.add("day", "", "请填写踏勘日期", "say on which day it was")
	case !ok:
		f.add("day", string(v.Day), "应为日期，如 2026-11-28", "must be a day such as 2026-11-28")
	case v.Day > k.Today:
		f.add("day", string(v.Day), fmt.Sprintf("不应晚于今天（%s）", k.Today), fmt.Sprintf("must not be after today, %s", k.Today))
	}
	f.people(v.People)
	f.track(v.Track)
	f.points(v.Points)
	f.findings(v.Findings)
	f.text("note", v.Note, longestText)
	if !k.Box.IsZero() && outside(v, k.Box) {
		f.add("track", "", "轨迹和点位都在辖区以外，请检查设备定位", "track and points all lie outside the district; check the device")
	}
	return f
}

// outside reports whether a visit was placed, and nowhere in the box. The way to the place may
// begin elsewhere.
func outside(v Visit, box orb.Bound) bool {
	placed := len(v.Track)+len(v.Points) > 0
	return placed && !slices.ContainsFunc(v.Track, func(x Fix) bool { return box.Contains(x.Point) }) &&
		!slices.ContainsFunc(v.Points, func(p Point) bool { return box.Contains(p.Point) })
}

func (f *faults) people(people []Person) {
	if len(people) > mostPeople {
		f.add("people", fmt.Sprint(len(people)), fmt.Sprintf("不应超过 %d 人", mostPeople), fmt.Sprintf("at most %d people", mostPeople))
	}
	for i, p := range people {
		at := fmt.Sprintf("people/%d/", i)
		if p.Office == "" {
			f.add(at+"office", "", "请填写所属单位或部门", "say of which office")
		}
		f.text(at+"office", p.Office, longestName)
		f.text(at+"name", p.Name, longestName)
	}
}

func (f *faults) track(track []Fix) {
	if len(track) > mostKept {
		f.add("track", fmt.Sprint(len(track)), fmt.Sprintf("轨迹最多保留 %d 点", mostKept), fmt.Sprintf("at most %d points of a track are kept", mostKept))
	}
	for i, x := range track {
		if !onEarth(x.Point) {
			f.add(fmt.Sprintf("track/%d", i), fmt.Sprint(x.Point), "经纬度超出范围", "is no place on the earth")
			return
		}
	}
}

func (f *faults) points(points []Point) {
	if len(points) > mostPoints {
		f.add("points", fmt.Sprint(len(points)), fmt.Sprintf("不应超过 %d 处", mostPoints), fmt.Sprintf("at most %d points", mostPoints))
	}
	for i, p := range points {
		at := fmt.Sprintf("points/%d/", i)
		if !coded(PointKinds(), p.Kind) {
			f.add(at+"kind", p.Kind, "没有这类点位", "there is no such kind of point")
		}
		if !onEarth(p.Point) {
			f.add(at+"lon", fmt.Sprint(p.Point), "经纬度超出范围", "is no place on the earth")
		}
		if !(p.AccuracyM >= 0 && p.AccuracyM <= 100_000) {
			f.add(at+"accuracy_m", fmt.Sprint(p.AccuracyM), "应为 0 到 100000 米", "must be 0 to 100000 metres")
		}
		f.text(at+"note", p.Note, longestText)
	}
}

func (f *faults) findings(x Findings) {
	for _, n := range []struct {
		field    string
		value    float64
		greatest int
	}{{"findings/length_m", x.LengthM, longest}, {"findings/width_m", x.WidthM, widest}} {
		if math.IsNaN(n.value) || n.value < 0 || n.value > float64(n.greatest) {
			f.add(n.field, fmt.Sprint(n.value), fmt.Sprintf("应为 0 到 %d 米", n.greatest), fmt.Sprintf("must be 0 to %d metres", n.greatest))
		}
	}
	if x.Direction != "" && !coded(Directions(), x.Direction) {
		f.add("findings/direction", x.Direction, "没有这种走向", "there is no such direction")
	}
	if x.Agreement != "" && !coded(Agreements(), string(x.Agreement)) {
		f.add("findings/agreement", string(x.Agreement), "没有这种结论", "there is no such conclusion")
	}
	if (x.Agreement == Partly || x.Agreement == Differs) && x.Remark == "" {
		f.add("findings/remark", "", "请写明哪里不一致", "say what is otherwise")
	}
	f.text("findings/signs", x.Signs, longestText)
	f.text("findings/remark", x.Remark, longestText)
}

func coded(codes []placenames.Code, code string) bool {
	return slices.ContainsFunc(codes, func(c placenames.Code) bool { return c.Code == code })
}

// text holds a text to its length, and to have no number of a private person in it.
func (f *faults) text(field, text string, most int) {
	if n := placenames.Characters(text); n > most {
		f.add(field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", most), fmt.Sprintf("at most %d characters", most))
	}
	if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' && c != '\r' }) {
		f.add(field, "", "不能有控制字符", "must not hold control characters")
	}
	if regexp.MustCompile(`(^|\D)(1[3-9]\d{9}|\d{17}[\dXx])(\D|$)`).MatchString(text) {
		f.add(field, "", "请不要填写个人电话或证件号码", "leave out telephone and identity numbers of persons")
	}
}

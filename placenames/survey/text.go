package survey

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"yike/placenames"
)

// Applied is what the application says of the place. What is empty it does not say.
type Applied struct {
	Text    string // the name that is asked for
	LengthM float64
	WidthM  float64
	From    string // where it begins, in words
	To      string
}

// RecordLine is one line of a survey record: how it is called and what it says, in both languages.
type RecordLine struct {
	LabelZH, LabelEN string
	ZH, EN           string
}

// Difference is a measure that is not what the application says.
type Difference struct {
	Field           string // length_m, width_m
	ZH, EN          string // how it is called
	Applied, Found  float64
	Share           float64 // (found − applied) / applied
	WithinTolerance bool    // at most a tenth off, or a metre
}

// Differences compares what was measured with the application, where both say something.
func Differences(a Applied, x Findings) []Difference {
	var out []Difference
	for _, m := range []struct {
		field, zh, en  string
		applied, found float64
	}{{"length_m", "长度", "length", a.LengthM, x.LengthM}, {"width_m", "宽度", "width", a.WidthM, x.WidthM}} {
		if m.applied <= 0 || m.found <= 0 {
			continue
		}
		share := (m.found - m.applied) / m.applied
		out = append(out, Difference{
			Field: m.field, ZH: m.zh, EN: m.en, Applied: m.applied, Found: m.found, Share: share,
			WithinTolerance: math.Abs(share) <= 0.1 || math.Abs(m.found-m.applied) <= 1,
		})
	}
	return out
}

// Record gives the lines of the survey record (踏勘记录) of one visit; what nobody noted has no
// line.
func Record(v Visit, a Applied) []RecordLine {
	var out []RecordLine
	add := func(labelZH, labelEN, zh, en string) {
		if zh != "" {
			out = append(out, RecordLine{LabelZH: labelZH, LabelEN: labelEN, ZH: zh, EN: en})
		}
	}
	add("踏勘日期", "Day", string(v.Day), string(v.Day))
	var people []string
	for _, p := range v.People {
		people = append(people, strings.TrimSpace(p.Office+" "+p.Name))
	}
	add("参加人员", "People", strings.Join(people, "、"), strings.Join(people, ", "))
	if len(v.Track) > 1 {
		m := math.Round(Walked(v.Track))
		minutes := (v.Track[len(v.Track)-1].At - v.Track[0].At + 30_000) / 60_000
		add("踏勘轨迹", "Track", fmt.Sprintf("行走 %.0f 米，历时 %d 分钟", m, minutes), fmt.Sprintf("%.0f m walked in %d min", m, minutes))
	}
	if m, ok := v.Along(); ok {
		add("沿线量测", "Along the place", fmt.Sprintf("起点至止点沿轨迹 %.0f 米", m), fmt.Sprintf("%.0f m along the track from start to end", m))
	}
	zh, en := noted(v.Points)
	add("点位", "Points", zh, en)
	zh, en = measured(v.Findings, a)
	add("现场量测", "Measured", zh, en)
	add("现有标志", "Signs there", v.Findings.Signs, v.Findings.Signs)
	zh, en = concluded(v.Findings)
	add("踏勘结论", "Conclusion", zh, en)
	if v.Photos > 0 {
		add("照片", "Photos", fmt.Sprintf("%d 张", v.Photos), fmt.Sprint(v.Photos))
	}
	add("备注", "Note", v.Note, v.Note)
	return out
}

// noted counts the points by kind, and says what was written to them.
func noted(points []Point) (zh, en string) {
	var zhs, ens []string
	for _, kind := range PointKinds() {
		count, notes := 0, []string{}
		for _, p := range points {
			if p.Kind != kind.Code {
				continue
			}
			count++
			if p.Note != "" {
				notes = append(notes, p.Note)
			}
		}
		if count == 0 {
			continue
		}
		z, e := fmt.Sprintf("%s %d 处", kind.ZH, count), fmt.Sprintf("%s: %d", kind.EN, count)
		if len(notes) > 0 {
			z, e = z+"（"+strings.Join(notes, "；")+"）", e+" ("+strings.Join(notes, "; ")+")"
		}
		zhs, ens = append(zhs, z), append(ens, e)
	}
	return strings.Join(zhs, "，"), strings.Join(ens, ", ")
}

func measured(x Findings, a Applied) (zh, en string) {
	var zhs, ens []string
	compared := Differences(a, x)
	for _, m := range []struct {
		field, zh, en string
		value         float64
	}{{"length_m", "长", "length", x.LengthM}, {"width_m", "宽", "width", x.WidthM}} {
		if m.value <= 0 {
			continue
		}
		z, e := fmt.Sprintf("%s %s 米", m.zh, metres(m.value)), fmt.Sprintf("%s %s m", m.en, metres(m.value))
		if i := slices.IndexFunc(compared, func(d Difference) bool { return d.Field == m.field }); i >= 0 {
			d := compared[i]
			z += fmt.Sprintf("（申请 %s 米，相差 %+.0f%%）", metres(d.Applied), 100*d.Share)
			e += fmt.Sprintf(" (application %s m, %+.0f %%)", metres(d.Applied), 100*d.Share)
		}
		zhs, ens = append(zhs, z), append(ens, e)
	}
	if c, ok := codeOf(Directions(), x.Direction); ok {
		zhs, ens = append(zhs, c.ZH), append(ens, c.EN)
	}
	return strings.Join(zhs, "，"), strings.Join(ens, ", ")
}

func concluded(x Findings) (zh, en string) {
	c, ok := codeOf(Agreements(), string(x.Agreement))
	if !ok {
		return x.Remark, x.Remark
	}
	if x.Remark == "" {
		return c.ZH, c.EN
	}
	return c.ZH + "。" + x.Remark, c.EN + ". " + x.Remark
}

func codeOf(codes []placenames.Code, code string) (placenames.Code, bool) {
	if i := slices.IndexFunc(codes, func(c placenames.Code) bool { return c.Code == code }); i >= 0 {
		return codes[i], true
	}
	return placenames.Code{}, false
}

// metres writes a length as people say it: a tenth of a metre where it is not whole.
func metres(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

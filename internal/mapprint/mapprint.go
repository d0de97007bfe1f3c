// Package mapprint sets a picture of a map onto a sheet of paper: the question it answers
// as the title, the map, its legend, a scale bar that is true to the printed size, north,
// what must be said of the data, and a code that leads back to the view.
//
// It owns the layout of the sheet and the arithmetic of its scale. It knows no layer of
// the map: whoever draws the picture says what its signs mean.
package mapprint

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"yike/internal/pdf"
	"yike/internal/record"
)

// Paper is the size of the sheet.
type Paper string

// The sheets of an office.
const (
	A4 Paper = "a4"
	A3 Paper = "a3"
)

// Orientation is how the sheet lies.
type Orientation string

// The two ways of a sheet to lie.
const (
	Portrait  Orientation = "portrait"
	Landscape Orientation = "landscape"
)

// Kind is the shape of a sign in the legend.
type Kind string

// The shapes. A heading is a line of text over the signs that follow, and a note is text
// that has no sign, such as what the map leaves out.
const (
	Heading Kind = "heading"
	Note    Kind = "note"
	Area    Kind = "area"
	Line    Kind = "line"
	Dot     Kind = "dot"
	Ramp    Kind = "ramp"
	Drawn   Kind = "picture"
)

// Sign is one entry of the legend.
type Sign struct {
	Kind    Kind
	Color   string // "#RRGGBB": of the fill, the line, the dot, the ramp's beginning
	To      string // the ramp's end
	Edge    string // the outline's colour; "" for none
	Hatch   string // the colour of hatching over the fill; "" for none
	Dashed  bool
	Picture *pdf.Picture // of Drawn
	Label   string
}

// Sheet is one print.
type Sheet struct {
	Paper       Paper
	Orientation Orientation
	English     bool
	Title       string // the question that the map answers
	Subtitle    string // the district, the day of the data
	Office      string // who prints it; never a person unless they want to
	Day         record.Day
	Synthetic   string // that the data are made up, said in large type; "" where they are not

	Picture        *pdf.Picture
	Lat            float64 // of the middle of the map, degrees
	MetresPerPixel float64 // on the ground along the parallel in the middle, of the picture's pixels
	Rotation       float64 // degrees from north to the top of the map, clockwise

	Legend       []Sign
	Notices      []string
	ReviewNumber string // 审图号; "" leaves room for it
	View         string // address of the view
}

// The bounds of a sheet's parts.
const (
	maxTitle   = 120 // characters
	maxLine    = 200
	maxLabel   = 120
	maxSigns   = 60
	maxNotices = 12
	maxView    = 1200 // bytes; more is too fine a code to scan
)

// Check tells what is at fault with a sheet, by the names of the fields of a request.
func (s Sheet) Check() []record.Fault {
	var faults []record.Fault
	fault := func(field, value, zh, en string) {
		faults = append(faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	if s.Paper != A4 && s.Paper != A3 {
		fault("paper", string(s.Paper), "纸张应为 a4 或 a3", "the paper must be a4 or a3")
	}
	if s.Orientation != Portrait && s.Orientation != Landscape {
		fault("orientation", string(s.Orientation), "方向应为 portrait（纵向）或 landscape（横向）", "the orientation must be portrait or landscape")
	}
	if strings.TrimSpace(s.Title) == "" {
		fault("title", "", "标题不能为空：写明这张图回答什么问题", "a title is needed: the question that the map answers")
	}
	for _, text := range []struct {
		field, value string
		most         int
	}{{"title", s.Title, maxTitle}, {"subtitle", s.Subtitle, maxLine}, {"office", s.Office, maxLine}} {
		if n := len([]rune(text.value)); n > text.most {
			fault(text.field, "", fmt.Sprintf("最多 %d 个字，现有 %d 个", text.most, n), fmt.Sprintf("at most %d characters; it has %d", text.most, n))
		}
	}
	if !(math.Abs(s.Lat) <= 85) {
		fault("lat", fmt.Sprint(s.Lat), "纬度应在 −85 与 85 之间", "the latitude must be between -85 and 85")
	}
	if !(s.MetresPerPixel >= 0.001 && s.MetresPerPixel <= 200_000) {
		fault("metres_per_pixel", fmt.Sprint(s.MetresPerPixel), "每像素的米数应在 0.001 与 200000 之间", "metres per pixel must be between 0.001 and 200000")
	}
	if !(math.Abs(s.Rotation) <= 360) {
		fault("rotation", fmt.Sprint(s.Rotation), "旋转角应在 −360 与 360 度之间", "the rotation must be between -360 and 360 degrees")
	}
	if len(s.View) > maxView {
		fault("view", "", "视图地址过长，印成的二维码无法扫读", "the address of the view is too long for a code that can be scanned")
	}
	if len(s.Notices) > maxNotices {
		fault("notices", "", fmt.Sprintf("数据说明最多 %d 条", maxNotices), fmt.Sprintf("at most %d notices", maxNotices))
	}
	return append(faults, s.checkLegend()...)
}

func (s Sheet) checkLegend() []record.Fault {
	var faults []record.Fault
	if len(s.Legend) > maxSigns {
		faults = append(faults, record.Fault{Field: "legend", ZH: fmt.Sprintf("图例最多 %d 项", maxSigns), EN: fmt.Sprintf("at most %d entries in the legend", maxSigns)})
	}
	for i, sign := range s.Legend {
		field := fmt.Sprintf("legend/%d", i)
		if n := len([]rune(sign.Label)); n == 0 || n > maxLabel {
			faults = append(faults, record.Fault{Field: field + "/label", ZH: fmt.Sprintf("图例文字应为 1 到 %d 个字", maxLabel), EN: fmt.Sprintf("a label has 1 to %d characters", maxLabel)})
		}
		for _, c := range []string{sign.Color, sign.To, sign.Edge, sign.Hatch} {
			if _, ok := colorOf(c); c != "" && !ok {
				faults = append(faults, record.Fault{Field: field, Value: c, ZH: "颜色应形如 #1F6F78", EN: "a colour looks like #1F6F78"})
			}
		}
		switch sign.Kind {
		case Heading, Note, Area, Line, Dot, Ramp:
		case Drawn:
			if sign.Picture == nil {
				faults = append(faults, record.Fault{Field: field + "/picture", ZH: "缺少图例图片", EN: "the picture of the sign is missing"})
			}
		default:
			faults = append(faults, record.Fault{Field: field + "/kind", Value: string(sign.Kind), ZH: "没有这种图例符号", EN: "there is no such kind of sign"})
		}
	}
	return faults
}

// colorOf reads "#RRGGBB".
func colorOf(text string) (pdf.Color, bool) {
	var c pdf.Color
	if !regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`).MatchString(text) {
		return c, false
	}
	_, err := fmt.Sscanf(text[1:], "%02x%02x%02x", &c.R, &c.G, &c.B)
	return c, err == nil
}

// Frame is how large the map is on a sheet.
type Frame struct {
	Paper       Paper
	Orientation Orientation
	Legend      bool
	WidthMM     float64
	HeightMM    float64
}

// Frames lists the size of the map on every sheet, with and without a legend, where these
// notices stand at the foot. A picture of that shape fills its frame; how many lines the
// notices take is guessed, and a picture whose frame is otherwise is made to fit.
func Frames(notices []string) []Frame {
	var all []Frame
	for _, paper := range []Paper{A4, A3} {
		for _, orientation := range []Orientation{Landscape, Portrait} {
			for _, legend := range []bool{true, false} {
				s := Sheet{Paper: paper, Orientation: orientation}
				sheet := s.size()
				body := pdf.Box{W: sheet.Width - 2*margin, H: sheet.Height - 2*margin - footHeight(notices, sheet.Width-2*margin)}
				m := s.layout(body, legend).mapBox
				all = append(all, Frame{paper, orientation, legend, math.Floor(m.W / pdf.MM), math.Floor(m.H / pdf.MM)})
			}
		}
	}
	return all
}

// footHeight guesses how high the foot of a sheet is: a line of its source, and of each
// notice as many as its letters need.
func footHeight(notices []string, width float64) float64 {
	const size, line = 8.0, 12.0
	lines := 1
	for _, n := range notices {
		used := 0.0
		for _, r := range n {
			if r < 0x2E80 {
				used += size * 0.55
			} else {
				used += size
			}
		}
		lines += int(used/width) + 1
	}
	return 5*pdf.MM + float64(lines)*line
}

package mapprinthttp

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/mapprint"
	"yike/internal/pdf"
	"yike/internal/record"
)

// ask is what a client says of a print: the MapPrint object of the description.
type ask struct {
	Title          string     `json:"title"`            // the question that the map answers
	Subtitle       string     `json:"subtitle"`         // what narrows it, such as the age band
	Office         string     `json:"office"`           // who prints it
	Paper          string     `json:"paper"`            // a4, a3
	Orientation    string     `json:"orientation"`      // portrait, landscape
	Lang           string     `json:"lang"`             // zh, en
	Lat            float64    `json:"lat"`              // of the middle
	MetresPerPixel float64    `json:"metres_per_pixel"` // of the picture's pixels, along the parallel in the middle
	Bounds         [4]float64 `json:"bounds"`           // west, south, east, north; all zero for none
	Rotation       float64    `json:"rotation"`         // degrees from north to the top of the map, clockwise
	Legend         []sign     `json:"legend"`
	Notices        []words    `json:"notices"`  // besides the district's
	View           string     `json:"view"`     // path and query of the view
	Day            string     `json:"day"`      // of the data; today when left out
	BaseMap        bool       `json:"base_map"` // the published base map is on the picture
}

// words is a sentence in both languages.
type words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// sign is one entry of the legend.
type sign struct {
	Kind   string `json:"kind"` // heading, note, area, line, dot, ramp, picture
	Color  string `json:"color"`
	To     string `json:"to"`
	Edge   string `json:"edge"`
	Hatch  string `json:"hatch"`
	Dashed bool   `json:"dashed"`
	PNG    string `json:"png"` // of a picture, in base64
	words
}

func (w words) in(english bool) string {
	t := httpapi.Text{ZH: w.ZH, EN: w.EN}
	if english {
		return t.In(httpapi.English)
	}
	return t.In(httpapi.Chinese)
}

func textIn(t httpapi.Text, english bool) string { return words(t).in(english) }

// sheet makes the print of what was asked and of what must be said. It returns a
// *record.InvalidError, pdf.ErrPicture or pdf.ErrPictureTooLarge.
func (a ask) sheet(image huma.FormFile, facts Facts, base string, today record.Day) (mapprint.Sheet, error) {
	english := a.Lang == "en"
	s := mapprint.Sheet{
		Paper: mapprint.Paper(a.Paper), Orientation: mapprint.Orientation(a.Orientation), English: english,
		Title: a.Title, Office: a.Office, Day: today, Lat: a.Lat, MetresPerPixel: a.MetresPerPixel, Rotation: a.Rotation,
		View: base + a.View,
	}
	var faults []record.Fault
	if a.Lang != "zh" && a.Lang != "en" {
		faults = append(faults, record.Fault{Field: "lang", Value: a.Lang, ZH: "语言应为 zh 或 en", EN: "the language must be zh or en"})
	}
	if !strings.HasPrefix(a.View, "/") || strings.HasPrefix(a.View, "//") || strings.ContainsAny(a.View, "\\ \n\r\t") {
		faults = append(faults, record.Fault{Field: "view", Value: a.View, ZH: "应为本站的路径，如 /?z=14", EN: "it must be a path of this server such as /?z=14"})
	}
	day := today
	if a.Day != "" {
		var ok bool
		if day, ok = record.ParseDay(a.Day); !ok {
			faults = append(faults, record.Fault{Field: "day", Value: a.Day, ZH: "应为日期，如 2026-11-27", EN: "it must be a day such as 2026-11-27"})
		}
	}
	s.Subtitle = subtitle(textIn(facts.District, english), a.Subtitle, dayText(day, today, english))
	s.Synthetic, s.Notices, s.ReviewNumber = a.said(facts, english)
	legend, more := a.signs(english)
	s.Legend = legend
	faults = append(append(faults, more...), s.Check()...)
	if err := record.Invalid(faults); err != nil {
		return s, err
	}
	var err error
	if s.Picture, err = readPicture(image.File); err != nil {
		return s, err
	}
	return s, record.Invalid(a.checkScale(s.Picture.Width))
}

func subtitle(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// said is what the sheet says of the data.
func (a ask) said(facts Facts, english bool) (synthetic string, notices []string, review string) {
	if facts.Synthetic {
		synthetic = words{"合成示例数据，不是真实地方", "Synthetic example data, not a real place"}.in(english)
	}
	for _, n := range facts.Notices {
		notices = append(notices, textIn(n, english))
	}
	for _, n := range a.Notices {
		notices = append(notices, n.in(english))
	}
	if a.BaseMap {
		review = facts.ReviewNumber
	}
	return synthetic, notices, review
}

func (a ask) signs(english bool) ([]mapprint.Sign, []record.Fault) {
	var all []mapprint.Sign
	var faults []record.Fault
	for i, g := range a.Legend {
		made := mapprint.Sign{
			Kind: mapprint.Kind(g.Kind), Color: g.Color, To: g.To, Edge: g.Edge, Hatch: g.Hatch, Dashed: g.Dashed, Label: g.in(english),
		}
		if g.PNG != "" {
			data, err := base64.StdEncoding.DecodeString(g.PNG)
			if err == nil {
				made.Picture, err = pdf.ReadPicture(data, maxSignPixels)
			}
			if err != nil {
				faults = append(faults, record.Fault{Field: fmt.Sprintf("legend/%d/png", i), ZH: "不是 256 像素以内的 PNG 图片", EN: "it is no PNG picture of at most 256 pixels a side"})
			}
		}
		all = append(all, made)
	}
	return all, faults
}

// checkScale holds the scale against the bounds: a bar that is wrong is worse than none.
func (a ask) checkScale(pixels int) []record.Fault {
	if a.Bounds == [4]float64{} || math.Mod(a.Rotation, 360) != 0 {
		return nil
	}
	degrees := a.Bounds[2] - a.Bounds[0]
	if !(degrees > degree && degrees <= 360) {
		return []record.Fault{{Field: "bounds", ZH: "东边的经度应大于西边的", EN: "the eastern longitude must be greater than the western"}}
	}
	const tolerance = 0.01
	want := mapprint.MetresPerPixel(a.Lat, degrees, pixels)
	if math.Abs(a.MetresPerPixel/want-1) > tolerance {
		return []record.Fault{{
			Field: "metres_per_pixel", Value: fmt.Sprint(a.MetresPerPixel),
			ZH: fmt.Sprintf("与图幅范围不符：按范围应为每像素 %.3f 米", want), EN: fmt.Sprintf("it does not fit the bounds, by which it is %.3f metres for each pixel", want),
		}}
	}
	return nil
}

// dayText says of which day the data are, where that is not the day of the print.
func dayText(day, today record.Day, english bool) string {
	if day == today || day == "" {
		return string(day)
	}
	return words{"数据日期 ", "data as of "}.in(english) + string(day)
}

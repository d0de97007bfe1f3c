package faces

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"yike/placenames/plates"
	"yike/placenames/plates/symbol"
)

// Face is one kind of plate as it is made.
type Face struct {
	ID         string      `json:"id"`
	Kind       plates.Kind `json:"kind"`
	ZH         string      `json:"zh"`
	EN         string      `json:"en"`
	Width      float64     `json:"width"`
	Height     float64     `json:"height"`
	Thickness  float64     `json:"thickness"`  // of the metal
	Edge       float64     `json:"edge"`       // how deep the metal is turned back
	Corner     float64     `json:"corner"`     // radius
	Background string      `json:"background"` // #RRGGBB
	Ink        string      `json:"ink"`        // of the text
	Bands      []float64   `json:"bands"`      // shares of the height from the top; together 1
	Lines      []Line      `json:"lines"`
	Symbol     Square      `json:"symbol"` // the white square, quiet zone included
	Source     Source      `json:"source"`
	Ours       []string    `json:"ours"` // what the source does not say and is proposed here
}

// Line is where one text stands.
type Line struct {
	What   What    `json:"what"`
	Band   int     `json:"band"` // in which band of the face
	X      float64 `json:"x"`
	Width  float64 `json:"width"`  // the text is centred in it
	Base   float64 `json:"base"`   // the base line, from the top of the face
	Size   float64 `json:"size"`   // of the type: the height of a Chinese character
	Least  float64 `json:"least"`  // how far letters may be condensed: 0.6 is to 60 % of their width
	Spread float64 `json:"spread"` // how far characters may be set apart, in parts of the size
}

// What is a text of a plate.
type What string

// The texts of plates.
const (
	Name     What = "name"     // 青年路
	Roman    What = "roman"    // Qingnian Lu
	Number   What = "number"   // 12号: Chinese characters stand small beside the figures
	Postcode What = "postcode" // 邮政编码 712000
	Domain   What = "domain"   // the host of the symbol's address, to be compared
	Code     What = "code"     // the code in groups, to be read aloud
)

// Square is where the symbol stands.
type Square struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Side float64 `json:"side"`
}

// Source is the text that a face follows and how well it is known: "R" read in full, "r"
// read in part or in a copy, "P" proposed here.
type Source struct {
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Grade string `json:"grade"`
}

//go:embed faces.json
var builtIn []byte

// BuiltIn gives the faces that the product knows: the door plates of the Tianjin
// specification, and the building, unit and room plates of an older list.
func BuiltIn() ([]Face, error) { return Read(builtIn) }

// Read reads faces from a JSON list and checks each. It returns the faults of all of them.
func Read(data []byte) ([]Face, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var list []Face
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("read the faces of plates: %w", err)
	}
	var faults []error
	seen := map[string]bool{}
	for i, f := range list {
		if err := f.Check(); err != nil {
			faults = append(faults, fmt.Errorf("face %d (%s): %w", i+1, f.ID, err))
		}
		if seen[f.ID] {
			faults = append(faults, fmt.Errorf("face %d: there is another face %q", i+1, f.ID))
		}
		seen[f.ID] = true
	}
	return list, errors.Join(faults...)
}

// Merge puts a bureau's own faces over those that are built in: one with a known id takes
// its place, others follow.
func Merge(base, own []Face) []Face {
	all := append([]Face(nil), base...)
	for _, f := range own {
		at := len(all)
		for i := range base {
			if base[i].ID == f.ID {
				at = i
			}
		}
		if at == len(all) {
			all = append(all, f)
		} else {
			all[at] = f
		}
	}
	return all
}

// Check tells what is wrong with a face: texts that leave their band or the face or run into
// the symbol (rule PLT-15), colours that are none, a symbol whose modules would be below
// symbol.LeastModule at version 3 (PLT-17, PLT-18).
func (f Face) Check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if f.ID == "" || f.ZH == "" || f.EN == "" || f.Source.ZH == "" || f.Source.EN == "" {
		fault("a face has an id, a name and a source in both languages")
	}
	if !f.Kind.Valid() {
		fault("there is no kind %q", f.Kind)
	}
	if !(f.Width > 0 && f.Height > 0 && f.Width <= 2000 && f.Height <= 2000) || f.Corner < 0 || 2*f.Corner > min(f.Width, f.Height) {
		fault("%g × %g mm with corners of %g mm is no plate", f.Width, f.Height, f.Corner)
	}
	for _, c := range []string{f.Background, f.Ink} {
		if _, err := Colour(c); err != nil {
			faults = append(faults, err)
		}
	}
	sum := 0.0
	for _, b := range f.Bands {
		sum += b
	}
	if sum < 0.999 || sum > 1.001 {
		fault("the bands make up %g of the height, not 1", sum)
	}
	s := f.Symbol
	if s.X < 0 || s.Y < 0 || s.X+s.Side > f.Width || s.Y+s.Side > f.Height {
		fault("the symbol leaves the face")
	}
	if module := symbol.Module(symbol.Plan{Version: 3}, s.Side); module < symbol.LeastModule {
		fault("a symbol of %g mm has modules of %.2f mm; at least %g mm are needed", s.Side, module, symbol.LeastModule)
	}
	return errors.Join(append(faults, f.checkLines()...)...)
}

func (f Face) checkLines() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	seen := map[What]bool{}
	for _, l := range f.Lines {
		switch l.What {
		case Name, Roman, Number, Postcode, Domain, Code:
		default:
			fault("no plate says %q", l.What)
		}
		if seen[l.What] {
			fault("the %s stands twice", l.What)
		}
		seen[l.What] = true
		if l.Band < 0 || l.Band >= len(f.Bands) || !(l.Size > 0) || !(l.Width > 0) || !(l.Least > 0 && l.Least <= 1) || l.Spread < 0 {
			fault("the line of the %s has no band, size, width or least width", l.What)
			continue
		}
		top, bottom := f.band(l.Band)
		slack := f.Height / 50 // rule PLT-15: 2 %
		over, under := l.height()
		if l.Base-over < top-slack || l.Base+under > bottom+slack {
			fault("the %s leaves its band: %g to %g of %g to %g mm", l.What, l.Base-over, l.Base+under, top, bottom)
		}
		if l.X < 0 || l.X+l.Width > f.Width {
			fault("the %s leaves the face", l.What)
		}
		s := f.Symbol
		if l.X < s.X+s.Side && l.X+l.Width > s.X && l.Base-over < s.Y+s.Side && l.Base+under > s.Y {
			fault("the %s runs into the symbol", l.What)
		}
	}
	for _, must := range []What{Number, Domain, Code} {
		if !seen[must] {
			fault("the %s has no place", must)
		}
	}
	return faults
}

// height is how far a line reaches over and under its base line. Chinese characters fill
// 0.86 of their size above the line and 0.08 below; figures and capitals 0.74 and none.
func (l Line) height() (over, under float64) {
	switch l.What {
	case Name, Postcode:
		return 0.86 * l.Size, 0.08 * l.Size
	case Roman:
		return 0.76 * l.Size, 0.2 * l.Size
	default:
		return 0.74 * l.Size, 0
	}
}

func (f Face) band(i int) (top, bottom float64) {
	for _, b := range f.Bands[:i] {
		top += b * f.Height
	}
	return top, top + f.Bands[i]*f.Height
}

// Colour reads #RRGGBB.
func Colour(s string) ([3]uint8, error) {
	if len(s) == 7 && s[0] == '#' {
		if v, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return [3]uint8{uint8(v >> 16), uint8(v >> 8), uint8(v)}, nil //nolint:gosec // the bytes of the number
		}
	}
	return [3]uint8{}, fmt.Errorf("%q is no colour; write it as #RRGGBB", s)
}

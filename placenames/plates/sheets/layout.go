package sheets

import (
	"math"

	"yike/placenames/plates/faces"
)

// Sheet is the area on which plates are printed, in millimetres.
type Sheet struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// MakerSheet is a sheet of 1,200 × 800 mm. No text prescribes one; makers' plates and films
// of this size are common.
func MakerSheet() Sheet { return Sheet{Width: 1200, Height: 800} }

const (
	border  = 12.0 // around all plates: the crop marks of the outer ones
	heading = 14.0 // above them
	gap     = 16.0 // between plates: crop marks and the line that names the plate
)

// grid tells how many plates of a face stand side by side and below one another on a sheet.
func (s Sheet) grid(f *faces.Face) (columns, rows int) {
	fit := func(room, side float64) int { return int(math.Floor((room + gap) / (side + gap))) }
	return fit(s.Width-2*border, f.Width), fit(s.Height-2*border-heading, f.Height)
}

// Place is where a plate stands in the file.
type Place struct {
	Page   int `json:"page"`   // from 1
	Row    int `json:"row"`    // from 1, from the top
	Column int `json:"column"` // from 1, from the left
	// The upper left corner of the plate on the page, from its upper left corner, millimetres.
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// place is where plate n, from 0, of a run of one face stands.
func (s Sheet) place(f *faces.Face, n, columns int) Place {
	row, column := n/columns, n%columns
	return Place{
		Row: row + 1, Column: column + 1,
		X: border + float64(column)*(f.Width+gap), Y: border + heading + float64(row)*(f.Height+gap),
	}
}

package pdf

// MM is one millimetre in points.
const MM = 72 / 25.4

// Paper is a sheet of the ISO A series in portrait, in points.
type Paper struct {
	Width, Height float64
}

// A4 is the sheet of 210 by 297 mm.
func A4() Paper { return Paper{Width: 210 * MM, Height: 297 * MM} }

// A3 is the sheet of 297 by 420 mm.
func A3() Paper { return Paper{Width: 297 * MM, Height: 420 * MM} }

// Turned returns the sheet lying on its side.
func (p Paper) Turned() Paper { return Paper{Width: p.Height, Height: p.Width} }

// Box is a rectangle on a page in points, from its upper left corner.
type Box struct {
	X, Y, W, H float64
}

// Inset returns the box made smaller by d on each side.
func (b Box) Inset(d float64) Box {
	return Box{X: b.X + d, Y: b.Y + d, W: max(b.W-2*d, 0), H: max(b.H-2*d, 0)}
}

// Color is a colour of the screen's RGB, each part 0 to 255.
type Color struct {
	R, G, B uint8
}

// Black is the colour of text.
func Black() Color { return Color{} }

// White is the colour of paper.
func White() Color { return Color{255, 255, 255} }

// Grey is the colour of what stands back: sources, units, rules between rows.
func Grey() Color { return Color{96, 96, 96} }

// Danger is the red of a deficit; on grey paper the text beside it must say so too.
func Danger() Color { return Color{0xB8, 0x32, 0x32} }

// Warning is the ochre of a gap.
func Warning() Color { return Color{0x8A, 0x5A, 0x0B} }

// Accent is the product's teal.
func Accent() Color { return Color{0x1F, 0x6F, 0x78} }

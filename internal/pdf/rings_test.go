package pdf_test

import (
	"fmt"
	"testing"

	"yike/internal/pdf"
)

// A hole stays empty whichever way its ring runs, and nothing is seen beyond a clip.
func TestAreasWithHolesAndClips(t *testing.T) {
	t.Parallel()
	square := func(x, y, side float64, turned bool) []float64 {
		if turned {
			return []float64{x, y, x, y + side, x + side, y + side, x + side, y}
		}
		return []float64{x, y, x + side, y, x + side, y + side, x, y + side}
	}
	black := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
	_, _, path := write(t, pdf.Options{}, func(doc *pdf.Document) {
		c := doc.Page()
		c.Rings([][]float64{square(50, 50, 90, false), square(80, 80, 30, false)}, black, pdf.Stroke{})
		c.Rings([][]float64{square(150, 50, 90, false), square(180, 80, 30, true), {1, 2}}, black, pdf.Stroke{})
		c.Rings([][]float64{square(250, 50, 90, false), square(280, 80, 30, true)}, pdf.Fill{Pattern: pdf.CrossHatch, Color: pdf.Black()}, pdf.Stroke{Width: 2})
		c.Rings(nil, black, pdf.Stroke{Width: 2})
		c.Clip(pdf.Box{X: 50, Y: 200, W: 40, H: 40}, func() {
			c.Rect(pdf.Box{X: 60, Y: 210, W: 200, H: 200}, black, pdf.Stroke{})
		})
		c.Rect(pdf.Box{X: 300, Y: 300, W: 40, H: 40}, black, pdf.Stroke{}) // beyond the clip, after it
	})
	page := raster(t, path)
	ink := func(x, y int) string {
		r, g, b, _ := page.At(x, y).RGBA()
		return fmt.Sprintf("%02X%02X%02X", r>>8, g>>8, b>>8)
	}
	for name, tc := range map[string]struct {
		x, y int
		want string
	}{
		"area": {60, 60, "000000"}, "hole": {95, 95, "FFFFFF"}, "hole the other way": {195, 95, "FFFFFF"}, "hole in a hatch": {295, 95, "FFFFFF"},
		"in the clip": {75, 225, "000000"}, "beyond the clip": {120, 225, "FFFFFF"}, "after the clip": {320, 320, "000000"},
	} {
		if got := ink(tc.x, tc.y); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

package proof

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"math"
	"os/exec"
	"slices"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// page reads the symbols of a page by both decoders.
func (t Tools) page(ctx context.Context, page *image.Gray, plates []sheets.Entry, scale float64) ([]Failure, error) {
	var failures []Failure
	cuts := make([]*image.Gray, len(plates))
	for i, e := range plates {
		if !quiet(page, e, scale) {
			failures = append(failures, Failure{Entry: e, By: quietName})
		}
		cuts[i] = cut(page, e, scale)
		if got := readAlone(cuts[i]); got != e.Payload {
			failures = append(failures, Failure{Entry: e, By: gozxingName, Got: got})
		}
	}
	read, err := t.scanned(ctx, mosaic(cuts))
	if err != nil {
		return nil, err
	}
	for i, e := range plates {
		at := slices.Index(read, e.Payload)
		if at >= 0 {
			read = slices.Delete(read, at, at+1)
			continue
		}
		// Side by side with others it was not found: what counts is the plate alone.
		alone, err := t.scanned(ctx, cuts[i])
		if err != nil {
			return nil, err
		}
		if len(alone) != 1 || alone[0] != e.Payload {
			failures = append(failures, Failure{Entry: e, By: zbarName, Got: strings.Join(alone, " ")})
		}
	}
	for _, other := range read { // what no plate of the page says
		failures = append(failures, Failure{Entry: sheets.Entry{Place: sheets.Place{Page: plates[0].Page}}, By: zbarName, Got: other})
	}
	return failures, nil
}

// square is the white square of a symbol on the page, in pixels.
func square(e sheets.Entry, scale, more float64) image.Rectangle {
	s := e.Symbol
	px := func(v float64) int { return int(math.Round(v * scale)) }
	return image.Rect(px(s.X-more), px(s.Y-more), px(s.X+s.Side+more), px(s.Y+s.Side+more))
}

// quiet tells whether all between the edge of the white square and the modules is white, but
// for the pixel at either border.
func quiet(page *image.Gray, e sheets.Entry, scale float64) bool {
	const white = 240
	outer := square(e, scale, 0).Inset(1)
	inner := square(e, scale, -symbol.QuietZone*e.Module).Inset(-1)
	if !outer.In(page.Bounds()) || !inner.In(outer) {
		return false
	}
	for y := outer.Min.Y; y < outer.Max.Y; y++ {
		for x := outer.Min.X; x < outer.Max.X; x++ {
			if !image.Pt(x, y).In(inner) && page.GrayAt(x, y).Y < white {
				return false
			}
		}
	}
	return true
}

// cut is the symbol with two modules of the plate around it.
func cut(page *image.Gray, e sheets.Entry, scale float64) *image.Gray {
	box := square(e, scale, 2*e.Module).Intersect(page.Bounds())
	out := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	draw.Draw(out, out.Bounds(), page, box.Min, draw.Src)
	return out
}

// mosaic puts pictures side by side on white, as many in a row as there are rows.
func mosaic(cuts []*image.Gray) *image.Gray {
	const between = 8
	columns := int(math.Ceil(math.Sqrt(float64(len(cuts)))))
	w, h := 0, 0
	for _, c := range cuts {
		w, h = max(w, c.Bounds().Dx()+between), max(h, c.Bounds().Dy()+between)
	}
	rows := (len(cuts) + columns - 1) / columns
	out := image.NewGray(image.Rect(0, 0, w*columns+between, h*rows+between))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for i, c := range cuts {
		at := image.Pt(between+i%columns*w, between+i/columns*h)
		draw.Draw(out, c.Bounds().Add(at), c, image.Point{}, draw.Src)
	}
	return out
}

// readAlone is what gozxing reads in a picture; "" if nothing.
func readAlone(img *image.Gray) string {
	bits, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(img)))
	if err != nil {
		return ""
	}
	got, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return got.GetText()
}

// scanned is all that zbarimg reads in a picture.
func (t Tools) scanned(ctx context.Context, img *image.Gray) ([]string, error) {
	var in, out, notes bytes.Buffer
	fmt.Fprintf(&in, "P5\n%d %d\n255\n", img.Bounds().Dx(), img.Bounds().Dy())
	in.Write(img.Pix)
	cmd := exec.CommandContext(ctx, t.scan, "-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-") //nolint:gosec // a program that was looked up
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &notes
	const nothing = 4 // its exit code where it found no symbol
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit) && exit.ExitCode() == nothing:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("zbarimg: %w: %s", err, strings.TrimSpace(notes.String()))
	}
	return strings.Fields(out.String()), nil
}

package proof

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"math"
	"os/exec"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// page reads the symbols of a page, each alone with the plate around it, by both decoders.
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
	read, err := t.scanned(ctx, cuts)
	if err != nil {
		return nil, err
	}
	for i, e := range plates {
		if got := strings.Join(read[i], " "); got != e.Payload {
			failures = append(failures, Failure{Entry: e, By: zbarName, Got: got})
		}
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

// scanned is what zbarimg reads in each of the pictures, which it is given one after another
// as the frames of one file: a process for each would take longer than all of its work.
func (t Tools) scanned(ctx context.Context, pictures []*image.Gray) ([][]string, error) {
	var in, out, notes bytes.Buffer
	for _, p := range pictures {
		fmt.Fprintf(&in, "P5\n%d %d\n255\n", p.Bounds().Dx(), p.Bounds().Dy())
		in.Write(p.Pix)
	}
	cmd := exec.CommandContext(ctx, t.scan, "-q", "--xml", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-") //nolint:gosec // a program that was looked up
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &notes
	const nothing = 4 // its exit code where a picture has no symbol
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != nothing) {
		return nil, fmt.Errorf("zbarimg: %w: %s", err, strings.TrimSpace(notes.String()))
	}
	read := make([][]string, len(pictures))
	if out.Len() == 0 {
		return read, nil
	}
	var told struct {
		Frames []struct {
			Number  int      `xml:"num,attr"`
			Symbols []string `xml:"symbol>data"`
		} `xml:"source>index"`
	}
	if err := xml.Unmarshal(out.Bytes(), &told); err != nil {
		return nil, fmt.Errorf("read what zbarimg says: %w: %s", err, strings.TrimSpace(notes.String()))
	}
	for _, f := range told.Frames {
		if f.Number >= 0 && f.Number < len(read) {
			read[f.Number] = f.Symbols
		}
	}
	return read, nil
}

package attachments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/paulmach/orb"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"yike/internal/record"
)

// The bounds of pictures. A progressive JPEG, a PNG and a WebP take four bytes and more of
// memory for each pixel before anything is shown; a plain JPEG of a telephone takes less.
const (
	maxPixels       = 52_000_000
	maxHeavyPixels  = 20_000_000
	longestSide     = 4096 // of what is kept: 12 million pixels of a telephone stay as they are
	thumbSide       = 480
	photoQuality    = 88
	thumbQuality    = 80
	pngKeptAsPNG    = 6_000_000 // pixels: a drawing or a screenshot; larger ones are photos
	sniffedForStart = 512 << 10 // bytes in which a JPEG says how it is made
)

// Prepared is a file as it is to be kept.
type Prepared struct {
	Media          Media
	Content        []byte
	Thumb          []byte // JPEG; nil for what is no picture
	Width, Height  int
	OriginalSHA256 string
	TakenOn        record.Day // "" where the camera noted no day
	Position       *orb.Point // nil where the camera noted none
}

// Prepare makes of a file what is kept: a document as it came, a picture anew from its
// pixels, upright and without anything else that was in the file. It returns ErrEmpty,
// ErrMedia, ErrBroken, ErrTooManyPixels, ErrMacros, and ErrNoPhoto where a photo is wanted.
func Prepare(file []byte, kind Kind) (Prepared, error) {
	media, err := Sniff(file)
	if err != nil {
		return Prepared{}, err
	}
	sum := sha256.Sum256(file)
	p := Prepared{Media: media, Content: file, OriginalSHA256: hex.EncodeToString(sum[:])}
	if !media.Picture() {
		if kind == Photo {
			return Prepared{}, ErrNoPhoto
		}
		return p, nil
	}
	picture, err := decode(file, media)
	if err != nil {
		return Prepared{}, err
	}
	notes := readNotes(file, media)
	p.TakenOn, p.Position = notes.day, notes.position
	picture = upright(shrink(picture, longestSide), notes.orientation)
	p.Width, p.Height = picture.Bounds().Dx(), picture.Bounds().Dy()
	if p.Media, p.Content, err = encode(picture, media); err != nil {
		return Prepared{}, err
	}
	p.Thumb, err = encodeJPEG(shrink(picture, thumbSide), thumbQuality)
	return p, err
}

// decode reads a picture after its size was looked at.
func decode(file []byte, media Media) (image.Image, error) {
	var header image.Config
	var err error
	read, most := jpeg.Decode, maxPixels
	switch media {
	case JPEG:
		header, err = jpeg.DecodeConfig(bytes.NewReader(file))
		if progressive(file) {
			most = maxHeavyPixels
		}
	case PNG:
		header, err = png.DecodeConfig(bytes.NewReader(file))
		read, most = png.Decode, maxHeavyPixels
	default:
		header, err = webp.DecodeConfig(bytes.NewReader(file))
		read, most = webp.Decode, maxHeavyPixels
	}
	if err != nil || header.Width < 1 || header.Height < 1 {
		return nil, ErrBroken
	}
	if int64(header.Width)*int64(header.Height) > int64(most) {
		return nil, fmt.Errorf("%d by %d: %w", header.Width, header.Height, ErrTooManyPixels)
	}
	picture, err := read(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return picture, nil
}

// progressive tells whether a JPEG is kept as coefficients until it is whole.
func progressive(file []byte) bool {
	return bytes.Contains(file[:min(len(file), sniffedForStart)], []byte{0xFF, 0xC2})
}

// shrink makes a picture whose longer side is at most so many pixels. It is halved as often
// as it can be, each pixel the mean of four, so that fine lines do not flicker away; scaling
// at once with a wider kernel takes a multiple of the picture's own memory.
func shrink(m image.Image, side int) image.Image {
	for longer := longerSide(m); longer > side; longer = longerSide(m) {
		b := m.Bounds()
		w, h := b.Dx()/2, b.Dy()/2
		if longer < 2*side {
			w, h = b.Dx()*side/longer, b.Dy()*side/longer
		}
		out := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
		draw.ApproxBiLinear.Scale(out, out.Bounds(), m, b, draw.Src, nil)
		m = out
	}
	return m
}

func longerSide(m image.Image) int { return max(m.Bounds().Dx(), m.Bounds().Dy()) }

// upright turns a picture as the camera noted it was held: 1 to 8 of EXIF.
func upright(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	source := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(source, source.Bounds(), m, b.Min, draw.Src)
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, orientation)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], source.Pix[source.PixOffset(x, y):][:4])
		}
	}
	return out
}

// turned is where a pixel comes to stand.
func turned(x, y, w, h, orientation int) (tx, ty int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// encode writes a picture anew: drawings as PNG, photos as JPEG.
func encode(m image.Image, media Media) (Media, []byte, error) {
	if b := m.Bounds(); media == PNG && b.Dx()*b.Dy() <= pngKeptAsPNG {
		var out bytes.Buffer
		if err := png.Encode(&out, m); err != nil {
			return "", nil, fmt.Errorf("write the picture: %w", err)
		}
		return PNG, out.Bytes(), nil
	}
	content, err := encodeJPEG(m, photoQuality)
	return JPEG, content, err
}

// encodeJPEG writes a picture on white, since a JPEG cannot be seen through.
func encodeJPEG(m image.Image, quality int) ([]byte, error) {
	if opaque, ok := m.(interface{ Opaque() bool }); !ok || !opaque.Opaque() {
		ground := image.NewRGBA(m.Bounds())
		draw.Draw(ground, ground.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(ground, ground.Bounds(), m, m.Bounds().Min, draw.Over)
		m = ground
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return out.Bytes(), nil
}

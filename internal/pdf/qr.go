package pdf

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"

	"yike/internal/pdf/objects"
)

// QR is a code to be scanned from paper.
type QR struct {
	modules [][]bool
	Text    string
}

// NewQR encodes a text with error correction of level M, of which 15 % may be lost. It
// returns an error if the text is empty or longer than a code can hold, some 2,300 bytes.
func NewQR(text string) (QR, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return QR{}, fmt.Errorf("encode a QR code of %d bytes: %w", len(text), err)
	}
	code.DisableBorder = true
	return QR{modules: code.Bitmap(), Text: text}, nil
}

// QuietZone is the white margin that a code needs on each side, in modules.
const QuietZone = 4

// QR draws a code in a white square with its upper left corner at x, y. side includes the
// quiet zone.
func (c *Canvas) QR(q QR, x, y, side float64) {
	n := len(q.modules)
	if n == 0 || !(side > 0) {
		return
	}
	c.Rect(Box{X: x, Y: y, W: side, H: side}, Fill{Pattern: Plain, Color: White()}, Stroke{})
	module := side / float64(n+2*QuietZone)
	c.fill(Black())
	for row, dark := range q.modules {
		for from := 0; from < n; from++ {
			if !dark[from] {
				continue
			}
			to := from + 1
			for to < n && dark[to] {
				to++
			}
			left, top := x+module*float64(QuietZone+from), y+module*float64(QuietZone+row)
			c.body = append(objects.Numbers(c.body, left, c.paper.Height-top-module, module*float64(to-from), module), "re\n"...)
			from = to
		}
	}
	c.body = append(c.body, "f\n"...)
	c.Link(Box{X: x, Y: y, W: side, H: side}, q.Text)
}

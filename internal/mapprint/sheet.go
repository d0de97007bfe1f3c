package mapprint

import (
	"fmt"
	"io"
	"math"
	"strings"

	"yike/internal/pdf"
)

const (
	margin   = 12 * pdf.MM
	gap      = 3 * pdf.MM
	codeSide = 27 * pdf.MM
)

// layout is where the parts of a sheet stand.
type layout struct {
	title, mapBox, legend, strip pdf.Box
}

func (s Sheet) size() pdf.Paper {
	paper := pdf.A4()
	if s.Paper == A3 {
		paper = pdf.A3()
	}
	if s.Orientation == Landscape {
		return paper.Turned()
	}
	return paper
}

// layout divides the body: the title above, the strip of scale and code below, the legend
// at the side of a lying sheet and under the map of an upright one.
func (s Sheet) layout(body pdf.Box, legend bool) layout {
	titleHeight, column, band := 15*pdf.MM, 58*pdf.MM, 46*pdf.MM
	if s.Paper == A3 {
		titleHeight, column, band = 18*pdf.MM, 74*pdf.MM, 58*pdf.MM
	}
	l := layout{title: pdf.Box{X: body.X, Y: body.Y, W: body.W, H: titleHeight}}
	l.strip = pdf.Box{X: body.X, Y: body.Y + body.H - codeSide, W: body.W, H: codeSide}
	l.mapBox = pdf.Box{X: body.X, Y: body.Y + titleHeight, W: body.W, H: max(body.H-titleHeight-codeSide-gap, 10)}
	if !legend {
		return l
	}
	if s.Orientation == Landscape {
		l.mapBox.W -= column + gap
		l.legend = pdf.Box{X: l.mapBox.X + l.mapBox.W + gap, Y: l.mapBox.Y, W: column, H: l.mapBox.H}
		return l
	}
	l.mapBox.H -= band + gap
	l.legend = pdf.Box{X: body.X, Y: l.mapBox.Y + l.mapBox.H + gap, W: body.W, H: band}
	return l
}

// at makes the map's box as high as its picture, so that map and legend begin and end
// together.
func (l layout) at(p *pdf.Picture) layout {
	height := min(l.mapBox.W*float64(p.Height)/float64(p.Width), l.mapBox.H)
	if l.legend.X > l.mapBox.X {
		l.legend.H = height
	} else {
		l.legend.Y -= l.mapBox.H - height
	}
	l.mapBox.H = height
	return l
}

// Write writes the sheet as a document and lists the characters that no font has. The
// sheet must have passed Check and have a picture.
func Write(w io.Writer, fonts *pdf.Fonts, s Sheet) (missing []rune, err error) {
	code, err := pdf.NewQR(s.View)
	if err != nil {
		return nil, fmt.Errorf("make the code of the view: %w", err)
	}
	lang := "zh-CN"
	if s.English {
		lang = "en"
	}
	doc := pdf.New(w, fonts, pdf.Options{
		Paper: paperUpright(s.size()), Landscape: s.Orientation == Landscape, Margin: margin,
		Meta:   pdf.Meta{Title: s.Title, Subject: s.Subtitle, Author: s.Office, Lang: lang, Day: string(s.Day)},
		Footer: pdf.Footer{Source: s.source(), Notices: s.Notices},
	})
	c := doc.Page()
	l := s.layout(doc.Body(), len(s.Legend) > 0)
	s.drawTitle(c, l.title)
	l = l.at(s.Picture)
	at := c.Picture(s.Picture, l.mapBox)
	c.Rect(at, pdf.Fill{}, pdf.Stroke{Width: 0.8})
	s.drawNorth(c, at)
	s.drawStrip(c, l.strip, ScaleOf(s.MetresPerPixel, s.Picture.Width, at.W, 60*pdf.MM), code)
	if rest := s.drawLegend(c, l.legend, s.Legend); len(rest) > 0 {
		s.continueLegend(doc, rest)
	}
	if err := doc.Close(); err != nil {
		return nil, fmt.Errorf("write the print: %w", err)
	}
	return doc.Missing(), nil
}

func paperUpright(p pdf.Paper) pdf.Paper {
	if p.Width > p.Height {
		return p.Turned()
	}
	return p
}

// say picks the words of the sheet's language.
func (s Sheet) say(zh, en string) string {
	if s.English {
		return en
	}
	return zh
}

func (s Sheet) source() string {
	if s.Office == "" {
		return s.say("一刻 · 地图打印", "Yike · map print")
	}
	return s.say("制图：", "Printed by ") + s.Office
}

func (s Sheet) drawTitle(c *pdf.Canvas, box pdf.Box) {
	size := 17.0
	if s.Paper == A3 {
		size = 21
	}
	// A long question is set smaller before it is cut.
	style := pdf.Style{Size: size, Bold: true, Lead: 1.3}
	for style.Size > 9 && c.TextWidth(s.Title, style) > box.W {
		style.Size--
	}
	c.Text(box.X, box.Y, box.W, s.Title, style)
	y := box.Y + size*1.3 + 0.8*pdf.MM
	width := box.W
	if s.Synthetic != "" {
		warn := pdf.Style{Size: 9.5, Bold: true, Color: pdf.Danger(), Lead: 1.3}
		w := min(c.TextWidth(s.Synthetic, warn)+4*pdf.MM, box.W*0.7)
		at := pdf.Box{X: box.X + box.W - w, Y: y - 1, W: w, H: 9.5*1.3 + 2}
		c.Rect(at, pdf.Fill{}, pdf.Stroke{Width: 0.8, Color: pdf.Danger()})
		c.Text(at.X, y, w, s.Synthetic, pdf.Style{Size: 9.5, Bold: true, Color: pdf.Danger(), Lead: 1.3, Align: pdf.Centre})
		width -= w + 3*pdf.MM
	}
	c.Text(box.X, y, width, s.Subtitle, pdf.Style{Size: 9.5, Color: pdf.Grey(), Lead: 1.3})
}

// drawNorth draws an arrow to north in the upper right corner of the map.
func (s Sheet) drawNorth(c *pdf.Canvas, at pdf.Box) {
	const r = 6.5 * pdf.MM
	if at.W < 4*r || at.H < 4*r {
		return
	}
	x, y := at.X+at.W-r-2.5*pdf.MM, at.Y+r+2.5*pdf.MM
	c.Circle(x, y, r, pdf.Fill{Pattern: pdf.Plain, Color: pdf.White()}, pdf.Stroke{Width: 0.6})
	sin, cos := math.Sincos(-s.Rotation * math.Pi / 180)
	turn := func(points ...float64) []float64 {
		out := make([]float64, len(points))
		for i := 0; i < len(points); i += 2 {
			px, py := points[i]*pdf.MM, points[i+1]*pdf.MM
			out[i], out[i+1] = x+px*cos-py*sin, y+px*sin+py*cos
		}
		return out
	}
	black := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
	c.Polygon(turn(0, -2, -1.6, 4.6, 0, 3.4), black, pdf.Stroke{Width: 0.5})
	c.Polygon(turn(0, -2, 1.6, 4.6, 0, 3.4), pdf.Fill{}, pdf.Stroke{Width: 0.5})
	letter := pdf.Style{Size: 8.5, Bold: true, Align: pdf.Centre, Lead: 1}
	at2 := turn(0, -4)
	c.Text(at2[0]-r, at2[1]-letter.Size/2, 2*r, s.say("北", "N"), letter)
}

// drawStrip draws scale, coordinate system, review number and the code.
func (s Sheet) drawStrip(c *pdf.Canvas, box pdf.Box, scale Scale, code pdf.QR) {
	c.QR(code, box.X+box.W-codeSide, box.Y, codeSide)
	caption := pdf.Style{Size: 8, Color: pdf.Grey(), Align: pdf.Right}
	wide := 34 * pdf.MM
	c.TextBox(box.X+box.W-codeSide-wide, box.Y+8*pdf.MM, wide-1*pdf.MM, s.say("扫码在一刻中打开\n同一视图", "Scan to open this\nview in Yike"), caption)

	y := box.Y + 2*pdf.MM
	s.drawBar(c, box.X+3*pdf.MM, y, scale)
	c.Text(box.X+scale.BarPoints+26*pdf.MM, y-1*pdf.MM, 60*pdf.MM, s.say("比例尺 约 ", "Scale about ")+scale.Ratio(), pdf.Style{Size: 10, Bold: true})
	review := s.say("审图号：", "Map review number: ") + s.ReviewNumber
	if s.ReviewNumber == "" {
		review = s.say("审图号：______________（内部工作用图；公开使用前须依法送审）", "Map review number: ______________ (for work inside the office; to be reviewed by law before it is published)")
	}
	c.TextBox(box.X, y+7*pdf.MM, box.W-codeSide-wide-2*pdf.MM, strings.Join([]string{
		s.say("坐标系 WGS 84（与 CGCS2000 相差不到 1 米），Web 墨卡托投影；比例尺在图幅中央的纬线上准确。", "WGS 84 (within a metre of CGCS2000), Web Mercator; the scale holds along the parallel in the middle of the map."),
		review,
	}, "\n"), pdf.Style{Size: 8, Lead: 1.45})
}

// drawBar draws the scale bar in four parts, black and white in turns.
func (s Sheet) drawBar(c *pdf.Canvas, x, y float64, scale Scale) {
	const parts, height = 4, 1.6 * pdf.MM
	part := scale.BarPoints / parts
	for i := range parts {
		fill := pdf.Fill{Pattern: pdf.Plain, Color: pdf.Black()}
		if i%2 == 1 {
			fill.Color = pdf.White()
		}
		c.Rect(pdf.Box{X: x + float64(i)*part, Y: y, W: part, H: height}, fill, pdf.Stroke{Width: 0.5})
	}
	label := pdf.Style{Size: 8, Align: pdf.Centre, Lead: 1.2}
	const room = 24 * pdf.MM
	c.Text(x-room/2, y+height+0.4*pdf.MM, room, "0", label)
	c.Text(x+scale.BarPoints-room/2, y+height+0.4*pdf.MM, room, scale.Length(s.English), label)
}

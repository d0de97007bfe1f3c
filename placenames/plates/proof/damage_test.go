package proof

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"yike/placenames/plates"
	"yike/placenames/plates/symbol"
)

// The damage set: pictures of a plate as a phone in the street takes them, each case of
// damage with so many seeds. All symbols have the same size in the picture, however many
// modules they have: the plate does not grow with its code.

const (
	photoWidth, photoHeight = 480, 360
	squareAcross            = 150.0 // pixels of the white square, straight on
	blue                    = 78    // grey of the plate
)

// damage is one case.
type damage struct {
	name       string
	across     float64 // pixels; 0 is squareAcross
	tilt, turn float64 // degrees
	blur       float64 // standard deviation, pixels
	motion     int     // pixels
	dirt       float64 // share of the square under round blots
	sticker    float64 // share under one grey square
	scratches  int
	glare      float64 // radius, share of the side
	contrast   float64 // 1 is full; 0 means 1
	noise      float64 // standard deviation, greys
}

func damages() []damage {
	return []damage{
		{name: "clean"},
		{name: "small 75 px", across: 75},
		{name: "small 55 px", across: 55},
		{name: "turned 37°", turn: 37},
		{name: "tilted 45°", tilt: 45},
		{name: "tilted 60°", tilt: 60},
		{name: "blur 1.5 px", blur: 1.5},
		{name: "blur 2 px", blur: 2},
		{name: "motion 5 px", motion: 5},
		{name: "dirt 3 %", dirt: 0.03},
		{name: "dirt 6 %", dirt: 0.06},
		{name: "dirt 10 %", dirt: 0.1},
		{name: "sticker 6 %", sticker: 0.06},
		{name: "sticker 12 %", sticker: 0.12},
		{name: "8 scratches", scratches: 8},
		{name: "15 scratches", scratches: 15},
		{name: "glare 0.2", glare: 0.2},
		{name: "glare 0.3", glare: 0.3},
		{name: "contrast 30 %", contrast: 0.3},
		{name: "contrast 12 %", contrast: 0.12},
		{name: "night: noise 25", noise: 25, contrast: 0.5},
		{name: "street", tilt: 25, turn: 8, blur: 1, dirt: 0.04, scratches: 4, contrast: 0.6, noise: 6},
	}
}

// configuration is one way to make the symbol of a plate.
type configuration struct {
	name, host string
	upper      bool
	plan       symbol.Plan
}

// configurations are those of the ladder with payloads that they hold, and two that plates
// never get, for comparison.
func configurations() []configuration {
	best := func(v int, l symbol.Level) symbol.Plan {
		return symbol.Plan{Version: v, Level: l, Mask: symbol.BestMask}
	}
	return []configuration{
		{"3-H upper, 11-letter host", "dz.gov-x.cn", true, best(3, symbol.H)},
		{"3-Q upper, 18-letter host", "dz.district.gov.cn", true, best(3, symbol.Q)},
		{"3-Q host upper only", "DZ.DISTRICT.GOV.CN", false, best(3, symbol.Q)},
		{"4-Q lower, 18-letter host", "dz.district.gov.cn", false, best(4, symbol.Q)},
		{"not used: 5-H lower", "dz.district.gov.cn", false, best(5, symbol.H)},
		{"not used: 8-Q lower", "dz.district.gov.cn", false, best(8, symbol.Q)},
	}
}

// photo takes a picture of a symbol.
func (d damage) photo(s symbol.Symbol, seed uint64) *image.Gray {
	random := rand.New(rand.NewPCG(seed, 7))
	across := d.across
	if across == 0 {
		across = squareAcross
	}
	side := float64(s.Side() + 2*symbol.QuietZone)
	flat := d.flat(s, random)
	sum := make([]float64, photoWidth*photoHeight)
	const fine = 2 // rays to a pixel, each way
	view := newView(d, across, random)
	for y := range photoHeight {
		for x := range photoWidth {
			v := 0.0
			for i := range fine * fine {
				px, py := float64(x)+(float64(i%fine)+0.5)/fine, float64(y)+(float64(i/fine)+0.5)/fine
				u, w := view.to(px, py)
				v += flat(u*side, w*side)
			}
			sum[y*photoWidth+x] = v / (fine * fine)
		}
	}
	if d.blur > 0 {
		sum = blurred(sum, d.blur)
	}
	if d.motion > 0 {
		sum = moved(sum, d.motion)
	}
	out := image.NewGray(image.Rect(0, 0, photoWidth, photoHeight))
	contrast := d.contrast
	if contrast == 0 {
		contrast = 1
	}
	for i, v := range sum {
		v = 128 + (v-128)*contrast + random.NormFloat64()*d.noise
		out.Pix[i] = uint8(max(0, min(255, v)))
	}
	return out
}

// flat gives the grey of the plate at a place in modules from the corner of the white square.
func (d damage) flat(s symbol.Symbol, random *rand.Rand) func(u, v float64) float64 {
	side := float64(s.Side() + 2*symbol.QuietZone)
	type blot struct{ x, y, r float64 }
	var blots []blot
	for covered := 0.0; covered < d.dirt; {
		b := blot{random.Float64() * side, random.Float64() * side, (0.015 + 0.03*random.Float64()) * side}
		blots = append(blots, b)
		covered += math.Pi * b.r * b.r / (side * side)
	}
	type scratch struct{ x, y, sin, cos, wide float64 }
	var scratches []scratch
	for range d.scratches {
		sin, cos := math.Sincos(random.Float64() * math.Pi)
		scratches = append(scratches, scratch{random.Float64() * side, random.Float64() * side, sin, cos, 0.006 * side})
	}
	patch := math.Sqrt(d.sticker) * side
	px, py := random.Float64()*(side-patch), random.Float64()*(side-patch)
	gx, gy := (0.2+0.6*random.Float64())*side, (0.2+0.6*random.Float64())*side
	return func(u, v float64) float64 {
		if u < 0 || v < 0 || u >= side || v >= side {
			return blue
		}
		for _, b := range blots {
			if math.Hypot(u-b.x, v-b.y) < b.r {
				return 95
			}
		}
		if d.sticker > 0 && u >= px && u < px+patch && v >= py && v < py+patch {
			return 190
		}
		for _, c := range scratches {
			if math.Abs((u-c.x)*c.sin-(v-c.y)*c.cos) < c.wide {
				return 150
			}
		}
		grey := 245.0
		if s.Dark(int(u)-symbol.QuietZone, int(v)-symbol.QuietZone) {
			grey = 20
		}
		if d.glare > 0 {
			far := math.Hypot(u-gx, v-gy) / (d.glare * side)
			grey += (255 - grey) * math.Exp(-far*far*far*far)
		}
		return grey
	}
}

// view is a camera before a plate that is turned in its plane and tilted about the upright.
type view struct{ sin, cos, tiltSin, tiltCos, across, x, y float64 }

func newView(d damage, across float64, random *rand.Rand) view {
	v := view{across: across, x: photoWidth/2 + 20*(random.Float64()-0.5), y: photoHeight/2 + 20*(random.Float64()-0.5)}
	v.sin, v.cos = math.Sincos((d.turn + 2*(random.Float64()-0.5)) * math.Pi / 180)
	v.tiltSin, v.tiltCos = math.Sincos(d.tilt * math.Pi / 180)
	return v
}

// to gives the place on the white square, 0 to 1 each way, that a ray of the picture meets.
func (v view) to(px, py float64) (u, w float64) {
	const away = 4 // distance of the camera, in sides of the square
	x, y := (px-v.x)/v.across, (py-v.y)/v.across
	// The plate's points are (a·cos tilt, b, a·sin tilt) before a camera at (0, 0, -away).
	a := x * away / (away*v.tiltCos - x*v.tiltSin)
	b := y * (away + a*v.tiltSin) / away
	return a*v.cos + b*v.sin + 0.5, b*v.cos - a*v.sin + 0.5
}

func blurred(in []float64, sigma float64) []float64 {
	n := int(3*sigma) + 1
	kernel, sum := make([]float64, 2*n+1), 0.0
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * sigma * sigma))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	return smeared(smeared(in, kernel, 1, 0), kernel, 0, 1)
}

func moved(in []float64, pixels int) []float64 {
	kernel := make([]float64, pixels|1)
	for i := range kernel {
		kernel[i] = 1 / float64(len(kernel))
	}
	return smeared(in, kernel, 1, 0)
}

func smeared(in, kernel []float64, dx, dy int) []float64 {
	out := make([]float64, len(in))
	for y := range photoHeight {
		for x := range photoWidth {
			v := 0.0
			for i, k := range kernel {
				o := i - len(kernel)/2
				sx, sy := min(max(x+o*dx, 0), photoWidth-1), min(max(y+o*dy, 0), photoHeight-1)
				v += k * in[sy*photoWidth+sx]
			}
			out[y*photoWidth+x] = v
		}
	}
	return out
}

// tally is how many pictures of a configuration each decoder reads.
type tally struct{ images, gozxing, zbar, either, street, streetRead, misread int }

func (c configuration) run(tb testing.TB, tools Tools, scan bool, seeds int) tally {
	tb.Helper()
	var t tally
	var fast symbol.Fast
	for _, d := range damages() {
		var photos []*image.Gray
		var texts []string
		for seed := range seeds {
			token, err := plates.NewToken(rand.NewChaCha8([32]byte{byte(seed), 3}))
			if err != nil {
				tb.Fatal(err)
			}
			text := plates.Payload(c.host, token, c.upper)
			s, err := fast.Encode(text, c.plan)
			if err != nil {
				tb.Fatal(err)
			}
			photos, texts = append(photos, d.photo(s, uint64(seed))), append(texts, text)
		}
		scanned := make([][]string, len(photos))
		if scan {
			var err error
			if scanned, err = tools.scanned(context.WithoutCancel(tb.Context()), photos); err != nil {
				tb.Fatal(err)
			}
		}
		for i, p := range photos {
			one := readAlone(p)
			other := ""
			if len(scanned[i]) > 0 {
				other = scanned[i][0]
			}
			t.add(d.name == "street", texts[i], one, other)
		}
	}
	return t
}

func (t *tally) add(street bool, want, one, other string) {
	t.images++
	read := one == want || other == want
	for _, got := range []string{one, other} {
		if got != "" && got != want {
			t.misread++
		}
	}
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	count(&t.gozxing, one == want)
	count(&t.zbar, other == want)
	count(&t.either, read)
	count(&t.street, street)
	count(&t.streetRead, street && read)
}

// TestDamagedSymbolsAreReadRightOrNotAtAll takes a smaller sample than the benchmark: no
// damage may make another code of a symbol, and a clean one is read.
func TestDamagedSymbolsAreReadRightOrNotAtAll(t *testing.T) {
	t.Parallel()
	tools, err := Find()
	c := configurations()[0]
	got := c.run(t, tools, err == nil, 1)
	if got.misread != 0 || got.images != len(damages()) {
		t.Errorf("%d of %d pictures are misread", got.misread, got.images)
	}
	if err == nil && 2*got.either < got.images {
		t.Errorf("only %d of %d pictures are read", got.either, got.images)
	}
	var fast symbol.Fast
	s, err := fast.Encode("HTTPS://DZ.GOV-X.CN/0123456789ABCD", c.plan)
	if err != nil {
		t.Fatal(err)
	}
	if read := readAlone(damages()[0].photo(s, 1)); read != s.Text {
		t.Errorf("the clean picture is read as %q", read)
	}
}

// BenchmarkDamage publishes which share of the damage set is read for each configuration.
func BenchmarkDamage(b *testing.B) {
	tools, err := Find()
	if err != nil {
		b.Skip(err)
	}
	const seeds = 10
	for _, c := range configurations() {
		b.Run(c.name, func(b *testing.B) {
			var t tally
			for b.Loop() {
				t = c.run(b, tools, true, seeds)
			}
			share := func(n, of int) float64 { return 100 * float64(n) / float64(of) }
			b.ReportMetric(float64(t.images), "images")
			b.ReportMetric(share(t.zbar, t.images), "%zbar")
			b.ReportMetric(share(t.gozxing, t.images), "%gozxing")
			b.ReportMetric(share(t.either, t.images), "%either")
			b.ReportMetric(share(t.streetRead, t.street), "%street")
			b.ReportMetric(float64(t.misread), "misread")
		})
	}
}

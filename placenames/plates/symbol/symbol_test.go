package symbol_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"pgregory.net/rapid"
	"rsc.io/qr/coding"

	"yike/placenames/plates/symbol"
)

// decode reads the modules themselves: no picture, no finding.
func decode(s symbol.Symbol) (string, error) {
	grid, err := gozxing.NewBitMatrix(s.Side(), s.Side())
	if err != nil {
		return "", err
	}
	for run := range s.Runs {
		if err := grid.SetRegion(run.X, run.Y, run.Length, 1); err != nil {
			return "", err
		}
	}
	r, err := decoder.NewDecoder().Decode(grid, nil)
	if err != nil {
		return "", err
	}
	return r.GetText(), nil
}

func payloads() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`HTTPS://[A-Z]{1,8}\.CN/[0-9A-Z]{14}`),
		rapid.StringMatching(`https://[a-z]{1,8}\.cn/[0-9A-Z]{14}`),
		rapid.StringMatching(`[0-9]{1,30}`),
		rapid.StringMatching(`[0-9A-Za-z .:/$%*+-]{1,20}`),
	)
}

// TestEachEncoderIsTheOthersOracle: both must hold the same text, and the fast one the very
// modules of the library whose tables it uses.
func TestEachEncoderIsTheOthersOracle(t *testing.T) {
	t.Parallel()
	var fast symbol.Fast
	rapid.Check(t, func(t *rapid.T) {
		text := payloads().Draw(t, "text")
		plan := symbol.Plan{
			Version: rapid.IntRange(4, symbol.MaxVersion).Draw(t, "version"),
			Level:   symbol.Level(rapid.IntRange(0, 3).Draw(t, "level")), Mask: symbol.BestMask,
		}
		ours, err := fast.Encode(text, plan)
		theirs, refused := symbol.Reference{}.Encode(text, plan)
		if err != nil || refused != nil {
			if !errors.Is(err, symbol.ErrTooLong) && err != nil || !errors.Is(refused, symbol.ErrTooLong) && refused != nil {
				t.Fatalf("fast %v, reference %v", err, refused)
			}
			return
		}
		for _, s := range []symbol.Symbol{ours, theirs} {
			if got, err := decode(s); err != nil || got != text {
				t.Fatalf("version %d-%s mask %d holds %q, want %q: %v", s.Version, s.Level, s.Mask, got, text, err)
			}
		}
		plan.Mask = theirs.Mask
		if again, err := (symbol.Reference{}).Encode(text, plan); err != nil || again.Mask != plan.Mask {
			t.Fatalf("the mask %d is not its own: %v", plan.Mask, err)
		}
	})
}

func TestTheModulesAreThoseOfTheTables(t *testing.T) {
	t.Parallel()
	var fast symbol.Fast
	for version := 1; version <= symbol.MaxVersion; version++ {
		for _, level := range []symbol.Level{symbol.L, symbol.M, symbol.Q, symbol.H} {
			for mask := range 8 {
				plan, err := coding.NewPlan(coding.Version(version), coding.Level(level), coding.Mask(mask))
				if err != nil {
					t.Fatal(err)
				}
				text := strings.Repeat("AB:", version)[:min(9, 3*version)]
				want, err := plan.Encode(coding.Alpha(text))
				if err != nil {
					t.Fatal(err)
				}
				got, err := fast.Encode(text, symbol.Plan{Version: version, Level: level, Mask: mask})
				if err != nil {
					t.Fatal(err)
				}
				for y := range want.Size {
					for x := range want.Size {
						if want.Black(x, y) != got.Dark(x, y) {
							t.Fatalf("version %d-%s mask %d differs at %d, %d", version, level, mask, x, y)
						}
					}
				}
			}
		}
	}
}

// TestTheBestMaskHasTheLeastPenalty counts as the standard words it, module by module.
func TestTheBestMaskHasTheLeastPenalty(t *testing.T) {
	t.Parallel()
	var fast symbol.Fast
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`HTTPS://[A-Z]{1,8}\.CN/[0-9A-Z]{14}`).Draw(t, "text")
		best, err := fast.Encode(text, symbol.Plan{Version: 3, Level: symbol.Q, Mask: symbol.BestMask})
		if err != nil {
			t.Fatal(err)
		}
		for mask := range 8 {
			other, err := fast.Encode(text, symbol.Plan{Version: 3, Level: symbol.Q, Mask: mask})
			if err != nil {
				t.Fatal(err)
			}
			if p, least := slowPenalty(other), slowPenalty(best); p < least || p == least && mask < best.Mask {
				t.Fatalf("mask %d has penalty %d, the chosen %d has %d", mask, p, best.Mask, least)
			}
		}
	})
}

func slowPenalty(s symbol.Symbol) int {
	n, sum, dark := s.Side(), 0, 0
	at := []func(i, j int) bool{func(i, j int) bool { return s.Dark(i, j) }, func(i, j int) bool { return s.Dark(j, i) }}
	for _, get := range at {
		for j := range n {
			run := 0
			for i := range n {
				if i > 0 && get(i, j) == get(i-1, j) {
					run++
				} else {
					run = 1
				}
				switch {
				case run == 5:
					sum += 3
				case run > 5:
					sum++
				}
				if i+11 <= n {
					seen := 0
					for k := range 11 {
						seen <<= 1
						if get(i+k, j) {
							seen |= 1
						}
					}
					if seen == 0b10111010000 || seen == 0b00001011101 {
						sum += 40
					}
				}
			}
		}
	}
	for y := range n {
		for x := range n {
			if s.Dark(x, y) {
				dark++
			}
			if c := s.Dark(x, y); x+1 < n && y+1 < n && s.Dark(x+1, y) == c && s.Dark(x, y+1) == c && s.Dark(x+1, y+1) == c {
				sum += 3
			}
		}
	}
	away := 100*dark - 50*n*n
	return sum + 10*(max(away, -away)/(5*n*n))
}

func TestWhichSymbolAPlateGets(t *testing.T) {
	t.Parallel()
	code := "0123456789ABCD"
	for _, c := range []struct {
		text          string
		version       int
		level         symbol.Level
		box, smallest float64
	}{
		{"HTTPS://DZ.GOVX.CN/" + code, 3, symbol.H, 40, 1.08},              // 33 characters
		{"HTTPS://DZ.DISTRICT.GOV.CN/" + code, 3, symbol.Q, 40, 1.08},      // 41
		{"https://dz.abcde.cn/" + code, 3, symbol.Q, 40, 1.08},             // 20 bytes and the code
		{"https://DZ.DISTRICT.GOV.CN/" + code, 3, symbol.Q, 40, 1.08},      // scheme in lower case only
		{"https://dz.abcdefg.cn/" + code, 4, symbol.H, 40, 0.97},           //
		{"https://dz.district.gov.cn/" + code, 4, symbol.Q, 40, 0.97},      //
		{"https://dz.long-district.gov.cn/" + code, 4, symbol.Q, 40, 0.97}, //
	} {
		plan, module, err := symbol.Fit(c.text, c.box)
		if err != nil || plan.Version != c.version || plan.Level != c.level || module < c.smallest {
			t.Errorf("%s: version %d-%s, module %.3f, %v", c.text, plan.Version, plan.Level, module, err)
		}
		if err == nil {
			if s, err := new(symbol.Fast).Encode(c.text, plan); err != nil || len(s.Rows) != plan.Side() {
				t.Errorf("%s does not fit what was chosen: %v", c.text, err)
			}
		}
	}
	if _, _, err := symbol.Fit("https://"+strings.Repeat("a", 40)+"/"+code, 40); !errors.Is(err, symbol.ErrTooLong) {
		t.Errorf("62 bytes: %v", err)
	}
	if _, _, err := symbol.Fit("HTTPS://A.CN/"+code, 29.5); !errors.Is(err, symbol.ErrModule) {
		t.Errorf("a symbol of 29.5 mm: %v", err)
	}
}

func TestPlansThatNoSymbolHas(t *testing.T) {
	t.Parallel()
	for _, p := range []symbol.Plan{{0, symbol.M, 0}, {symbol.MaxVersion + 1, symbol.M, 0}, {3, -1, 0}, {3, 4, 0}, {3, symbol.M, 8}, {3, symbol.M, -2}} {
		if _, err := new(symbol.Fast).Encode("A", p); err == nil {
			t.Errorf("%+v is made", p)
		}
		if p.Mask != 8 && p.Mask != -2 {
			if _, err := (symbol.Reference{}).Encode("A", p); err == nil {
				t.Errorf("%+v is made by the reference", p)
			}
		}
	}
	for _, e := range []symbol.Encoder{new(symbol.Fast), symbol.Reference{}} {
		if _, err := e.Encode(strings.Repeat("A", 100), symbol.Plan{Version: 3, Level: symbol.H, Mask: symbol.BestMask}); !errors.Is(err, symbol.ErrTooLong) {
			t.Errorf("100 characters in 3-H: %v", err)
		}
	}
	s, err := symbol.Reference{}.Encode("A", symbol.Plan{Version: 3, Level: symbol.H, Mask: symbol.BestMask})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (symbol.Reference{}).Encode("A", symbol.Plan{Version: 3, Level: symbol.H, Mask: (s.Mask + 1) % 8}); err == nil {
		t.Error("the reference takes any mask")
	}
	if s.Dark(-1, 0) || s.Dark(0, s.Side()) || !s.Dark(0, 0) || symbol.Level(7).String() != "Level(7)" {
		t.Error("modules outside are dark, or the finder pattern is not")
	}
}

func BenchmarkEncode(b *testing.B) {
	text := "HTTPS://DZ.DISTRICT.GOV.CN/0123456789ABCD"
	for name, e := range map[string]symbol.Encoder{"fast": new(symbol.Fast), "reference": symbol.Reference{}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Encode(text, symbol.Plan{Version: 3, Level: symbol.Q, Mask: symbol.BestMask}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "symbols/s")
		})
	}
}

package symbol

import (
	"errors"
	"fmt"
	"strings"

	"rsc.io/qr/coding"
)

const (
	// LeastModule is the smallest module that a plate may have, in millimetres (rule PLT-18).
	LeastModule = 0.8
	// WantedModule is what a plate should have, in millimetres, so that an old phone reads it
	// at arm's length.
	WantedModule = 1.0
)

// ErrModule is returned where the modules would be smaller than LeastModule.
var ErrModule = errors.New("the modules of the symbol would be too small")

// ladder is the order in which symbols of plates are tried. At a fixed size of plate the
// number of modules matters more than the level; within a version the highest level that
// holds the text wins. Version 5 and above read badly once they are dirty.
func ladder() []Plan {
	return []Plan{{3, H, BestMask}, {3, Q, BestMask}, {4, H, BestMask}, {4, Q, BestMask}}
}

// Fit chooses the symbol of a plate: the first of 3-H, 3-Q, 4-H and 4-Q that holds the text,
// its digits taken for letters, so that all codes of a host get the same symbol.
// box is the side of the white square on the plate in millimetres, the quiet zone included.
// It gives the side of a module too. It returns ErrTooLong if no such symbol holds the text
// and ErrModule if the modules would be smaller than LeastModule.
func Fit(text string, box float64) (Plan, float64, error) {
	worst := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return 'A'
		}
		return r
	}, text)
	for _, p := range ladder() {
		if bitsOf(worst, p.Version) > coding.Version(p.Version).DataBytes(coding.Level(p.Level))*8 {
			continue
		}
		module := Module(p, box)
		if module < LeastModule {
			return Plan{}, 0, fmt.Errorf("%w: %.2f mm in a square of %g mm", ErrModule, module, box)
		}
		return p, module, nil
	}
	return Plan{}, 0, fmt.Errorf("%w of a plate: %d bytes", ErrTooLong, len(text))
}

// Module is the side of a module where the symbol and its quiet zone fill a square of side
// box, in the unit of box.
func Module(p Plan, box float64) float64 { return box / float64(p.Side()+2*QuietZone) }

func bitsOf(text string, version int) int {
	n := 0
	for _, s := range segment(text, version) {
		n += s.Bits(coding.Version(version))
	}
	return n
}

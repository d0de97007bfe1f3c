package symbol

import (
	"errors"
	"fmt"
	"math/bits"
)

// Level is how much of a symbol may be lost: about 7, 15, 25 and 30 % of its code words.
type Level int

// The levels of ISO/IEC 18004.
const (
	L Level = iota
	M
	Q
	H
)

// String is the letter of the level.
func (l Level) String() string {
	if l < L || l > H {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return "LMQH"[l : l+1]
}

// BestMask lets the encoder choose among the eight masks.
const BestMask = -1

// MaxVersion is the largest version that is made here: its rows of 57 modules and a quiet
// zone fit a machine word.
const MaxVersion = 10

// QuietZone is the white margin on each side, in modules. Without it no decoder finds a
// symbol on a dark plate.
const QuietZone = 4

// ErrTooLong is returned for a text that does not fit the version and level.
var ErrTooLong = errors.New("the text does not fit the symbol")

// Plan says which symbol to make.
type Plan struct {
	Version int // 1 to MaxVersion: 17 + 4·Version modules on a side
	Level   Level
	Mask    int // 0 to 7, or BestMask
}

// Side is how many modules a symbol has on a side, without its quiet zone.
func (p Plan) Side() int { return 17 + 4*p.Version }

// Symbol is the modules of a text.
type Symbol struct {
	Plan // the mask that was taken, never BestMask unless the encoder does not tell it
	Text string
	Rows []uint64 // bit x of row y is the module at x, y from the upper left; 1 is dark
}

// Dark tells whether the module is dark; outside of the symbol none is.
func (s Symbol) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && y < len(s.Rows) && x < len(s.Rows) && s.Rows[y]>>uint(x)&1 == 1
}

// Run is a row's dark modules side by side.
type Run struct{ X, Y, Length int }

// Runs calls yield for all dark modules of the symbol, row by row from the left.
func (s Symbol) Runs(yield func(Run) bool) {
	for y, row := range s.Rows {
		for row != 0 {
			x := bits.TrailingZeros64(row)
			length := bits.TrailingZeros64(^(row >> uint(x)))
			if !yield(Run{X: x, Y: y, Length: length}) {
				return
			}
			row &^= (1<<uint(length) - 1) << uint(x)
		}
	}
}

// Encoder makes symbols. Text is bytes. It returns ErrTooLong for a text that does not fit,
// and other errors for plans that no symbol has. It may be used concurrently.
type Encoder interface {
	Encode(text string, plan Plan) (Symbol, error)
}

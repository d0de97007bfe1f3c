package symbol

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"
)

// Reference is the encoder of skip2/go-qrcode behind the same interface: some thirty times
// slower than Fast and without a choice of the mask, so it is what Fast is held against.
type Reference struct{}

var _ Encoder = Reference{}

// Encode makes the symbol with the mask that the library takes. A plan that demands another
// one is an error.
func (Reference) Encode(text string, plan Plan) (Symbol, error) {
	levels := []qrcode.RecoveryLevel{L: qrcode.Low, M: qrcode.Medium, Q: qrcode.High, H: qrcode.Highest}
	if plan.Version < 1 || plan.Version > MaxVersion || plan.Level < L || plan.Level > H {
		return Symbol{}, fmt.Errorf("no symbol of version %d-%s is made", plan.Version, plan.Level)
	}
	code, err := qrcode.NewWithForcedVersion(text, plan.Version, levels[plan.Level])
	if err != nil {
		return Symbol{}, fmt.Errorf("%w: %w", ErrTooLong, err)
	}
	code.DisableBorder = true
	s := Symbol{Plan: plan, Text: text}
	for _, modules := range code.Bitmap() {
		var row uint64
		for x, dark := range modules {
			if dark {
				row |= 1 << x
			}
		}
		s.Rows = append(s.Rows, row)
	}
	s.Mask = maskOf(s.Rows)
	if plan.Mask != BestMask && plan.Mask != s.Mask {
		return Symbol{}, fmt.Errorf("the reference encoder takes mask %d, not %d", s.Mask, plan.Mask)
	}
	return s, nil
}

// maskOf reads the mask from the format bits beside the upper left finder pattern, which are
// kept with 101 added to these three.
func maskOf(rows []uint64) int {
	const row, column = 8, 2
	b := rows[row] >> column
	return int(b&1)<<2 | int(b>>1&1)<<1 | int(b>>2&1) ^ 0b101 //nolint:gosec // single bits
}

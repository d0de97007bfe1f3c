package symbol

import (
	"fmt"
	"sync"

	"rsc.io/qr/coding"
	"rsc.io/qr/gf256"
)

// Fast is the encoder for print runs: the tables of rsc.io/qr/coding, worked out once for
// each version and level, and the eight masks weighed as ISO/IEC 18004 §7.8.3 says, by
// whole rows. The zero value is ready.
type Fast struct {
	mu    sync.RWMutex
	plans map[[2]int]*table
}

// table is all of a version and level that does not depend on the text.
type table struct {
	version coding.Version
	level   coding.Level
	side    int
	data    int        // bytes
	block   []int      // data bytes of each block
	check   int        // check bytes of each block
	bits    []position // where each bit of data and check bytes goes
	fixed   [8][]uint64
	flip    [8][]uint64
}

type position struct{ y, x uint8 }

var _ Encoder = (*Fast)(nil)

// Encode makes the symbol; with BestMask the one with the least penalty, the first of equals.
func (f *Fast) Encode(text string, plan Plan) (Symbol, error) {
	t, err := f.table(plan)
	if err != nil {
		return Symbol{}, err
	}
	var b coding.Bits
	segments := segment(text, plan.Version)
	for _, s := range segments {
		s.Encode(&b, t.version)
	}
	if b.Bits() > t.data*8 {
		return Symbol{}, fmt.Errorf("%w: %d bits in version %d-%s, which holds %d", ErrTooLong, b.Bits(), plan.Version, plan.Level, t.data*8)
	}
	b.Pad(t.data*8 - b.Bits())
	raw := t.place(t.withChecks(b.Bytes()))
	best := Symbol{Plan: plan, Text: text}
	if plan.Mask != BestMask {
		best.Rows = t.masked(raw, plan.Mask, make([]uint64, t.side))
		return best, nil
	}
	least := -1
	rows, spare := make([]uint64, t.side), make([]uint64, t.side)
	for mask := range 8 {
		t.masked(raw, mask, spare)
		if p := penalty(spare); least < 0 || p < least {
			least, best.Mask = p, mask
			rows, spare = spare, rows
		}
	}
	best.Rows = rows
	return best, nil
}

// withChecks appends the check bytes of the blocks, one block after another.
func (t *table) withChecks(data []byte) []byte {
	out := make([]byte, len(data), len(data)+len(t.block)*t.check)
	copy(out, data)
	rs := gf256.NewRSEncoder(coding.Field, t.check)
	for _, n := range t.block {
		at := len(out)
		out = out[:at+t.check]
		rs.ECC(data[:n], out[at:])
		data = data[n:]
	}
	return out
}

func (t *table) place(stream []byte) []uint64 {
	rows := make([]uint64, t.side)
	for i, p := range t.bits {
		rows[p.y] |= uint64(stream[i>>3]>>(7-i&7)&1) << p.x
	}
	return rows
}

func (t *table) masked(raw []uint64, mask int, into []uint64) []uint64 {
	for y := range raw {
		into[y] = raw[y] ^ t.flip[mask][y] | t.fixed[mask][y]
	}
	return into
}

func (f *Fast) table(plan Plan) (*table, error) {
	if plan.Version < 1 || plan.Version > MaxVersion || plan.Level < L || plan.Level > H || plan.Mask < BestMask || plan.Mask > 7 {
		return nil, fmt.Errorf("no symbol of version %d-%s with mask %d is made", plan.Version, plan.Level, plan.Mask)
	}
	key := [2]int{plan.Version, int(plan.Level)}
	f.mu.RLock()
	t := f.plans[key]
	f.mu.RUnlock()
	if t != nil {
		return t, nil
	}
	t, err := newTable(coding.Version(plan.Version), coding.Level(plan.Level))
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.plans == nil {
		f.plans = map[[2]int]*table{}
	}
	f.plans[key] = t
	return t, nil
}

func newTable(version coding.Version, level coding.Level) (*table, error) {
	t := &table{version: version, level: level}
	for mask := range 8 {
		p, err := coding.NewPlan(version, level, coding.Mask(mask))
		if err != nil {
			return nil, fmt.Errorf("plan a symbol of version %d: %w", version, err)
		}
		if mask == 0 {
			t.measure(p)
		}
		t.fixed[mask], t.flip[mask] = make([]uint64, t.side), make([]uint64, t.side)
		for y, row := range p.Pixel {
			for x, pixel := range row {
				if pixel&coding.Black == 0 {
					continue
				}
				switch pixel.Role() {
				case coding.Data, coding.Check:
					t.flip[mask][y] |= 1 << x
				default:
					t.fixed[mask][y] |= 1 << x
				}
			}
		}
	}
	return t, nil
}

// measure reads from a plan what is the same for all masks. The last blocks hold a byte more
// than the first where the bytes do not share out.
func (t *table) measure(p *coding.Plan) {
	t.side, t.data, t.check = len(p.Pixel), p.DataBytes, p.CheckBytes/p.Blocks
	t.block = make([]int, p.Blocks)
	for i := range t.block {
		t.block[i] = p.DataBytes / p.Blocks
		if i >= p.Blocks-p.DataBytes%p.Blocks {
			t.block[i]++
		}
	}
	t.bits = make([]position, (p.DataBytes+p.CheckBytes)*8)
	for y, row := range p.Pixel {
		for x, pixel := range row {
			if r := pixel.Role(); r == coding.Data || r == coding.Check {
				t.bits[pixel.Offset()] = position{y: uint8(y), x: uint8(x)} //nolint:gosec // a side has at most 57
			}
		}
	}
}

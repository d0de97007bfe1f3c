package audit

import (
	"context"
	"encoding/hex"
	"math"
	"slices"

	"yike/internal/postgres"
)

// Options say what a log is verified against.
type Options struct {
	Keys   Keys
	Heads  HeadList
	AdCode string // only this authority; "" for all
}

// Chain is what was verified of one authority's log: all of it when there is no fault,
// else what comes before the fault.
type Chain struct {
	AdCode   string
	First    int64 // number of the first block; 1 but in an export
	Last     int64 // number of the last block; 0 when there is none
	Entries  int64 // in these blocks
	Unsealed int64 // entries after the last block; not known where there is a fault
	Heads    int   // how many heads written down outside were compared
	Hash     string
	SealedAt string
}

// Report is the outcome of a verification.
type Report struct {
	Chains []Chain
	Faults []Fault // the first of each authority
}

// OK reports whether nothing is broken.
func (r Report) OK() bool { return len(r.Faults) == 0 }

// Blocks is how many blocks are whole.
func (r Report) Blocks() int64 {
	var n int64
	for _, c := range r.Chains {
		if c.Last > 0 {
			n += c.Last - c.First + 1
		}
	}
	return n
}

// Entries is how many entries are in whole blocks.
func (r Report) Entries() int64 {
	var n int64
	for _, c := range r.Chains {
		n += c.Entries
	}
	return n
}

// Bounds of what is read at a time: blocks are held in memory, entries are not.
const (
	blocksPerPage   = 500
	entriesPerQuery = 20_000
)

// Verify reads the whole log and checks every block: its number, its place after the
// block before, its hash and signature, and that exactly the entries that it sealed are
// there; and that no entry lies between blocks and no block that was written down is
// missing. It stops at the first fault of each authority and goes on with the next one.
// What q may not see is not verified. Sealing may go on meanwhile.
func Verify(ctx context.Context, q postgres.Querier, o Options) (Report, error) {
	r := reader{q}
	adcodes, err := r.adcodes(ctx)
	if err != nil {
		return Report{}, err
	}
	for adcode := range o.Heads.heads {
		if !slices.Contains(adcodes, adcode) {
			adcodes = append(adcodes, adcode) // all of its log may be gone
		}
	}
	slices.Sort(adcodes)
	var report Report
	for _, adcode := range adcodes {
		if o.AdCode != "" && o.AdCode != adcode {
			continue
		}
		v := &verification{reader: r, chain: chain{keys: o.Keys, adcode: adcode}, witness: o.Heads.witness(adcode), content: newContent()}
		fault, err := v.run(ctx)
		if err != nil {
			return Report{}, err
		}
		report.Chains = append(report.Chains, v.done)
		if fault != nil {
			report.Faults = append(report.Faults, *fault)
		}
	}
	return report, nil
}

// verification is the walk along one authority's chain.
type verification struct {
	reader
	chain   chain
	witness *witness
	content *content
	done    Chain
}

func (v *verification) run(ctx context.Context) (*Fault, error) {
	v.done = Chain{AdCode: v.chain.adcode}
	for {
		page, err := v.blocks(ctx, v.chain.adcode, v.done.Last+1, math.MaxInt64, blocksPerPage)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return v.tail(ctx)
		}
		if fault, err := v.page(ctx, page); fault != nil || err != nil {
			return fault, err
		}
	}
}

// page checks the blocks themselves, as far as they are whole, then their entries. So
// the fault it gives is the first of the chain.
func (v *verification) page(ctx context.Context, page []Block) (*Fault, error) {
	var broken *Fault
	whole := 0
	for ; whole < len(page); whole++ {
		before := v.chain.last
		if broken = v.chain.link(&page[whole]); broken == nil {
			broken = v.witness.meet(&page[whole], v.chain.keys)
		}
		if broken == nil && before.Epoch != page[whole].Epoch {
			stray, err := v.stray(ctx, v.chain.adcode, before.Epoch, before.XidTo, page[whole].Epoch)
			if err != nil {
				return nil, err
			}
			if stray {
				broken = faultAt(v.chain.adcode, page[whole].Number, "此块之前有未封存的记录插入", "entries that no block sealed lie before it")
			}
		}
		if broken != nil {
			break
		}
	}
	for rest := page[:whole]; len(rest) > 0; {
		n := together(rest)
		if fault, err := v.entriesOf(ctx, rest[:n]); fault != nil || err != nil {
			return fault, err
		}
		rest = rest[n:]
	}
	return broken, nil
}

// together gives how many blocks are read with one query.
func together(blocks []Block) int {
	sum := blocks[0].Entries
	for i := 1; i < len(blocks); i++ {
		sum += blocks[i].Entries
		if blocks[i].Epoch != blocks[0].Epoch || sum > entriesPerQuery {
			return i
		}
	}
	return len(blocks)
}

// entriesOf checks the entries of blocks that follow one another within an epoch.
func (v *verification) entriesOf(ctx context.Context, blocks []Block) (*Fault, error) {
	var fault *Fault
	at := 0
	finish := func() bool {
		if fault = v.content.compare(&blocks[at]); fault == nil {
			v.took(&blocks[at])
			at++
		}
		v.content.reset()
		return fault == nil
	}
	all := stretch{adcode: v.chain.adcode, epoch: blocks[0].Epoch, from: blocks[0].XidFrom, to: blocks[len(blocks)-1].XidTo, limit: 1}
	for i := range blocks {
		all.limit += blocks[i].Entries // one more than there should be is enough to see
	}
	err := v.entries(ctx, all, func(rec *record, xid uint64) bool {
		for xid >= blocks[at].XidTo {
			if !finish() {
				return false
			}
		}
		v.content.add(rec)
		return true
	})
	if err != nil {
		return nil, err
	}
	for fault == nil && at < len(blocks) {
		finish()
	}
	return fault, nil
}

func (v *verification) took(b *Block) {
	if v.done.First == 0 {
		v.done.First = b.Number
	}
	v.done.Last, v.done.Hash, v.done.SealedAt = b.Number, hex.EncodeToString(b.Hash), b.SealedAt
	v.done.Entries += int64(b.Entries)
	v.done.Heads = v.witness.compared
}

// tail looks at what comes after the last block.
func (v *verification) tail(ctx context.Context) (*Fault, error) {
	if fault := v.witness.missing(v.chain.adcode, v.done.Last, v.chain.keys); fault != nil {
		return fault, nil
	}
	var err error
	v.done.Unsealed, err = v.unsealed(ctx, v.chain.adcode)
	return nil, err
}

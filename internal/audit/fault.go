package audit

import "fmt"

// Fault is the first place where the chain of an authority is broken.
type Fault struct {
	AdCode string
	Block  int64 // number of the block that is broken or missing; 0 when it is about no block
	ZH     string
	EN     string
}

// Error says the fault in both languages, with its place.
func (f Fault) Error() string { return f.ZH + " / " + f.EN }

func faultAt(adcode string, block int64, zh, en string) *Fault {
	return &Fault{
		AdCode: adcode, Block: block,
		ZH: fmt.Sprintf("%s 第 %d 块：%s", adcode, block, zh),
		EN: fmt.Sprintf("%s block %d: %s", adcode, block, en),
	}
}

// chain checks blocks as they come, each against the one before.
type chain struct {
	keys   Keys
	adcode string
	last   Block // the last one that was whole; its number is 0 before the first
	inside bool  // an export may begin in the midst of the chain
}

// link checks everything of the next block but its entries.
func (c *chain) link(b *Block) *Fault {
	fault := func(zh, en string) *Fault { return faultAt(c.adcode, b.Number, zh, en) }
	first := c.inside && c.last.Number == 0
	if want := c.last.Number + 1; b.Number != want && !first {
		return faultAt(c.adcode, want, "缺失，或编号被改动", "missing, or its number was changed")
	}
	if string(b.digest()) != string(b.Hash) {
		return fault("区块本身被改动", "the block itself was changed")
	}
	public, ok := c.keys[b.KeyID]
	if !ok {
		return fault("签名密钥 "+b.KeyID+" 不是已知的密钥", "signed with key "+b.KeyID+", which is not a known one")
	}
	if !verifySignature(public, b) {
		return fault("签名不符", "the signature is not right")
	}
	if !first {
		if f := c.follow(b, fault); f != nil {
			return f
		}
	}
	if b.XidFrom >= b.XidTo || b.Entries <= 0 {
		return fault("区块范围为空", "the block spans nothing")
	}
	c.last, c.inside = *b, false
	return nil
}

// follow checks that the block goes on where the last one ended.
func (c *chain) follow(b *Block, fault func(zh, en string) *Fault) *Fault {
	previous := c.last.Hash
	if c.last.Number == 0 {
		previous = genesis()
	}
	if string(b.PreviousHash) != string(previous) {
		return fault("与上一块不相连", "it does not follow from the block before")
	}
	from := c.last.XidTo
	if b.Epoch != c.last.Epoch {
		from = 0
	}
	if b.Epoch < c.last.Epoch || b.XidFrom != from {
		return fault("与上一块的范围不相接", "its range does not begin where the block before ended")
	}
	return nil
}

// compare checks the entries that were found against what the block says of them.
func (c *content) compare(b *Block) *Fault {
	if c.count != b.Entries {
		return faultAt(b.AdCode, b.Number,
			fmt.Sprintf("应有 %d 条记录，实有 %d 条", b.Entries, c.count),
			fmt.Sprintf("it sealed %d entries, and there are %d", b.Entries, c.count))
	}
	if string(c.hash()) != string(b.ContentHash) {
		return faultAt(b.AdCode, b.Number, "其中的记录被改动", "entries in it were changed")
	}
	return nil
}

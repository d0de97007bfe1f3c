package walknet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"

	"github.com/paulmach/orb"
)

// digestVersion changes when the meaning of a network changes without its content.
const digestVersion = "walknet/1"

// digest hashes all that searches, drawings and facts depend on.
func (n *Network) digest() string {
	h := hasher{Hash: sha256.New()}
	h.text(digestVersion)
	h.int(len(n.points))
	for _, p := range n.points {
		h.point(p)
	}
	h.int(len(n.from))
	for e := range n.from {
		h.int(int(n.from[e]))
		h.int(int(n.to[e]))
		h.int(int(n.lengthMM[e]))
		h.int(int(n.dir[e]))
		h.int(int(n.way[e]))
		h.int(int(n.vertStart[e+1]))
	}
	for _, p := range n.verts {
		h.point(p)
	}
	for _, w := range n.ways {
		h.text(w.sourceID)
		h.text(w.name)
		h.text(w.class)
	}
	n.hashTraits(&h)
	h.flush()
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// hashTraits adds what edits and profiles ask for. Of a network that has none of it
// nothing is hashed, so that its version is what it was before there were any.
func (n *Network) hashTraits(h *hasher) {
	for i, w := range n.ways {
		if w.crossing != NoCrossing || w.wheels != WheelsUnknown {
			h.int(i)
			h.int(int(w.crossing))
			h.int(int(w.wheels))
		}
	}
	for e := range n.rise {
		h.int(int(n.rise[e]))
		h.int(int(n.fall[e]))
	}
	for _, g := range n.gates {
		h.text(g.SourceID)
		h.text(g.Kind)
		h.text(fmt.Sprint(g.Open, g.Hours, g.post))
	}
}

// hasher gathers values before it hashes them, because many small writes are slow.
type hasher struct {
	hash.Hash
	buf []byte
}

func (h *hasher) int(v int) { h.grow(binary.LittleEndian.AppendUint64(h.buf, uint64(v))) }

func (h *hasher) text(s string) {
	h.int(len(s))
	h.grow(append(h.buf, s...))
}

func (h *hasher) point(p orb.Point) {
	h.grow(binary.LittleEndian.AppendUint64(h.buf, math.Float64bits(p[0])))
	h.grow(binary.LittleEndian.AppendUint64(h.buf, math.Float64bits(p[1])))
}

func (h *hasher) grow(buf []byte) {
	h.buf = buf
	if len(buf) > 1<<16 {
		h.flush()
	}
}

func (h *hasher) flush() {
	h.Write(h.buf)
	h.buf = h.buf[:0]
}

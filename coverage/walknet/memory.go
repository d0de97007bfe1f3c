package walknet

import "unsafe"

// Memory is the bytes that a network's arrays hold: Search is what searches read, Lines
// what drawings, snaps and names need besides. What circles and profiles keep when they
// are first asked for is not in it.
type Memory struct{ Search, Lines int64 }

// Memory counts the arrays that the network was built with.
func (n *Network) Memory() Memory {
	arcs := func(a *adjacency) int64 { return bytesOf(a.start) + bytesOf(a.arcs) + bytesOf(a.edge) }
	m := Memory{Search: arcs(&n.in) + bytesOf(n.from) + bytesOf(n.to) + bytesOf(n.lengthMM) + bytesOf(n.dir)}
	if len(n.out.arcs) > 0 && &n.out.arcs[0] != &n.in.arcs[0] {
		m.Search += arcs(&n.out)
	}
	m.Lines = bytesOf(n.points) + bytesOf(n.way) + bytesOf(n.comp) + bytesOf(n.vertStart) + bytesOf(n.verts) + bytesOf(n.alongMM) +
		bytesOf(n.vertEdge) + bytesOf(n.ways) + bytesOf(n.gates) + bytesOf(n.index.start) + bytesOf(n.index.segments) +
		bytesOf(n.rise) + bytesOf(n.fall)
	return m
}

func bytesOf[T any](s []T) int64 { return int64(len(s)) * int64(unsafe.Sizeof(*new(T))) }

package httpapi

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/go-chi/httprate"
)

// Connections bounds how many connections a server has open. When there is no room, the
// connection that has been idle for longest makes it; where none is idle, new ones wait.
// One address has at most half of all, so that nobody alone shuts the others out. Proxies
// and this machine have no such bound: behind them is everybody.
type Connections struct {
	most    int
	proxies []netip.Prefix

	mu     sync.Mutex
	room   sync.Cond
	open   map[*boundConn]struct{}
	of     map[string]int // open connections of each address that has a bound
	idle   list.List      // of *boundConn, the longest idle in front
	closed bool           // the listener
}

// NewConnections makes the bound of one server.
func NewConnections(most int, proxies []netip.Prefix) *Connections {
	c := &Connections{most: most, proxies: proxies, open: map[*boundConn]struct{}{}, of: map[string]int{}}
	c.room.L = &c.mu
	return c
}

// Bound makes a listener keep the bound. The server's ConnState must be Follow.
func (c *Connections) Bound(l net.Listener) net.Listener { return &boundListener{Listener: l, all: c} }

// Follow learns which connections are idle; it is the ConnState of the server.
func (c *Connections) Follow(conn net.Conn, state http.ConnState) {
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	b, ok := conn.(*boundConn)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy(b)
	if _, open := c.open[b]; open && state == http.StateIdle {
		b.idle = c.idle.PushBack(b)
		c.room.Broadcast()
	}
}

func (c *Connections) busy(b *boundConn) {
	if b.idle != nil {
		c.idle.Remove(b.idle)
		b.idle = nil
	}
}

// admit counts a connection, once there is room for it. It reports false where its
// address has too many, or the listener was closed meanwhile.
func (c *Connections) admit(b *boundConn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.from != "" && c.of[b.from] >= max(c.most/2, 1) {
		return false
	}
	for len(c.open) >= c.most && !c.closed {
		oldest := c.idle.Front()
		if oldest == nil {
			c.room.Wait()
			continue
		}
		out, _ := oldest.Value.(*boundConn) // nothing else is put there
		c.forget(out)
		_ = out.Conn.Close() // it has nothing to say
	}
	if c.closed {
		return false
	}
	c.open[b] = struct{}{}
	if b.from != "" {
		c.of[b.from]++
	}
	return true
}

// forget counts a connection no more; a second time does nothing.
func (c *Connections) forget(b *boundConn) {
	if _, open := c.open[b]; !open {
		return
	}
	delete(c.open, b)
	c.busy(b)
	if b.from != "" {
		if c.of[b.from]--; c.of[b.from] == 0 {
			delete(c.of, b.from)
		}
	}
	c.room.Broadcast()
}

// boundBy is the address whose bound a peer counts for; "" for none.
func (c *Connections) boundBy(peer net.Addr) string {
	at, err := netip.ParseAddrPort(peer.String())
	if err != nil || at.Addr().Unmap().IsLoopback() {
		return ""
	}
	for _, p := range c.proxies {
		if p.Contains(at.Addr().Unmap()) {
			return ""
		}
	}
	return httprate.CanonicalizeIP(at.Addr().Unmap().String())
}

// boundListener accepts within the bound.
type boundListener struct {
	net.Listener
	all *Connections
}

// Accept gives the next connection for which there is room.
func (l *boundListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err // as it is: the server looks at it, and goes on after some
		}
		b := &boundConn{Conn: conn, all: l.all, from: l.all.boundBy(conn.RemoteAddr())}
		if l.all.admit(b) {
			return b, nil
		}
		_ = conn.Close() // with nothing said: HTTP begins with the client
	}
}

// Close also ends the waiting for room.
func (l *boundListener) Close() error {
	l.all.mu.Lock()
	l.all.closed = true
	l.all.room.Broadcast()
	l.all.mu.Unlock()
	return l.Listener.Close()
}

// boundConn is a connection that counts until it is closed.
type boundConn struct {
	net.Conn
	all  *Connections
	from string        // whose bound it counts for; "" for none
	idle *list.Element // its place among the idle; nil while it is at work
}

// Close makes room for another.
func (b *boundConn) Close() error {
	b.all.mu.Lock()
	b.all.forget(b)
	b.all.mu.Unlock()
	return b.Conn.Close()
}

// CloseWrite lets the server say that it is done and still hear the client, so that the
// last answer arrives.
func (b *boundConn) CloseWrite() error {
	if half, ok := b.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

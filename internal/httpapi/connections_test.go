package httpapi_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"

	"yike/internal/httpapi"
)

// pipes is a listener to which a test connects from any address.
type pipes struct{ come chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p.come
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error {
	close(p.come)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

type fromConn struct {
	net.Conn
	from net.Addr
}

func (c fromConn) RemoteAddr() net.Addr { return c.from }

// connect gives the client's end of a connection from an address.
func (p pipes) connect(t *testing.T, from string) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	t.Cleanup(func() { _ = client.Close() })
	p.come <- fromConn{server, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from))}
	return client
}

// door is a bounded listener and what it accepts.
type door struct {
	pipes
	all      *httpapi.Connections
	listener net.Listener
	accepted chan net.Conn
	ended    chan error
}

func newDoor(most int, proxies ...netip.Prefix) door {
	d := door{pipes: pipes{make(chan net.Conn)}, all: httpapi.NewConnections(most, proxies), accepted: make(chan net.Conn), ended: make(chan error, 1)}
	d.listener = d.all.Bound(d.pipes)
	go func() {
		for {
			conn, err := d.listener.Accept()
			if err != nil {
				d.ended <- err
				return
			}
			d.accepted <- conn
		}
	}()
	return d
}

// isClosed waits until the other end is closed.
func isClosed(t *testing.T, client net.Conn) {
	t.Helper()
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("a read gives %v; want the end", err)
	}
}

const (
	first, second, third = "192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1"
	here                 = "127.0.0.1:1"
)

func TestNewConnectionsTakeTheRoomOfIdleOnes(t *testing.T) {
	t.Parallel()
	d := newDoor(2)
	oldest := d.connect(t, here)
	a := <-d.accepted
	d.connect(t, here)
	b := <-d.accepted
	d.all.Follow(a, http.StateIdle)
	d.all.Follow(b, http.StateIdle)
	d.connect(t, here)
	c := <-d.accepted
	isClosed(t, oldest)

	d.all.Follow(b, http.StateActive)
	waits := d.connect(t, here) // nobody is idle now
	select {
	case <-d.accepted:
		t.Fatal("one more than there may be")
	default:
	}
	d.all.Follow(a, http.StateIdle) // is closed: means nothing
	_ = c.Close()
	_ = c.Close() // makes room only once
	e := <-d.accepted
	d.all.Follow(secured{e}, http.StateIdle) // as TLS has it
	d.connect(t, here)
	<-d.accepted
	isClosed(t, waits)
	if err := d.listener.Close(); err != nil {
		t.Error(err)
	}
	if err := <-d.ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("ends with %v", err)
	}
}

// secured is a connection that speaks TLS on another.
type secured struct{ net.Conn }

func (s secured) NetConn() net.Conn { return s.Conn }

func TestNobodyTakesAllConnections(t *testing.T) {
	t.Parallel()
	d := newDoor(4, netip.MustParsePrefix("198.51.100.0/24"))
	d.connect(t, first)
	a := <-d.accepted
	d.connect(t, first)
	<-d.accepted
	isClosed(t, d.connect(t, first)) // a third from there
	_ = a.Close()
	d.connect(t, first)
	<-d.accepted
	d.connect(t, second)
	b := <-d.accepted
	_ = b.Close()

	d = newDoor(4, netip.MustParsePrefix("198.51.100.0/24"))
	for range 3 { // a proxy has no such bound
		d.connect(t, "198.51.100.7:1")
		<-d.accepted
	}
	d.connect(t, third)
	<-d.accepted
}

// A stop must not wait for room.
func TestClosingTheListenerEndsTheWait(t *testing.T) {
	t.Parallel()
	d := newDoor(1)
	d.connect(t, here)
	<-d.accepted
	waits := d.connect(t, here)
	if err := d.listener.Close(); err != nil {
		t.Error(err)
	}
	isClosed(t, waits)
	if err := <-d.ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("ends with %v", err)
	}
}

package httpapi

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// Bounds of what is sent.
const (
	// maxDraft is up to which size in bytes an answer is made before it is sent. Tiles
	// and lists are smaller; what is larger is made as the client takes it.
	maxDraft = 1 << 20

	// A client has sendTime to take each piece of this size: some 4 kB/s, which is less
	// than any line on which a map is of use.
	pieceSize = 64 << 10
	sendTime  = 15 * time.Second
)

// pacedWriter gives a client its time for each piece of an answer, not for the whole: a
// large answer may take long, and a client that reads nothing is given up soon.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	rest    time.Duration // for which nothing may be sent, since the answer is being made; 0 for the server's own time
}

func newPacedWriter(w http.ResponseWriter, rest time.Duration) *pacedWriter {
	return &pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), rest: rest}
}

// Write sends in pieces. Between writes the deadline is far again, because HTTP/2 gives
// up a stream whose deadline passes, also when nothing is being sent.
func (p *pacedWriter) Write(b []byte) (int, error) {
	sent := 0
	for {
		piece := b[sent:min(len(b), sent+pieceSize)]
		p.allow(sendTime)
		n, err := p.ResponseWriter.Write(piece)
		sent += n
		if err != nil {
			return sent, fmt.Errorf("send an answer: %w", err)
		}
		if sent == len(b) {
			p.allow(p.rest)
			return sent, nil
		}
	}
}

// Flush sends what is there.
func (p *pacedWriter) Flush() { _ = p.FlushError() }

// FlushError is Flush that says why it failed.
func (p *pacedWriter) FlushError() error {
	p.allow(sendTime)
	if err := p.control.Flush(); err != nil {
		return fmt.Errorf("send an answer: %w", err)
	}
	p.allow(p.rest)
	return nil
}

// Unwrap gives the writer below, for deadlines.
func (p *pacedWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// allow moves the deadline. A writer that knows no deadlines has none to move.
func (p *pacedWriter) allow(d time.Duration) {
	if d > 0 {
		_ = p.control.SetWriteDeadline(time.Now().Add(d))
	}
}

// draft holds an answer back until it is whole, so that making it does not wait for a
// client to take it. An answer that gets too large, or is flushed, is sent as it is made.
type draft struct {
	to     *pacedWriter
	header http.Header
	final  http.Header // header at the time of the status
	status int         // 0 for none yet
	body   bytes.Buffer
	sent   bool // the rest goes straight to the client
}

func newDraft(to *pacedWriter) *draft { return &draft{to: to, header: to.Header().Clone()} }

// Header is the draft's own until it is sent: an answer that is dropped leaves nothing.
func (d *draft) Header() http.Header {
	if d.sent {
		return d.to.Header()
	}
	return d.header
}

// WriteHeader keeps the status; what only informs goes out at once.
func (d *draft) WriteHeader(status int) {
	switch {
	case d.sent || status < http.StatusOK && status != http.StatusSwitchingProtocols:
		d.to.WriteHeader(status)
	case d.status == 0:
		d.status, d.final = status, d.header.Clone()
	}
}

// Write adds to the draft.
func (d *draft) Write(b []byte) (int, error) {
	if !d.sent {
		if d.status == 0 {
			d.WriteHeader(http.StatusOK)
		}
		if d.body.Len()+len(b) <= maxDraft {
			return d.body.Write(b)
		}
		if err := d.send(); err != nil {
			return 0, err
		}
	}
	return d.to.Write(b)
}

// Flush sends what is there.
func (d *draft) Flush() { _ = d.FlushError() }

// FlushError is Flush that says why it failed.
func (d *draft) FlushError() error {
	if d.status == 0 {
		d.WriteHeader(http.StatusOK)
	}
	if err := d.send(); err != nil {
		return err
	}
	return d.to.FlushError()
}

// Unwrap gives the writer below, for deadlines.
func (d *draft) Unwrap() http.ResponseWriter { return d.to }

// held is how much memory the draft takes.
func (d *draft) held() int64 { return int64(d.body.Cap()) }

// send sends what is there, once; nothing where the handler left it at nothing.
func (d *draft) send() error {
	if d.sent {
		return nil
	}
	d.sent = true
	header := d.to.Header()
	clear(header)
	if d.status == 0 {
		maps.Copy(header, d.header)
		return nil
	}
	maps.Copy(header, d.final)
	d.to.WriteHeader(d.status)
	body := d.body.Bytes()
	d.body = bytes.Buffer{}
	if len(body) == 0 {
		return nil
	}
	_, err := d.to.Write(body)
	return err
}

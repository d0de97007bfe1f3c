package coverage

import (
	"errors"
	"fmt"

	"yike/coverage/walknet"
)

// Walker is who walks in a question, as it is written in the API and in addresses.
type Walker string

// The walkers.
const (
	Anybody  Walker = ""          // the same speed on every way, nobody waits
	Elder    Walker = "elder"     // slower on stairs and slopes, waits at crossings: walknet.Elder
	StepFree Walker = "step_free" // an elder who takes no stairs and nothing that wheels cannot pass
)

// ErrWalker says that there is no such walker.
var ErrWalker = errors.New("no such walker")

// At is the walker's profile at a time of day. The error is ErrWalker.
func (w Walker) At(h walknet.Hour) (walknet.Profile, error) {
	var p walknet.Profile
	switch w {
	case Anybody:
	case Elder:
		p = walknet.Elder()
	case StepFree:
		p = walknet.Elder()
		p.StepFree = true
	default:
		return p, fmt.Errorf("%w: %q", ErrWalker, string(w))
	}
	p.Hour = h
	return p, nil
}

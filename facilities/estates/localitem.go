package estates

import (
	"errors"
	"time"
)

// LocalItem is a local rule as a person is shown it.
type LocalItem struct {
	LocalRule
	MayWrite     bool
	TriedVersion int // of the latest trial; 0 where it was never tried
	TriedAt      time.Time
	TriedBy      string
}

// KeptTrial is the latest trial of a rule, with what it stood on.
type KeptTrial struct {
	Version int // of the rule
	At      time.Time
	By      string
	Basis   Basis
	Trial   Trial
}

// ErrNoTrial says that a rule was never tried.
var ErrNoTrial = errors.New("the rule was never tried")

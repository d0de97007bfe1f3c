package panel

import (
	"errors"

	"github.com/paulmach/orb"
)

// ErrEnded says that a case has ended, so nobody is asked about it any more.
var ErrEnded = errors.New("办件已经办结 / the case has ended")

// Rounds count how often each step of a case was taken up again, from 0.
type Rounds struct{ Experts, Consultation, Deliberation int }

// Matter is a case as those who are asked about it need it.
type Matter struct {
	CaseID    string
	Number    string // 2026-007
	Act       string // naming, renaming, retirement
	Name      string // as it is proposed
	Former    string // the name until now, of a renaming
	Roman     string
	Kind      string
	Division  string
	Applicant string
	Reason    string
	NameID    string
	Origin    string
	Meaning   string
	Extent    string       // in words, one after another
	Place     orb.Geometry // lon/lat WGS 84; nil where nobody drew it
	Open      bool         // the case has not ended
	Rounds    Rounds
	MayKeep   bool // the reader keeps its record
}

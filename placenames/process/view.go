package process

import "yike/placenames"

// Acting is for which office somebody may act at a step, and whether as one of it or as who
// enters what an office or applicant outside sent.
type Acting struct {
	Step, Office string
	Kind         Kind
	Entered      bool
}

// View is a case as a person sees it and may go on with it.
type View struct {
	Dossier
	Acting   []Acting
	Papers   []Shown // of the case and its files
	MayWrite bool    // the reader keeps the cases of its division
}

// Filter is which cases are asked for; what is empty asks for all.
type Filter struct {
	Open, Ended          bool
	Act, Track, Class    string
	NameID               string
	Within               []string // divisions; nil for all
	Text                 string   // contained in the number, a name or the applicant
	BeforeYear, BeforeNo int      // the last one of the page before; 0 for the first page
	Limit                int
}

// Opening is what a person says of a case that begins: New is the record of a naming that is
// not there yet, else the case names its record in NameID.
type Opening struct {
	Dossier
	New *placenames.Name
}

// Amendment is what changes of a case; what is nil stays.
type Amendment struct {
	Proposed                   *Proposal
	Applicant, Contact, Reason *string
}

// Settings are what an authority has set, as a person may see and change it.
type Settings struct {
	Local           Local
	Version         int // 0 where nobody set anything
	Years           Years
	CalendarVersion int
	May             bool // the reader may change both
}

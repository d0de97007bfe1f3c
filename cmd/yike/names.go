package main

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// mountNames serves everything about place names: the register, the search in it and its
// checks, readings, lists that are brought in, cases with what other rooms show of their
// materials, signs, visits to places, what follows from another name, papers, and what experts,
// offices, the public and the committee say.
func mountNames(r chi.Router, api huma.API, c config, d desk, refused refusals, now func() time.Time) error {
	register, err := mountPlaceNames(api, d, refused, now)
	if err != nil {
		return err
	}
	live, err := mountNameSearch(api, d)
	if err != nil {
		return err
	}
	panels, err := newNamePanels(d, refused, now)
	if err != nil {
		return err
	}
	visits, err := newNameSurvey(d, refused, now)
	if err != nil {
		return err
	}
	mountNameSurvey(api, visits)
	checks, err := mountNameChecks(api, c, d, live, refused, now, visits.known, panels.known)
	if err != nil {
		return err
	}
	spelling, err := mountReadings(api, d, refused, now)
	if err != nil {
		return err
	}
	mountNameImport(api, register, spelling)
	if err := mountNamePanels(r, api, panels); err != nil {
		return err
	}
	if err := mountNameConsequences(api, d, refused, now); err != nil {
		return err
	}
	cases, err := mountNameCases(api, d, checks, refused, now, mountNameSigns(api, d, refused, now), panels.shown, visits.ready)
	if err != nil {
		return err
	}
	return mountNamePapers(api, d, cases, panels, visits.written)
}

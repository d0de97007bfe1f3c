package main

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// mountNames serves everything about place names: the register and the search in it, readings,
// cases with what other rooms show of their materials, and signs.
func mountNames(api huma.API, d desk, refused refusals, now func() time.Time) error {
	if err := mountPlaceNames(api, d, refused, now); err != nil {
		return err
	}
	if _, err := mountNameSearch(api, d); err != nil {
		return err
	}
	if err := mountReadings(api, d, refused, now); err != nil {
		return err
	}
	return mountNameCases(api, d, refused, now, mountNameSigns(api, d, refused, now))
}

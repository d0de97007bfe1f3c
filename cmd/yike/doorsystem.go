package main

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// mountAddresses serves everything about doors: standard addresses and, on them, how numbers are
// proposed, plates and what residents see.
func mountAddresses(r chi.Router, api huma.API, a *app, d desk, refused refusals, now func() time.Time) error {
	if err := mountStandardAddresses(api, d, refused, now); err != nil {
		return err
	}
	if err := mountNumbering(api, d, refused, now); err != nil {
		return err
	}
	if err := mountPlates(api, d, a.config.Plates, refused, now); err != nil {
		return err
	}
	mountPlateSheets(api, a, d)
	return mountDoors(r, api, a, d, refused, now)
}

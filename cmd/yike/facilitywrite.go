package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
)

// facilityRecords gives facilityhttp single facilities from the database, as the person
// who asks may see and write them, and shows what was written at once.
type facilityRecords struct {
	store   *facilitydb.Store
	live    *liveFacilities
	refused refusals
	log     *slog.Logger
	now     func() time.Time
}

var _ facilityhttp.Records = (*facilityRecords)(nil)

// writer is who asks, for the district that is served.
func (r *facilityRecords) writer(ctx context.Context) (postgres.Writer, error) {
	s := r.live.held.State()
	if s == nil {
		return postgres.Writer{}, facilityhttp.ErrNotReady
	}
	return writer(ctx, s.Pack.AdCode), nil
}

func (r *facilityRecords) today() record.Day { return record.DayOf(r.now()) }

// Create registers a facility.
func (r *facilityRecords) Create(ctx context.Context, f facilities.Facility, c record.Change) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return f, err
	}
	made, err := r.store.Create(ctx, w, f, c, r.today())
	return made, r.written(ctx, w, err, postgres.Note{Action: "facility.create", Kind: "facility", After: f.NameZH})
}

// Update changes a facility.
func (r *facilityRecords) Update(ctx context.Context, id string, expected int, p facilities.Patch, c record.Change) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Facility{}, err
	}
	made, err := r.store.Update(ctx, w, id, expected, p, c, r.today())
	return made, r.written(ctx, w, err, postgres.Note{Action: "facility.update", Kind: "facility", ID: id})
}

// written ends a write: one that was taken is shown, one that was refused is noted.
func (r *facilityRecords) written(ctx context.Context, w postgres.Writer, err error, n postgres.Note) error {
	if err != nil {
		r.refused.note(ctx, w, err, n)
		return facilityError(err)
	}
	// It is stored: a client that goes away, or a look that fails, does not undo it, and
	// the next look at the database shows it.
	if err := r.live.refresh(context.WithoutCancel(ctx)); err != nil {
		r.log.WarnContext(ctx, "what was written is not shown yet", slog.Any("error", err))
	}
	return nil
}

// AsOf gives a facility as it was; who did not sign in sees the present version, where
// the routes let him.
func (r *facilityRecords) AsOf(ctx context.Context, id string, at record.At) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Facility{}, err
	}
	_, signedIn := auth.From(ctx)
	present := at == record.At{}
	switch {
	case present && !signedIn:
		w = postgres.System(w.AdCode, "anybody")
	case !signedIn:
		return facilities.Facility{}, postgres.ErrAnonymous
	case at.Valid == "":
		at.Valid = r.today()
	}
	var f facilities.Facility
	if present {
		f, err = r.store.ByID(ctx, w, id)
	} else {
		f, err = r.store.AsOf(ctx, w, id, at)
	}
	if err == nil && !signedIn && f.Stage != facilities.Published {
		err = facilitydb.ErrNotFound // that read was nobody's, so no rights bound it
	}
	return f, facilityError(err)
}

// History gives the versions of a facility.
func (r *facilityRecords) History(ctx context.Context, id string) ([]httpapi.RecordVersion, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := r.store.HistoryOf(ctx, w, id)
	if err != nil {
		return nil, facilityError(err)
	}
	return recordVersions(list), nil
}

func facilityError(err error) error {
	var replaced *facilitydb.ReplacedError
	if errors.As(err, &replaced) {
		return facilityhttp.Replaced(replaced.Name, replaced.By)
	}
	for stored, served := range map[error]error{
		facilitydb.ErrNotFound:        facilityhttp.ErrNotFound,
		facilitydb.ErrNotMerged:       facilityhttp.ErrNotMerged,
		facilitydb.ErrUnknownDivision: facilityhttp.ErrUnknownDivision,
		facilitydb.ErrBadCursor:       facilityhttp.ErrBadCursor,
		facilitydb.ErrNoArea:          facilityhttp.ErrNoArea,
		facilitydb.ErrNoSteward:       facilityhttp.ErrNoSteward,
		facilitydb.ErrNoChange:        facilityhttp.ErrNoChange,
		facilitydb.ErrNoProposal:      facilityhttp.ErrNoProposal,
		facilitydb.ErrDecided:         facilityhttp.ErrDecided,
	} {
		if errors.Is(err, stored) {
			return served
		}
	}
	return err
}

package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignsdb"
	"yike/facilities/campaigns/campaignshttp"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
)

// campaignRecords gives campaignshttp campaigns from the database, as whoever asks may see
// and write them.
type campaignRecords struct {
	store   *campaignsdb.Store
	live    *liveFacilities
	refused refusals
	log     *slog.Logger
	now     func() time.Time
}

var _ campaignshttp.Records = (*campaignRecords)(nil)

func (r *campaignRecords) state() (*coveragelive.State, error) {
	s := r.live.held.State()
	if s == nil {
		return nil, campaignshttp.ErrNotReady
	}
	return s, nil
}

func (r *campaignRecords) today() record.Day { return record.DayOf(r.now()) }

func (r *campaignRecords) writer(ctx context.Context) (postgres.Writer, error) {
	s, err := r.state()
	if err != nil {
		return postgres.Writer{}, err
	}
	return writer(ctx, s.Pack.AdCode), nil
}

func campaignError(err error) error {
	for from, to := range map[error]error{
		campaignsdb.ErrNotFound: campaignshttp.ErrNotFound, campaignsdb.ErrNotDraft: campaignshttp.ErrNotDraft,
		campaignsdb.ErrNotOut: campaignshttp.ErrNotOut, campaignsdb.ErrNothing: campaignshttp.ErrNothing,
	} {
		if errors.Is(err, from) {
			return to
		}
	}
	return err
}

// ended ends a write: one that was refused is noted.
func (r *campaignRecords) ended(ctx context.Context, w postgres.Writer, err error, action, id string) error {
	if err != nil {
		r.refused.note(ctx, w, err, postgres.Note{Action: action, Kind: "campaign", ID: id})
	}
	return campaignError(err)
}

// subdistrict gives the subdistrict of a division, the division itself where it has none.
func subdistrict(h *coverage.Hierarchy, list []divisions.Division) func(code string) string {
	return func(code string) string {
		if i := h.Find(code); i >= 0 {
			if at := h.At(i, divisions.Subdistrict); at >= 0 {
				return list[at].Code
			}
		}
		return code
	}
}

// overview adds to a campaign how far it is.
func (r *campaignRecords) overview(ctx context.Context, w postgres.Writer, c campaigns.Campaign) (campaignshttp.Overview, error) {
	s, err := r.state()
	if err != nil {
		return campaignshttp.Overview{}, err
	}
	tasks, err := r.store.Tasks(ctx, w, campaignsdb.TaskFilter{Campaign: c.ID})
	if err != nil {
		return campaignshttp.Overview{}, err
	}
	problems, err := r.store.Problems(ctx, w, campaignsdb.ProblemFilter{Campaign: c.ID})
	return campaignshttp.Overview{Campaign: c, Progress: campaigns.Progressed(tasks, problems, subdistrict(s.Hierarchy, s.Divisions))}, err
}

// Campaigns lists campaigns with their progress.
func (r *campaignRecords) Campaigns(ctx context.Context) ([]campaignshttp.Overview, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.store.List(ctx, w)
	if err != nil {
		return nil, err
	}
	out := make([]campaignshttp.Overview, len(list))
	for i, c := range list {
		if out[i], err = r.overview(ctx, w, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Campaign gives one with its progress.
func (r *campaignRecords) Campaign(ctx context.Context, id string) (campaignshttp.Overview, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaignshttp.Overview{}, err
	}
	c, err := r.store.ByID(ctx, w, id)
	if err != nil {
		return campaignshttp.Overview{}, campaignError(err)
	}
	return r.overview(ctx, w, c)
}

// Create drafts a campaign.
func (r *campaignRecords) Create(ctx context.Context, c campaigns.Campaign, reason string) (campaigns.Campaign, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return c, err
	}
	made, err := r.store.Create(ctx, w, c, record.Change{Reason: reason}, r.today())
	return made, r.ended(ctx, w, err, "campaign.create", "")
}

// Update changes a campaign.
func (r *campaignRecords) Update(ctx context.Context, id string, expected int, p campaigns.Patch, reason string) (campaigns.Campaign, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Campaign{}, err
	}
	made, err := r.store.Update(ctx, w, id, expected, p, record.Change{Reason: reason}, r.today())
	return made, r.ended(ctx, w, err, "campaign.update", id)
}

// AddFacilities puts facilities into a draft.
func (r *campaignRecords) AddFacilities(ctx context.Context, id string, p campaignshttp.Pick, reason string) (int, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return 0, err
	}
	n, err := r.store.AddFacilities(ctx, w, id, campaignsdb.Pick(p), record.Change{Reason: reason}, r.today())
	return n, r.ended(ctx, w, err, "campaign.add", id)
}

// RemoveFacility takes a facility out of a draft.
func (r *campaignRecords) RemoveFacility(ctx context.Context, id, task, reason string) error {
	w, err := r.writer(ctx)
	if err != nil {
		return err
	}
	return r.ended(ctx, w, r.store.RemoveFacility(ctx, w, id, task, record.Change{Reason: reason}, r.today()), "campaign.remove", id)
}

// Send sends a draft out.
func (r *campaignRecords) Send(ctx context.Context, id string, expected int, reason string) (campaigns.Campaign, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Campaign{}, err
	}
	made, err := r.store.Send(ctx, w, id, expected, record.Change{Reason: reason}, r.today())
	return made, r.ended(ctx, w, err, "campaign.send", id)
}

// Close ends a campaign.
func (r *campaignRecords) Close(ctx context.Context, id string, expected int, reason string) (campaigns.Campaign, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Campaign{}, err
	}
	made, err := r.store.Close(ctx, w, id, expected, record.Change{Reason: reason}, r.today())
	return made, r.ended(ctx, w, err, "campaign.close", id)
}

package main

import (
	"context"
	"log/slog"

	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignsdb"
	"yike/facilities/campaigns/campaignshttp"
	"yike/internal/record"
)

// Tasks lists facilities of campaigns.
func (r *campaignRecords) Tasks(ctx context.Context, f campaignshttp.TaskFilter) ([]campaigns.Task, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	return r.store.Tasks(ctx, w, campaignsdb.TaskFilter{
		Campaign: f.Campaign, Facility: f.Facility, Division: f.Division, State: campaigns.TaskState(f.State), Out: f.Mine,
	})
}

// Task gives one facility of a campaign.
func (r *campaignRecords) Task(ctx context.Context, id string) (campaigns.Task, campaigns.Campaign, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Task{}, campaigns.Campaign{}, err
	}
	t, c, err := r.store.Task(ctx, w, id)
	return t, c, campaignError(err)
}

// Answer keeps or returns what was found.
func (r *campaignRecords) Answer(ctx context.Context, id string, expected int, a campaigns.Answer) (campaigns.Task, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Task{}, err
	}
	t, err := r.store.Answer(ctx, w, id, expected, a, r.today())
	return t, r.ended(ctx, w, err, "campaign_task.answer", id)
}

// Accept takes a return as it is.
func (r *campaignRecords) Accept(ctx context.Context, id string, expected int) (campaigns.Task, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Task{}, err
	}
	t, err := r.store.Accept(ctx, w, id, expected)
	if err == nil {
		// It may have verified the record, which others hold in memory.
		if err := r.live.refresh(context.WithoutCancel(ctx)); err != nil {
			r.log.WarnContext(ctx, "what was accepted is not shown yet", slog.Any("error", err))
		}
	}
	return t, r.ended(ctx, w, err, "campaign_task.accept", id)
}

// SendBack asks for a return again.
func (r *campaignRecords) SendBack(ctx context.Context, id string, expected int, reason string) (campaigns.Task, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Task{}, err
	}
	t, err := r.store.SendBack(ctx, w, id, expected, record.Change{Reason: reason}, r.today())
	return t, r.ended(ctx, w, err, "campaign_task.send_back", id)
}

// Problems lists what is to be put right.
func (r *campaignRecords) Problems(ctx context.Context, f campaignshttp.ProblemFilter) ([]campaigns.Problem, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	in := campaignsdb.ProblemFilter{Campaign: f.Campaign, Facility: f.Facility, Division: f.Division, State: campaigns.ProblemState(f.State)}
	if f.Overdue {
		in.OverdueOn = r.today()
	}
	return r.store.Problems(ctx, w, in)
}

// Take does a step about a problem.
func (r *campaignRecords) Take(ctx context.Context, id string, expected int, step campaigns.Step, on, due record.Day, note string) (campaigns.Problem, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return campaigns.Problem{}, err
	}
	p, err := r.store.Take(ctx, w, id, expected, step, on, due, note, r.today())
	return p, r.ended(ctx, w, err, "facility_problem.step", id)
}

// Scores lists the scores of a year.
func (r *campaignRecords) Scores(ctx context.Context, year int, division string) ([]campaignshttp.Score, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.store.Scores(ctx, w, year, division)
	if err != nil {
		return nil, err
	}
	out := make([]campaignshttp.Score, len(list))
	for i, s := range list {
		out[i] = campaignshttp.Score(s)
	}
	return out, nil
}

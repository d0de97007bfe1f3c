package main

import (
	"context"

	"yike/facilities/indicators"
	"yike/facilities/indicators/indicatorhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

// planWrite runs a write of plans as the person who asks, and notes what was refused.
func planWrite[T any](ctx context.Context, a *planAPI, action, kind, id string, write func(w postgres.Writer) (T, error)) (T, error) {
	w, err := a.writer(ctx)
	if err != nil {
		var none T
		return none, err
	}
	out, err := write(w)
	if err != nil {
		a.refused.note(ctx, w, err, postgres.Note{Action: action, Kind: kind, ID: id})
	}
	return out, planError(err)
}

func planRemove(ctx context.Context, a *planAPI, action, kind, id string, remove func(w postgres.Writer) error) error {
	_, err := planWrite(ctx, a, action, kind, id, func(w postgres.Writer) (struct{}, error) { return struct{}{}, remove(w) })
	return err
}

func (a *planAPI) Create(ctx context.Context, p indicators.Plan, rows []indicators.Indicator, projects []indicators.Project, reason string) (indicators.Plan, error) {
	types, err := a.Types()
	if err != nil {
		return p, err
	}
	return planWrite(ctx, a, "plan.create", "plan", "", func(w postgres.Writer) (indicators.Plan, error) {
		return a.store.Create(ctx, w, p, rows, projects, types, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) Update(ctx context.Context, id string, expected int, p indicators.Plan, reason string) (indicators.Plan, error) {
	types, err := a.Types()
	if err != nil {
		return p, err
	}
	return planWrite(ctx, a, "plan.update", "plan", id, func(w postgres.Writer) (indicators.Plan, error) {
		return a.store.Update(ctx, w, id, expected, p, types, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) Delete(ctx context.Context, id string, expected int, reason string) error {
	return planRemove(ctx, a, "plan.delete", "plan", id, func(w postgres.Writer) error {
		return a.store.Delete(ctx, w, id, expected, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) AddIndicator(ctx context.Context, plan string, i indicators.Indicator, reason string) (indicators.Indicator, error) {
	types, err := a.Types()
	if err != nil {
		return i, err
	}
	return planWrite(ctx, a, "plan_indicator.create", "plan", plan, func(w postgres.Writer) (indicators.Indicator, error) {
		return a.store.AddIndicator(ctx, w, plan, i, types, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) UpdateIndicator(ctx context.Context, plan, id string, expected int, i indicators.Indicator, reason string) (indicators.Indicator, error) {
	types, err := a.Types()
	if err != nil {
		return i, err
	}
	return planWrite(ctx, a, "plan_indicator.update", "plan_indicator", id, func(w postgres.Writer) (indicators.Indicator, error) {
		return a.store.UpdateIndicator(ctx, w, plan, id, expected, i, types, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) DeleteIndicator(ctx context.Context, plan, id string, expected int, reason string) error {
	return planRemove(ctx, a, "plan_indicator.delete", "plan_indicator", id, func(w postgres.Writer) error {
		return a.store.DeleteIndicator(ctx, w, plan, id, expected, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) AddValue(ctx context.Context, plan string, v indicators.Value, reason string) (indicators.Value, error) {
	return planWrite(ctx, a, "plan_value.create", "plan", plan, func(w postgres.Writer) (indicators.Value, error) {
		return a.store.AddValue(ctx, w, plan, v, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) UpdateValue(ctx context.Context, plan, id string, expected int, v indicators.Value, reason string) (indicators.Value, error) {
	return planWrite(ctx, a, "plan_value.update", "plan_value", id, func(w postgres.Writer) (indicators.Value, error) {
		return a.store.UpdateValue(ctx, w, plan, id, expected, v, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) DeleteValue(ctx context.Context, plan, id string, expected int, reason string) error {
	return planRemove(ctx, a, "plan_value.delete", "plan_value", id, func(w postgres.Writer) error {
		return a.store.DeleteValue(ctx, w, plan, id, expected, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) AddProject(ctx context.Context, plan string, p indicators.Project, reason string) (indicators.Project, error) {
	return planWrite(ctx, a, "plan_project.create", "plan", plan, func(w postgres.Writer) (indicators.Project, error) {
		return a.store.AddProject(ctx, w, plan, p, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) UpdateProject(ctx context.Context, plan, id string, expected int, p indicators.Project, reason string) (indicators.Project, error) {
	return planWrite(ctx, a, "plan_project.update", "plan_project", id, func(w postgres.Writer) (indicators.Project, error) {
		return a.store.UpdateProject(ctx, w, plan, id, expected, p, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) DeleteProject(ctx context.Context, plan, id string, expected int, reason string) error {
	return planRemove(ctx, a, "plan_project.delete", "plan_project", id, func(w postgres.Writer) error {
		return a.store.DeleteProject(ctx, w, plan, id, expected, record.Change{Reason: reason}, a.Today())
	})
}

func (a *planAPI) Seal(ctx context.Context, plan string, values []indicators.Value, again bool, reason string) (indicatorhttp.Sealed, error) {
	return planWrite(ctx, a, "plan.seal", "plan", plan, func(w postgres.Writer) (indicatorhttp.Sealed, error) {
		done, err := a.store.Seal(ctx, w, plan, values, again, record.Change{Reason: reason}, a.Today())
		return indicatorhttp.Sealed(done), err
	})
}

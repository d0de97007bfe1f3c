package main

import (
	"context"
	"errors"
	"log/slog"

	"yike/internal/auth/authhttp"
	"yike/internal/postgres"
)

// refusals puts into the audit log who was refused what.
type refusals struct {
	db  *postgres.DB
	log *slog.Logger
}

// note keeps err when it is a refusal of somebody who signed in. The refusal itself
// stands whether it can be kept or not.
func (r refusals) note(ctx context.Context, w postgres.Writer, err error, n postgres.Note) {
	if !errors.Is(err, postgres.ErrForbidden) || w.Who == "" {
		return
	}
	authhttp.Told(ctx)
	var forbidden *postgres.ForbiddenError
	if errors.As(err, &forbidden) && n.Division == "" {
		n.Division = forbidden.Division
	}
	if err := r.db.Refused(context.WithoutCancel(ctx), w, "refused", "无权 / not allowed", n); err != nil {
		r.log.ErrorContext(ctx, "a refusal is missing in the audit log", slog.Any("error", err))
	}
}

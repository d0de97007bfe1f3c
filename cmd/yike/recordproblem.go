package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// recordProblem tells a client what the door for writes, or a store behind it, had
// against a request for a record. Other errors stay as they are.
func recordProblem(err error) error {
	var stale *postgres.StaleError
	switch {
	case errors.Is(err, postgres.ErrAnonymous):
		return httpapi.NewProblem(http.StatusUnauthorized, "unauthenticated", "请先登录", "Sign in first")
	case errors.Is(err, postgres.ErrForbidden):
		return httpapi.NewProblem(http.StatusForbidden, "forbidden", "您在此辖区无权进行这项操作", "You have no right to do this in this division")
	case errors.Is(err, postgres.ErrKeyReused):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "idempotency_key_reused",
			"该 Idempotency-Key 已用于另一个请求", "This Idempotency-Key was used for another request")
	case errors.As(err, &stale):
		return httpapi.Stale(stale.Current)
	}
	return err
}

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
	var forbidden *postgres.ForbiddenError
	if errors.As(err, &forbidden) && n.Division == "" {
		n.Division = forbidden.Division
	}
	if err := r.db.Refused(context.WithoutCancel(ctx), w, "refused", "无权 / not allowed", n); err != nil {
		r.log.ErrorContext(ctx, "a refusal is missing in the audit log", slog.Any("error", err))
	}
}

package main

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// explain tells what the door for writes and the database refuse, and when the database
// is away or busy, as problems; nil for anything else. It is here since the rooms that
// answer requests do not know the database.
func explain(err error) *httpapi.Problem {
	var forbidden *postgres.ForbiddenError
	switch {
	case errors.As(err, &forbidden):
		return httpapi.Forbidden(forbidden.Action, forbidden.Division)
	case errors.Is(err, postgres.ErrStale):
		return httpapi.NewProblem(http.StatusPreconditionFailed, "stale",
			"记录已被他人修改；请重新读取后再改", "The record was changed meanwhile; read it again, then change it")
	case errors.Is(err, postgres.ErrKeyReused):
		return httpapi.KeyReused()
	case postgres.Full(err):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "disk", "磁盘已满，暂时无法保存", "The disk is full, so nothing can be stored at present")
	case postgres.Away(err):
		return httpapi.DatabaseAway()
	case postgres.Busy(err):
		return httpapi.Busy()
	case postgres.TimedOut(err):
		return httpapi.TooSlow()
	}
	return nil
}

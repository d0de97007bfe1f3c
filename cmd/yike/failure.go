package main

import (
	"errors"
	"net/http"
	"time"

	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// loadWait is when to try again what a load keeps out.
const loadWait = 5 * time.Second

// explain tells what the door for writes and the database refuse, and when the database
// is away or busy, as problems; nil for anything else. It is here since the rooms that
// answer requests do not know the database.
func explain(err error) *httpapi.Problem {
	var forbidden *postgres.ForbiddenError
	var stale *postgres.StaleError
	switch {
	case errors.Is(err, postgres.ErrAnonymous):
		return httpapi.NewProblem(http.StatusUnauthorized, "sign_in_required", "请先登录", "Sign in first")
	case errors.As(err, &stale):
		return httpapi.Stale(stale.Current)
	case errors.As(err, &forbidden):
		return httpapi.Forbidden(forbidden.Action, forbidden.Division)
	case errors.Is(err, postgres.ErrStale):
		return httpapi.NewProblem(http.StatusPreconditionFailed, "stale",
			"记录已被他人修改；请重新读取后再改", "The record was changed meanwhile; read it again, then change it")
	case errors.Is(err, postgres.ErrKeyReused):
		return httpapi.KeyReused()
	case errors.Is(err, postgres.ErrLoading):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "loading", "正在载入数据包，请稍后再试", "A data pack is being loaded; try again shortly").After(loadWait)
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

package audithttp

import (
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/audit"
	"yike/internal/httpapi"
)

var errBusy = errors.New("as many as may be are under way")

// problem tells a client what the log refused.
func problem(err error) error {
	switch {
	case errors.Is(err, audit.ErrForbidden):
		return httpapi.NewProblem(http.StatusForbidden, "forbidden", "您无权查看或导出审计日志", "You may not read or export the audit log")
	case errors.Is(err, audit.ErrKeyReused):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "idempotency_key_reused",
			"该 Idempotency-Key 已用于另一个请求", "This Idempotency-Key was used for another request")
	case errors.Is(err, audit.ErrBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor",
			"cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.Is(err, errBusy):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "busy",
			"正在核对或导出审计日志，请稍后再试", "The audit log is being verified or exported; try again shortly")
	default:
		return err
	}
}

// retryAfter is how many seconds whoever finds all places taken is told to wait.
const retryAfter = "10"

func busy(err error) error {
	return huma.ErrorWithHeaders(problem(err), http.Header{"Retry-After": {retryAfter}})
}

package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Why the server itself ends the context of a request.
var (
	errTimeout  = errors.New("the request took longer than it may")
	errStopping = errors.New("the server is stopping")
)

// statusGone is what the log says of a client that left before its answer. Nobody gets
// to see it.
const statusGone = 499

// After how long trying again makes sense.
const (
	waitBusy    = 2 * time.Second
	waitStopped = 5 * time.Second
	waitAway    = 5 * time.Second
)

// ProblemOf tells any error as the problem that WriteError would write, for answers that are
// pages and not problems; the request log gets the cause as it would from there.
func ProblemOf(ctx context.Context, err error) *Problem { return problemOf(ctx, err) }

// problemOf tells any error as a problem. What is not one already goes to the request
// log, with ctx saying whether time ran out or the client left.
func problemOf(ctx context.Context, err error) *Problem {
	if p, ok := asProblem(err); ok {
		return p
	}
	note(ctx, err)
	if ctx.Err() != nil {
		switch cause := context.Cause(ctx); {
		case errors.Is(cause, errStopping):
			return stopping()
		case errors.Is(cause, errTimeout):
			return TooSlow()
		case errors.Is(cause, context.Canceled):
			return NewProblem(statusGone, "client_gone", "客户端已断开", "The client has left")
		}
	}
	if n := noteOf(ctx); n != nil {
		if p := n.explain(err); p != nil {
			return p
		}
	}
	if errors.Is(err, context.DeadlineExceeded) { // of a wait inside, since the request itself has time left
		return Busy()
	}
	return Internal()
}

// Busy is the 503 problem for a server that has too much to do.
func Busy() *Problem {
	return NewProblem(http.StatusServiceUnavailable, "busy", "服务器正忙，请稍后再试", "The server is busy; try again shortly").After(waitBusy)
}

// DatabaseAway is the 503 problem for a database that does not answer.
func DatabaseAway() *Problem {
	return NewProblem(http.StatusServiceUnavailable, "database_away",
		"数据库暂时没有响应，请稍后再试", "The database does not answer at present; try again shortly").After(waitAway)
}

// TooSlow is the 503 problem for a question that was given up because it took too long.
func TooSlow() *Problem {
	return NewProblem(http.StatusServiceUnavailable, "timeout",
		"处理时间过长，已放弃；请缩小范围或稍后再试", "This took too long and was given up; ask for less, or try again later").After(waitBusy)
}

func stopping() *Problem {
	return NewProblem(http.StatusServiceUnavailable, "stopping", "服务器正在停止，请稍后再试", "The server is stopping; try again shortly").After(waitStopped)
}

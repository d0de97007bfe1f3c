package jobhttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/internal/jobs"
)

// errBadCursor says that a cursor is not one of ours.
var errBadCursor = errors.New("cursor is not one of ours")

// problem tells a client what is wrong. What the database refused is told by whoever
// knows the database.
func problem(err error) error {
	switch {
	case errors.Is(err, jobs.ErrNotFound):
		return httpapi.NotFound("unknown_job", "没有这个任务，或您无权查看", "There is no such job, or you may not see it")
	case errors.Is(err, jobs.ErrEnded):
		return httpapi.NewProblem(http.StatusConflict, "job_ended", "任务已经结束，不能再取消", "The job has ended and cannot be cancelled any more")
	case errors.Is(err, errBadCursor):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_cursor",
			"cursor 不是上一页给出的 next", "cursor is not the next of the page before")
	case errors.Is(err, ErrNoFolder):
		return httpapi.NotFound("unknown_pack_folder",
			"数据包目录中没有这个文件夹，可用的见 /api/v1/pack-loads/folders", "There is no such folder of a data pack; /api/v1/pack-loads/folders lists them")
	case errors.Is(err, ErrOtherAuthority):
		return httpapi.NewProblem(http.StatusForbidden, "other_authority",
			"该数据包属于另一个机关，不能由本机关载入", "The data pack is of another authority; yours cannot load it")
	default:
		return err
	}
}

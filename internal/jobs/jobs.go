// Package jobs owns background work: asking for it in the transaction that needs it,
// running it, taking it over from a worker that died, telling how far it is, and
// stopping it. It knows no kind of work: handlers are given to it. It must not know HTTP
// or any feature.
//
// Work is kept in one table. A worker leases a job, renews the lease while it runs, and
// whoever finds a lease that ran out goes on from the last checkpoint. The number of the
// attempt is a fence: every statement of a worker names it, and what a handler writes
// commits together with its checkpoint, and only while the attempt still holds the job.
// So a job may be run twice and has its effects once. Times are the database's: workers
// on several machines need no common clock.
//
// The table is our own. River, the queue for PostgreSQL in Go, was looked at first: it
// rescues the jobs of a dead worker after an hour, without a heartbeat that could make
// that seconds; its keys are one global sequence, where ours begin with the authority;
// and it wakes workers by LISTEN, which a connection pooler in transaction mode cannot
// carry.
package jobs

import (
	"encoding/json"
	"errors"
	"time"
)

// State is where a job is.
type State string

// The states. The last three are final.
const (
	Queued    State = "queued" // also between two attempts
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended reports whether nothing more will happen to a job in this state.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of background work as people see it.
type Job struct {
	AdCode      string
	ID          string // UUIDv7
	Kind        string
	State       State
	Done, Total int64 // steps; Total 0 is unknown
	StepZH      string
	StepEN      string
	ErrorZH     string // of the last attempt that failed; "" for none
	ErrorEN     string
	Result      json.RawMessage // what the handler left; nil for nothing
	AskedBy     string          // account; "" for the system
	AskedWho    string          // a name for people
	CreatedAt   time.Time
	StartedAt   *time.Time // of the first attempt
	FinishedAt  *time.Time
	Attempts    int // times a worker took it up
	CancelAsked bool
	Seq         int64 // grows with each change
}

// Kind is what a kind of job is called and what does it.
type Kind struct {
	ZH, EN string
	Run    Handler
}

// What asking for a job and looking at one may fail of, besides the database.
var (
	// ErrNotFound says that there is no such job, or none that the asker may see.
	ErrNotFound = errors.New("没有这个任务 / no such job")
	// ErrEnded says that a job is over and cannot be cancelled.
	ErrEnded = errors.New("任务已结束 / the job is over")
)

// What ends the context of a handler; see context.Cause.
var (
	// ErrCancelled says that a person asked for the job to be stopped.
	ErrCancelled = errors.New("任务已取消 / the job was cancelled")
	// ErrLost says that the lease ran out and another worker may have the job. What the
	// handler writes from then on is refused.
	ErrLost = errors.New("任务已被另一个进程接手 / another worker took the job over")
)

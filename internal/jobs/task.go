package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"yike/internal/postgres"
)

// Handler does the work of one kind of job. It may be stopped anywhere, by kill -9 too,
// and is then called anew: with the checkpoint of its last Write. What it does must go
// through Write, or be such that doing it twice is as doing it once. It returns soon
// after ctx ends; context.Cause tells why it did. An error is tried again a few times,
// with growing pauses; see Permanent, Tell and Later.
type Handler func(ctx context.Context, t *Task) error

// Task is a job in the hands of its handler. It is safe for concurrent use.
type Task struct {
	db     *postgres.DB
	job    taken
	span   time.Duration // of the lease
	listen func(done, total int64, zh, en string)

	mu      sync.Mutex
	pending *progress // what watchers were not told yet; one goroutine tells, so that it never goes back
	at      json.RawMessage
	result  any
}

// Job is the job as it was when this attempt began.
func (t *Task) Job() Job { return t.job.Job }

// Args decodes what the job was asked. A field that into does not have is an error: it
// would be work left out.
func (t *Task) Args(into any) error {
	dec := json.NewDecoder(bytes.NewReader(t.job.args))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return Permanent(fmt.Errorf("read what the job was asked: %w", err))
	}
	return nil
}

// Checkpoint decodes where the last attempt came to; false where there is none.
func (t *Task) Checkpoint(into any) (bool, error) {
	t.mu.Lock()
	at := t.at
	t.mu.Unlock()
	if at == nil {
		return false, nil
	}
	if err := json.Unmarshal(at, into); err != nil {
		return false, Permanent(fmt.Errorf("read the checkpoint: %w", err))
	}
	return true, nil
}

// Progress tells those who watch that done of total steps are behind the job, and what
// it does now; total 0 is unknown. It costs nothing: they are told twice a second.
func (t *Task) Progress(done, total int64, zh, en string) {
	t.mu.Lock()
	t.pending = &progress{done, total, zh, en}
	t.mu.Unlock()
	if t.listen != nil {
		t.listen(done, total, zh, en)
	}
}

// Result sets what the job leaves when it is done. It is encoded as a JSON object, and
// shown to all who may see the job.
func (t *Task) Result(v any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result = v
}

// Write is the way for what a job does to the database: fn and the checkpoint happen
// together or not at all, in the name of the system, and only while this attempt has the
// job. The checkpoint is encoded after fn, which may fill in what it points to; nil
// leaves the last one. It returns ErrLost or ErrCancelled where the job is not to go on,
// and else what postgres.Write does.
func (t *Task) Write(ctx context.Context, why string, checkpoint any, fn func(tx *postgres.Tx) error) error {
	var raw json.RawMessage
	l := t.job.lease
	err := t.db.Write(ctx, t.writer(), why, func(tx *postgres.Tx) error {
		if err := l.look(ctx, tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		var err error
		if raw, err = encode(checkpoint); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "job.write", Kind: "job", ID: l.id})
		// The row is locked last, since a long write would else keep the lease from being
		// renewed. From here to the commit nobody takes the job over.
		if err := l.lock(ctx, tx); err != nil || raw == nil {
			return err
		}
		return l.save(ctx, tx, t.span, raw)
	})
	if err != nil || raw == nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at = raw
	return nil
}

func encode(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode a checkpoint or result: %w", err)
	}
	return raw, nil
}

// writer is in whose name a job writes.
func (t *Task) writer() postgres.Writer {
	w := postgres.System(t.job.AdCode, t.job.AskedWho+"（后台任务 job "+t.job.Kind+"）")
	w.TraceID = "job-" + t.job.ID
	return w
}

// take gives the progress that watchers were not told yet; nil for none.
func (t *Task) take() *progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.pending
	t.pending = nil
	return p
}

// giveBack puts back what could not be told, unless there is newer. t.mu is held.
func (t *Task) giveBack(p *progress) {
	if t.pending == nil {
		t.pending = p
	}
}

package jobs

import (
	"context"
	"sync"
	"time"
)

// lookEvery is how old a shared look may be: a hundred who watch one job cost as many
// queries as one does.
const lookEvery = 500 * time.Millisecond

// looks are the jobs that somebody watches.
type looks struct {
	mu     sync.Mutex
	shared map[jobKey]*sharedLook
}

// sharedLook is what was seen of one job lately.
type sharedLook struct {
	watchers int // guarded by looks.mu

	turn chan struct{} // one place: who holds it may look and read the rest
	at   time.Time
	job  Job
}

// Watch is for who watches a job: look gives it as it is now or was half a second ago,
// and is to be called again and again; done must be called at the end. Whether the
// asker may see the job is decided here and not at each look.
func (d *Desk) Watch(ctx context.Context, id string) (look func(context.Context) (Job, error), done func(), err error) {
	k := jobKey{d.who(ctx).AdCode, id}
	if _, err := d.Get(ctx, id); err != nil {
		return nil, nil, err
	}
	d.looks.mu.Lock()
	defer d.looks.mu.Unlock()
	s := d.looks.shared[k]
	if s == nil {
		s = &sharedLook{turn: make(chan struct{}, 1)}
		d.looks.shared[k] = s
	}
	s.watchers++
	look = func(ctx context.Context) (Job, error) { return d.look(ctx, k, s) }
	return look, sync.OnceFunc(func() { d.looks.leave(k, s) }), nil
}

func (l *looks) leave(k jobKey, s *sharedLook) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.watchers--; s.watchers == 0 {
		delete(l.shared, k)
	}
}

func (d *Desk) look(ctx context.Context, k jobKey, s *sharedLook) (Job, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return Job{}, ctx.Err()
	}
	defer func() { <-s.turn }()
	if s.job.ID != "" && time.Since(s.at) < lookEvery {
		return s.job, nil
	}
	j, err := read(ctx, d.db.Pool(), k)
	if err != nil {
		return Job{}, err
	}
	s.at, s.job = time.Now(), j
	return j, nil
}

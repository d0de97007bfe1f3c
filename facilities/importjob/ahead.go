package importjob

import (
	"context"
	"fmt"
	"runtime/debug"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
)

// ahead reads the rows of a file chunk after chunk, one ahead of what is taken: while the
// database is busy with a chunk, the next is read. The rows were stored before, and stay as
// they are while the batch keeps its version.
type ahead struct {
	chunks chan read
	stop   context.CancelFunc
}

// read is a chunk that was read, or why there is none.
type read struct {
	drafts []imports.Draft
	err    error
}

// readAhead begins to read behind a row. Until close nobody else may use the session to
// read.
func (s *Session) readAhead(ctx context.Context, q postgres.Querier, adcode string, last int) *ahead {
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{chunks: make(chan read, 1), stop: stop}
	go func() {
		defer close(a.chunks)
		for more := true; more; {
			var r read
			r.drafts, last, r.err = s.readChunk(ctx, q, adcode, last)
			more = r.err == nil && len(r.drafts) == chunk
			select {
			case a.chunks <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	return a
}

// readChunk reads the rows of one chunk, and gives the last of them. It makes an error of a
// panic, which would else end the program: the job's own goroutine is not beneath it.
func (s *Session) readChunk(ctx context.Context, q postgres.Querier, adcode string, last int) (drafts []imports.Draft, at int, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("read rows behind %d: panic: %v\n%s", last, cause, debug.Stack())
		}
	}()
	rows, err := importdb.Rows(ctx, q, adcode, s.batch.ID, last, chunk)
	if err != nil || len(rows) == 0 {
		return nil, last, err
	}
	return s.read(rows), rows[len(rows)-1].Number, nil
}

// next gives the next chunk; none after the last.
func (a *ahead) next(ctx context.Context) ([]imports.Draft, error) {
	if r, more := <-a.chunks; more {
		return r.drafts, r.err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, nil
}

// close ends the reading and waits for its end.
func (a *ahead) close() {
	a.stop()
	for range a.chunks {
		continue // what was read and not taken
	}
}

package jobhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"yike/internal/jobs"
)

// Times of an event stream. Rights are looked at when it begins, so it does not last
// for ever; proxies cut what is silent for a minute.
const (
	lookEvery    = 500 * time.Millisecond
	commentEvery = 15 * time.Second
	longest      = 10 * time.Minute
	sendTime     = 20 * time.Second // for a client to take one event
	comeBackMS   = 2000             // after how long a browser tries again
)

type eventsInput struct {
	ID          string `path:"id" maxLength:"64"`
	LastEventID string `header:"Last-Event-ID" maxLength:"32" doc:"The seq that the client has seen last"`
}

func (h handlers) events(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
	look, done, err := h.src.Watch(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	first, err := look(ctx)
	if err != nil {
		done()
		return nil, problem(err)
	}
	seen, err := strconv.ParseInt(in.LastEventID, 10, 64)
	if err != nil {
		seen = 0 // nothing, or nothing of ours
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer done()
		r, w := humachi.Unwrap(hc)
		s := stream{w: w, control: http.NewResponseController(w), say: func(j jobs.Job) any { return h.jobOf(r.Context(), j) }, seen: seen}
		s.serve(r.Context(), first, look)
	}}, nil
}

// stream is one client that watches one job.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	say     func(jobs.Job) any
	seen    int64 // the client knows this one
}

// serve sends the job as it is and each change until it has ended, the client has gone,
// or it lasted long enough.
func (s *stream) serve(ctx context.Context, first jobs.Job, look func(context.Context) (jobs.Job, error)) {
	header := s.w.Header()
	header.Set("Cache-Control", "no-store")
	if first.State.Ended() && first.Seq == s.seen {
		s.w.WriteHeader(http.StatusNoContent) // the word by which a browser stops coming back
		return
	}
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events until they fill a buffer
	// The server's own limits are of answers that end. A writer that knows none has none
	// to lift.
	_ = s.control.SetReadDeadline(time.Time{})
	s.w.WriteHeader(http.StatusOK)
	if s.send(fmt.Sprintf("retry: %d\n\n", comeBackMS)) != nil || s.tell(first) != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	silence := time.NewTicker(commentEvery)
	defer silence.Stop()
	for j := first; !j.State.Ended(); {
		select {
		case <-ctx.Done():
			return
		case <-silence.C:
			if s.send(": still here\n\n") != nil {
				return
			}
			continue
		case <-again.C:
		}
		now, err := look(ctx)
		if errors.Is(err, jobs.ErrNotFound) {
			return
		}
		if err != nil {
			continue // the database may be back at the next look
		}
		if j = now; s.tell(j) != nil {
			return
		}
	}
}

// tell sends the job unless the client knows it.
func (s *stream) tell(j jobs.Job) error {
	if j.Seq == s.seen {
		return nil
	}
	data, err := json.Marshal(s.say(j))
	if err != nil {
		return fmt.Errorf("encode a job: %w", err)
	}
	s.seen = j.Seq
	return s.send(fmt.Sprintf("id: %d\nevent: job\ndata: %s\n\n", j.Seq, data))
}

// send sends a piece at once, and gives up a client that does not take it.
func (s *stream) send(piece string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(sendTime)) // as above
	if _, err := s.w.Write([]byte(piece)); err != nil {
		return fmt.Errorf("send an event: %w", err)
	}
	return s.control.Flush()
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// stopTimes is what a stop gives to those who ask.
type stopTimes struct {
	grace     time.Duration // for which it goes on accepting
	atWork    time.Duration // in which requests under way are to end
	lastWords time.Duration // of atWork, for telling those still at work that they are given up
}

func (c servingConfig) stopTimes() stopTimes {
	return stopTimes{grace: c.StopGrace, atWork: 15 * time.Second, lastWords: 3 * time.Second}
}

// shutDown ends the serving so that nobody loses an answer. /readyz tells the stop at
// once, event streams end, and clients are asked to come by other connections, while
// the server still accepts for the grace. Then it accepts no more and finishes what is
// under way.
func (s *server) shutDown(web *http.Server, give stopTimes) error {
	began := time.Now()
	s.ready.stop()
	s.front.closing.Store(true)
	s.traffic.Stop()
	s.app.log.Info("stopping", "grace", give.grace, "under_way", s.traffic.Load().Work)
	grace := time.NewTimer(give.grace)
	<-grace.C
	ctx, cancel := context.WithTimeout(context.Background(), give.atWork)
	defer cancel()
	giveUp := time.AfterFunc(give.atWork-give.lastWords, s.traffic.Abort)
	defer giveUp.Stop()
	if err := web.Shutdown(ctx); err != nil {
		_ = web.Close() // what is left is told below
		return fmt.Errorf("stop serving: requests under way were cut off: %w", err)
	}
	s.app.log.Info("stopped", "took", time.Since(began).Round(time.Millisecond))
	return nil
}

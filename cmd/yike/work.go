package main

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/coverage/coveragedb"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragejob"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/audit"
	"yike/internal/audit/audithttp"
	"yike/internal/auth/authdb"
	"yike/internal/jobs"
	"yike/internal/jobs/jobhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

const (
	headsEvery     = time.Minute // how often a head is written down at most
	retentionEvery = 24 * time.Hour
	retentionLook  = time.Hour // how often is looked whether it is due
	keysKept       = 7 * 24 * time.Hour
	jobsKept       = 180 * 24 * time.Hour
)

// work seals the audit log and runs background jobs until ctx ends, and gives what waits
// for them.
func (s *server) work(ctx context.Context) (wait func(), err error) {
	heads, err := audit.OpenHeads(s.app.headsFile(), headsEvery)
	if err != nil {
		return nil, err
	}
	log := s.app.log
	sealer := audit.NewSealer(s.db, s.people.ring, log, audit.SealerOptions{Heads: heads})
	runner := jobs.Runner{DB: s.db, Kinds: s.kinds(), AdCodes: []string{s.people.adcode}, Log: log}
	var all sync.WaitGroup
	all.Go(func() {
		if err := sealer.Run(ctx); err != nil {
			log.ErrorContext(ctx, "the audit log was not sealed to its end", slog.Any("error", err))
		}
		if err := heads.Close(); err != nil {
			log.ErrorContext(ctx, "the audit heads were not closed", slog.Any("error", err))
		}
	})
	all.Go(func() { _ = runner.Run(ctx) }) // it ends with ctx and fails of nothing
	all.Go(func() { s.askRetention(ctx) })
	all.Go(func() { s.keepDoors(ctx) })
	return all.Wait, nil
}

// kinds are the kinds of background work.
func (s *server) kinds() map[string]jobs.Kind {
	kinds := map[string]jobs.Kind{
		coveragejob.Kind: coveragejob.Job{Store: coveragedb.New(s.db), Loaded: s.districtForReports}.Kind(),
		kindLoad:         {ZH: "载入数据包", EN: "Load a data pack", Run: s.packLoads().run},
		kindDoorWalks:    {ZH: "门口步行时间", EN: "Walks from doors", Run: s.doorWalks().run},
		kindPlateProof:   {ZH: "门牌校样", EN: "Proof of plates", Run: plateProofs{newPlateSheets(s.app, s.db, s.people.adcode)}.run},
		kindRetention:    {ZH: "清理到期数据", EN: "Forget what is kept no longer", Run: s.forget},
	}
	maps.Copy(kinds, s.importJobs())
	return kinds
}

// mountWork serves the audit log, background work and what comes of it.
func (s *server) mountWork(r chi.Router, api huma.API, held *coveragelive.Holder) {
	audithttp.Register(r, api, audit.NewLog(audit.LogOptions{
		DB: s.db, Ring: s.people.ring, Heads: s.app.headsFile(), Writer: s.people.writer, Now: time.Now,
	}), s.app.log, time.Now)
	jobhttp.Register(api, jobs.NewDesk(s.db, s.people.writer), s.kinds())
	jobhttp.RegisterLoads(api, s.packLoads())
	s.mountImports(r, api, held)
	coveragehttp.RegisterReports(api, &reportAPI{db: s.db, adcode: s.people.adcode, held: held}, func() []facilities.TypeInfo { return held.State().Types })
}

func (s *server) packLoads() packLoads {
	return packLoads{db: s.db, packs: s.app.config.PacksDir, writer: s.people.writer, log: s.app.log, types: s.app.config.Types}
}

// kindRetention takes away what is kept for no purpose any more.
const kindRetention = "retention"

// askRetention asks for the retention job once a day.
func (s *server) askRetention(ctx context.Context) {
	for {
		if err := s.askRetentionWhenDue(ctx); err != nil && ctx.Err() == nil {
			s.app.log.WarnContext(ctx, "the retention job could not be asked for", slog.Any("error", err))
		}
		if sleep(ctx, retentionLook) != nil {
			return
		}
	}
}

func (s *server) askRetentionWhenDue(ctx context.Context) error {
	done, err := jobs.Since(ctx, s.db, s.people.adcode, kindRetention, retentionEvery)
	if err != nil || done {
		return err
	}
	return s.db.Write(ctx, postgres.System(s.people.adcode, "yike"), "每日清理 / daily retention", func(tx *postgres.Tx) error {
		_, err := jobs.Ask(ctx, tx, jobs.Request{Kind: kindRetention, Dedupe: "daily"})
		return err
	})
}

// forget is the retention job.
func (s *server) forget(ctx context.Context, t *jobs.Task) error {
	files, err := s.sweepBlobs(ctx)
	if err != nil {
		return err
	}
	return t.Write(ctx, "清理到期数据 / forget what is kept no longer", nil, func(tx *postgres.Tx) error {
		people, err := s.people.accounts.Forget(ctx, tx, authdb.UsualKeep())
		if err != nil {
			return err
		}
		keys, err := postgres.ForgetKeys(ctx, tx, time.Now().Add(-keysKept))
		if err != nil {
			return err
		}
		old, err := jobs.Forget(ctx, tx, time.Now().Add(-jobsKept))
		if err != nil {
			return err
		}
		panels, err := newPanelStore(s.db)
		if err != nil {
			return err
		}
		commenters, err := panels.ForgetPeople(ctx, tx, record.DayOf(time.Now()))
		if err != nil {
			return err
		}
		said, err := s.doorWalks().store.ForgetSaid(ctx, tx, record.DayOf(time.Now().AddDate(0, 0, -saidKeptDays)))
		if err != nil {
			return err
		}
		t.Result(forgotten{people, keys, old, files.Taken, commenters, said})
		return nil
	})
}

// forgotten is the result of the retention job.
type forgotten struct {
	authdb.Forgotten
	Keys  int64 `json:"idempotency_keys"`
	Jobs  int64 `json:"jobs"`
	Files int   `json:"files"`
	Named int64 `json:"comment_people"` // who made comments on notices that closed long ago
	Said  int64 `json:"plate_reports"`  // what reports of plates say that were dealt with long ago
}

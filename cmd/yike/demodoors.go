package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"yike/coverage/coveragelive"
	"yike/internal/postgres"
	"yike/placenames/panel"
	"yike/placenames/plates"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doors"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

// doorReports enters reports of the public about plates of the demonstration, some of which the
// office decided about, and a code of no plate that was scanned again and again.
func (d *demoDesk) doorReports(ctx context.Context) error {
	store := newDoorStore(d.db, func() *coveragelive.State { return nil })
	known, err := store.List(ctx, d.w, doordb.Filter{Most: 1})
	return once(known, err, func() error {
		hung, err := platedb.New(d.db, rand.Reader).List(ctx, d.w, life.Filter{States: []life.State{life.Fixed, life.Verified}}, life.Cursor{}, 60)
		if err != nil || len(hung.Items) == 0 {
			return err
		}
		notes := []string{"示例：牌角翘起，风一吹就响", "", "示例：贴了小广告，扫不出来", "示例：门口实际是旁边的号"}
		for i := range min(len(hung.Items)/5, 10) {
			r := doors.Report{Code: hung.Items[5*i].Token.String(), Problem: doors.Problem(doors.Problems()[i%4].Code), Note: notes[i%4]}
			for range 1 + i%3 {
				if err := d.doorReport(ctx, store, r, d.hoursAgo(30*i+5)); err != nil {
					return err
				}
			}
		}
		if err := d.doorDecisions(ctx, store); err != nil {
			return err
		}
		return d.doorFake(ctx, store)
	})
}

// hoursAgo is a moment of the working day so many hours before today's noon.
func (d *demoDesk) hoursAgo(hours int) time.Time {
	noon, err := time.Parse(time.RFC3339, string(d.today)+"T04:00:00Z")
	if err != nil {
		return time.Unix(0, 0)
	}
	return noon.Add(-time.Duration(hours) * time.Hour)
}

func (d *demoDesk) doorReport(ctx context.Context, store *doordb.Store, r doors.Report, at time.Time) error {
	var chance [8]byte
	if _, err := rand.Read(chance[:]); err != nil {
		return fmt.Errorf("draw a receipt: %w", err)
	}
	return store.Take(ctx, d.w.AdCode, r, doordb.Files{}, panel.Receipt(chance), at)
}

// doorDecisions decides about the oldest: one is mended, one is found to be right.
func (d *demoDesk) doorDecisions(ctx context.Context, store *doordb.Store) error {
	list, err := store.List(ctx, d.w, doordb.Filter{Most: 50})
	if err != nil {
		return err
	}
	outcomes := []string{"repair", "right", "clean", ""}
	for i, r := range list {
		if outcomes[i%4] == "" || i%2 == 1 && i > 2 {
			continue
		}
		_, err := store.Decide(ctx, d.w, r.ID, r.Version, outcomes[i%4], d.today, func(tx *postgres.Tx, r doordb.Report) error {
			return repairReported(ctx, tx, r, d.today)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// doorFake lets a code of no plate be scanned at ten hours of six days, and one person report it.
func (d *demoDesk) doorFake(ctx context.Context, store *doordb.Store) error {
	fake, err := plates.NewToken(rand.Reader)
	if err != nil {
		return err
	}
	var misses []doors.Miss
	for i := range 10 {
		misses = append(misses, doors.Miss{Code: fake.String(), Hour: hourOf(d.hoursAgo(15*i + 3)), Scans: 1 + i%3})
	}
	if err := store.AddMisses(ctx, d.w.AdCode, misses, hourOf(d.hoursAgo(0)), doorMissHours); err != nil {
		return err
	}
	return d.doorReport(ctx, store, doors.Report{Code: fake.String(), Problem: doors.FakePlate, Note: "示例：扫码打开了别的网页", Place: "菜市场东门（示例）"}, d.hoursAgo(2))
}

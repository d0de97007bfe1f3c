package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
)

const (
	// kindDoorWalks works out how far it is on foot from each door.
	kindDoorWalks = "door_walks"

	doorsAtOnce   = 5000             // that one write stores
	doorWorkEvery = 30 * time.Second // how often is looked whether there is something to do
	doorMissHours = 14 * 24          // for which misses are kept
	mostMisses    = 20_000           // codes and hours that are counted between two looks
	saidKeptDays  = 180              // for which what reports say is kept after they were dealt with
)

// doorMisses counts what was asked for and is nobody's, as long as the program runs.
func (a *app) doorMisses() *doorpage.Misses {
	a.missesOnce.Do(func() { a.misses = doorpage.NewMisses(mostMisses) })
	return a.misses
}

// doorAsks are the types of facilities that doors ask for, in the order of doors.Asks.
func doorAsks() [][]facilities.Type {
	var out [][]facilities.Type
	for _, a := range doors.Asks() {
		var types []facilities.Type
		for _, t := range a.Types {
			types = append(types, facilities.Type(t))
		}
		out = append(out, types)
	}
	return out
}

// doorWalks is the work on walks from doors.
type doorWalks struct {
	store *doordb.Store
	held  func() *coveragelive.State // nil where nothing is loaded yet
}

func (s *server) doorWalks() doorWalks {
	held := func() *coveragelive.State {
		if h := s.held.Load(); h != nil {
			return h.State()
		}
		return nil
	}
	return doorWalks{store: newDoorStore(s.db, held), held: held}
}

// keepDoors asks for walks where ways, facilities or addresses changed, and stores how often codes
// of nobody were asked for, until ctx ends.
func (s *server) keepDoors(ctx context.Context) {
	for {
		if err := s.keepDoorsOnce(ctx); err != nil && ctx.Err() == nil {
			s.app.log.WarnContext(ctx, "the walks from doors were not looked after", slog.Any("error", err))
		}
		if sleep(ctx, doorWorkEvery) != nil {
			break
		}
	}
	// What was counted since is not lost with a stop that has time for it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.countMisses(ctx); err != nil {
		s.app.log.WarnContext(ctx, "unknown codes were not counted", slog.Any("error", err))
	}
}

func (s *server) keepDoorsOnce(ctx context.Context) error {
	if err := s.countMisses(ctx); err != nil {
		return err
	}
	walks, adcode := s.doorWalks(), s.people.adcode
	wanted, err := walks.wanted(ctx, adcode)
	if err != nil || !wanted {
		return err
	}
	return s.db.Write(ctx, postgres.System(adcode, "yike"), "门口步行时间 / walks from doors", func(tx *postgres.Tx) error {
		_, err := jobs.Ask(ctx, tx, jobs.Request{Kind: kindDoorWalks, Dedupe: "walks"})
		return err
	})
}

func (s *server) countMisses(ctx context.Context) error {
	return s.doorWalks().store.AddMisses(ctx, s.people.adcode, s.app.doorMisses().Drain(), hourOf(time.Now()), doorMissHours)
}

// wanted reports whether there are doors whose walks are of other ways, or that have none.
func (d doorWalks) wanted(ctx context.Context, adcode string) (bool, error) {
	s := d.held()
	if s == nil || s.Pack.AdCode != adcode {
		return false, nil
	}
	run, err := d.store.Run(ctx, adcode)
	if err != nil || run.Version != s.DoorWalksVersion(doorAsks(), doors.LongestWalk) {
		if err != nil {
			return false, err
		}
		some, err := d.store.Doorsteps(ctx, adcode, "", 1)
		return len(some) > 0 || run.Doors > 0, err
	}
	return d.store.Due(ctx, adcode)
}

// doorCheckpoint is how far the work is: all doors up to an id have their walks by a version.
type doorCheckpoint struct {
	Version string `json:"version"`
	After   string `json:"after"`
	Doors   int    `json:"doors"`
	Changed int    `json:"changed"`
}

// run works out the walks of all doors where the ways or facilities changed, and else of those
// that wait.
func (d doorWalks) run(ctx context.Context, t *jobs.Task) error {
	adcode, s := t.Job().AdCode, d.held()
	if s == nil || s.Pack.AdCode != adcode {
		return jobs.Later(10*time.Second, "数据尚未载入完毕", "The data are not loaded yet")
	}
	run, err := d.store.Run(ctx, adcode)
	if err != nil {
		return err
	}
	walks, err := s.DoorWalks(ctx, doorAsks(), doors.LongestWalk)
	if err != nil {
		return err
	}
	at := doorCheckpoint{Version: walks.Version}
	var was doorCheckpoint
	if found, err := t.Checkpoint(&was); err != nil {
		return err
	} else if found && was.Version == at.Version {
		at = was
	}
	if run.Version == walks.Version {
		err = d.due(ctx, t, walks, &at)
	} else {
		err = d.all(ctx, t, walks, &at, run.Doors)
	}
	t.Result(at)
	return err
}

// all goes through every door, and notes at the end of what they are.
func (d doorWalks) all(ctx context.Context, t *jobs.Task, walks *coveragelive.DoorWalks, at *doorCheckpoint, before int) error {
	adcode := t.Job().AdCode
	for {
		t.Progress(int64(at.Doors), int64(max(before, at.Doors)), "计算门口步行时间", "Working out walks from doors")
		steps, err := d.store.Doorsteps(ctx, adcode, at.After, doorsAtOnce)
		if err != nil {
			return err
		}
		if len(steps) == 0 {
			break
		}
		at.After = steps[len(steps)-1].ID
		if err := d.save(ctx, t, walks, steps, at); err != nil {
			return err
		}
	}
	return t.Write(ctx, "完成门口步行时间 / walks from doors are done", at, func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "door_walk.done", Kind: "door_walk", After: at})
		return d.store.SaveRun(ctx, tx, adcode, doordb.WalkRun{Version: at.Version, Doors: at.Doors, Changed: at.Changed})
	})
}

// due goes through the doors that wait.
func (d doorWalks) due(ctx context.Context, t *jobs.Task, walks *coveragelive.DoorWalks, at *doorCheckpoint) error {
	for {
		t.Progress(int64(at.Doors), 0, "计算新门口的步行时间", "Working out walks from new doors")
		steps, err := d.store.DueSteps(ctx, t.Job().AdCode, doorsAtOnce)
		if err != nil || len(steps) == 0 {
			return err
		}
		if err := d.save(ctx, t, walks, steps, at); err != nil {
			return err
		}
	}
}

// save stores the walks of some doors.
func (d doorWalks) save(ctx context.Context, t *jobs.Task, walks *coveragelive.DoorWalks, steps []doordb.Doorstep, at *doorCheckpoint) error {
	list := make([]doordb.Walk, len(steps))
	for i, step := range steps {
		list[i] = walkFrom(walks, step)
	}
	before := *at
	err := t.Write(ctx, "保存门口步行时间 / store walks from doors", at, func(tx *postgres.Tx) error {
		changed, err := d.store.SaveWalks(ctx, tx, t.Job().AdCode, list)
		at.Doors, at.Changed = before.Doors+len(steps), before.Changed+changed
		tx.Note(postgres.Note{Action: "door_walk.save", Kind: "door_walk", After: map[string]int{"doors": len(steps), "changed": changed}})
		return err
	})
	if err != nil {
		return fmt.Errorf("walks of %d doors: %w", len(steps), err)
	}
	return nil
}

func walkFrom(walks *coveragelive.DoorWalks, step doordb.Doorstep) doordb.Walk {
	w := doordb.Walk{ID: step.ID}
	if !step.Placed {
		return w
	}
	for _, n := range walks.From(step.Point) {
		w.Facilities, w.MS = append(w.Facilities, n.Facility), append(w.MS, int32(n.Time))
	}
	return w
}

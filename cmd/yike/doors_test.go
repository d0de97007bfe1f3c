package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"image"
	"image/jpeg"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/coverage/coveragelive"
	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doorhttp"
	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

// doorHouse is a district with one door that has a plate.
type doorHouse struct {
	s      *server
	db     *postgres.DB
	held   *coveragelive.Holder
	adcode string
	code   string
	pages  *doorPages
	desk   *doorDesk
}

func newDoorHouse(t *testing.T) *doorHouse {
	t.Helper()
	state, db := demo(t)
	h := &doorHouse{db: db, held: &coveragelive.Holder{}, adcode: state.Pack.AdCode}
	h.held.Publish(state)
	a := &app{log: slog.New(slog.DiscardHandler), config: config{StateDir: t.TempDir()}}
	h.s = &server{db: db, people: &people{adcode: h.adcode}, app: a}
	h.s.held.Store(h.held)
	files, err := newAttachmentFiles(a, db, h.adcode)
	if err != nil {
		t.Fatal(err)
	}
	store := newDoorStore(db, h.held.State)
	h.pages = &doorPages{store: store, adcode: h.adcode, files: files, held: h.held, now: time.Now}
	h.desk = &doorDesk{store: store, adcode: h.adcode, blobs: files.blobs, refused: refusals{db: db, log: a.log}, now: time.Now, forget: func(string) {}}
	address := uuid.NewString()
	h.write(t, `
WITH n AS (INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, decision_kind, decision_title)
	SELECT @adcode, gen_random_uuid(), '测试路', 'Ceshi Lu', 'road', 'street', 'customary', ARRAY[f.division_code], 'observed', '现场'
	FROM facility AS f WHERE f.adcode = @adcode AND f.type = 'elderly_canteen' AND f.status = 'open' ORDER BY f.id LIMIT 1 RETURNING adcode, id, division_code)
INSERT INTO address (adcode, id, level, name_id, number, state, text, short_text, division_code, geom, custody, decision_kind, decision_body)
SELECT n.adcode, @id, 'number', n.id, '1', 'approved', '测试路1号', '测试路1号', n.division_code, f.geom, 'own', 'observed', '现场'
FROM n JOIN facility AS f ON f.adcode = n.adcode AND f.type = 'elderly_canteen' AND f.status = 'open' ORDER BY f.id LIMIT 1`, pgx.StrictNamedArgs{"adcode": h.adcode, "id": address})
	today := record.DayOf(time.Now())
	item, err := platedb.New(db, rand.Reader).Register(t.Context(), postgres.System(h.adcode, "test"),
		life.Existing{AddressID: address, Kind: plates.Medium, Slot: "main", FixedOn: today}, today)
	if err != nil {
		t.Fatal(err)
	}
	h.code = item.Token.String()
	return h
}

func (h *doorHouse) write(t *testing.T, sql string, args pgx.StrictNamedArgs) {
	t.Helper()
	err := h.db.Write(t.Context(), postgres.System(h.adcode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *doorHouse) door(t *testing.T) doors.Door {
	t.Helper()
	d, err := h.pages.Door(t.Context(), h.code)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWalksFromDoorsFollowWhatIsThere(t *testing.T) {
	t.Parallel()
	h := newDoorHouse(t)
	if d := h.door(t); d.Walked || d.Short != "测试路1号" || len(d.Chain) == 0 || d.Issuer == "" || !d.Sample || d.Standing != doors.Current {
		t.Errorf("%+v", d)
	}
	runJobs(t, h.db, h.s.kinds())
	walked := func(what string) {
		t.Helper()
		if err := h.s.keepDoorsOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, what, func() bool {
			wanted, err := h.s.doorWalks().wanted(t.Context(), h.adcode)
			return err == nil && !wanted
		})
	}
	walked("the first walks")
	first := h.door(t)
	if !first.Walked || len(first.Near) == 0 || first.Near[0].Ask != 0 || doors.Minutes(first.Near[0].WalkMS) != 1 {
		t.Fatalf("a canteen stands at the door: %+v", first.Near)
	}
	h.write(t, `UPDATE facility SET status = 'closed' WHERE adcode = @adcode AND name_zh = @name AND type IN ('elderly_canteen', 'meal_point')`,
		pgx.StrictNamedArgs{"adcode": h.adcode, "name": first.Near[0].NameZH})
	next, err := h.held.State().Refresh(t.Context(), stores(h.db))
	if err != nil {
		t.Fatal(err)
	}
	h.held.Publish(next)
	walked("the walks after a canteen closed")
	if d := h.door(t); len(d.Near) > 0 && d.Near[0].Ask == 0 && d.Near[0].NameZH == first.Near[0].NameZH {
		t.Errorf("the canteen that closed is near: %+v", d.Near[0])
	}
	h.s.app.doorMisses().Add("00000000000000", time.Now())
	if err := h.s.countMisses(t.Context()); err != nil {
		t.Error(err)
	}
	var misses int
	if err := h.db.Reader().QueryRow(t.Context(), `SELECT count(*) FROM door_miss`).Scan(&misses); err != nil || misses != 1 {
		t.Errorf("%d misses, %v", misses, err)
	}
}

func TestAReportBecomesARepair(t *testing.T) {
	t.Parallel()
	h := newDoorHouse(t)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	report := doors.Report{Code: h.code, Problem: doors.BrokenPlate, Note: "裂了"}
	if _, err := h.pages.Report(t.Context(), report, []byte("no photo")); !errors.Is(err, doorpage.ErrPhoto) {
		t.Errorf("%v", err)
	}
	receipt, err := h.pages.Report(t.Context(), report, photo.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	w := hire(t, h.db, h.adcode, "plate_manager")
	keeper := auth.With(t.Context(), auth.Identity{AdCode: h.adcode, AccountID: w.Account, Display: "keeper"})
	list, err := h.desk.Reports(keeper, doorhttp.Filter{Most: 9})
	if err != nil || len(list) != 1 || !list[0].Photo || list[0].Lon == nil || list[0].Address != "测试路1号" {
		t.Fatalf("%+v %v", list, err)
	}
	for _, small := range []bool{false, true} {
		if media, content, err := h.desk.Photo(keeper, list[0].ID, small); err != nil || media != "image/jpeg" || len(content) == 0 {
			t.Errorf("%s %d %v", media, len(content), err)
		}
	}
	decided, err := h.desk.Decide(keeper, list[0].ID, list[0].Version, "repair")
	if err != nil || decided.State != doors.Accepted {
		t.Fatalf("%+v %v", decided, err)
	}
	if d := h.door(t); d.Standing != doors.Damaged {
		t.Errorf("the plate is %s", d.Standing)
	}
	if f, written, err := h.pages.Fate(t.Context(), receipt); err != nil || f.Outcome != "repair" || written != receipt {
		t.Errorf("%+v %v", f, err)
	}
	if _, _, err := h.pages.Fate(t.Context(), "no receipt"); !errors.Is(err, doors.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if alarms, err := h.desk.Alarms(keeper); err != nil || len(alarms) != 0 {
		t.Errorf("%v %v", alarms, err)
	}
	if _, err := h.desk.Report(context.WithoutCancel(keeper), uuid.NewString()); !errors.Is(err, doors.ErrNotFound) {
		t.Errorf("%v", err)
	}
	h.forgets(t)
}

// forgets holds that the files of a report are somebody's for as long as the report says something.
func (h *doorHouse) forgets(t *testing.T) {
	t.Helper()
	var name string
	if err := h.db.Reader().QueryRow(t.Context(), `SELECT photo FROM door_report_said`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	if held, err := doordb.PhotoFile(t.Context(), h.db.Reader(), name); err != nil || !held {
		t.Errorf("%v %v", held, err)
	}
}

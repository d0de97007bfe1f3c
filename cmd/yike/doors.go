package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/attachments"
	"yike/internal/blob"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
	"yike/placenames/plates"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doorhttp"
	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
	"yike/placenames/plates/life"
	"yike/placenames/plates/platedb"
)

// newDoorStore gives the store of doors with what the catalogue lets be named there.
func newDoorStore(db *postgres.DB, held func() *coveragelive.State) *doordb.Store {
	return doordb.New(db, func(t facilities.Type) bool {
		s := held()
		if s == nil {
			return false
		}
		info, ok := s.TypeInfo(t)
		never := slices.ContainsFunc(s.Groups, func(g facilities.Group) bool { return g.Group == info.Group && g.NeverAtDoors })
		return ok && info.DoorPage && !never
	})
}

// doorPages gives the pages of scanned plates what they show, and takes reports.
type doorPages struct {
	store  *doordb.Store
	adcode string
	files  *attachmentFiles
	held   *coveragelive.Holder
	now    func() time.Time
}

var _ doorpage.Source = (*doorPages)(nil)

// mountDoors serves the pages of scanned plates to everybody, and to the office what comes back.
func mountDoors(r chi.Router, api huma.API, a *app, d desk, refused refusals, now func() time.Time) error {
	ring, err := a.openKeys()
	if err != nil {
		return err
	}
	files, err := newAttachmentFiles(a, d.db, d.adcode)
	if err != nil {
		return err
	}
	store := newDoorStore(d.db, d.served.held.State)
	pages, err := doorpage.New(doorpage.Config{
		Source: &doorPages{store: store, adcode: d.adcode, files: files, held: d.served.held, now: now}, Signer: ring,
		Now: func() time.Time { return localTime(now()) }, Misses: a.doorMisses(),
	})
	if err != nil {
		return err
	}
	pages.Mount(r)
	doorhttp.Register(api, &doorDesk{store: store, adcode: d.adcode, blobs: files.blobs, refused: refused, now: now, forget: pages.Forget})
	return nil
}

// localTime is a moment as clocks on the wall have it.
func localTime(t time.Time) time.Time { return t.In(time.FixedZone("CST", 8*60*60)) }

// Door gives a door with the names of its divisions, the widest first.
func (p *doorPages) Door(ctx context.Context, code string) (doors.Door, error) {
	found, err := p.store.Door(ctx, p.adcode, code, localTime(p.now()))
	if err != nil {
		return doors.Door{}, err
	}
	if s := p.held.State(); s != nil {
		found.Issuer, found.Sample = s.Pack.Manifest.Name.ZH, s.Pack.Manifest.Synthetic
		found.Chain = chainOf(s.Divisions, found.Division)
	}
	return found.Door, nil
}

func chainOf(all []divisions.Division, code string) []string {
	if code == "" {
		return nil
	}
	var chain []divisions.Division
	for _, d := range all {
		if strings.HasPrefix(code, d.Code) {
			chain = append(chain, d)
		}
	}
	slices.SortFunc(chain, func(a, b divisions.Division) int { return len(a.Code) - len(b.Code) })
	var names []string
	for _, d := range chain {
		names = append(names, d.NameZH)
	}
	return names
}

// Photo gives the small photo of a plate.
func (p *doorPages) Photo(ctx context.Context, code string) ([]byte, error) {
	name, err := p.store.Photo(ctx, p.adcode, code)
	if err != nil {
		return nil, err
	}
	return blobContent(p.files.blobs, name)
}

// blobContent reads a file that is small, as those are that were made small.
func blobContent(blobs *blob.Store, name string) ([]byte, error) {
	file, _, err := blobs.Get(blob.Name(name))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, doors.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("read a photo: %w", err)
	}
	return content, nil
}

// Report keeps a report of the public with its photo, from which everything is taken but what is
// to be seen.
func (p *doorPages) Report(ctx context.Context, r doors.Report, photo []byte) (string, error) {
	var files doordb.Files
	if len(photo) > 0 {
		kept, err := p.files.keep(ctx, attachments.New{OwnerKind: "door_report", Kind: attachments.Photo, FileName: "photo"}, bytes.NewReader(photo))
		switch {
		case errors.Is(err, attachments.ErrMedia) || errors.Is(err, attachments.ErrBroken) || errors.Is(err, attachments.ErrNoPhoto) || errors.Is(err, attachments.ErrTooManyPixels) || errors.Is(err, attachments.ErrEmpty):
			return "", doorpage.ErrPhoto
		case err != nil:
			return "", err
		}
		files = doordb.Files{Photo: kept.SHA256, Thumb: kept.ThumbSHA256}
	}
	var chance [8]byte
	if _, err := rand.Read(chance[:]); err != nil {
		return "", fmt.Errorf("draw a receipt: %w", err)
	}
	receipt := panel.Receipt(chance)
	err := p.store.Take(ctx, p.adcode, r, files, receipt, p.now())
	if errors.Is(err, doordb.ErrFull) {
		return "", doorpage.ErrFull
	}
	return receipt, err
}

// Fate gives what became of a report.
func (p *doorPages) Fate(ctx context.Context, typed string) (doorpage.Fate, string, error) {
	receipt, ok := panel.ReadReceipt(typed)
	if !ok {
		return doorpage.Fate{}, "", doors.ErrNotFound
	}
	r, err := p.store.Fate(ctx, p.adcode, receipt)
	return doorpage.Fate{
		Report: doors.Report{Code: r.Code, Problem: r.Problem}, Day: r.Day, State: r.State, Outcome: r.Outcome, On: r.DecidedOn, Address: r.AddressText,
	}, receipt, err
}

// doorDesk gives the office what people report, as the person who asks may see and decide it.
type doorDesk struct {
	store   *doordb.Store
	adcode  string
	blobs   *blob.Store
	refused refusals
	now     func() time.Time
	forget  func(code string)
}

var _ doorhttp.Desk = (*doorDesk)(nil)

// Reports lists reports.
func (d *doorDesk) Reports(ctx context.Context, f doorhttp.Filter) ([]doorhttp.Report, error) {
	list, err := d.store.List(ctx, writer(ctx, d.adcode), doordb.Filter(f))
	if err != nil {
		return nil, err
	}
	out := make([]doorhttp.Report, len(list))
	for i, r := range list {
		out[i] = doorReport(r)
	}
	return out, nil
}

// Report gives one report.
func (d *doorDesk) Report(ctx context.Context, id string) (doorhttp.Report, error) {
	r, err := d.store.ByID(ctx, writer(ctx, d.adcode), id)
	return doorReport(r), err
}

func doorReport(r doordb.Report) doorhttp.Report {
	out := doorhttp.Report{
		ID: r.ID, Version: r.Version, Report: doors.Report{Code: r.Code, Problem: r.Problem, Note: r.Note, Place: r.Place}, Known: r.Known, AddressID: r.AddressID,
		Address: r.AddressText, Division: r.Division, Day: string(r.Day), LastDay: string(r.LastDay), State: r.State, Outcome: r.Outcome, DecidedOn: string(r.DecidedOn),
		Reports: r.Reports, Photo: r.Files.Photo != "",
	}
	if r.Placed {
		lon, lat := r.Point.Lon(), r.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	return out
}

// troubles are what a plate has that people report so.
func troubles() map[doors.Problem]string {
	return map[doors.Problem]string{doors.BrokenPlate: "broken", doors.CoveredPlate: "covered", doors.WrongPlate: "wrong_text", doors.FakePlate: "sticker"}
}

// Decide decides about a report. What takes it up puts the plate among those to be repaired.
func (d *doorDesk) Decide(ctx context.Context, id string, expected int, outcome string) (doorhttp.Report, error) {
	w, today := writer(ctx, d.adcode), record.DayOf(d.now())
	r, err := d.store.Decide(ctx, w, id, expected, outcome, today, func(tx *postgres.Tx, r doordb.Report) error {
		return repairReported(ctx, tx, r, today)
	})
	if errors.Is(err, life.ErrNotFound) {
		err = doors.ErrNotFound
	}
	d.refused.note(ctx, w, err, postgres.Note{Action: "door_report.decide", Kind: "door_report", ID: id})
	if err == nil {
		d.forget(r.Code)
	}
	return doorReport(r), err
}

// repairReported puts the plate of a report that was taken up among those to be repaired.
func repairReported(ctx context.Context, tx *postgres.Tx, r doordb.Report, today record.Day) error {
	code, err := plates.ParseToken(r.Code)
	if !r.Known || err != nil || r.State != doors.Accepted {
		return nil //nolint:nilerr // a code of nobody has no plate that can be repaired
	}
	return tx.Consequence(ctx, func(tx *postgres.Tx) error {
		_, err := platedb.Reported(ctx, tx, code, troubles()[r.Problem], "居民报修 / reported by a resident", today)
		return err
	})
}

// Photo gives the photo of a report.
func (d *doorDesk) Photo(ctx context.Context, id string, small bool) (string, []byte, error) {
	r, err := d.store.ByID(ctx, writer(ctx, d.adcode), id)
	if err != nil {
		return "", nil, err
	}
	name := r.Files.Photo
	if small {
		name = r.Files.Thumb
	}
	if name == "" {
		return "", nil, doors.ErrNotFound
	}
	content, err := blobContent(d.blobs, name)
	if err != nil {
		return "", nil, err
	}
	media, err := attachments.Sniff(content)
	return string(media), content, err
}

// Alarms gives what looks like fakes.
func (d *doorDesk) Alarms(ctx context.Context) ([]doors.Alarm, error) {
	return d.store.Alarms(ctx, writer(ctx, d.adcode), hourOf(d.now()), doors.UsualAlarms())
}

func hourOf(t time.Time) int64 { return t.Unix() / int64(time.Hour/time.Second) }

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityimport"
	"yike/facilities/premises/premisesdb"
	"yike/facilities/premises/premisesimport"
	"yike/facilities/typedb"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pack"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// loader carries one load: what the manifest asks for, what is stored, and what was
// read so far.
type loader struct {
	db         *postgres.DB
	packs      *packdb.Store
	divisions  *divisiondb.Store
	coverage   *coveragedb.Store
	facilities *facilitydb.Store
	rooms      *premisesdb.Store

	manifest *pack.Manifest
	root     string
	opts     loadOptions
	progress progressFunc

	stored   map[string]packdb.LayerRecord // when the load began
	before   map[string]packdb.LayerRecord // the same, none of them when another pack is replaced
	replaces bool                          // another pack of the same authority goes
	steps    []*loadStep
	ground   ground
	types    []facilities.TypeInfo // of the authority, its own too
}

// loadStep is one kind of layer on its way.
type loadStep struct {
	kind   string
	layers []pack.Named // none where the pack has no such layer
	needs  []string     // kinds whose rows decide what this one's become
	digest string       // "" without layers
	read   func(ctx context.Context, s *loadStep) error

	// What read found; zero where the layer is unchanged.
	rows        int
	report      pack.Report
	write       func(ctx context.Context, tx pgx.Tx) (postgres.Changes, error)
	points      []orb.Point       // held against the roads
	contradicts map[string]string // Named.Field of a layer -> the coordinate system its file declares
	accepted    bool              // a person overrode the coordinate check
	crs         string

	changed bool
	changes postgres.Changes
}

func newLoader(db *postgres.DB, m *pack.Manifest, root string, opts loadOptions, progress progressFunc) *loader {
	l := &loader{
		db: db, packs: packdb.New(db), divisions: divisiondb.New(db), coverage: coveragedb.New(db), facilities: facilitydb.New(db).WithCatalogue(typedb.New(opts.Types)),
		rooms:    premisesdb.New(db),
		manifest: m, root: root, opts: opts, progress: progress, stored: map[string]packdb.LayerRecord{},
	}
	readers := map[string]func(context.Context, *loadStep) error{
		pack.Divisions: l.readDivisions, pack.Roads: l.readRoads, pack.Buildings: l.readBuildings,
		pack.Population: l.readPopulation, pack.Facilities: l.readFacilities,
	}
	for _, kind := range loadOrder() {
		l.steps = append(l.steps, &loadStep{kind: kind, read: readers[kind], needs: needsOf(kind, m)})
	}
	for _, n := range m.All() {
		s := l.step(n.Kind)
		s.layers = append(s.layers, n)
	}
	return l
}

// needsOf says which layers' rows decide what a layer's become: the division of each
// row, the roads it is held against, the homes people are spread over.
func needsOf(kind string, m *pack.Manifest) []string {
	switch kind {
	case pack.Buildings:
		return []string{pack.Divisions, pack.Roads}
	case pack.Population:
		if m.Layers.Population.Kind == "communities" {
			return []string{pack.Divisions, pack.Roads, pack.Buildings}
		}
		return []string{pack.Divisions, pack.Roads}
	case pack.Facilities:
		if m.Layers.Facilities != nil && m.Layers.Facilities.Kind == "examples" {
			return []string{pack.Divisions, pack.Roads, pack.Population}
		}
		return []string{pack.Divisions, pack.Roads}
	}
	return nil
}

func (l *loader) step(kind string) *loadStep {
	i := slices.IndexFunc(l.steps, func(s *loadStep) bool { return s.kind == kind })
	return l.steps[i]
}

// run reads and checks every layer that changed, and only then stores them.
func (l *loader) run(ctx context.Context) error {
	if err := l.manifest.CheckFiles(l.root); err != nil {
		return err
	}
	if err := l.prepare(ctx); err != nil {
		return err
	}
	return l.store(ctx)
}

// prepare reads and checks every layer that is not stored as it is.
func (l *loader) prepare(ctx context.Context) error {
	stored, err := l.packs.Layers(ctx, l.manifest.AdCode)
	if err != nil {
		return err
	}
	types, err := typedb.New(l.opts.Types).Types(ctx, l.db.Reader(), l.manifest.AdCode)
	if err != nil {
		return err
	}
	l.types = types.Types
	for _, r := range stored {
		l.stored[r.Kind] = r
	}
	if err := l.checkPack(ctx); err != nil {
		return err
	}
	l.before = l.stored
	if l.replaces {
		l.before = nil
	}
	for i, s := range l.steps {
		if s.digest, err = l.digest(s); err != nil {
			return err
		}
		s.changed = s.digest != l.before[s.kind].Digest
		if !s.changed || s.digest == "" {
			continue
		}
		name := pack.LayerName(s.kind)
		l.progress("读取"+name.ZH, "reading "+name.EN, i, 2*len(l.steps))
		if err := s.read(ctx, s); err != nil {
			return err
		}
		if err := l.checkSame(s); err != nil {
			return err
		}
		s.crs = s.layers[0].CRS
		if err := checkRows(s); err != nil {
			return err
		}
		if err := l.checkPlace(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// checkPack keeps one pack from taking the place of another by chance: the records of
// an authority belong to one pack. Synthetic ones may come and go.
func (l *loader) checkPack(ctx context.Context) error {
	record, err := l.packs.Opened(ctx, l.manifest.AdCode)
	if errors.Is(err, packdb.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l.replaces = record.Slug != l.manifest.ID
	if !l.replaces || l.opts.Replace || record.Manifest.Synthetic && l.manifest.Synthetic {
		return nil
	}
	return pack.Bad("manifest", pack.Fault{
		File: pack.FileName, Field: "id", Value: l.manifest.ID,
		Reason: pack.Text{
			ZH: fmt.Sprintf("%s 名下已载入另一个数据包 %s（%s）", l.manifest.AdCode, record.Slug, record.Manifest.Name.ZH),
			EN: fmt.Sprintf("%s already keeps another pack, %s (%s)", l.manifest.AdCode, record.Slug, record.Manifest.Name.EN),
		},
		Hint: pack.Text{
			ZH: "更新请沿用原来的 id；确要换成本数据包请用 yike load --replace，原有记录将全部移除",
			EN: "to update it, keep its id; to put this pack in its place use yike load --replace, which removes all its records",
		},
	})
}

// checkRows refuses a layer that has a file and nothing in it, where that must be a
// mistake; a district may well have no facilities or buildings yet.
func checkRows(s *loadStep) error {
	if s.rows > 0 {
		return nil
	}
	nothing := pack.Text{ZH: "文件里一条记录也没有", EN: "the file has not one record"}
	if s.kind == pack.Facilities || s.kind == pack.Buildings {
		s.report.Warn(nothing.ZH, nothing.EN)
		return nil
	}
	return pack.Bad(s.kind, pack.Fault{File: s.layers[0].File, Reason: nothing})
}

// errRollBack ends a dry run's transaction.
var errRollBack = errors.New("dry run")

// store writes what prepare found, in one transaction: people are held against the
// divisions they were read with, so an interruption must leave the old district whole,
// not new boundaries around old people.
func (l *loader) store(ctx context.Context) error {
	return l.write(ctx, func(tx pgx.Tx) error {
		if err := l.packs.Expect(ctx, tx, l.manifest.AdCode, l.expected()); err != nil {
			return err
		}
		if l.replaces {
			if err := l.removeAll(ctx, tx); err != nil {
				return err
			}
		}
		for i, s := range l.steps {
			if !s.changed {
				continue
			}
			name := pack.LayerName(s.kind)
			l.progress("保存"+name.ZH, "storing "+name.EN, len(l.steps)+i, 2*len(l.steps))
			if err := l.storeStep(ctx, tx, s); err != nil {
				return err
			}
		}
		if err := l.packs.SavePack(ctx, tx, l.manifest); err != nil {
			return err
		}
		return l.packs.Open(ctx, tx, l.manifest.AdCode)
	})
}

// write goes through the one door, with other loads of the same pack kept waiting.
func (l *loader) write(ctx context.Context, fn func(tx pgx.Tx) error) error {
	err := l.opts.doorTo(l.db, l.manifest.AdCode)(ctx, "载入数据包 / load pack "+l.manifest.ID, func(tx *postgres.Tx) error {
		// A layer is as large as it is: the limit for requests does not apply.
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return fmt.Errorf("lift statement timeout: %w", err)
		}
		if err := l.packs.Lock(ctx, tx, l.manifest.AdCode); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		if l.opts.DryRun {
			return errRollBack
		}
		tx.Note(postgres.Note{Action: "pack.load", Kind: "pack", ID: l.manifest.ID, After: l.written()})
		return nil
	})
	if errors.Is(err, errRollBack) {
		return nil
	}
	return err
}

// written is what a load did to each layer, for the audit log.
func (l *loader) written() map[string]postgres.Changes {
	out := map[string]postgres.Changes{}
	for _, s := range l.steps {
		if s.changed {
			out[s.kind] = s.changes
		}
	}
	return out
}

func (l *loader) storeStep(ctx context.Context, tx pgx.Tx, s *loadStep) error {
	if s.digest == "" {
		var err error
		s.changes, err = l.remove(ctx, tx, s)
		return err
	}
	changes, err := s.write(ctx, tx)
	if err != nil {
		return err
	}
	s.changes = changes
	report, err := json.Marshal(s.report)
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	return l.packs.SaveLayer(ctx, tx, l.manifest.AdCode, packdb.LayerRecord{
		Kind: s.kind, Digest: s.digest, CRS: s.crs, CRSAccepted: s.accepted, Rows: s.rows, Report: report,
	})
}

// expected are the digests that must still be stored for what was read to be right: a
// load of the same pack may have come in between.
func (l *loader) expected() map[string]string {
	want := map[string]string{}
	for _, s := range l.steps {
		want[s.kind] = l.stored[s.kind].Digest
	}
	return want
}

// removeAll takes away what another pack of the same authority stored, so that no
// record of it lends its id to a different place with the same key. What people wrote of
// that place goes too, which the report says.
func (l *loader) removeAll(ctx context.Context, tx pgx.Tx) error {
	_, edited, err := l.facilities.RemoveAll(ctx, tx, l.manifest.AdCode)
	if err != nil {
		return err
	}
	s := l.step(pack.Facilities)
	facilityimport.Gone(&s.report, edited)
	s.changed = s.changed || len(edited) > 0
	for _, s := range l.steps {
		if _, err := l.remove(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// remove takes away the rows of a layer that a pack brought.
func (l *loader) remove(ctx context.Context, tx pgx.Tx, s *loadStep) (postgres.Changes, error) {
	var changes postgres.Changes
	var err error
	switch adcode := l.manifest.AdCode; s.kind {
	case pack.Divisions:
		if changes, err = l.divisions.Replace(ctx, tx, adcode, nil); err == nil {
			err = l.settleEdited(ctx, tx, s)
		}
	case pack.Roads:
		changes, err = l.coverage.ReplaceRoads(ctx, tx, adcode, nil, nil)
	case pack.Buildings:
		changes, err = l.coverage.ReplaceBuildings(ctx, tx, adcode, nil)
	case pack.Population:
		changes, err = l.coverage.ReplacePopulation(ctx, tx, adcode, nil)
	case pack.Facilities:
		changes, err = l.replaceFacilities(ctx, tx, s, nil)
	}
	if err != nil {
		return changes, err
	}
	return changes, l.packs.DropLayer(ctx, tx, l.manifest.AdCode, s.kind)
}

// replaceFacilities puts the pack's facilities in the place of the former ones, leaves
// what people wrote as it is, and says so in the report.
func (l *loader) replaceFacilities(ctx context.Context, tx pgx.Tx, s *loadStep, list []facilities.Facility) (postgres.Changes, error) {
	changes, err := l.facilities.Replace(ctx, tx, l.manifest.AdCode, list)
	if err != nil {
		return changes, err
	}
	edited, err := l.facilities.Edited(ctx, tx, l.manifest.AdCode)
	facilityimport.Kept(&s.report, edited, list)
	return changes, err
}

// settleEdited puts what people wrote into new divisions.
func (l *loader) settleEdited(ctx context.Context, tx pgx.Tx, s *loadStep) error {
	outside, err := l.facilities.Settle(ctx, tx, l.manifest.AdCode)
	if err != nil {
		return err
	}
	facilityimport.Outside(&s.report, outside)
	rooms, err := l.rooms.Settle(ctx, tx, l.manifest.AdCode)
	premisesimport.Outside(&s.report, rooms)
	return err
}

func (l *loader) result() loadResult {
	r := loadResult{AdCode: l.manifest.AdCode, Name: l.manifest.Name, DryRun: l.opts.DryRun}
	for _, s := range l.steps {
		item := loadedItem{Kind: s.kind, State: "unchanged", Rows: s.rows, Changes: s.changes, Report: s.report}
		old, was := l.before[s.kind]
		switch {
		case !s.changed && !was:
			continue
		case !s.changed:
			item.Rows = old.Rows
			if err := json.Unmarshal(old.Report, &item.Report); err != nil {
				item.Report = pack.Report{}
			}
		case s.digest == "":
			item.State = "removed"
		case l.opts.DryRun:
			item.State = "checked"
		default:
			item.State = "stored"
		}
		r.Layers = append(r.Layers, item)
	}
	return r
}

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
	"yike/facilities/facilitydb"
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

	manifest *pack.Manifest
	root     string
	opts     loadOptions
	progress progressFunc

	before map[string]packdb.LayerRecord // stored when the load began
	steps  []*loadStep
	ground ground
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
	points      []orb.Point // held against the roads
	contradicts map[string]string
	accepted    bool // a person overrode the coordinate check
	crs         string

	changed bool
	changes postgres.Changes
}

func newLoader(db *postgres.DB, m *pack.Manifest, root string, opts loadOptions, progress progressFunc) *loader {
	l := &loader{
		db: db, packs: packdb.New(db), divisions: divisiondb.New(db), coverage: coveragedb.New(db), facilities: facilitydb.New(db),
		manifest: m, root: root, opts: opts, progress: progress, before: map[string]packdb.LayerRecord{},
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

// prepare reads and checks every layer that is not stored as it is.
func (l *loader) prepare(ctx context.Context) error {
	stored, err := l.packs.Layers(ctx, l.manifest.AdCode)
	if err != nil {
		return err
	}
	for _, r := range stored {
		l.before[r.Kind] = r
	}
	for i, s := range l.steps {
		if err := l.digest(s); err != nil {
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
		s.crs = s.layers[0].CRS
		if err := l.checkPlace(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// errRollBack ends a dry run's transaction.
var errRollBack = errors.New("dry run")

// store writes what prepare found.
func (l *loader) store(ctx context.Context) error {
	for i, s := range l.steps {
		if !s.changed {
			continue
		}
		name := pack.LayerName(s.kind)
		l.progress("保存"+name.ZH, "storing "+name.EN, len(l.steps)+i, 2*len(l.steps))
		if err := l.write(ctx, "layer "+s.kind, func(tx pgx.Tx) error { return l.storeStep(ctx, tx, s) }); err != nil {
			return err
		}
	}
	return l.write(ctx, "opened", func(tx pgx.Tx) error {
		if err := l.packs.SavePack(ctx, tx, l.manifest); err != nil {
			return err
		}
		return l.packs.Open(ctx, tx, l.manifest.AdCode)
	})
}

// write goes through the one door, with other loads of the same pack kept waiting.
func (l *loader) write(ctx context.Context, what string, fn func(tx pgx.Tx) error) error {
	why := fmt.Sprintf("load pack %s: %s", l.manifest.ID, what)
	err := l.db.Write(ctx, "yike load", why, func(tx pgx.Tx) error {
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
		return nil
	})
	if errors.Is(err, errRollBack) {
		return nil
	}
	return err
}

func (l *loader) storeStep(ctx context.Context, tx pgx.Tx, s *loadStep) error {
	if err := l.packs.Expect(ctx, tx, l.manifest.AdCode, l.expected(s)); err != nil {
		return err
	}
	if s.digest == "" {
		return l.removeStep(ctx, tx, s)
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
	err = l.packs.SaveLayer(ctx, tx, l.manifest.AdCode, packdb.LayerRecord{
		Kind: s.kind, Digest: s.digest, CRS: s.crs, CRSAccepted: s.accepted, Rows: s.rows, Report: report,
	})
	if err != nil || s.kind != pack.Population {
		return err
	}
	// People are stored in the order of the manifest's bands: the two change together.
	return l.packs.SavePack(ctx, tx, l.manifest)
}

// expected are the digests that must still be stored for what was read to be right. A
// dry run rolled the earlier layers back, so it can only expect its own.
func (l *loader) expected(s *loadStep) map[string]string {
	want := map[string]string{s.kind: l.before[s.kind].Digest}
	if l.opts.DryRun {
		return want
	}
	for _, kind := range s.needs {
		want[kind] = l.step(kind).digest
	}
	return want
}

// removeStep takes away the rows of a layer that the pack no longer has.
func (l *loader) removeStep(ctx context.Context, tx pgx.Tx, s *loadStep) error {
	var err error
	switch s.kind {
	case pack.Divisions:
		s.changes, err = l.divisions.Replace(ctx, tx, l.manifest.AdCode, nil)
	case pack.Buildings:
		s.changes, err = l.coverage.ReplaceBuildings(ctx, tx, l.manifest.AdCode, nil)
	case pack.Facilities:
		s.changes, err = l.facilities.Replace(ctx, tx, l.manifest.AdCode, nil)
	}
	if err != nil {
		return err
	}
	return l.packs.DropLayer(ctx, tx, l.manifest.AdCode, s.kind)
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

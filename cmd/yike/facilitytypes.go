package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/facilityexport"
	"yike/facilities/standards"
	"yike/facilities/typedb"
	"yike/facilities/typehttp"
	"yike/internal/hanzi"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rules"
)

// facilityTypes gives typehttp what the bureau keeps of facility types, as the person who
// asks may see and write it, and puts what was written in force at once.
type facilityTypes struct {
	store   *typedb.Store
	base    func() (facilities.Types, error)
	set     *rules.Set
	adcode  string
	live    *liveFacilities
	refused refusals
	log     *slog.Logger
	now     func() time.Time
}

var _ typehttp.Types = (*facilityTypes)(nil)

// mountTypes serves the types of facilities to those who look after them.
func mountTypes(api huma.API, a *app, d desk) error {
	set, err := standards.Set()
	if err != nil {
		return err
	}
	var ids []string
	for _, r := range set.Rules {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	sounds := sync.OnceValue(hanzi.NewSounds)
	spell := func(name string) string { return spelled(sounds(), name) }
	typehttp.Register(api, &facilityTypes{
		store: typedb.NewStore(d.db, a.catalogue(), ids, spell), base: a.catalogue().Base, set: set, adcode: d.adcode, live: d.live,
		refused: refusals{db: d.db, log: a.log}, log: a.log, now: time.Now,
	})
	return nil
}

// spelled writes a name in small letters, a word for each character.
func spelled(sounds *hanzi.Sounds, name string) string {
	var out strings.Builder
	for _, r := range hanzi.Width(name) {
		if readings := sounds.Of(r); len(readings) > 0 {
			out.WriteString(" " + readings[0] + " ")
			continue
		}
		out.WriteRune(r)
	}
	return strings.ToLower(out.String())
}

func (t *facilityTypes) writer(ctx context.Context) postgres.Writer { return writer(ctx, t.adcode) }

func (t *facilityTypes) today() record.Day { return record.DayOf(t.now()) }

// Parts are what a type is put together of.
func (t *facilityTypes) Parts(ctx context.Context) (typehttp.Parts, error) {
	now, err := t.store.Present(ctx, t.writer(ctx))
	if err != nil {
		return typehttp.Parts{}, err
	}
	base, err := t.base()
	if err != nil {
		return typehttp.Parts{}, err
	}
	out := typehttp.Parts{Units: base.Units(), Groups: base.Groups, Common: base.Common(), Misfits: now.Misfits}
	for _, r := range t.set.Rules {
		if r.Subject != standards.OfFacility && r.Subject != standards.OfSubdistrict {
			continue
		}
		if i := slices.IndexFunc(out.Standards, func(s typehttp.Standard) bool { return s.ID == r.ID }); i < 0 {
			out.Standards = append(out.Standards, typehttp.Standard{ID: r.ID, ZH: r.TitleZH, EN: r.TitleEN})
		} else if s := &out.Standards[i]; !strings.Contains(s.ZH, r.TitleZH) {
			s.ZH, s.EN = s.ZH+"、"+r.TitleZH, s.EN+"; "+r.TitleEN
		}
	}
	return out, nil
}

// Type gives one type.
func (t *facilityTypes) Type(ctx context.Context, code facilities.Type) (facilities.LocalType, error) {
	return t.store.ByCode(ctx, t.writer(ctx), code)
}

// Check tells what a type, or a change of one, would come to, and the heads of its template.
func (t *facilityTypes) Check(ctx context.Context, info facilities.TypeInfo) (facilities.TypeCheck, []typehttp.Head, error) {
	got, err := t.store.Check(ctx, t.writer(ctx), info)
	if err != nil {
		return got, nil, err
	}
	var heads []typehttp.Head
	for _, c := range facilityexport.Heads(got.Definition) {
		heads = append(heads, typehttp.Head{Code: c.Code, Head: c.Head, Required: c.Required})
	}
	return got, heads, nil
}

// Create adds a type.
func (t *facilityTypes) Create(ctx context.Context, info facilities.TypeInfo, c record.Change) (facilities.LocalType, error) {
	w := t.writer(ctx)
	made, err := t.store.Create(ctx, w, info, c, t.today())
	return made, t.written(ctx, w, err, postgres.Note{Action: "facility_type.create", Kind: "facility_type_local", After: info.ZH})
}

// Update changes a type.
func (t *facilityTypes) Update(ctx context.Context, code facilities.Type, expected int, p facilities.TypePatch, c record.Change) (facilities.LocalType, error) {
	w := t.writer(ctx)
	made, err := t.store.Update(ctx, w, code, expected, p, c, t.today())
	return made, t.written(ctx, w, err, postgres.Note{Action: "facility_type.update", Kind: "facility_type_local", Before: code})
}

// Remove takes the bureau's version of a type back.
func (t *facilityTypes) Remove(ctx context.Context, code facilities.Type, expected int, c record.Change) error {
	w := t.writer(ctx)
	err := t.store.Remove(ctx, w, code, expected, c, t.today())
	return t.written(ctx, w, err, postgres.Note{Action: "facility_type.remove", Kind: "facility_type_local", Before: code})
}

// written ends a write: one that was taken is in force here at once, and on other servers
// when they look next; one that was refused is noted.
func (t *facilityTypes) written(ctx context.Context, w postgres.Writer, err error, n postgres.Note) error {
	if err != nil {
		t.refused.note(ctx, w, err, n)
		return typeError(err)
	}
	if err := t.live.refresh(context.WithoutCancel(ctx)); err != nil {
		t.log.WarnContext(ctx, "a facility type that was written is not in force yet", slog.Any("error", err))
	}
	return nil
}

// History gives the versions of what the bureau keeps of a type.
func (t *facilityTypes) History(ctx context.Context, code facilities.Type) ([]httpapi.RecordVersion, error) {
	list, err := t.store.HistoryOf(ctx, t.writer(ctx), code)
	if err != nil {
		return nil, typeError(err)
	}
	return recordVersions(list), nil
}

func typeError(err error) error {
	switch {
	case errors.Is(err, typedb.ErrInUse):
		return typehttp.ErrInUse
	case errors.Is(err, typedb.ErrNotLocal):
		return typehttp.ErrNotLocal
	}
	return err
}

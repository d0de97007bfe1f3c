package main

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/placenames/signs"
	"yike/placenames/signs/signdb"
	"yike/placenames/signs/signhttp"
)

// nameSigns gives signhttp the signs of the district, as the person who asks may see and write
// them.
type nameSigns struct {
	recordDesk[signs.Sign, signs.Sign, signs.Patch]
	store *signdb.Store
}

var _ signhttp.Signs = (*nameSigns)(nil)

// mountNameSigns serves the signs of place names, and tells cases what they show.
func mountNameSigns(api huma.API, d desk, refused refusals, now func() time.Time) nameCaseReady {
	store := signdb.New(d.db)
	n := &nameSigns{
		recordDesk: recordDesk[signs.Sign, signs.Sign, signs.Patch]{
			records: store, kind: "sign", called: func(s signs.Sign) string { return s.Text }, adcode: d.adcode, refused: refused, now: now,
		},
		store: store,
	}
	signhttp.Register(api, n)
	return n.ready
}

// ready tells a case which material the signs of its name show.
func (n *nameSigns) ready(ctx context.Context, caseID string) (materials []string, why string, err error) {
	shown, err := n.store.Shown(ctx, n.writer(ctx), caseID)
	if err != nil || !shown {
		return nil, "", err
	}
	return []string{"sign_photo"}, "标志台账：已设置，附照片 / a sign that stands, with a photo", nil
}

// All gives signs of a name, or of all.
func (n *nameSigns) All(ctx context.Context, nameID string) ([]signs.Sign, error) {
	return n.store.All(ctx, n.writer(ctx), nameID)
}

// Work gives what is to be done.
func (n *nameSigns) Work(ctx context.Context) ([]signs.Work, error) {
	w := n.writer(ctx)
	names, err := n.store.Named(ctx, w)
	if err != nil {
		return nil, err
	}
	all, err := n.store.All(ctx, w, "")
	if err != nil {
		return nil, err
	}
	return signs.List(names, all, signs.Usual(), n.Today()), nil
}

// Move writes what became of a sign.
func (n *nameSigns) Move(ctx context.Context, id string, expected int, m signs.Move) (signs.Sign, error) {
	w := n.writer(ctx)
	made, err := n.store.Move(ctx, w, id, expected, m, n.Today())
	n.refused.note(ctx, w, err, postgres.Note{Action: "sign." + string(m.To), Kind: "sign", ID: id})
	return made, err
}

// MayWrite says what the person may do about signs.
func (n *nameSigns) MayWrite(ctx context.Context) (write, remove bool) {
	who, in := auth.From(ctx)
	return in && who.May(auth.PlaceNameSurvey, ""), in && who.May(auth.PlaceNameWrite, "")
}

package main

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/placenames"
	"yike/placenames/namelive"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
	"yike/placenames/placenamedb"
	"yike/placenames/searchhttp"
)

// nameRegister reads the register of place names for the memory of it. It is read as the system
// may, since whoever may read the map may read all of it.
type nameRegister struct {
	store  *placenamedb.Store
	writer postgres.Writer
}

var _ namelive.Register = nameRegister{}

// Mark is the number of the last change.
func (r nameRegister) Mark(ctx context.Context) (int64, error) { return r.store.Mark(ctx, r.writer) }

// Each calls yield with every record.
func (r nameRegister) Each(ctx context.Context, yield func(placenames.Name) error) error {
	return r.store.Each(ctx, r.writer, func(i placenames.Item) error { return yield(i.Name) })
}

// Since gives what changed after a mark.
func (r nameRegister) Since(ctx context.Context, mark int64) (namelive.Changes, error) {
	d, err := r.store.Since(ctx, r.writer, mark)
	if err != nil {
		return namelive.Changes{}, err
	}
	c := namelive.Changes{Mark: d.Mark, Changed: make([]placenames.Name, len(d.Changed)), Gone: d.Gone}
	for i, item := range d.Changed {
		c.Changed[i] = item.Name
	}
	return c, nil
}

// newNameMemory makes the memory of the district's register, which is read when somebody asks
// first. It finds names by what people type, and what is like a proposal.
func newNameMemory(db *postgres.DB, adcode string) (*namelive.Live, *placenames.Catalogue, error) {
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, nil, err
	}
	set, err := naming.Set()
	if err != nil {
		return nil, nil, err
	}
	checks, err := naming.NewChecker(set, catalogue)
	if err != nil {
		return nil, nil, err
	}
	register := nameRegister{placenamedb.New(db, catalogue), postgres.System(adcode, "")}
	readings := namesearch.NewReadings(hanzi.NewCharacters(), checks.LookAlike())
	return namelive.New(register, adcode, checks, catalogue, readings), catalogue, nil
}

// mountNameSearch serves the search for a place name, and gives the memory of the register to
// whoever checks names.
func mountNameSearch(api huma.API, d desk) (*namelive.Live, error) {
	live, catalogue, err := newNameMemory(d.db, d.adcode)
	if err != nil {
		return nil, err
	}
	searchhttp.Register(api, live, catalogue)
	return live, nil
}

package main

import (
	"context"
	"time"

	"yike/facilities/importdb"
	"yike/facilities/importhttp"
	"yike/internal/postgres"
)

func savedOf(s importdb.Saved) importhttp.Saved {
	return importhttp.Saved{ID: s.ID, Name: s.Name, Mapping: s.Mapping, Options: s.Options, Who: s.Who, SavedAt: s.SavedAt.Format(time.RFC3339)}
}

// Mappings lists the mappings that are kept.
func (f *importFiles) Mappings(ctx context.Context) ([]importhttp.Saved, error) {
	list, err := f.store.Mappings(ctx, f.writer(ctx))
	if err != nil {
		return nil, err
	}
	out := make([]importhttp.Saved, len(list))
	for i, s := range list {
		out[i] = savedOf(s)
	}
	return out, nil
}

// SaveMapping keeps the mapping of a file.
func (f *importFiles) SaveMapping(ctx context.Context, batch, name string) (importhttp.Saved, error) {
	w := f.writer(ctx)
	saved, err := postgres.WriteOnce(ctx, f.db, w, "保存列对应 / keep a mapping: "+name, func(tx *postgres.Tx) (importdb.Saved, error) {
		b, err := importdb.Read(ctx, tx, w.AdCode, batch)
		if err != nil {
			return importdb.Saved{}, err
		}
		return importdb.SaveMapping(ctx, tx, importdb.Saved{Name: name, Headers: b.Headers, Mapping: b.Mapping, Options: b.Options})
	})
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.mapping.save", Kind: "import_mapping", After: name})
	return savedOf(saved), f.told(err)
}

// ForgetMapping takes a mapping away.
func (f *importFiles) ForgetMapping(ctx context.Context, id string) error {
	w := f.writer(ctx)
	err := f.db.Write(ctx, w, "删除列对应 / forget a mapping", func(tx *postgres.Tx) error { return importdb.ForgetMapping(ctx, tx, id) })
	f.refused.note(ctx, w, err, postgres.Note{Action: "import.mapping.forget", Kind: "import_mapping", ID: id})
	return f.told(err)
}

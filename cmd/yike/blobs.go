package main

import (
	"context"
	"time"

	"yike/facilities/estates/estatedb"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/blob"
	"yike/internal/postgres"
	"yike/placenames/namepaperdb"
	"yike/placenames/plates/doordb"
)

// blobsKept is for how long a file is kept that no record has any more: what was taken away
// by mistake, or should not have been, can be looked into until then.
const blobsKept = 180 * 24 * time.Hour

// sweepBlobs takes away the files that no record has had for a long while. Whatever else
// keeps names of files must be asked here, too: what nobody claims is gone.
func (s *server) sweepBlobs(ctx context.Context) (blob.Swept, error) {
	blobs, err := blob.Open(s.app.blobsFolder(), time.Now)
	if err != nil {
		return blob.Swept{}, err
	}
	before := time.Now().Add(-blobsKept)
	return blobs.Sweep(ctx, before, func(ctx context.Context, name blob.Name) (bool, error) {
		held, err := attachmentdb.Referenced(ctx, s.db.Reader(), string(name), before)
		if held || err != nil {
			return true, err
		}
		for _, holds := range []func(context.Context, postgres.Querier, string) (bool, error){doordb.PhotoFile, estatedb.LetterFile, namepaperdb.Holds} {
			if held, err := holds(ctx, s.db.Reader(), string(name)); held || err != nil {
				return true, err
			}
		}
		return false, nil
	})
}

package main

import (
	"context"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// takenAway puts into the audit log which records left the house in a file: by whom, by
// what filter and how many. A file that cannot be noted is not given.
type takenAway struct{ db *postgres.DB }

// note is called when a file is made and before it is sent.
func (t takenAway) note(ctx context.Context, w postgres.Writer, n postgres.Note) error {
	if _, signedIn := auth.From(ctx); !signedIn {
		w.Account, w.Who = "", "未登录 / not signed in"
	}
	return t.db.Write(ctx, w, "导出 / export", func(tx *postgres.Tx) error {
		tx.Note(n)
		return nil
	})
}

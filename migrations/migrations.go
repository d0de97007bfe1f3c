// Package migrations holds the numbered SQL that makes and changes the schema. A file
// that has landed is never edited: databases in the field have run it as it was. The
// package knows nothing of how the files are run.
package migrations

import "embed"

// Files are the migrations, named NNNN_what.sql.
//
//go:embed *.sql
var Files embed.FS

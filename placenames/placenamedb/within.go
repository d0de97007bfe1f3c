package placenamedb

import (
	"context"

	"yike/internal/postgres"
	"yike/placenames"
)

// Present gives the present version of a record within a transaction of somebody else's, or
// placenames.ErrNotFound: for what is decided about it there.
func Present(ctx context.Context, q postgres.Querier, adcode, id string) (placenames.Name, error) {
	return present(ctx, q, adcode, id)
}

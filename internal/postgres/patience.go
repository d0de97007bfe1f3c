package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// longestWait bounds the wait for a connection of the pool by somebody who waits for
// an answer. It is shorter than any request's own limit, so that the two can be told
// apart.
const longestWait = 5 * time.Second

// patience bounds that wait. Whoever has no deadline (a worker, a verb) waits as long
// as it takes.
type patience struct{ wait time.Duration }

type giveUpKey struct{}

// TraceAcquireStart sets the limit.
func (p patience) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	if _, hurried := ctx.Deadline(); !hurried {
		return ctx
	}
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	return context.WithValue(ctx, giveUpKey{}, cancel)
}

// TraceAcquireEnd ends the limit.
func (patience) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(giveUpKey{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart does nothing: the driver takes a tracer of the pool only from one of
// queries.
func (patience) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd does nothing.
func (patience) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

package main

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// writer is who asks, as the door for writes wants it. Nobody is a writer without a name,
// whom the door refuses, and with an account that there is not, who sees nothing: never
// the system, whom everything is open to.
func writer(ctx context.Context, adcode string) postgres.Writer {
	facts := httpapi.FactsOf(ctx)
	w := postgres.Writer{
		AdCode: adcode, Account: uuid.Nil.String(), From: facts.From, TraceID: facts.TraceID, Key: facts.Key, RequestHash: facts.RequestHash,
	}
	who, ok := auth.From(ctx)
	if !ok {
		return w
	}
	w.Account, w.Who = who.AccountID, cmp.Or(who.Display, who.Name)
	for _, a := range who.TokenActions {
		w.TokenActions = append(w.TokenActions, string(a))
	}
	return w
}

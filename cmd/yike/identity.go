package main

import (
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
	w.Account, w.Who = who.AccountID, named(who)
	for _, a := range who.TokenActions {
		w.TokenActions = append(w.TokenActions, string(a))
	}
	return w
}

// named is who somebody is to people: the name for display, which everybody chooses, with
// the account's, which nobody can.
func named(who auth.Identity) string {
	if who.Display == "" || who.Display == who.Name {
		return who.Name
	}
	return who.Display + "（" + who.Name + "）"
}

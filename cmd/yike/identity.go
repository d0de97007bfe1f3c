package main

import (
	"context"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
)

// writer says who asks, for the door to the database: the account of the request and
// what is known of the request itself. Outside of a request by somebody signed in it is
// nobody, whom the door refuses.
func writer(ctx context.Context, adcode string) postgres.Writer {
	f := httpapi.FactsOf(ctx)
	w := postgres.Writer{AdCode: adcode, From: f.From, TraceID: f.TraceID, Key: f.Key, RequestHash: f.RequestHash}
	i, ok := auth.From(ctx)
	if !ok {
		return w
	}
	w.AdCode, w.Account, w.Who = i.AdCode, i.AccountID, i.Display
	if w.Who == "" {
		w.Who = i.Name
	}
	for _, a := range i.TokenActions {
		w.TokenActions = append(w.TokenActions, string(a))
	}
	return w
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/searchhttp"
)

// TestANameIsFoundByTheNextQuestion writes, renames and removes records of the register and asks
// after each, over HTTP and from the database.
func TestANameIsFoundByTheNextQuestion(t *testing.T) {
	t.Parallel()
	const adcode, today = "990100", record.Day("2026-11-28")
	db := dbtest.New(t)
	w := postgres.System(adcode, "test")
	err := db.Write(t.Context(), w, "a division", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), '990100001', 'subdistrict', '街', ST_Multi(ST_MakeEnvelope(108, 34, 108.1, 34.1, 4326)))`, pgx.StrictNamedArgs{"adcode": adcode})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	live, catalogue, err := newNameMemory(db, adcode)
	if err != nil {
		t.Fatal(err)
	}
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	searchhttp.Register(httpapi.NewAPI(router), live, catalogue)
	server := httpapitest.New(t, router)
	ask := func(q string) string {
		t.Helper()
		answer := server.Get("/api/v1/place-names/search?q="+url.QueryEscape(q), nil)
		var found struct {
			Names []struct {
				Text, State string
				Matched     struct{ By, Text string }
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &found); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
		var out []string
		for _, n := range found.Names {
			out = append(out, fmt.Sprintf("%s %s by %s %s", n.Text, n.State, n.Matched.By, n.Matched.Text))
		}
		return strings.Join(out, ", ")
	}
	if got := ask("沣东"); got != "" {
		t.Errorf("where no names were loaded: %s", got)
	}
	store := placenamedb.New(db, catalogue)
	write := record.Change{Reason: "a test"}
	decision := func(k placenames.DecisionKind) placenames.Decision {
		return placenames.Decision{Kind: k, Number: "地名〔2026〕1号", Day: today, Body: "民政局", Title: "批复"}
	}
	road := placenames.Name{Text: "沣东大道", Kind: "road", State: placenames.Approved, Divisions: []string{"990100001"}, Decision: decision(placenames.Naming), Aliases: []placenames.Alias{{Text: "快速干道", Kind: placenames.Colloquial}}}
	made, err := store.Create(t.Context(), w, road, write, today)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := store.Create(t.Context(), w, placenames.Name{Text: "沣东花园", Kind: "estate", State: placenames.Draft, Divisions: []string{"990100001"}}, write, today)
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{
		"沣东": "沣东大道 approved by standard 沣东大道, 沣东花园 draft by standard 沣东花园", "fddd": "沣东大道 approved by initials 沣东大道", "干道": "沣东大道 approved by alias 快速干道",
	} {
		if got := ask(q); got != want {
			t.Errorf("%s: %s", q, got)
		}
	}
	if err := store.Remove(t.Context(), w, draft.ID, draft.Version, write, today); err != nil {
		t.Fatal(err)
	}
	renaming := placenamedb.Renaming{Text: "红光大道", Decision: decision(placenames.Renaming)}
	if _, err := store.Rename(t.Context(), w, made.ID, made.Version, renaming, today); err != nil {
		t.Fatal(err)
	}
	if got, want := ask("沣东"), "红光大道 approved by former 沣东大道"; got != want {
		t.Errorf("after a renaming and a removal: %s", got)
	}
	like := server.Do(http.MethodPost, "/api/v1/place-names/like", nil, map[string]string{"text": "红光路", "kind": "road", "division": "990100001"})
	if like.Code != http.StatusOK || !strings.Contains(like.Body.String(), `"relation":"same_stem"`) || !strings.Contains(like.Body.String(), `"whole":true`) {
		t.Errorf("%d %s", like.Code, like.Body)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	cancel()
	if err := live.Refresh(ctx); err == nil {
		t.Error("the register was asked after the question was given up")
	}
}

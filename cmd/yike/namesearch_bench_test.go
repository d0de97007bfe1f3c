package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/hanzi"
	"yike/internal/httpapi"
	"yike/internal/postgres/dbtest"
	"yike/placenames"
	"yike/placenames/namelive"
	"yike/placenames/namesearch"
	"yike/placenames/namesearch/namesearchtest"
	"yike/placenames/naming"
	"yike/placenames/searchhttp"
)

// BenchmarkNameSearch asks a register of 1,000,000 synthetic names (YIKE_NAMES gives another
// number) by each kind of question, over HTTP with the router and JSON and with the look for
// changes in the database, and asks PostgreSQL the same beside it: characters by a GIN index of
// pairs, letters by sorted columns, wrong characters by pg_trgm. It gives the median and the
// slowest hundredth of both in microseconds, how many times the slowest hundredth of PostgreSQL
// is ours, and of wrong characters how often the name is among the first 20: of all names, and of
// those of five characters and more. Of a name of three the two that are left are those of
// hundreds of others, among which nobody can tell which was meant.
func BenchmarkNameSearch(b *testing.B) {
	r := benchRegister{b: b, names: namesearchtest.Names(numberOfNames(b)), sounds: hanzi.NewSounds()}
	r.fill()
	r.serve()
	for _, each := range []struct {
		what string
		ask  func(rnd *rand.Rand, name string) string
		sql  string
	}{
		{"two characters", r.infix(2), pairsSQL},
		{"three characters", r.infix(3), pairsSQL},
		{"pinyin", r.pinyin, `SELECT text FROM peer_name WHERE pinyin LIKE @like ORDER BY length(text), text LIMIT 20`},
		{"initials", r.initials, `SELECT text FROM peer_name WHERE initials LIKE @like ORDER BY length(text), text LIMIT 20`},
	} {
		b.Run(each.what, func(b *testing.B) { r.compare(b, each.ask, each.sql) })
	}
	for _, how := range namesearchtest.Wrong() {
		b.Run("one character: "+how, func(b *testing.B) {
			r.compare(b, func(rnd *rand.Rand, name string) string { return namesearchtest.Mistaken(name, how, rnd, r.sounds) },
				`SELECT text FROM peer_name WHERE text % @text ORDER BY similarity(text, @text) DESC LIMIT 20`)
		})
	}
}

const pairsSQL = `SELECT text FROM peer_name WHERE pairs @> @pairs AND text LIKE '%' || @text || '%' ORDER BY length(text), text LIMIT 20`

func numberOfNames(b *testing.B) int {
	b.Helper()
	list := os.Getenv("YIKE_NAMES")
	if list == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(list)
	if err != nil || n < 100 {
		b.Fatalf("YIKE_NAMES=%s: must be a number of names from 100 on", list)
	}
	return n
}

// benchRegister is a register, the server that searches it and PostgreSQL beside it.
type benchRegister struct {
	b      *testing.B
	names  []namesearch.Name
	sounds *hanzi.Sounds
	peer   *pgx.Conn
	url    string
}

var _ namelive.Register = (*benchRegister)(nil)

// Mark looks into a table as the register's does.
func (r *benchRegister) Mark(ctx context.Context) (mark int64, err error) {
	err = r.peer.QueryRow(ctx, `SELECT coalesce(max(no), 0) FROM peer_change`).Scan(&mark)
	return mark, err
}

func (r *benchRegister) Each(_ context.Context, yield func(placenames.Name) error) error {
	for _, n := range r.names {
		name := placenames.Name{ID: n.ID, Text: n.Text, Kind: n.Kind, State: n.State, Divisions: []string{n.Division}, Geometry: n.Position}
		for _, a := range n.Aliases {
			name.Aliases = append(name.Aliases, placenames.Alias{Text: a})
		}
		for _, f := range n.Former {
			name.Former = append(name.Former, placenames.Former{Text: f})
		}
		if err := yield(name); err != nil {
			return err
		}
	}
	return nil
}

func (*benchRegister) Since(_ context.Context, mark int64) (namelive.Changes, error) {
	return namelive.Changes{Mark: mark}, nil
}

func (r *benchRegister) letters(name string, only int) string {
	var out strings.Builder
	for _, c := range name {
		s := string(c)
		if of := r.sounds.Of(c); len(of) > 0 {
			s = of[0]
		}
		if only > 0 {
			s = s[:only]
		}
		out.WriteString(s)
	}
	return out.String()
}

func pairsOf(text string) []string {
	runes := []rune(text)
	out := []string{}
	for i := 1; i < len(runes); i++ {
		out = append(out, string(runes[i-1:i+1]))
	}
	return out
}

// fill puts the names into PostgreSQL.
func (r *benchRegister) fill() {
	ctx := r.b.Context()
	conn, err := pgx.Connect(ctx, dbtest.URL(r.b))
	if err != nil {
		r.b.Fatal(err)
	}
	r.b.Cleanup(func() { _ = conn.Close(context.WithoutCancel(ctx)) })
	r.peer = conn
	exec := func(sql string) {
		if _, err := conn.Exec(ctx, sql); err != nil {
			r.b.Fatalf("%s: %v", sql, err)
		}
	}
	exec(`CREATE EXTENSION IF NOT EXISTS pg_trgm`)
	exec(`CREATE TABLE peer_change (no bigint PRIMARY KEY)`)
	exec(`CREATE TABLE peer_name (text text NOT NULL, pairs text[] NOT NULL, pinyin text NOT NULL, initials text NOT NULL)`)
	rows := pgx.CopyFromSlice(len(r.names), func(i int) ([]any, error) {
		t := r.names[i].Text
		return []any{t, pairsOf(t), r.letters(t, 0), r.letters(t, 1)}, nil
	})
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"peer_name"}, []string{"text", "pairs", "pinyin", "initials"}, rows); err != nil {
		r.b.Fatal(err)
	}
	exec(`CREATE INDEX ON peer_name USING gin (pairs)`)
	exec(`CREATE INDEX ON peer_name USING gin (text gin_trgm_ops)`)
	exec(`CREATE INDEX ON peer_name (pinyin text_pattern_ops)`)
	exec(`CREATE INDEX ON peer_name (initials text_pattern_ops)`)
	exec(`VACUUM ANALYZE peer_name`)
}

// serve reads the register into memory and serves the search.
func (r *benchRegister) serve() {
	c, err := placenames.NewCatalogue()
	if err != nil {
		r.b.Fatal(err)
	}
	set, err := naming.Set()
	if err != nil {
		r.b.Fatal(err)
	}
	k, err := naming.NewChecker(set, c)
	if err != nil {
		r.b.Fatal(err)
	}
	before, begun := heapInUse(), time.Now()
	live := namelive.New(r, "990100", k, c, namesearch.NewReadings(hanzi.NewCharacters(), k.LookAlike()))
	if err := live.Refresh(r.b.Context()); err != nil {
		r.b.Fatal(err)
	}
	r.b.Logf("%d names in memory for search and comparison: %.1f s, %.0f bytes a name", len(r.names), time.Since(begun).Seconds(), (heapInUse()-before)/float64(len(r.names)))
	router := httpapi.NewRouter(slog.New(slog.DiscardHandler))
	searchhttp.Register(httpapi.NewAPI(router), live, c)
	server := httptest.NewServer(router)
	r.b.Cleanup(server.Close)
	r.url = server.URL
}

func (r *benchRegister) infix(n int) func(rnd *rand.Rand, name string) string {
	return func(rnd *rand.Rand, name string) string {
		runes := []rune(name)
		at := rnd.IntN(max(1, len(runes)-n+1))
		return string(runes[at:min(len(runes), at+n)])
	}
}

// pinyin is how far somebody typed who looks at the list: two syllables and a letter.
func (r *benchRegister) pinyin(_ *rand.Rand, name string) string {
	runes := []rune(name)
	return r.letters(string(runes[:2]), 0) + r.letters(string(runes[2:3]), 1)
}

func (r *benchRegister) initials(_ *rand.Rand, name string) string { return r.letters(name, 1) }

// compare asks as many questions as it takes of both and reports what they took.
func (r *benchRegister) compare(b *testing.B, ask func(rnd *rand.Rand, name string) string, sql string) {
	b.Helper()
	const questions = 400
	rnd := rand.New(rand.NewPCG(3, 4))
	asked, names := make([]string, questions), make([]string, questions)
	for i := range asked {
		names[i] = r.names[rnd.IntN(len(r.names))].Text
		asked[i] = ask(rnd, names[i])
	}
	var ours, theirs []time.Duration
	var found, peer, long, longFound int
	for b.Loop() {
		ours, theirs = ours[:0], theirs[:0]
		found, peer, long, longFound = 0, 0, 0, 0
		for i, q := range asked {
			begun := time.Now()
			got := r.overHTTP(q)
			ours = append(ours, time.Since(begun))
			begun = time.Now()
			other := r.overSQL(sql, q)
			theirs = append(theirs, time.Since(begun))
			hit := slices.Contains(got, names[i])
			if hit {
				found++
			}
			if placenames.Characters(names[i]) >= 5 {
				long++
				if hit {
					longFound++
				}
			}
			if slices.Contains(other, names[i]) {
				peer++
			}
		}
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(0, "ns/op")
	for what, list := range map[string][]time.Duration{"": ours, "pg-": theirs} {
		b.ReportMetric(float64(list[questions/2].Microseconds()), what+"p50-µs")
		b.ReportMetric(float64(list[questions*99/100].Microseconds()), what+"p99-µs")
	}
	b.ReportMetric(float64(theirs[questions*99/100])/float64(ours[questions*99/100]), "p99-ratio")
	if strings.Contains(b.Name(), "one_character") {
		b.ReportMetric(float64(found)/questions, "recall@20")
		b.ReportMetric(float64(longFound)/float64(max(1, long)), "recall@20-of-5+")
		b.ReportMetric(float64(peer)/questions, "pg-recall@20")
	}
}

func (r *benchRegister) overHTTP(q string) []string {
	req, err := http.NewRequestWithContext(r.b.Context(), http.MethodGet, r.url+"/api/v1/place-names/search?limit=20&q="+url.QueryEscape(q), nil)
	if err != nil {
		r.b.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Names []struct{ Text string }
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		r.b.Fatalf("%s: %d, %v", q, res.StatusCode, err)
	}
	out := make([]string, len(answer.Names))
	for i, n := range answer.Names {
		out[i] = n.Text
	}
	return out
}

func (r *benchRegister) overSQL(sql, q string) []string {
	args := pgx.NamedArgs{"text": q, "like": q + "%", "pairs": pairsOf(q)}
	rows, err := r.peer.Query(r.b.Context(), sql, args)
	if err != nil {
		r.b.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		r.b.Fatal(fmt.Errorf("%s: %w", q, err))
	}
	return out
}

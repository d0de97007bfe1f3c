package main

import (
	"context"
	"crypto/ed25519"
	crand "crypto/rand"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/postgres/dbtest"
	"yike/placenames/plates"
	"yike/placenames/plates/doordb"
	"yike/placenames/plates/doorpage"
	"yike/placenames/plates/doors"
)

// BenchmarkScanPage asks for pages of 20,000 plates (YIKE_DOORS gives another number, such as
// 10000000) as people scan them: some plates often and most hardly ever (Zipf, s = 1), one in a
// hundred of a code of nobody, three in ten by somebody who has the page already. Router,
// compression and one read of the database for what is not kept are in it; the network is not. It
// gives the median and the slowest hundredth in microseconds, requests a second, reads for each
// request, and the bytes of a page, plain and packed.
func BenchmarkScanPage(b *testing.B) {
	s := newScanned(b, benchDoors(b))
	plain, packed := s.sizes(b)
	for b.Loop() {
		s.ask(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(plain), "page-B")
	b.ReportMetric(float64(packed), "packed-B")
}

func benchDoors(b *testing.B) int {
	b.Helper()
	text := os.Getenv("YIKE_DOORS")
	if text == "" {
		return 20_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 100 {
		b.Fatalf("YIKE_DOORS=%s: must be a number from 100", text)
	}
	return n
}

// countedDoors counts reads.
type countedDoors struct {
	*doorPages
	reads atomic.Int64
}

func (c *countedDoors) Door(ctx context.Context, code string) (doors.Door, error) {
	c.reads.Add(1)
	return c.doorPages.Door(ctx, code)
}

type benchSigner struct{ key ed25519.PrivateKey }

func (s benchSigner) SignDoor(m []byte) []byte { return ed25519.Sign(s.key, m) }
func (s benchSigner) DoorPublic() ed25519.PublicKey {
	return ed25519.PublicKey(s.key[ed25519.PrivateKeySize-ed25519.PublicKeySize:])
}
func (s benchSigner) DoorKeyID() string { return "bench" }

type scanned struct {
	codes   []string
	handler http.Handler
	source  *countedDoors
}

const scanAdcode = "990001"

// newScanned fills a database with doors that have four places nearby each.
func newScanned(b *testing.B, n int) *scanned {
	b.Helper()
	db := dbtest.New(b)
	conn, err := db.Pool().Acquire(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	s := &scanned{codes: make([]string, n)}
	fillDoors(b, conn, s.codes)
	store := doordb.New(db, func(facilities.Type) bool { return true })
	s.source = &countedDoors{doorPages: &doorPages{store: store, adcode: scanAdcode, held: &coveragelive.Holder{}, now: time.Now}}
	pages, err := doorpage.New(doorpage.Config{
		Source: s.source, Signer: benchSigner{ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}, Now: time.Now, Misses: doorpage.NewMisses(mostMisses),
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: slog.New(slog.DiscardHandler), Routes: quietRoutes()})
	pages.Mount(r)
	s.handler = r
	return s
}

// fillDoors writes rows without what their triggers would hold and keep of them.
func fillDoors(b *testing.B, conn *pgxpool.Conn, codes []string) {
	b.Helper()
	run := func(sql string, args ...any) {
		b.Helper()
		if _, err := conn.Exec(b.Context(), sql, args...); err != nil {
			b.Fatal(err)
		}
	}
	road := uuid.NewString()
	var near []string
	run(`SET session_replication_role = replica`)
	run(`INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, decision_kind, decision_number, decision_day, decision_body, change_id)
VALUES ($1, $2, '沣东大道', 'Fengdong Dadao', 'road', 'street', 'approved', '{990001001}', 'naming', '1号', '2020-05-01', '区政府', gen_random_uuid())`, scanAdcode, road)
	for i, kind := range []string{"elderly_canteen", "day_care_centre", "elderly_station", "community_premises"} {
		near = append(near, uuid.NewString())
		run(`INSERT INTO facility (adcode, id, source_id, type, name_zh, status, address, division_code, geom, placed_by, fields, change_id) VALUES
($1, $2, $3, $4, '西街第一社区为老服务设施', 'open', '西街1号', '990001001', ST_SetSRID(ST_MakePoint(117, 39), 4326), 'given', '{"contact_phone": "022-27390000", "opening_hours": "周一至周五 08:30-17:00"}', gen_random_uuid())`,
			scanAdcode, near[i], strconv.Itoa(i), kind)
	}
	const batch = 50_000
	for from := 0; from < len(codes); from += batch {
		part := codes[from:min(from+batch, len(codes))]
		ids, numbers := make([]string, len(part)), make([]string, len(part))
		for i := range part {
			t, err := plates.NewToken(crand.Reader)
			if err != nil {
				b.Fatal(err)
			}
			part[i], ids[i], numbers[i] = t.String(), uuid.NewString(), strconv.Itoa(from+i+1)
		}
		run(`INSERT INTO address (adcode, id, level, name_id, number, state, text, short_text, roman, division_code, custody, decision_kind, decision_body, change_id)
SELECT $1, n.id, 'number', $2, n.no, 'approved', '示范市示范区西街街道第一社区沣东大道' || n.no || '号', '沣东大道' || n.no || '号', 'Fengdong Dadao', '990001001', 'own', 'observed', '现场', gen_random_uuid()
FROM unnest($3::uuid[], $4::text[]) AS n(id, no)`, scanAdcode, road, ids, numbers)
		run(`INSERT INTO plate (adcode, token, id, address_id, kind, slot, face_name, face_number, division_code, state, events, fixed_on, change_id)
SELECT $1, n.token, n.id, n.id, 'medium', 'main', '沣东大道', n.no, '990001001', 'fixed', 1, '2026-05-01', gen_random_uuid()
FROM unnest($2::text[], $3::uuid[], $4::text[]) AS n(token, id, no)`, scanAdcode, part, ids, numbers)
		run(`INSERT INTO door_walk (adcode, address_id, facilities, walk_ms) SELECT $1, n.id, $2::uuid[], '{240000,360000,480000,600000}' FROM unnest($3::uuid[]) AS n(id)`, scanAdcode, near, ids)
	}
	run(`SET session_replication_role = origin`)
	run(`ANALYZE address, plate, door_walk, place_name, facility`)
}

// sizes are the bytes of a page, plain and packed.
func (s *scanned) sizes(b *testing.B) (plain, packed int) {
	b.Helper()
	for _, encoding := range []string{"", "gzip"} {
		r := httptest.NewRequest(http.MethodGet, "/"+s.codes[0], nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
		plain, packed = packed, w.Body.Len()
	}
	return plain, packed
}

// ask sends 50,000 requests by two who send one after another.
func (s *scanned) ask(b *testing.B) {
	b.Helper()
	const senders, each = 2, 25_000
	took := make([][]time.Duration, senders)
	reads, began := s.source.reads.Load(), time.Now()
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() { took[i] = s.send(each, rand.New(rand.NewPCG(uint64(i), 1))) })
	}
	all.Wait()
	lasted := time.Since(began)
	sorted := slices.Sorted(slices.Values(slices.Concat(took...)))
	if len(sorted) != senders*each {
		b.Fatal("some requests failed")
	}
	b.ReportMetric(float64(sorted[len(sorted)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(sorted[len(sorted)*99/100].Nanoseconds())/1000, "p99-µs")
	b.ReportMetric(float64(len(sorted))/lasted.Seconds(), "req/s")
	b.ReportMetric(float64(s.source.reads.Load()-reads)/float64(len(sorted)), "reads/req")
}

func (s *scanned) send(requests int, rng *rand.Rand) []time.Duration {
	held := map[string]string{}
	took := make([]time.Duration, 0, requests)
	span := math.Log(float64(len(s.codes)))
	for range requests {
		code, want := s.codes[int(math.Exp(rng.Float64()*span))-1], http.StatusOK // Zipf of s = 1
		if rng.IntN(100) == 0 {
			t, _ := plates.NewToken(crand.Reader) // never fails
			code, want = t.String(), http.StatusNotFound
		}
		r := httptest.NewRequest(http.MethodGet, "/"+code, nil)
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", rng.IntN(256), rng.IntN(256), rng.IntN(256))
		r.Header.Set("Accept-Encoding", "gzip")
		if etag := held[code]; etag != "" && rng.IntN(10) < 3 {
			r.Header.Set("If-None-Match", etag)
		}
		w := httptest.NewRecorder()
		began := time.Now()
		s.handler.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		if w.Code != want && w.Code != http.StatusNotModified {
			return nil
		}
		held[code] = w.Header().Get("ETag")
	}
	return took
}

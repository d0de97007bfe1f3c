package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yike/cmd/yike/demogen"
	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/internal/auth/authhttp"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// BenchmarkWhatIf asks a server in a process of its own what a drag on the map asks, one
// home after another, on a generated district of 850,000 people: over TCP, by a planner
// who signed in, through the host check, the rate limits, the roles and the audit of the
// router as served. It also asks the question of the map anew each time, and draws the
// gaps of the district.
func BenchmarkWhatIf(b *testing.B) {
	dir, url := b.TempDir(), dbtest.URL(b)
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: 850_000, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	planner := published(b, []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + b.TempDir()}, dir, "990100")
	db, err := postgres.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	state, err := coveragelive.Load(b.Context(), stores(db), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d people points, %d edges, %d divisions", len(state.Demand[state.Bases[0]].Points), state.Network.Edges(), len(state.Divisions))
	for _, plan := range plansOf(state) {
		planner.post(b, "/api/v1/coverage/what-if", plan.body(0)) // makes the baseline
		b.Run(plan.name, func(b *testing.B) {
			each(b, func(i int) { planner.post(b, "/api/v1/coverage/what-if", plan.body(i)) })
		})
	}
	b.Run("question of other limits, circles and gaps drawn", func(b *testing.B) {
		each(b, func(i int) {
			planner.do(b, http.MethodGet, fmt.Sprintf("/api/v1/coverage?type=elderly_canteen&limit=%d", 600+i%600), "")
		})
	})
	answer, err := state.Once(b.Context(), coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("gaps alone", func(b *testing.B) {
		each(b, func(int) {
			within := coverage.GapOptions{Within: state.Hierarchy.Holders(divisions.Subdistrict)}
			if _, err := coverage.Gaps(b.Context(), answer.Demand, answer.Result, within); err != nil {
				b.Fatal(err)
			}
		})
	})
}

type benchPlan struct {
	name string
	body func(int) string
}

// plansOf are plans that differ each time.
func plansOf(state *coveragelive.State) []benchPlan {
	homes := state.Demand[state.Bases[0]].Points
	place := func(i int) orb.Point { return homes[i*7919%len(homes)] }
	street := func(i int) int32 { return int32(i * 7919 % state.Network.Edges()) } //nolint:gosec // fewer than 2^31
	add := func(circles bool) func(int) string {
		return func(i int) string {
			at := place(i)
			return fmt.Sprintf(`{"type":"elderly_canteen","circles":%v,"steps":[{"do":"add","id":"a","lon":%v,"lat":%v}]}`, circles, at.Lon(), at.Lat())
		}
	}
	return []benchPlan{
		{"add", add(false)},
		{"add and circle", add(true)},
		{"add, circle and points, as the map asks", func(i int) string { return strings.Replace(add(true)(i), "{", `{"points":true,`, 1) }},
		{"close way", func(i int) string {
			way, _, _ := state.Network.EdgeWay(street(i))
			return fmt.Sprintf(`{"type":"elderly_canteen","steps":[{"do":"close_way","id":%q}]}`, way)
		}},
		{"footbridge", func(i int) string {
			// From a street to another some 100 m away, over whatever lies between.
			from := state.Network.EdgeLine(street(i))[0]
			snap := state.Network.Snap(orb.Point{from[0] + 0.0007, from[1] + 0.0007}, 1000)
			return fmt.Sprintf(`{"type":"elderly_canteen","steps":[{"do":"add_path","id":"bridge","line":[[%v,%v],[%v,%v]]}]}`,
				from[0], from[1], snap.Point[0], snap.Point[1])
		}},
	}
}

// each does one thing after another and reports the middle and the slowest few.
func each(b *testing.B, do func(int)) {
	b.Helper()
	var took []time.Duration
	for i := 1; b.Loop(); i++ {
		begun := time.Now()
		do(i)
		took = append(took, time.Since(begun))
	}
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(quantile(took, p))/1e6, fmt.Sprintf("p%d-ms", p))
	}
}

// quantile is what so many of a hundred took less than.
func quantile(took []time.Duration, percent int) time.Duration {
	slices.Sort(took)
	return took[len(took)*percent/100]
}

const publicHost = "map.example.cn"

// published starts a server that is published under a name, so that the rate limits bind
// clients on this machine, too, and gives somebody who asks it as a planner.
func published(b *testing.B, env []string, dir, adcode string) *client {
	b.Helper()
	_, address := serving(b, append(slices.Clone(env), "YIKE_PUBLIC_URL=https://"+publicHost, "YIKE_RATE_ADDRESS=10000000", "YIKE_RATE_ACCOUNT=10000000"), "--data", dir)
	code, said := runProgram(b, env, "account", "create", "timed", "--pack="+adcode, "--role", "planner")
	words := strings.Fields(said)
	if code != exitOK || len(words) == 0 {
		b.Fatalf("no account was made: %d %s", code, said)
	}
	c, once := &client{address: address}, words[len(words)-1]
	const chosen = "No rest for walkers 2026"
	for _, password := range []string{once, chosen} {
		c.cookie = ""
		for _, set := range c.do(b, http.MethodPost, "/api/v1/session", fmt.Sprintf(`{"name":"timed","password":%q}`, password)) {
			if set.Name == authhttp.CookieName {
				c.cookie = set.Name + "=" + set.Value
			}
		}
		if password == once { // which is good for nothing but choosing another
			c.do(b, http.MethodPost, "/api/v1/account/password", fmt.Sprintf(`{"old":%q,"new":%q}`, once, chosen))
		}
	}
	return c
}

// client asks a server as somebody who signed in, by the name that it is published under.
type client struct{ address, cookie string }

func (c *client) post(b *testing.B, path, body string) { c.do(b, http.MethodPost, path, body) }

func (c *client) do(b *testing.B, method, path, body string) []*http.Cookie {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, c.address+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Host = publicHost
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", c.cookie)
	r.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%d", time.Now().UnixNano()))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	var answer bytes.Buffer
	if _, err := io.Copy(&answer, res.Body); err != nil {
		b.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		b.Fatalf("%s %s: %d %s", method, path, res.StatusCode, answer.String())
	}
	if res.Header.Get("RateLimit-Limit") == "" {
		b.Fatal("the rate limits are not in the way")
	}
	return res.Cookies()
}

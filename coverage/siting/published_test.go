package siting_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yike/coverage/siting"
)

// published opens a file of the instances with known optima, which are not in the
// repository, or skips the test. Their folder is YIKE_SITING_DIR, or data/siting of the
// folder shared that lies beside one of those that hold the repository.
func published(t testing.TB, elem ...string) []byte {
	t.Helper()
	folders := []string{os.Getenv("YIKE_SITING_DIR")}
	for up := filepath.Join("..", "..", ".."); len(up) < 20; up = filepath.Join("..", up) {
		folders = append(folders, filepath.Join(up, "shared", "data", "siting"))
	}
	for _, dir := range folders {
		text, err := os.ReadFile(filepath.Join(append([]string{dir}, elem...)...))
		if err == nil {
			return text
		}
		if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	t.Skipf("skipped: no published instances: %s", filepath.Join(elem...))
	return nil
}

// pmed reads an instance of the OR-Library (Beasley 1985): a graph whose later edges
// replace earlier ones between the same ends, and p. All pairs are listed, at their
// shortest ways.
func pmed(t testing.TB, number int) (siting.Question, int) {
	t.Helper()
	fields := strings.Fields(string(published(t, "orlib-pmed", fmt.Sprintf("pmed%d.txt", number))))
	v := make([]int, len(fields))
	for at, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		v[at] = n
	}
	n := v[0]
	const none = math.MaxInt32 / 4
	d := slices.Repeat([]int32{none}, n*n)
	for i := range n {
		d[i*n+i] = 0
	}
	for at := 3; at < 3+3*v[1]; at += 3 {
		a, b := v[at]-1, v[at+1]-1
		d[a*n+b], d[b*n+a] = int32(v[at+2]), int32(v[at+2])
	}
	for k := range n {
		via := d[k*n : k*n+n]
		for i := range n {
			row, first := d[i*n:i*n+n], d[i*n+k]
			for j, c := range via {
				row[j] = min(row[j], first+c)
			}
		}
	}
	q := siting.Question{Weight: slices.Repeat([]int64{1}, n), Reach: siting.Reach{Start: []int{0}, Cost: d}}
	for j := range n {
		for i := range n {
			q.Reach.Demand = append(q.Reach.Demand, int32(i))
		}
		q.Reach.Start = append(q.Reach.Start, (j+1)*n)
	}
	return q, v[2]
}

// optima reads the best values of the OR-Library's instances by number.
func optima(t testing.TB, file string) map[int]int64 {
	t.Helper()
	out := map[int]int64{}
	for line := range strings.Lines(string(published(t, "orlib-pmed", file))) {
		var number int
		var best int64
		if n, _ := fmt.Sscanf(line, "pmed%d %d", &number, &best); n == 2 {
			out[number] = best
		}
	}
	if len(out) != 40 {
		t.Fatalf("%s has %d values", file, len(out))
	}
	return out
}

func TestMediansOfTheORLibrary(t *testing.T) {
	t.Parallel()
	best := optima(t, "pmedopt.txt")
	for _, number := range []int{1, 2, 3, 4, 5, 8, 10, 13, 15, 18, 23} {
		q, p := pmed(t, number)
		plan, err := siting.Median(context.Background(), q, siting.Limit{Sites: p}, slices.Max(q.Reach.Cost), siting.Effort{Nodes: 100})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Value != best[number] || plan.Bound > best[number] {
			t.Errorf("pmed%d: value %d and bound %d of %d", number, plan.Value, plan.Bound, best[number])
		}
	}
}

func TestCentersOfTheORLibrary(t *testing.T) {
	t.Parallel()
	best := optima(t, "kcenteropt.txt")
	for _, number := range []int{1, 2, 3, 4, 5, 8, 9, 10, 13, 14, 15} {
		q, p := pmed(t, number)
		plan, err := siting.Center(context.Background(), q, p, siting.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.Value != best[number] || !plan.Proven() {
			t.Errorf("pmed%d: value %d and bound %d of %d", number, plan.Value, plan.Bound, best[number])
		}
	}
}

// stores is spopt's example of San Francisco: 205 tracts by 16 stores, costs in
// ten-thousandths of a metre, and the metres as given, by store.
func stores(t testing.TB) (siting.Question, [][]float64) {
	t.Helper()
	rows := func(name string) [][]string {
		all, err := csv.NewReader(bytes.NewReader(published(t, "spopt-sf", name))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all[1:]
	}
	people := map[string]int64{}
	for _, row := range rows("SF_demand_205_centroid_uniform_weight.csv") {
		n, err := strconv.ParseInt(row[6], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		people[row[3]] = n
	}
	metres := map[string]map[string]float64{}
	for _, row := range rows("SF_network_distance_candidateStore_16_censusTract_205_new.csv") {
		d, err := strconv.ParseFloat(row[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		if metres[row[1]] == nil {
			metres[row[1]] = map[string]float64{}
		}
		metres[row[1]][row[2]] = d
	}
	q := siting.Question{Reach: siting.Reach{Start: []int{0}}}
	tracts := slices.Sorted(maps.Keys(people))
	for _, tract := range tracts {
		q.Weight = append(q.Weight, people[tract])
	}
	var given [][]float64
	for _, store := range slices.Sorted(maps.Keys(metres)) {
		var list []float64
		for i, tract := range tracts {
			d := metres[store][tract]
			list = append(list, d)
			q.Reach.Demand = append(q.Reach.Demand, int32(i))
			q.Reach.Cost = append(q.Reach.Cost, int32(math.Round(d*1e4)))
		}
		given = append(given, list)
		q.Reach.Start = append(q.Reach.Start, len(q.Reach.Demand))
	}
	if len(given) != 16 || len(tracts) != 205 {
		t.Fatalf("%d stores and %d tracts", len(given), len(tracts))
	}
	return q, given
}

// The best values of San Francisco at 5,000 m by the number of stores: people served,
// people × metres, metres; found by trying all choices.
var sanFrancisco = []struct {
	served       int64
	walked, most float64
}{
	{448255, 5731159103.6753, 11577.279},
	{671938, 4009098972.1349, 9130.7587},
	{791499, 3385565397.5315, 7529.986},
	{875247, 2848268129.7145, 7403.0638},
	{927402, 2554123350.1875, 5985.5001},
	{941462, 2347055166.6774, 5903.6672},
	{950428, 2176547158.2824, 5150.2527},
	{955113, 2054687610.6382, 4644.8457},
}

func TestStoresOfSanFrancisco(t *testing.T) {
	t.Parallel()
	q, metres := stores(t)
	ctx := context.Background()
	near := q
	near.Reach = q.Reach.Within(5000 * 1e4)
	for at, want := range sanFrancisco {
		l := siting.Limit{Sites: at + 1}
		most, err := siting.MaxCoverage(ctx, near, l, siting.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		if most.Value != want.served || !most.Proven() {
			t.Errorf("%d stores serve %d, at most %d, instead of %d", at+1, most.Value, most.Bound, want.served)
		}
		short, err := siting.Median(ctx, q, l, slices.Max(q.Reach.Cost), siting.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		walked := 0.0
		for i, w := range q.Weight {
			walked += float64(w) * nearestMetres(metres, short.Sites, i)
		}
		if math.Abs(walked-want.walked) > 1e-3 || !short.Proven() {
			t.Errorf("to %d stores people walk %.4f instead of %.4f, proven: %v", at+1, walked, want.walked, short.Proven())
		}
		center, err := siting.Center(ctx, q, at+1, siting.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(center.Value)/1e4-want.most) > 1e-3 || !center.Proven() {
			t.Errorf("to %d stores the longest way is %d, at least %d, instead of %.4f", at+1, center.Value, center.Bound, want.most)
		}
	}
	few, err := siting.FewestSites(ctx, near, 955113, siting.Effort{})
	if err != nil {
		t.Fatal(err)
	}
	if few.Value != 8 || !few.Proven() {
		t.Errorf("%d stores serve all, at least %d, instead of 8", few.Value, few.Bound)
	}
}

func nearestMetres(metres [][]float64, sites []siting.Site, i int) float64 {
	least := math.Inf(1)
	for _, s := range sites {
		least = min(least, metres[s.Candidate][i])
	}
	return least
}

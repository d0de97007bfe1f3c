package siting_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yike/coverage/siting"
)

// program writes a question of coverage, with capacities or without, as a linear program in
// the format of CPLEX.
func program(q siting.Question, sites int) string {
	var goal, rows, whole strings.Builder
	within := make([][]string, len(q.Weight))
	term := func(i int, j int) string {
		if q.Capacity == nil {
			return fmt.Sprintf("x%d", j)
		}
		return fmt.Sprintf("f%d_%d", i, j)
	}
	for j := range q.Reach.Candidates() {
		load := ""
		for at := q.Reach.Start[j]; at < q.Reach.Start[j+1]; at++ {
			i := int(q.Reach.Demand[at])
			within[i] = append(within[i], term(i, j))
			if q.Capacity != nil {
				load += " + " + term(i, j)
				fmt.Fprintf(&rows, " %s - %d x%d <= 0\n", term(i, j), q.Weight[i], j)
			}
		}
		if load != "" {
			fmt.Fprintf(&rows, "%s - %d x%d <= 0\n", load, q.Capacity[j], j)
		}
		fmt.Fprintf(&whole, " x%d\n", j)
	}
	for i, w := range q.Weight {
		if q.Capacity != nil {
			fmt.Fprintf(&goal, " + z%d", i)
			fmt.Fprintf(&rows, " z%d - %s <= 0\n z%d <= %d\n", i, strings.Join(within[i], " - "), i, w)
			continue
		}
		fmt.Fprintf(&goal, " + %d z%d", w, i)
		fmt.Fprintf(&rows, " z%d - %s <= 0\n z%d <= 1\n", i, strings.Join(within[i], " - "), i)
	}
	var all []string
	for j := range q.Reach.Candidates() {
		all = append(all, fmt.Sprintf("x%d", j))
	}
	fmt.Fprintf(&rows, " %s <= %d\n", strings.Join(all, " + "), sites)
	return "Maximize\n" + goal.String() + "\nSubject To\n" + rows.String() + "Binaries\n" + whole.String() + "End\n"
}

// TestCBCAgrees holds values and bounds to the optima of CBC (Debian coinor-cbc), where it
// is installed.
func TestCBCAgrees(t *testing.T) {
	t.Parallel()
	cbc, err := exec.LookPath("cbc")
	if err != nil {
		t.Skip("skipped: cbc is not installed")
	}
	for seed := range uint64(6) {
		for _, capped := range []bool{false, true} {
			q := town(120, 15, seed)
			if !capped {
				q.Capacity = nil
			}
			const sites = 7
			p, err := siting.MaxCoverage(context.Background(), q, siting.Limit{Sites: sites}, siting.Effort{})
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "question.lp")
			if err := os.WriteFile(file, []byte(program(q, sites)), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(cbc, file, "seconds", "60", "solve", "quit").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			best := math.NaN()
			for line := range strings.Lines(string(out)) {
				if v, ok := strings.CutPrefix(line, "Objective value:"); ok {
					if _, err := fmt.Sscan(v, &best); err != nil {
						t.Fatal(err)
					}
				}
			}
			if !strings.Contains(string(out), "Result - Optimal solution found") {
				t.Logf("seed %d, capacities %v: cbc found no optimum in time", seed, capped)
				continue
			}
			best = math.Round(math.Abs(best))
			t.Logf("seed %d, capacities %v: value %d, bound %d, cbc %v", seed, capped, p.Value, p.Bound, best)
			if float64(p.Value) > best || float64(p.Bound) < best || float64(p.Value) < 0.995*best {
				t.Errorf("seed %d, capacities %v: value %d and bound %d; cbc has %v", seed, capped, p.Value, p.Bound, best)
			}
		}
	}
}

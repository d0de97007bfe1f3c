package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"yike/cmd/yike/demogen"
	"yike/coverage/coveragelive"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// growthSizes are the residents of BenchmarkGrowth's districts: a street office's, four
// times and sixteen times as many; YIKE_GROWTH gives others, such as 14000000, which
// takes long, gigabytes of memory and a longer -timeout.
func growthSizes(b *testing.B) []int {
	b.Helper()
	list := os.Getenv("YIKE_GROWTH")
	if list == "" {
		list = "50000,200000,800000"
	}
	var sizes []int
	for _, word := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 {
			b.Fatalf("YIKE_GROWTH=%s: must be numbers of people", list)
		}
		sizes = append(sizes, n)
	}
	return sizes
}

// BenchmarkGrowth is what a district costs as it grows ×1, ×4, ×16: to load its files into
// the database and to get ready to serve, each a process of its own with the most memory
// that it took, and then in memory to answer a question anew and a what-if of a new site.
// It ends with a table.
func BenchmarkGrowth(b *testing.B) {
	rows := []string{fmt.Sprintf("%10s %8s %8s %8s %8s %8s %8s %8s %8s %9s %9s", "people", "points", "nodes",
		"load s", "MB", "ready s", "MB", "answer ms", "what-if ms", "B/person", "B/node")}
	sizes := growthSizes(b)
	for i, people := range sizes {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			var g growth
			for b.Loop() {
				g = grown(b, people)
			}
			g.report(b)
			rows = append(rows, g.row())
			if i == len(sizes)-1 {
				b.Log("as the district grows:\n" + strings.Join(rows, "\n"))
			}
		})
	}
}

// growth is what one district costs.
type growth struct {
	people, points, nodes int
	load, ready           time.Duration
	loadMB, readyMB       float64 // at most
	answer, whatIf        time.Duration
	stateB, networkB      float64 // in memory, once ready
}

func (g *growth) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(g.load.Seconds(), "load-s")
	b.ReportMetric(g.loadMB, "load-MB")
	b.ReportMetric(g.ready.Seconds(), "ready-s")
	b.ReportMetric(g.readyMB, "ready-MB")
	b.ReportMetric(g.answer.Seconds()*1000, "answer-ms")
	b.ReportMetric(g.whatIf.Seconds()*1000, "what-if-ms")
	b.ReportMetric(g.stateB/float64(g.people), "B/person")
	b.ReportMetric(g.networkB/float64(g.nodes), "B/node")
}

func (g *growth) row() string {
	return fmt.Sprintf("%10d %8d %8d %8.1f %8.0f %8.1f %8.0f %8.1f %8.2f %9.1f %9.1f", g.people, g.points, g.nodes, g.load.Seconds(), g.loadMB,
		g.ready.Seconds(), g.readyMB, g.answer.Seconds()*1000, g.whatIf.Seconds()*1000, g.stateB/float64(g.people), g.networkB/float64(g.nodes))
}

// grown generates a district and takes its figures.
func grown(b *testing.B, people int) growth {
	b.Helper()
	g := growth{people: people}
	dir := filepath.Join(b.TempDir(), "district")
	if _, err := demogen.Generate(b.Context(), demogen.Options{People: people, Seed: 1}, dir); err != nil {
		b.Fatal(err)
	}
	url := dbtest.URL(b)
	env := []string{"DATABASE_URL=" + url, "YIKE_STATE_DIR=" + b.TempDir()}
	begun := time.Now()
	loading := start(b, env, "load", dir)
	if code := loading.wait(); code != exitOK {
		b.Fatalf("load ends with %d: %s", code, loading.output())
	}
	g.load = time.Since(begun)
	g.loadMB = float64(loading.cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
	begun = time.Now()
	server, _ := serving(b, env, "--data", dir)
	g.ready = time.Since(begun)
	g.readyMB = mostMB(b, server.cmd.Process.Pid)
	server.kill()
	server.wait()
	g.inMemory(b, url)
	return g
}

// mostMB is the most memory that a process has held so far.
func mostMB(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0 // no such file on this system
	}
	kb := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if err != nil || kb == nil {
		b.Fatalf("no VmHWM of the server: %v", err)
	}
	n, err := strconv.Atoi(string(kb[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(n) / 1024
}

// inMemory loads the district into this process and asks it.
func (g *growth) inMemory(b *testing.B, url string) {
	b.Helper()
	db, err := postgres.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	before := heapInUse()
	state, err := coveragelive.Load(b.Context(), stores(db), "", nil)
	if err != nil {
		b.Fatal(err)
	}
	g.stateB = heapInUse() - before
	m := state.Network.Memory()
	homes := state.Demand[state.Bases[0]].Points
	g.networkB, g.nodes, g.points = float64(m.Search+m.Lines), state.Network.Nodes(), len(homes)
	q := coveragelive.Query{Type: "elderly_canteen", LimitS: 900, Speed: 900}
	g.answer = middleOf(b, 7, func(int) error {
		_, err := state.Once(b.Context(), q)
		return err
	})
	g.whatIf = middleOf(b, 50, func(i int) error {
		_, err := state.WhatIf(b.Context(), q, []coveragelive.Step{{Kind: coveragelive.AddSite, ID: "new", At: homes[i*7919%len(homes)]}})
		return err
	})
	runtime.KeepAlive(state)
}

func heapInUse() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// middleOf is the median of what something takes, once it is warm.
func middleOf(b *testing.B, times int, do func(int) error) time.Duration {
	b.Helper()
	took := make([]time.Duration, times)
	for i := range times + 1 {
		begun := time.Now()
		if err := do(i); err != nil {
			b.Fatal(err)
		}
		if i > 0 {
			took[i-1] = time.Since(begun)
		}
	}
	return quantile(took, 50)
}

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yike/facilities"
	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/httpapi/httpapitest"
	"yike/internal/postgres"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

// openNameOffice serves the register of the demonstration to a reader.
func openNameOffice(t *testing.T) (o *office, states map[placenames.State]int) {
	t.Helper()
	_, db := demo(t)
	o = openOffice(t, db)
	types, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	adcode := o.state.Pack.AdCode
	if err := fillDemoDesk(t.Context(), db, adcode, types, "2026-11-27"); err != nil {
		t.Fatal(err)
	}
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	states = map[placenames.State]int{}
	err = placenamedb.New(db, catalogue).Each(t.Context(), postgres.System(adcode, "test"), func(i placenames.Item) error {
		states[i.State]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain})
	r.Use(o.signIn)
	d := desk{db: db, adcode: adcode, served: &districtAPI{held: o.live.held, status: readyStatus}, live: o.live}
	if _, err := mountPlaceNames(httpapi.NewAPI(r), d, refusals{db: db, log: log}, func() time.Time { return o.now }); err != nil {
		t.Fatal(err)
	}
	o.Server = httpapitest.New(t, r)
	o.hire(t, "reader", auth.ReadOnly, "")
	return o, states
}

// TestNameOutputs holds that every file and the figures have as many names as the register, that
// what is open has those in use without notes, and that a file is noted when it leaves.
func TestNameOutputs(t *testing.T) {
	t.Parallel()
	o, states := openNameOffice(t)
	all, used := 0, 0
	for s, n := range states {
		all += n
		if s.InUse() {
			used += n
		}
	}
	get := func(address string) []byte {
		t.Helper()
		w := o.RawDo(http.MethodGet, "/api/v1/"+address, as("reader"), nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", address, w.Code, w.Body)
		}
		return w.Body.Bytes()
	}
	for query, want := range map[string]int{"": all, "?open=1": used, "?state=approved": states[placenames.Approved], "?state=draft&open=1": 0} {
		file := get("place-names.csv" + query)
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
		if err != nil || len(rows) != want+1 || slices.Contains(rows[0], "备注") == strings.Contains(query, "open") {
			t.Errorf("%s: %d rows of %d, %v, %q", query, len(rows)-1, want, err, rows[0])
		}
		var figures placeNameFiguresOf
		if err := json.Unmarshal(get("place-name-statistics"+query), &figures); err != nil || figures.Total.Names != want {
			t.Errorf("%s: %+v, %v; want %d", query, figures, err, want)
		}
		layer := get("place-names.geojson" + query)
		if !bytes.Equal(layer, get("place-names.geojson"+query)) || !bytes.Equal(get("place-names.xlsx"+query), get("place-names.xlsx"+query)) {
			t.Errorf("%s: a second file differs", query)
		}
		opensInOGR(t, layer, want)
	}
	if w := o.RawDo(http.MethodGet, "/api/v1/place-names.csv?division=1", as("reader"), nil); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	noted := 0
	err := o.db.Reader().QueryRow(t.Context(), `
SELECT count(*) FROM audit_entry WHERE action = 'name.export' AND detail #>> '{notes,0,after,format}' = 'csv' AND detail #>> '{notes,0,after,open}' = 'true' AND detail #>> '{notes,0,after,rows}' = '0'`).Scan(&noted)
	if err != nil || noted != 1 {
		t.Errorf("%d notes, %v", noted, err)
	}
}

type placeNameFiguresOf struct{ Total struct{ Names int } }

// opensInOGR opens a layer with the programs that GIS people have.
func opensInOGR(t *testing.T, layer []byte, want int) {
	t.Helper()
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		return
	}
	path := filepath.Join(t.TempDir(), "names.geojson")
	if err := os.WriteFile(path, layer, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", "-so", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d\n", want)) || strings.Contains(string(out), "ERROR") {
		t.Errorf("ogrinfo, %d wanted: %v\n%s", want, err, out)
	}
	to := filepath.Join(t.TempDir(), "names.csv")
	if out, err := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "CSV", to, path).CombinedOutput(); err != nil && want > 0 {
		t.Errorf("ogr2ogr: %v\n%s", err, out)
	}
}

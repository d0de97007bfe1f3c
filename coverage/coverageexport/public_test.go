package coverageexport_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"yike/coverage"
	"yike/coverage/coverageexport"
)

// A published file states no number below ten and no exact one, and says so.
func TestPublicFiles(t *testing.T) {
	t.Parallel()
	s := sheet(t, "某街道")
	for b := range s.Report.Demand.People {
		s.Report.Demand.People[b][1] = 154 * coverage.Person // beyond the limit
	}
	s.Report.Summary = coverage.Summarise(s.Report.Demand, s.Report.Result, s.Report.Hierarchy, s.Report.Sites)
	s.Report.Gaps[0].People[0] = 154 * coverage.Person

	var out bytes.Buffer
	if err := coverageexport.WriteCSV(&out, []coverageexport.Sheet{s}, notices(), coverageexport.CSVOptions{Public: true}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[1][13:18], "|"); got != "160|<10|150|0|" {
		t.Errorf("the subdistrict's cells are %s", got)
	}
	if last := rows[len(rows)-1]; last[5] != "notice" || !strings.Contains(last[8], "公开版") {
		t.Errorf("the last row is %v", last)
	}

	out.Reset()
	if err := coverageexport.WriteGeoJSON(&out, []coverageexport.Sheet{s}, notices(), true); err != nil {
		t.Fatal(err)
	}
	fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]geojson.Properties{}
	for _, f := range fc.Features {
		kinds[f.Properties.MustString("kind")] = f.Properties
	}
	if d := kinds["division"]; d["covered 70+"] != nil || d["uncovered 70+"] != 150.0 || d["population_coverage 70+"] != nil {
		t.Errorf("division: %v", d)
	}
	if gap := kinds["gap"]; gap["people 70+"] != 150.0 || gap["points"] != nil {
		t.Errorf("gap: %v", gap)
	}
	if kinds["unserved_point"] != nil || kinds["service_circle"]["people 70+"] != nil {
		t.Errorf("single points: %v, a circle of one person: %v", kinds["unserved_point"], kinds["service_circle"])
	}
	s.Report.Gaps[0].People[0] = 9 * coverage.Person
	out.Reset()
	if err := coverageexport.WriteGeoJSON(&out, []coverageexport.Sheet{s}, nil, true); err != nil || strings.Contains(out.String(), `"gap"`) {
		t.Errorf("a gap of nine people is published: %v", err)
	}
}

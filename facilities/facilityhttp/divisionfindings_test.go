package facilityhttp_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yike/facilities/facilityhttp"
)

type divisionPage struct {
	Findings []struct {
		Division, Level string
		UpperZH         string `json:"upper_zh"`
		Finding         foundOne
	}
	Total int
	Next  *string
}

func TestDivisionFindings(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	for query, want := range map[string]string{
		"":                               "120111001 FAC-07 fail, 120111001 FAC-34 pass, 120111002 FAC-07 pass, 120111002 FAC-34 undetermined, 120111001001 FAC-31 undetermined, 120111001001 FAC-33 fail",
		"outcome=fail":                   "120111001 FAC-07 fail, 120111001001 FAC-33 fail",
		"outcome=fail&severity=error":    "120111001 FAC-07 fail",
		"rule=FAC-07":                    "120111001 FAC-07 fail, 120111002 FAC-07 pass",
		"division=120111001&rule=FAC-33": "120111001001 FAC-33 fail",
		"outcome=not_applicable":         "120111 FAC-30 not_applicable, 120111 FAC-32 not_applicable",
		"rule=FAC-99":                    "",
	} {
		got := decodeInto[divisionPage](t, s.Get("/api/v1/division-findings?"+query, nil).Body.Bytes())
		var words []string
		for _, f := range got.Findings {
			words = append(words, f.Division+" "+f.Finding.Rule+" "+f.Finding.Outcome)
		}
		if strings.Join(words, ", ") != want || got.Total != len(words) || got.Next != nil {
			t.Errorf("%q: %v, %d, %v", query, words, got.Total, got.Next)
		}
	}
	last := decodeInto[divisionPage](t, s.Get("/api/v1/division-findings?rule=FAC-33", nil).Body.Bytes()).Findings[0]
	if last.Level != "community" || last.Finding.ValueEN == "" || len(last.Finding.Inputs) != 2 {
		t.Errorf("%+v", last)
	}
}

func TestDivisionFindingsByPage(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	var walked []string
	at := "/api/v1/division-findings?limit=4"
	for range 3 {
		w := s.Get(at, nil)
		page := decodeInto[divisionPage](t, w.Body.Bytes())
		if held := s.Get(at, http.Header{"If-None-Match": {w.Header().Get("ETag")}}); held.Code != http.StatusNotModified {
			t.Errorf("held: %d", held.Code)
		}
		for _, f := range page.Findings {
			walked = append(walked, f.Finding.Rule)
		}
		if page.Next == nil {
			break
		}
		at = "/api/v1/division-findings?limit=4&cursor=" + url.QueryEscape(*page.Next)
	}
	if got := strings.Join(walked, " "); got != "FAC-07 FAC-34 FAC-07 FAC-34 FAC-31 FAC-33" {
		t.Error(got)
	}
	for path, want := range map[string]int{
		"/api/v1/division-findings?cursor=!":        http.StatusUnprocessableEntity,
		"/api/v1/division-findings?division=7":      http.StatusNotFound,
		"/api/v1/division-findings.csv?division=7":  http.StatusNotFound,
		"/api/v1/division-findings?outcome=perhaps": http.StatusUnprocessableEntity,
	} {
		if got := s.Get(path, nil).Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	c := newChecks(t)
	c.err = facilityhttp.ErrNotReady
	if got := serveChecks(t, c).Get("/api/v1/division-findings", nil).Code; got != http.StatusServiceUnavailable {
		t.Errorf("before there is a district: %d", got)
	}
}

func TestDivisionFindingsTable(t *testing.T) {
	t.Parallel()
	s := serveChecks(t, newChecks(t))
	w := s.Get("/api/v1/division-findings.csv?outcome=fail", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 3 || len(rows[0]) != len(rows[1]) {
		t.Fatal(rows, err)
	}
	if row := rows[1]; row[0] != "'=甲街道" || row[1] != "120111001" || row[3] != "FAC-07" || row[5] != "不符合" || row[6] != "强制" {
		t.Errorf("%q", row)
	}
	if row := rows[2]; row[2] != "甲街道" || !strings.Contains(row[12], "户数：701\u2009户") {
		t.Errorf("%q", row)
	}
}

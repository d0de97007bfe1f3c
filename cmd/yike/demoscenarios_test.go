package main

import (
	"strings"
	"testing"

	"yike/coverage/coveragelive"
	"yike/coverage/scenarios"
	"yike/coverage/scenarios/scenariodb"
	"yike/coverage/scenarios/scenariohttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

// TestDemoScenarios looks that the demonstration has scenarios that can be set side by side
// and say that they are examples, and that it makes them once.
func TestDemoScenarios(t *testing.T) {
	t.Parallel()
	st, db := demo(t)
	const today = record.Day("2026-11-27")
	for range 2 {
		if err := fillDemoScenarios(t.Context(), db, st, today); err != nil {
			t.Fatal(err)
		}
	}
	list, _, err := scenariodb.New(db).List(t.Context(), postgres.System(st.Pack.AdCode, "test"), scenarios.Filter{}, scenarios.After{}, 10)
	if err != nil || len(list) != 3 {
		t.Fatalf("%v: %d scenarios", err, len(list))
	}
	for _, i := range list {
		if !strings.Contains(i.Name, "示例") || i.State != scenarios.Shared || len(i.Saved) == 0 || i.DataVersion != st.Version {
			t.Errorf("%+v", i)
		}
	}
	c, err := compareScenarios(t.Context(), st, list, scenariohttp.Asked{Level: "community"})
	if err != nil || len(c.Comparison.Options) != 3 || c.Comparison.Gained.Any[c.Band] == 0 {
		t.Errorf("%v %+v", err, c)
	}
	var bare coveragelive.State
	if got := demoScenarios(t.Context(), &bare); got != nil {
		t.Errorf("without a district: %+v", got)
	}
}

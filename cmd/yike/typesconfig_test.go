package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of an installation adds a type; one that is wrong is named with the field.
func TestTypesOfAnInstallation(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		says       []string // of the error; none for a file that is taken
	}{
		{
			"a new type",
			`{"types":[{"type":"health_station","zh":"社区卫生服务站","en":"community health station","group":"community","capacity_unit":"m2",
				"serves":"residents","measure":"walk","door_page":true,"standards":["FAC-11"]}]}`, nil,
		},
		{"no JSON", `{`, []string{"YIKE_TYPES", "types.json"}},
		{
			"a wrong field",
			`{"types":[{"type":"pub","zh":"酒馆","en":"pub","group":"leisure","capacity_unit":"m2","serves":"residents","measure":"walk"}]}`,
			[]string{"YIKE_TYPES", `type "pub"`, "group"},
		},
		{
			"a check there is not",
			`{"types":[{"type":"pub","zh":"酒馆","en":"pub","group":"community","capacity_unit":"m2","serves":"residents","measure":"walk","standards":["FAC-99"]}]}`,
			[]string{"YIKE_TYPES", `type "pub"`, "FAC-99"},
		},
	} {
		path := filepath.Join(t.TempDir(), "types.json")
		if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := loadConfig(func(name string) string { return map[string]string{"YIKE_TYPES": path}[name] })
		if len(tc.says) == 0 {
			if _, ok := c.Types.Find("health_station"); err != nil || !ok {
				t.Errorf("%s: %v", tc.name, err)
			}
			continue
		}
		if err == nil || !isBadInput(err) {
			t.Errorf("%s: %v, want bad input", tc.name, err)
			continue
		}
		for _, part := range tc.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v does not say %s", tc.name, err, part)
			}
		}
	}
	if _, err := loadTypes(filepath.Join(t.TempDir(), "none.json")); err == nil || !isBadInput(err) || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("no file: %v", err)
	}
}

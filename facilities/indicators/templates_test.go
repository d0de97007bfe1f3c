package indicators_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yike/facilities"
	"yike/facilities/indicators"
)

func templates(t *testing.T) []indicators.Template {
	t.Helper()
	list, err := indicators.Templates()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func types(t testing.TB) []facilities.TypeInfo {
	t.Helper()
	list, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// All 72 rows that the tables of the four plans number ship in the product, each once.
func TestSeventyTwoRows(t *testing.T) {
	t.Parallel()
	want := map[string]int{"xiqing-145": 25, "tianjin-145": 16, "xixian-145": 19, "dongchang-145": 12}
	all := 0
	for _, plan := range templates(t) {
		seen := map[int]bool{}
		for _, i := range plan.Indicators {
			if i.Number == 0 {
				continue
			}
			if seen[i.Number] || i.Number > want[plan.Key] {
				t.Errorf("%s: row %d is there twice or beyond the table", plan.Key, i.Number)
			}
			seen[i.Number] = true
			if i.Kind == indicators.Unstated {
				t.Errorf("%s row %d: no kind", plan.Key, i.Number)
			}
		}
		if plan.Numbered() != want[plan.Key] {
			t.Errorf("%s: %d rows", plan.Key, plan.Numbered())
		}
		all += plan.Numbered()
	}
	if all != 72 {
		t.Errorf("%d rows", all)
	}
}

// What comes with the program can be taken over as it is.
func TestTemplatesAreValid(t *testing.T) {
	t.Parallel()
	computed, yearly, contradictions := 0, 0, 0
	catalogue := types(t)
	for _, plan := range templates(t) {
		for _, f := range plan.Plan.Validate() {
			t.Errorf("%s: %+v", plan.Key, f)
		}
		for _, i := range plan.Indicators {
			for _, f := range i.Validate(plan.Plan, catalogue) {
				t.Errorf("%s %s: %+v", plan.Key, i.Key, f)
			}
			if i.Name.EN == "" || i.Definition.EN == "" || len(i.Sources) == 0 || i.Group == "" {
				t.Errorf("%s %s: name, definition, source or group is missing", plan.Key, i.Key)
			}
			if i.Ratio != (i.Base != indicators.NoBase) {
				t.Errorf("%s %s: ratio %v, base %q", plan.Key, i.Key, i.Ratio, i.Base)
			}
			if i.Formula.Computed() {
				computed++
			}
			yearly += len(i.Yearly)
			contradictions += len(i.Contradict)
		}
		for _, p := range plan.Projects {
			for _, f := range p.Validate(nil) {
				t.Errorf("%s %s: %+v", plan.Key, p.Key, f)
			}
		}
	}
	if computed < 50 || yearly < 20 || contradictions < 10 {
		t.Errorf("%d computed, %d yearly targets, %d contradictions", computed, yearly, contradictions)
	}
	t.Logf("%d computed, %d yearly targets, %d contradictions", computed, yearly, contradictions)
}

// plansFolder is where the plan texts lie, which are no part of the repository: beside
// YIKE_DATA_DIR, else beside the repository.
func plansFolder() string {
	if dir := os.Getenv("YIKE_DATA_DIR"); dir != "" {
		return filepath.Join(dir, "..", "..", "domain", "plans")
	}
	return filepath.Join("..", "..", "..", "shared", "domain", "plans")
}

// flat makes white space and the marks of the word processor count for nothing.
func flat(text string) string {
	text = regexp.MustCompile(`\[bookmark: [^\]]*\]`).ReplaceAllString(text, "")
	return strings.Join(strings.Fields(text), " ")
}

func texts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for key, file := range map[string]string{
		"S0": "000_3014d24aa58bde54.txt", "S1": "001_78ab909650c31d43.txt", "S2": "002_33f7f762d7b0429c.txt",
		"S3": "003_dd458796675d3108.txt", "S4": "004_cfc763f06101293f.txt",
	} {
		data, err := os.ReadFile(filepath.Join(plansFolder(), file))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("the plan texts are not at %s; YIKE_DATA_DIR names a folder of data beside them", plansFolder())
		}
		if err != nil {
			t.Fatal(err)
		}
		out[key] = flat(string(data))
	}
	return out
}

// Every sentence that a template quotes stands in the document that it names, word for
// word, and the name of each numbered row is the plan's own.
func TestQuotesAreVerbatim(t *testing.T) {
	t.Parallel()
	texts := texts(t)
	n := 0
	hold := func(where string, s indicators.Source) {
		n++
		if text, ok := texts[s.Document]; !ok || s.Quote == "" || s.Where == "" || !strings.Contains(text, s.Quote) {
			t.Errorf("%s: %s does not say %q", where, s.Document, s.Quote)
		}
	}
	for _, plan := range templates(t) {
		for _, r := range plan.Plan.Reviews {
			hold(plan.Key, r.Source)
		}
		for _, i := range plan.Indicators {
			at := plan.Key + " " + i.Key
			for _, s := range i.Sources {
				hold(at, s)
			}
			for _, y := range i.Yearly {
				hold(at, y.Source)
			}
			for _, c := range i.Contradict {
				hold(at, c.A.Source)
				hold(at, c.B.Source)
			}
			first := i.Sources[0].Quote
			said := slices.ContainsFunc(i.Sources, func(s indicators.Source) bool { return strings.Contains(s.Quote, i.Baseline.Text) })
			if !strings.Contains(first, i.Name.ZH) || i.Number > 0 && !strings.Contains(first, i.Target.Text) || !said {
				t.Errorf("%s: name, target or baseline is not in %q", at, first)
			}
		}
		for _, p := range plan.Projects {
			hold(plan.Key+" "+p.Key, p.Source)
		}
	}
	if n < 200 {
		t.Errorf("only %d quotes", n)
	}
	t.Logf("%d quotes", n)
}

// A cell that is empty or a dash stays blank, and 0 is a number.
func TestBlanksOfTheTables(t *testing.T) {
	t.Parallel()
	blank, zero := 0, 0
	for _, plan := range templates(t) {
		for _, i := range plan.Indicators {
			switch {
			case i.Baseline.Blank():
				blank++
				if i.Baseline.Number != nil {
					t.Errorf("%s %s: a blank with a number", plan.Key, i.Key)
				}
			case i.Baseline.Text == "0":
				zero++
				if i.Baseline.Number == nil || *i.Baseline.Number != 0 {
					t.Errorf("%s %s: 0 is no number", plan.Key, i.Key)
				}
			}
		}
	}
	if zero != 5 {
		t.Errorf("%d baselines are 0, the tables have 5", zero)
	}
	if blank < 14 {
		t.Errorf("%d baselines are blank", blank)
	}
}

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yike/internal/pdf"
	"yike/placenames/plates"
	"yike/placenames/plates/proof"
)

// platesApp is a program that says what it does into a buffer.
func platesApp(t *testing.T) (*app, *bytes.Buffer) {
	t.Helper()
	if _, err := pdf.OpenFonts(pdf.SystemFonts()); err != nil {
		t.Skip(err)
	}
	config, err := loadPlates(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{stdout: &out, stderr: &bytes.Buffer{}}
	a.config.Plates = config
	return a, &out
}

func TestASampleSheetIsWrittenProvedAndRefusedWhenChanged(t *testing.T) {
	t.Parallel()
	if _, err := proof.Find(); err != nil {
		t.Skip(err)
	}
	a, out := platesApp(t)
	path := filepath.Join(t.TempDir(), "sample.pdf")
	sheet := platesSheetCmd{Sample: 7, Kind: "all", Seed: 1, Prove: true, Out: path}
	if err := sheet.Run(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := (&platesProofCmd{File: path}).Run(t.Context(), a); err != nil || !strings.Contains(out.String(), "read 7 / 7") {
		t.Fatalf("%v\n%s", err, out)
	}
	table, err := os.ReadFile(beside(path, ".maker.csv"))
	if err != nil || strings.Count(string(table), "\n") != 8 || !strings.Contains(string(table), sampleHost) {
		t.Errorf("the table is %s, %v", table, err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(file, ' '), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&platesProofCmd{File: path}).Run(t.Context(), a); !errors.Is(err, proof.ErrOtherFile) {
		t.Errorf("a changed file gives %v", err)
	}
	var usage usageError
	for _, wrong := range []error{
		(&platesProofCmd{File: filepath.Join(t.TempDir(), "none.pdf")}).Run(t.Context(), a),
		(&platesSheetCmd{Sample: 1, Kind: "small", Out: filepath.Join(t.TempDir(), "no", "where.pdf")}).Run(t.Context(), a),
		(&platesSheetCmd{Sample: 0, Out: path}).Run(t.Context(), a),
	} {
		if !errors.As(wrong, &usage) {
			t.Errorf("%v is no error of usage", wrong)
		}
	}
}

func TestSettingsOfPlates(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "faces.json")
	if err := os.WriteFile(file, []byte("[{}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"YIKE_PLATE_HOST": "https://a.cn", "YIKE_PLATE_UPPER": "yes", "YIKE_PLATE_FACES": file} {
		if _, err := loadPlates(func(n string) string { return map[string]string{name: value}[n] }); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s gives %v", name, value, err)
		}
	}
	if _, err := loadPlates(func(n string) string { return map[string]string{"YIKE_PLATE_FACES": file + "x"}[n] }); err == nil {
		t.Error("a file that is not there is read")
	}
	c, err := loadPlates(func(n string) string {
		return map[string]string{"YIKE_PLATE_HOST": "dz.example.cn", "YIKE_PLATE_UPPER": "on"}[n]
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := plates.NewToken(bytes.NewReader(make([]byte, plates.DataSymbols)))
	if err != nil {
		t.Fatal(err)
	}
	if text, sample := c.payload(token); sample || text != "HTTPS://DZ.EXAMPLE.CN/00000000000000" {
		t.Errorf("payload %s, %t", text, sample)
	}
	c.Host = ""
	if text, sample := c.payload(token); !sample || !strings.Contains(strings.ToLower(text), sampleHost) {
		t.Errorf("without a host: %s, %t", text, sample)
	}
	if c.face("huge") != nil || c.face(plates.Small) == nil {
		t.Error("there is a huge face, or no small one")
	}
}

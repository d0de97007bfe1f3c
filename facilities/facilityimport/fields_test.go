package facilityimport

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/internal/pack"
)

// withFields reads a file whose first columns are type, name_zh, lon and lat.
func withFields(t *testing.T, text string, change func(*pack.Layer), kept ...facilities.Facility) (Facilities, error) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "f.csv"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	layer := pack.Named{Kind: pack.Facilities, Field: "layers.facilities", Layer: &pack.Layer{File: "f.csv", CRS: "EPSG:4326"}}
	if change != nil {
		change(layer.Layer)
	}
	return Read(t.Context(), root, "120111", layer, district(), catalogue(t), kept)
}

const place = "117.05,39.05"

func TestTypeFields(t *testing.T) {
	t.Parallel()
	got, err := withFields(t, "source,type,name_zh,lon,lat,床位数,fields.nursing_beds,fields.operation_mode,fields.opening_hours,fields.medical_contract,fields.functions,fields.opened_on,bureau_no,verified_on,uscc\n"+
		"a,养老机构,甲院,"+place+",120,60,公建民营,周一至周五 8:30-17:00,是,,2019年5月1日,N-1,2026/3/1,\n"+
		"b,elderly_centre,乙中心,"+place+",,,,,,入托；meals,,,,\n",
		func(l *pack.Layer) { l.Fields = map[string]string{"fields.beds": "床位数"} })
	if err != nil {
		t.Fatal(err)
	}
	a, b := got.Facilities[0], got.Facilities[1]
	want := map[string]any{
		"beds": 120.0, "nursing_beds": 60.0, "operation_mode": "public_built_private_run", "opening_hours": "周一至周五 08:30-17:00", "medical_contract": true, "opened_on": "2019-05-01",
	}
	if d := cmp.Diff(want, a.Fields); d != "" || a.Capacity != 120 || a.BureauNo != "N-1" || a.VerifiedOn != "2026-03-01" {
		t.Errorf("%s\n%+v", d, a)
	}
	if d := cmp.Diff(map[string]any{"functions": []string{"day_stay", "meals"}}, b.Fields); d != "" || b.Capacity != 0 || b.VerifiedOn != "" {
		t.Errorf("%s\n%+v", d, b)
	}
	info, _ := (facilities.Types{Types: catalogue(t)}).Find(a.Type)
	if faults := facilities.ValidateFields(info, a.Fields); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestTypeFieldsAtFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, columns, cells, field, why string
		row                              int
	}{
		{"a field that there is not", "fields.bedz", "5", "fields.bedz", "no facility type", 0},
		{"of another type", "fields.niches_total", "5", "fields.niches_total", "has no such field", 2},
		{"no number", "fields.beds", "many", "fields.beds", "must be a number", 2},
		{"below the least", "fields.beds", "-1", "fields.beds", "must not be less", 2},
		{"no choice", "fields.operation_mode", "自营", "fields.operation_mode", "must be one of", 2},
		{"no day", "fields.opened_on", "spring", "fields.opened_on", "", 2},
		{"no hours", "fields.opening_hours", "25:00-26:00", "fields.opening_hours", "", 2},
		{"a part above its whole", "fields.beds,fields.nursing_beds", "5,6", "fields.nursing_beds", "must not be more", 2},
		{"two capacities", "capacity,fields.beds", "6,5", "capacity", "is not the beds (5)", 2},
		{"no credit code", "uscc", "91120111MA0000000X", "uscc", "credit code", 2},
		{"never verified", "verified_on", "yesterday", "verified_on", "", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := withFields(t, "source,type,name_zh,lon,lat,"+c.columns+"\na,elderly_institution,甲,"+place+","+c.cells+"\n", nil)
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || len(bad.Faults) != 1 {
				t.Fatalf("%v", err)
			}
			if f := bad.Faults[0]; f.Field != c.field || f.Row != c.row || !strings.Contains(f.Reason.EN, c.why) || f.Reason.ZH == "" {
				t.Errorf("%+v", f)
			}
		})
	}
	_, err := withFields(t, "source,type,name_zh,lon,lat,bureau_no\na,elderly_institution,甲,"+place+",1\nb,elderly_institution,乙,"+place+",1\nc,elderly_institution,丙,"+place+",\nd,elderly_institution,丁,"+place+",\n", nil)
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || len(bad.Faults) != 1 || bad.Faults[0].Field != "bureau_no" || bad.Faults[0].Row != 3 {
		t.Errorf("one number of two: %v", err)
	}
}

// A column of the file that the manifest calls by another name, or by none, is not read
// under its own.
func TestTypeFieldsByTheManifest(t *testing.T) {
	t.Parallel()
	got, err := withFields(t, "source,type,name_zh,lon,lat,fields.beds\na,elderly_institution,甲,"+place+",12\n",
		func(l *pack.Layer) { l.Fields = map[string]string{"fields.beds": ""} })
	if err != nil || got.Facilities[0].Fields != nil {
		t.Errorf("%+v, %v", got.Facilities, err)
	}
	_, err = withFields(t, "source,type,name_zh,lon,lat,n\na,elderly_institution,甲,"+place+",12\n",
		func(l *pack.Layer) { l.Fields = map[string]string{"fields.bedz": "n"} })
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || bad.Faults[0].Field != "fields.bedz" {
		t.Errorf("%v", err)
	}
}

func TestCodesOfWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	text := "source,type,name_zh,lon,lat,bureau_no,institution_code\n" +
		"a,elderly_institution,甲," + place + ",N-1,\nb,elderly_institution,乙," + place + ",N-2,\nc,elderly_institution,丙," + place + ",,J-3\n" +
		"d,elderly_institution,丁," + place + ",N-9,\ne,elderly_institution,戊," + place + ",,\n"
	_, err := withFields(t, text, nil,
		facilities.Facility{SourceID: "own", NameZH: "自己登记的", BureauNo: "N-1", InstitutionCode: "J-3"},
		facilities.Facility{SourceID: "b", NameZH: "改过的", BureauNo: "N-2"},
		facilities.Facility{SourceID: "old", NameZH: "并走的", BureauNo: "N-9", ReplacedBy: []string{"x"}})
	var bad *pack.BadPackError
	if !errors.As(err, &bad) || bad.Count != 2 {
		t.Fatal(err)
	}
	for i, want := range []pack.Fault{{Row: 2, Field: "bureau_no", Value: "N-1"}, {Row: 4, Field: "institution_code", Value: "J-3"}} {
		got := bad.Faults[i]
		if got.Row != want.Row || got.Field != want.Field || got.Value != want.Value || !strings.Contains(got.Reason.ZH, "自己登记的") || !strings.Contains(got.Reason.EN, "which people registered") {
			t.Errorf("got %+v", got)
		}
	}
}

package rowio_test

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func replaceAll(s, from, to string) string { return strings.ReplaceAll(s, from, to) }

// shapeParts are the files of a small valid Shapefile.
func shapeParts(t testing.TB) map[string]string {
	t.Helper()
	shp := convert(t, "roads.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8")
	parts := map[string]string{}
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
		text, err := os.ReadFile(strings.TrimSuffix(shp, ".shp") + ext)
		if err != nil {
			t.Fatal(err)
		}
		parts[ext] = string(text)
	}
	return parts
}

// hostileGDAL are files that reach GDAL, or are refused just before.
func hostileGDAL(t testing.TB) []hostile {
	t.Helper()
	valid := shapeParts(t)
	var all []hostile
	shape := func(name, want string, changes map[string]string) {
		var members []member
		for ext, text := range valid {
			if changed, ok := changes[ext]; ok {
				text = changed
			}
			if text != "" {
				members = append(members, member{name: "roads" + ext, text: text})
			}
		}
		all = append(all, hostile{"Shapefile: " + name, "a.zip", archive(t, members...), want})
	}
	little := func(s string, at int, v uint32) string {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], v)
		return patched(s, at, b[:]...)
	}
	big := func(s string, at int, v uint32) string {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], v)
		return patched(s, at, b[:]...)
	}
	const record = 100 // where the first record of a .shp begins
	shape("the one that the others are made of", "", nil)
	shape("without .shx", "lacks its .shx", map[string]string{".shx": ""})
	shape("without .dbf", "lacks its .shx or .dbf", map[string]string{".dbf": ""})
	shape("a length that lies: long", "?", map[string]string{".shp": big(valid[".shp"], 24, math.MaxInt32)})
	shape("a length that lies: below zero", "?", map[string]string{".shp": big(valid[".shp"], 24, 0x80000000)})
	shape("a record that lies: long", "?", map[string]string{".shp": big(valid[".shp"], record+4, math.MaxInt32)})
	shape("an index that points away", "?", map[string]string{".shx": big(valid[".shx"], record, math.MaxInt32)})
	shape("two thousand million parts", "?", map[string]string{".shp": little(valid[".shp"], record+8+36, math.MaxInt32)})
	shape("two thousand million points", "?", map[string]string{".shp": little(valid[".shp"], record+8+40, math.MaxInt32)})
	shape("coordinates that are NaN", "?", map[string]string{".shp": replaceAll(valid[".shp"], doubleAt(valid[".shp"], record+8+48), "\x00\x00\x00\x00\x00\x00\xf8\x7f")})
	shape("coordinates at 1e308", "?", map[string]string{".shp": replaceAll(valid[".shp"], doubleAt(valid[".shp"], record+8+48), "\xa0\xc8\xeb\x85\xf3\xcc\xe1\x7f")})
	shape("a table that lies about its rows", "?", map[string]string{".dbf": little(valid[".dbf"], 4, math.MaxInt32)})
	shape("a table whose head is longer than it", "?", map[string]string{".dbf": patched(valid[".dbf"], 8, 0xff, 0xff)})
	shape("a table with a head of nothing", "?", map[string]string{".dbf": patched(valid[".dbf"], 8, 0, 0)})
	shape("a table cut short", "?", map[string]string{".dbf": valid[".dbf"][:80]})
	shape("a projection that is an address", "?", map[string]string{".prj": "http://127.0.0.1:9/x.prj"})
	shape("a projection of nonsense", "?", map[string]string{".prj": repeat("GEOGCS[", 5000)})
	shape("an encoding that is an address", "?", map[string]string{".cpg": "/vsicurl/http://127.0.0.1:9/"})
	shape("a VRT in its place", "GDAL cannot read", map[string]string{".shp": "<OGRVRTDataSource><OGRVRTLayer name=\"a\"><SrcDataSource>/vsicurl/http://127.0.0.1:9/</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"})
	return append(all, hostileGPKG(t)...)
}

func doubleAt(s string, at int) string { return s[at : at+8] }

func hostileGPKG(t testing.TB) []hostile {
	t.Helper()
	plain, err := os.ReadFile(convert(t, "roads.gpkg", "-f", "GPKG"))
	if err != nil {
		t.Fatal(err)
	}
	gpkg := func(name, want string, sql ...string) hostile {
		path := write(t, "roads.gpkg", string(plain))
		for _, s := range sql {
			cmd := exec.CommandContext(t.Context(), "ogrinfo", path, "-sql", s)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", s, err, out)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return hostile{"GeoPackage: " + name, "a.gpkg", string(text), want}
	}
	valid := gpkg("the one that the others are made of", "")
	const register = `INSERT INTO gpkg_contents(table_name,data_type,identifier,srs_id) VALUES('%','attributes','%',0)`
	return []hostile{
		valid,
		{"GeoPackage: only a signature", "a.gpkg", "SQLite format 3\x00", "GDAL cannot read"},
		{"GeoPackage: cut in the middle", "a.gpkg", valid.data[:len(valid.data)/2], "?"},
		{"GeoPackage: pages of chance", "a.gpkg", valid.data[:4096] + noise(len(valid.data)-4096), "GDAL cannot read"},
		gpkg("a trigger", "", `CREATE TRIGGER evil AFTER INSERT ON roads BEGIN SELECT load_extension('/tmp/evil.so'); END`),
		gpkg("a view that loads a program", "?", `CREATE VIEW evil AS SELECT 1 AS fid, load_extension('/tmp/evil.so') AS x`, replaceAll(register, "%", "evil")),
		gpkg("a view without end", "?", `CREATE VIEW evil AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 100000) SELECT i AS fid, i AS x FROM n`, replaceAll(register, "%", "evil")),
		gpkg("a layer called as an option", "not allowed", `CREATE TABLE "-sql"(fid INTEGER PRIMARY KEY, x TEXT)`, replaceAll(register, "%", "-sql")),
		gpkg("a layer called as an address", "", `CREATE TABLE "/vsicurl/http://127.0.0.1:9/"(fid INTEGER PRIMARY KEY, x TEXT)`, replaceAll(register, "%", "/vsicurl/http://127.0.0.1:9/")),
		gpkg("a shape that is none", "?", `UPDATE roads SET geom = X'00'`),
	}
}

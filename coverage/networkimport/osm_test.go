package networkimport

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/osm"

	"yike/internal/pack"
)

// town is a small map: a street with a gate, a road cut by the edge of the extract, a
// motorway, and a stretch of trunk road that no street leads to.
const town = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="39.1" lon="117.1"/>
 <node id="2" lat="39.1001" lon="117.1001"><tag k="barrier" v="gate"/><tag k="locked" v="yes"/></node>
 <node id="3" lat="39.1002" lon="117.1002"/>
 <node id="4" lat="39.2" lon="117.2"><tag k="barrier" v="bollard"/></node>
 <node id="5" lat="39.2001" lon="117.2001"/>
 <node id="6" lat="39.3" lon="117.3"/>
 <node id="7" lat="39.3001" lon="117.3"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="花桥路"/></way>
 <way id="11"><nd ref="3"/><nd ref="1"/><nd ref="99"/><nd ref="98"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/></way>
 <way id="12"><nd ref="4"/><nd ref="5"/><tag k="highway" v="motorway"/></way>
 <way id="13"><nd ref="6"/><nd ref="7"/><tag k="highway" v="trunk"/></way>
 <way id="14"><nd ref="6"/><nd ref="7"/><tag k="building" v="yes"/></way>
</osm>
`

func write(t *testing.T, name string, data []byte) (root string, layer pack.Named) {
	t.Helper()
	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	return root, pack.Named{Kind: pack.Roads, Field: "layers.roads", Layer: &pack.Layer{File: name}}
}

func TestReadXML(t *testing.T) {
	t.Parallel()
	root, layer := write(t, "town.osm", []byte(town))
	got, err := Read(t.Context(), root, layer)
	if err != nil {
		t.Fatal(err)
	}
	checkTown(t, got)
}

// checkTown says what town becomes.
func checkTown(t *testing.T, got Roads) {
	t.Helper()
	var lines []string
	for _, r := range got.Roads {
		lines = append(lines, fmt.Sprint(r.SourceID, " ", r.Class, " ", r.Walkable, " ", r.NodeIDs, " ", len(r.Line)))
	}
	want := []string{
		"way/10 residential true [1 2 3] 3",
		"way/11 footway true [3 1] 2",
		"way/11#2 footway true [2 3] 2",
		"way/12 motorway false [4 5] 2",
		"way/13 trunk false [6 7] 2",
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	if got.Roads[0].Name != "花桥路" || got.MissingNodes != 2 {
		t.Errorf("name %q, missing %d", got.Roads[0].Name, got.MissingNodes)
	}
	if len(got.Barriers) != 1 || got.Barriers[0].NodeID != 2 || got.Barriers[0].Passable || got.Barriers[0].SourceID != "node/2" {
		t.Errorf("barriers %+v", got.Barriers)
	}
}

// The same town as PBF, zipped and plain, becomes the same.
func TestReadPBF(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		zip, sparse bool
	}{{"dense", false, false}, {"zipped", true, false}, {"plain nodes", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root, layer := write(t, "town.osm.pbf", townPBF(t, c.zip, c.sparse))
			got, err := Read(t.Context(), root, layer)
			if err != nil {
				t.Fatal(err)
			}
			checkTown(t, got)
			rootX, layerX := write(t, "town.osm", []byte(town))
			xml, err := Read(t.Context(), rootX, layerX)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(xml, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A file cut at any byte is refused, except where a block ends: the format has no mark
// for the end of a file, and then what is missing shows only as missing roads.
func TestCutOffAnywhere(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"town.osm.pbf", "town.osm"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := []byte(strings.TrimSpace(town))
			ends := map[int]bool{}
			if name == "town.osm.pbf" {
				whole = townPBF(t, true, false)
				ends = blockEnds(whole)
			}
			for n := range len(whole) - 1 {
				if ends[n] && n != 0 {
					continue
				}
				root, layer := write(t, name, whole[:n])
				_, err := Read(t.Context(), root, layer)
				var bad *pack.BadPackError
				if !errors.As(err, &bad) || bad.Faults[0].File != name {
					t.Fatalf("cut at %d of %d: %v", n, len(whole), err)
				}
			}
		})
	}
}

func TestNotOSMAtAll(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a.osm.pbf": "PK\x03\x04 this is a zip",
		"b.osm":     "<html><body>not found</body></html>",
		"c.osm":     "",
		"d.osm":     `<osm><node id="1" lat="1" lon="1"/></osm>`,
	} {
		root, layer := write(t, name, []byte(text))
		var bad *pack.BadPackError
		if _, err := Read(t.Context(), root, layer); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A road's node that is nowhere on earth is named; one of no road does not matter.
func TestBadNodes(t *testing.T) {
	t.Parallel()
	const node = `<node id="1" lat="39.1" lon="117.1"/>`
	for _, c := range []struct{ name, old, new, field, value string }{
		{"lat too large", node, `<node id="1" lat="139.1" lon="17.1"/>`, "node/1 lat", "139.1"},
		{"lon too large", node, `<node id="1" lat="39.1" lon="1171"/>`, "node/1 lon", "1171"},
		{"lon too small", node, `<node id="1" lat="39.1" lon="-180.5"/>`, "node/1 lon", "-180.5"},
		{"no number", node, `<node id="1" lat="NaN" lon="117.1"/>`, "node/1 lat", "NaN"},
		{"infinite", node, `<node id="1" lat="39.1" lon="-Inf"/>`, "node/1 lon", "-Inf"},
		{"road not walkable", `<node id="4" lat="39.2"`, `<node id="4" lat="-91"`, "node/4 lat", "-91"},
		{"way twice", `<way id="11">`, `<way id="10">`, "way/10", ""},
		{"of no road", node, node + `<node id="77" lat="900" lon="900"/>`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root, layer := write(t, "town.osm", []byte(strings.Replace(town, c.old, c.new, 1)))
			_, err := Read(t.Context(), root, layer)
			if c.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || bad.Layer != pack.Roads {
				t.Fatalf("got %v", err)
			}
			f := bad.Faults[0]
			if f.File != "town.osm" || f.Field != c.field || f.Value != c.value || f.Reason.ZH == "" || f.Reason.EN == "" {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"town.osm": []byte(town), "town.osm.pbf": townPBF(t, true, false)} {
		root, layer := write(t, name, data)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Read(ctx, root, layer); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No bytes make the reader panic or take memory without end.
func FuzzPBF(f *testing.F) {
	f.Add(townPBF(f, false, false))
	f.Add(townPBF(f, true, true))
	f.Fuzz(func(_ *testing.T, data []byte) {
		for _, p := range []pass{onlyWays, onlyNodes} {
			r := pbfReader{r: bytes.NewReader(data), pass: p, take: func(osm.Object) {}}
			_ = r.read(context.Background())
		}
	})
}

// message writes a protocol buffer.
type message struct{ bytes.Buffer }

func (m *message) varint(tag int, v uint64) *message {
	m.Write(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(tag)<<3), v))
	return m
}

func (m *message) data(tag int, b []byte) *message {
	m.Write(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(tag)<<3|2), uint64(len(b))))
	m.Write(b)
	return m
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// numbers packs values, as differences of signed numbers where delta is set.
func numbers(delta bool, values ...int64) []byte {
	var b []byte
	last := int64(0)
	for _, v := range values {
		if delta {
			b = binary.AppendUvarint(b, zigzag(v-last))
			last = v
		} else {
			b = binary.AppendUvarint(b, uint64(v))
		}
	}
	return b
}

// townPBF writes town in the format's own way: a header, a block of nodes and a block
// of ways with a granularity and an offset of their own.
func townPBF(t testing.TB, zip, sparse bool) []byte {
	t.Helper()
	var out bytes.Buffer
	blob(t, &out, "OSMHeader", (&message{}).data(4, []byte("OsmSchema-V0.6")).data(4, []byte("DenseNodes")).Bytes(), zip)

	type node struct {
		id       int64
		lat, lon int64 // ten-thousandths of a degree
		tags     []int64
	}
	nodes := []node{
		{1, 391000, 1171000, nil},
		{2, 391001, 1171001, []int64{1, 2, 3, 4}},
		{3, 391002, 1171002, nil},
		{4, 392000, 1172000, []int64{1, 5}},
		{5, 392001, 1172001, nil},
		{6, 393000, 1173000, nil},
		{7, 393001, 1173000, nil},
	}
	const granularity, lat0, lon0 = 1000, 39_000_000_000, 117_000_000_000
	table := &message{}
	for _, s := range []string{"", "barrier", "gate", "locked", "yes", "bollard"} {
		table.data(1, []byte(s))
	}
	group := &message{}
	var ids, lats, lons, tags []int64
	for _, n := range nodes {
		lat, lon := (n.lat*100_000-lat0)/granularity, (n.lon*100_000-lon0)/granularity
		ids, lats, lons = append(ids, n.id), append(lats, lat), append(lons, lon)
		tags = append(append(tags, n.tags...), 0)
		if sparse {
			var keys, values []int64
			for i := 0; i < len(n.tags); i += 2 {
				keys, values = append(keys, n.tags[i]), append(values, n.tags[i+1])
			}
			group.data(1, (&message{}).varint(1, zigzag(n.id)).data(2, numbers(false, keys...)).data(3, numbers(false, values...)).
				varint(8, zigzag(lat)).varint(9, zigzag(lon)).Bytes())
		}
	}
	if !sparse {
		group.data(2, (&message{}).data(1, numbers(true, ids...)).data(8, numbers(true, lats...)).
			data(9, numbers(true, lons...)).data(10, numbers(false, tags...)).Bytes())
	}
	blob(t, &out, "OSMData", (&message{}).data(1, table.Bytes()).data(2, group.Bytes()).
		varint(17, granularity).varint(19, lat0).varint(20, lon0).Bytes(), zip)
	blob(t, &out, "OSMData", townWays(), zip)
	return out.Bytes()
}

func townWays() []byte {
	words := []string{"", "highway", "residential", "name", "花桥路", "footway", "motorway", "trunk", "building", "yes"}
	table := &message{}
	for _, s := range words {
		table.data(1, []byte(s))
	}
	group := &message{}
	for _, w := range []struct {
		id           uint64
		keys, values []int64
		refs         []int64
	}{
		{10, []int64{1, 3}, []int64{2, 4}, []int64{1, 2, 2, 3}},
		{11, []int64{1}, []int64{5}, []int64{3, 1, 99, 98, 2, 3}},
		{12, []int64{1}, []int64{6}, []int64{4, 5}},
		{13, []int64{1}, []int64{7}, []int64{6, 7}},
		{14, []int64{8}, []int64{9}, []int64{6, 7}},
	} {
		group.data(3, (&message{}).varint(1, w.id).data(2, numbers(false, w.keys...)).
			data(3, numbers(false, w.values...)).data(8, numbers(true, w.refs...)).Bytes())
	}
	return (&message{}).data(1, table.Bytes()).data(2, group.Bytes()).Bytes()
}

func blob(t testing.TB, out *bytes.Buffer, kind string, data []byte, zip bool) {
	t.Helper()
	body := &message{}
	if zip {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		body.varint(2, uint64(len(data))).data(3, z.Bytes())
	} else {
		body.data(1, data)
	}
	header := (&message{}).data(1, []byte(kind)).varint(3, uint64(body.Len())).Bytes()
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(header))))
	out.Write(header)
	out.Write(body.Bytes())
}

// blockEnds are the offsets at which a block ends.
func blockEnds(pbf []byte) map[int]bool {
	ends := map[int]bool{}
	for at := 0; at < len(pbf); {
		n := int(binary.BigEndian.Uint32(pbf[at:]))
		header := wire(pbf[at+4 : at+4+n])
		size := 0
		_ = header.each(func(f field) error {
			if f.tag == 3 {
				size = int(f.number)
			}
			return nil
		})
		at += 4 + n + size
		ends[at] = true
	}
	return ends
}

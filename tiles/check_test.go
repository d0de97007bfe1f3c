package tiles

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf8"
)

// This file is a reader and strict checker of vector tiles written for the tests from
// the specification alone; it shares no code with the encoder.

type readTile struct{ layers []readLayer }

type readLayer struct {
	name     string
	features []readFeature
}

type readFeature struct {
	props map[string]any
	kind  int
	parts [][]pt // point run, lines or rings (not closed)
}

func (f readFeature) id() string { s, _ := f.props["id"].(string); return s }

type protoField struct {
	num  int
	wire int
	n    uint64
	data []byte
}

func readFields(b []byte) ([]protoField, error) {
	var out []protoField
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, fmt.Errorf("bad key")
		}
		b = b[n:]
		f := protoField{num: int(key >> 3), wire: int(key & 7)}
		switch f.wire {
		case 0:
			v, n := binary.Uvarint(b)
			if n <= 0 {
				return nil, fmt.Errorf("bad varint")
			}
			f.n, b = v, b[n:]
		case 1, 5:
			size := 8
			if f.wire == 5 {
				size = 4
			}
			if len(b) < size {
				return nil, fmt.Errorf("short fixed")
			}
			f.data, b = b[:size], b[size:]
		case 2:
			v, n := binary.Uvarint(b)
			if n <= 0 || uint64(len(b)-n) < v {
				return nil, fmt.Errorf("short bytes")
			}
			f.data, b = b[n:n+int(v)], b[n+int(v):]
		default:
			return nil, fmt.Errorf("wire type %d", f.wire)
		}
		out = append(out, f)
	}
	return out, nil
}

// readChecked reads a tile and names the first rule that it breaks.
func readChecked(b []byte) (readTile, error) {
	var t readTile
	fields, err := readFields(b)
	if err != nil {
		return t, err
	}
	names := map[string]bool{}
	for _, f := range fields {
		if f.num != 3 || f.wire != 2 {
			return t, fmt.Errorf("tile field %d", f.num)
		}
		l, err := readOneLayer(f.data)
		if err != nil {
			return t, fmt.Errorf("layer %q: %w", l.name, err)
		}
		if names[l.name] {
			return t, fmt.Errorf("two layers %q", l.name)
		}
		names[l.name] = true
		t.layers = append(t.layers, l)
	}
	return t, nil
}

func readOneLayer(b []byte) (readLayer, error) {
	var l readLayer
	fields, err := readFields(b)
	if err != nil {
		return l, err
	}
	var keys []string
	var values []any
	var raw [][]byte
	var version, extent uint64
	for _, f := range fields {
		switch f.num {
		case 15:
			version = f.n
		case 1:
			l.name = string(f.data)
		case 2:
			raw = append(raw, f.data)
		case 3:
			keys = append(keys, string(f.data))
		case 4:
			v, err := readValue(f.data)
			if err != nil {
				return l, err
			}
			values = append(values, v)
		case 5:
			extent = f.n
		default:
			return l, fmt.Errorf("layer field %d", f.num)
		}
	}
	switch {
	case version != 2:
		return l, fmt.Errorf("version %d", version)
	case extent != 4096:
		return l, fmt.Errorf("extent %d", extent)
	case l.name == "":
		return l, fmt.Errorf("no name")
	case len(raw) == 0:
		return l, fmt.Errorf("no features")
	}
	if err := noneTwice(keys, values); err != nil {
		return l, err
	}
	usedK, usedV := map[uint64]bool{}, map[uint64]bool{}
	for i, r := range raw {
		f, err := readOneFeature(r, keys, values, usedK, usedV)
		if err != nil {
			return l, fmt.Errorf("feature %d %q: %w", i, f.id(), err)
		}
		l.features = append(l.features, f)
	}
	if len(usedK) != len(keys) || len(usedV) != len(values) {
		return l, fmt.Errorf("keys or values that no feature uses")
	}
	return l, nil
}

func noneTwice(keys []string, values []any) error {
	seen := map[any]bool{}
	for _, k := range keys {
		if seen[k] {
			return fmt.Errorf("key %q twice", k)
		}
		seen[k] = true
	}
	clear(seen)
	for _, v := range values {
		if seen[v] {
			return fmt.Errorf("value %v twice", v)
		}
		seen[v] = true
	}
	return nil
}

func readValue(b []byte) (any, error) {
	fields, err := readFields(b)
	if err != nil {
		return nil, err
	}
	if len(fields) != 1 {
		return nil, fmt.Errorf("value of %d fields", len(fields))
	}
	f := fields[0]
	want := map[int]int{1: 2, 2: 5, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0}
	if w, ok := want[f.num]; !ok || w != f.wire {
		return nil, fmt.Errorf("value field %d wire %d", f.num, f.wire)
	}
	switch f.num {
	case 1:
		if !utf8.Valid(f.data) {
			return nil, fmt.Errorf("string is not UTF-8")
		}
		return string(f.data), nil
	case 2:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(f.data))), nil
	case 3:
		return math.Float64frombits(binary.LittleEndian.Uint64(f.data)), nil
	case 6:
		return int64(f.n>>1) ^ -int64(f.n&1), nil
	case 7:
		return f.n != 0, nil
	}
	return int64(f.n), nil
}

func readOneFeature(b []byte, keys []string, values []any, usedK, usedV map[uint64]bool) (readFeature, error) {
	out := readFeature{props: map[string]any{}}
	fields, err := readFields(b)
	if err != nil {
		return out, err
	}
	var tags, geom []uint64
	for _, f := range fields {
		switch f.num {
		case 2:
			tags, err = readPacked(f.data)
		case 3:
			out.kind = int(f.n)
		case 4:
			geom, err = readPacked(f.data)
		default:
			err = fmt.Errorf("feature field %d", f.num)
		}
		if err != nil {
			return out, err
		}
	}
	if len(tags)%2 != 0 {
		return out, fmt.Errorf("odd tags")
	}
	for i := 0; i < len(tags); i += 2 {
		k, v := tags[i], tags[i+1]
		if k >= uint64(len(keys)) || v >= uint64(len(values)) {
			return out, fmt.Errorf("tag out of range")
		}
		if _, twice := out.props[keys[k]]; twice {
			return out, fmt.Errorf("property %q twice", keys[k])
		}
		usedK[k], usedV[v] = true, true
		out.props[keys[k]] = values[v]
	}
	if out.id() == "" {
		return out, fmt.Errorf("no string id")
	}
	out.parts, err = readGeometry(out.kind, geom)
	if err != nil {
		return out, err
	}
	return out, checkGeometry(out)
}

func readPacked(b []byte) ([]uint64, error) {
	var out []uint64
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > math.MaxUint32 {
			return nil, fmt.Errorf("bad packed number")
		}
		out, b = append(out, v), b[n:]
	}
	return out, nil
}

func readGeometry(kind int, g []uint64) ([][]pt, error) {
	var parts [][]pt
	var at pt
	var cur []pt
	open := false
	step := func() error {
		if len(g) < 2 {
			return fmt.Errorf("short geometry")
		}
		at.x += int32(uint32(g[0])>>1) ^ -int32(g[0]&1)
		at.y += int32(uint32(g[1])>>1) ^ -int32(g[1]&1)
		g = g[2:]
		cur = append(cur, at)
		return nil
	}
	for len(g) > 0 {
		id, count := g[0]&7, int(g[0]>>3)
		g = g[1:]
		switch {
		case id == 1 && (kind == 1 || count == 1) && count > 0 && !open:
			if kind == 1 && len(cur) > 0 {
				return nil, fmt.Errorf("second MoveTo of points")
			}
			cur = nil
			open = kind != 1
		case id == 2 && kind != 1 && len(cur) == 1 && count >= kind-1 && count > 0:
			open = false
		case id == 7 && kind == 3 && count == 1 && len(cur) > 2:
			parts, cur = append(parts, cur), nil
			continue
		default:
			return nil, fmt.Errorf("command %d x%d in kind %d", id, count, kind)
		}
		for range count {
			if err := step(); err != nil {
				return nil, err
			}
		}
		if kind == 1 || (kind == 2 && id == 2) {
			parts = append(parts, cur)
		}
	}
	if open || (kind == 3 && cur != nil) || len(parts) == 0 {
		return nil, fmt.Errorf("unfinished geometry")
	}
	return parts, nil
}

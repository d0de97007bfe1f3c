package networkimport

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/osm"
)

// The limits of the format, which keep a wrong file from filling the memory.
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// pbfReader reads an OSM extract in the PBF format, nodes or ways only. It stands here
// instead of a library's because those at hand need a C compiler and zlib's headers to
// build, and die of a damaged block instead of saying so.
type pbfReader struct {
	r    io.Reader
	at   int64 // bytes read
	pass pass
	take func(osm.Object)
}

// read gives every node or every way to take. A file that ends inside a block, or is no
// PBF, is an error that says where.
func (p *pbfReader) read(ctx context.Context) error {
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := p.at
		kind, data, err := p.blob()
		switch {
		case errors.Is(err, io.EOF) && first:
			return errors.New("the file is empty")
		case errors.Is(err, io.EOF):
			return nil
		case err == nil && first && kind != "OSMHeader":
			err = errors.New("no header")
		case err == nil && kind == "OSMHeader":
			err = checkFeatures(data)
		case err == nil && kind == "OSMData":
			err = p.block(data)
		}
		if err != nil {
			return fmt.Errorf("block at byte %d: %w", at, err)
		}
	}
}

// blob reads the next block of the file; io.EOF only between blocks.
func (p *pbfReader) blob() (kind string, data []byte, err error) {
	var size [4]byte
	n, err := io.ReadFull(p.r, size[:])
	p.at += int64(n)
	if err != nil {
		return "", nil, err
	}
	header, err := p.bytes(int64(binary.BigEndian.Uint32(size[:])), maxBlobHeader)
	if err != nil {
		return "", nil, err
	}
	length := int64(-1)
	err = wire(header).each(func(f field) error {
		switch f.tag {
		case 1:
			kind = string(f.bytes)
		case 3:
			length = int64(f.number)
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	body, err := p.bytes(length, maxBlob)
	if err != nil {
		return "", nil, err
	}
	data, err = inflate(body)
	return kind, data, err
}

func (p *pbfReader) bytes(n, most int64) ([]byte, error) {
	if n < 0 || n > most {
		return nil, errors.New("not an OSM PBF file, or a damaged one")
	}
	b := make([]byte, n)
	got, err := io.ReadFull(p.r, b)
	p.at += int64(got)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// inflate gives the content of a blob.
func inflate(body []byte) ([]byte, error) {
	var raw, zipped []byte
	err := wire(body).each(func(f field) error {
		switch f.tag {
		case 1:
			raw = f.bytes
		case 3:
			zipped = f.bytes
		case 4, 5, 6, 7:
			return errors.New("compressed in a way other than zlib")
		}
		return nil
	})
	if err != nil || zipped == nil {
		return raw, err
	}
	z, err := zlib.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(z, maxBlob+1))
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", err)
	}
	if len(data) > maxBlob {
		return nil, errors.New("a block is too large")
	}
	return data, z.Close()
}

func checkFeatures(data []byte) error {
	known := []string{"OsmSchema-V0.6", "DenseNodes", "HistoricalInformation"}
	return wire(data).each(func(f field) error {
		if f.tag == 4 && !slices.Contains(known, string(f.bytes)) {
			return fmt.Errorf("needs the feature %q, which is not supported", f.bytes)
		}
		return nil
	})
}

// block is one PrimitiveBlock: a table of strings and groups of elements.
type block struct {
	strings     []string
	granularity int64
	lat0, lon0  int64
}

func (p *pbfReader) block(data []byte) error {
	b := block{granularity: 100}
	var groups [][]byte
	err := wire(data).each(func(f field) error {
		switch f.tag {
		case 1:
			return wire(f.bytes).each(func(s field) error {
				b.strings = append(b.strings, string(s.bytes))
				return nil
			})
		case 2:
			groups = append(groups, f.bytes)
		case 17:
			b.granularity = int64(f.number)
		case 19:
			b.lat0 = int64(f.number)
		case 20:
			b.lon0 = int64(f.number)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := p.group(&b, g); err != nil {
			return err
		}
	}
	return nil
}

func (p *pbfReader) group(b *block, data []byte) error {
	return wire(data).each(func(f field) error {
		switch {
		case f.tag == 1 && p.pass == onlyNodes:
			return p.node(b, f.bytes)
		case f.tag == 2 && p.pass == onlyNodes:
			return p.dense(b, f.bytes)
		case f.tag == 3 && p.pass == onlyWays:
			return p.way(b, f.bytes)
		}
		return nil
	})
}

func (b *block) string(i int64) (string, error) {
	if i < 0 || i >= int64(len(b.strings)) {
		return "", errWire
	}
	return b.strings[i], nil
}

func (b *block) degrees(offset, v int64) float64 {
	return float64(offset+b.granularity*v) / 1e9 // division gives the nearest number to the decimals
}

// tags joins the packed keys and values of a node or way.
func (b *block) tags(keys, values []int64) (osm.Tags, error) {
	if len(keys) != len(values) {
		return nil, errWire
	}
	tags := make(osm.Tags, len(keys))
	for i := range keys {
		var err error
		if tags[i].Key, err = b.string(keys[i]); err != nil {
			return nil, err
		}
		if tags[i].Value, err = b.string(values[i]); err != nil {
			return nil, err
		}
	}
	return tags, nil
}

func (p *pbfReader) way(b *block, data []byte) error {
	var w osm.Way
	var keys, values []int64
	err := wire(data).each(func(f field) error {
		switch f.tag {
		case 1:
			w.ID = osm.WayID(f.number)
		case 2:
			return packed(f.bytes, false, func(v int64) { keys = append(keys, v) })
		case 3:
			return packed(f.bytes, false, func(v int64) { values = append(values, v) })
		case 8:
			return packed(f.bytes, true, func(v int64) { w.Nodes = append(w.Nodes, osm.WayNode{ID: osm.NodeID(v)}) })
		}
		return nil
	})
	if err != nil {
		return err
	}
	if w.Tags, err = b.tags(keys, values); err != nil {
		return err
	}
	p.take(&w)
	return nil
}

func (p *pbfReader) node(b *block, data []byte) error {
	var n osm.Node
	var keys, values []int64
	err := wire(data).each(func(f field) error {
		switch f.tag {
		case 1:
			n.ID = osm.NodeID(unzigzag(f.number))
		case 2:
			return packed(f.bytes, false, func(v int64) { keys = append(keys, v) })
		case 3:
			return packed(f.bytes, false, func(v int64) { values = append(values, v) })
		case 8:
			n.Lat = b.degrees(b.lat0, unzigzag(f.number))
		case 9:
			n.Lon = b.degrees(b.lon0, unzigzag(f.number))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n.Tags, err = b.tags(keys, values); err != nil {
		return err
	}
	p.take(&n)
	return nil
}

func (p *pbfReader) dense(b *block, data []byte) error {
	var ids, lats, lons, keyValues []int64
	err := wire(data).each(func(f field) error {
		switch f.tag {
		case 1:
			return packed(f.bytes, true, func(v int64) { ids = append(ids, v) })
		case 8:
			return packed(f.bytes, true, func(v int64) { lats = append(lats, v) })
		case 9:
			return packed(f.bytes, true, func(v int64) { lons = append(lons, v) })
		case 10:
			return packed(f.bytes, false, func(v int64) { keyValues = append(keyValues, v) })
		}
		return nil
	})
	if err != nil || len(lats) != len(ids) || len(lons) != len(ids) {
		return errors.Join(err, errWireIf(len(lats) != len(ids) || len(lons) != len(ids)))
	}
	for i, id := range ids {
		n := osm.Node{ID: osm.NodeID(id), Lat: b.degrees(b.lat0, lats[i]), Lon: b.degrees(b.lon0, lons[i])}
		if n.Tags, keyValues, err = b.denseTags(keyValues); err != nil {
			return err
		}
		p.take(&n)
	}
	return nil
}

func errWireIf(bad bool) error {
	if bad {
		return errWire
	}
	return nil
}

// denseTags takes the tags of one node off a list of key, value, key, value, 0.
func (b *block) denseTags(list []int64) (tags osm.Tags, rest []int64, err error) {
	for len(list) > 0 && list[0] != 0 {
		if len(list) < 2 {
			return nil, nil, errWire
		}
		key, err := b.string(list[0])
		if err != nil {
			return nil, nil, err
		}
		value, err := b.string(list[1])
		if err != nil {
			return nil, nil, err
		}
		tags = append(tags, osm.Tag{Key: key, Value: value})
		list = list[2:]
	}
	if len(list) > 0 {
		list = list[1:]
	}
	return tags, list, nil
}

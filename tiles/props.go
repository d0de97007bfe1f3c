package tiles

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// The wire format of Protocol Buffers, as far as a vector tile needs it.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

func appendKey(b []byte, field, wire int) []byte {
	return binary.AppendUvarint(b, uint64(field<<3|wire))
}

func appendBytes(b []byte, field int, v []byte) []byte {
	b = appendKey(b, field, wireBytes)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

func appendString(b []byte, field int, v string) []byte {
	b = appendKey(b, field, wireBytes)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

// encodeValue is the body of a Value message.
func encodeValue(v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(nil, 1, strings.ToValidUTF8(v, "\uFFFD")), nil
	case bool:
		b := appendKey(nil, 7, wireVarint)
		if v {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case int64:
		if v < 0 {
			return binary.AppendUvarint(appendKey(nil, 6, wireVarint), uint64(v<<1)^uint64(v>>63)), nil
		}
		return binary.AppendUvarint(appendKey(nil, 5, wireVarint), uint64(v)), nil
	case float64:
		return encodeFloat(v)
	}
	return nil, fmt.Errorf("value of type %T; want string, bool, int64 or float64", v)
}

func encodeFloat(v float64) ([]byte, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("value %v is not a number that a tile may carry", v)
	}
	if single := float32(v); float64(single) == v {
		return binary.LittleEndian.AppendUint32(appendKey(nil, 2, wireFixed32), math.Float32bits(single)), nil
	}
	return binary.LittleEndian.AppendUint64(appendKey(nil, 3, wireFixed64), math.Float64bits(v)), nil
}

// dictionary holds the distinct keys and values of a layer, values already encoded.
type dictionary struct {
	keys   []string
	values [][]byte
}

// dictBuilder finds the place of a key or value while a layer is built.
type dictBuilder struct {
	dictionary
	keyAt   map[string]uint32
	valueAt map[string]uint32
}

func newDictBuilder() *dictBuilder {
	return &dictBuilder{keyAt: map[string]uint32{}, valueAt: map[string]uint32{}}
}

func (d *dictBuilder) key(k string) uint32 {
	if at, ok := d.keyAt[k]; ok {
		return at
	}
	at := uint32(len(d.keys))
	d.keys = append(d.keys, k)
	d.keyAt[k] = at
	return at
}

func (d *dictBuilder) value(v any) (uint32, error) {
	enc, err := encodeValue(v)
	if err != nil {
		return 0, err
	}
	if at, ok := d.valueAt[string(enc)]; ok {
		return at, nil
	}
	at := uint32(len(d.values))
	d.values = append(d.values, enc)
	d.valueAt[string(enc)] = at
	return at, nil
}

// tags are the key and value places of one feature, the id first.
func (d *dictBuilder) tags(dst []uint32, f Feature) ([]uint32, error) {
	from := len(dst)
	all := append([]Prop{{Key: "id", Value: f.ID}}, f.Props...)
	for _, p := range all {
		k := d.key(p.Key)
		for at := from; at < len(dst); at += 2 {
			if dst[at] == k {
				return nil, fmt.Errorf("property %q is given twice", p.Key)
			}
		}
		v, err := d.value(p.Value)
		if err != nil {
			return nil, fmt.Errorf("property %q: %w", p.Key, err)
		}
		dst = append(dst, k, v)
	}
	return dst, nil
}

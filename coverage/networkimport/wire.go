package networkimport

import (
	"encoding/binary"
	"errors"
	"io"
)

// errWire says that bytes are no protocol buffer.
var errWire = errors.New("damaged protocol buffer")

// wire walks the fields of one protocol buffer message.
type wire []byte

// field is one field: a number for varints and fixed sizes, else bytes.
type field struct {
	tag    uint64
	number uint64
	bytes  []byte
}

// next takes the first field off; io.EOF after the last.
func (w *wire) next() (field, error) {
	if len(*w) == 0 {
		return field{}, io.EOF
	}
	key, err := w.varint()
	if err != nil {
		return field{}, err
	}
	f := field{tag: key >> 3}
	switch key & 7 {
	case 0:
		f.number, err = w.varint()
	case 1:
		f.bytes, err = w.take(8)
	case 2:
		var n uint64
		if n, err = w.varint(); err == nil {
			f.bytes, err = w.take(n)
		}
	case 5:
		f.bytes, err = w.take(4)
	default:
		err = errWire
	}
	return f, err
}

// each calls do for every field.
func (w wire) each(do func(field) error) error {
	for {
		f, err := w.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			return err
		}
	}
}

func (w *wire) varint() (uint64, error) {
	v, n := binary.Uvarint(*w)
	if n <= 0 {
		return 0, errWire
	}
	*w = (*w)[n:]
	return v, nil
}

func (w *wire) take(n uint64) ([]byte, error) {
	if n > uint64(len(*w)) {
		return nil, errWire
	}
	b := (*w)[:n]
	*w = (*w)[n:]
	return b, nil
}

// unzigzag undoes the coding of signed numbers.
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// packed calls do for every number of a packed field, running sums where delta is set.
func packed(b []byte, delta bool, do func(int64)) error {
	w := wire(b)
	sum := int64(0)
	for len(w) > 0 {
		v, err := w.varint()
		if err != nil {
			return err
		}
		if !delta {
			do(int64(v))
			continue
		}
		sum += unzigzag(v)
		do(sum)
	}
	return nil
}

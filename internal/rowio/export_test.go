package rowio

import (
	"errors"
	"io"
)

// CountRecords splits a text and counts its records, for the benchmark.
func CountRecords(r io.Reader) (int, error) {
	d := newDelimited(r, ',', 128<<10)
	for n := 0; ; n++ {
		if _, _, err := d.read(); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

// Records splits a text with a comma, for tests.
func Records(r io.Reader, mostCell int) (records [][]string, lines []int, faults int) {
	d := newDelimited(r, ',', mostCell)
	for {
		record, line, err := d.read()
		switch {
		case errors.Is(err, io.EOF):
			return records, lines, faults
		case err != nil:
			faults++
		default:
			records, lines = append(records, record), append(lines, line)
		}
	}
}

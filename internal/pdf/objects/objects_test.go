package objects_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/pdf/objects"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", -0.0001: "0", 1: "1", -1.5: "-1.5", 0.001: "0.001", 0.0104: "0.01", 12.3456: "12.346", -0.25: "-0.25", 100: "100", 1e13: "10000000000000.000"} {
		if got := string(objects.Number(nil, v)); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e9, 1e9).Draw(t, "thousandths")
		got := string(objects.Number(nil, float64(n)/1000))
		var back float64
		sign, digits := 1.0, strings.TrimPrefix(got, "-")
		if digits != got {
			sign = -1
		}
		whole, part, _ := strings.Cut(digits, ".")
		for _, c := range whole {
			back = back*10 + float64(c-'0')
		}
		for i, c := range part {
			back += float64(c-'0') / math.Pow10(i+1)
		}
		if math.Round(sign*back*1000) != float64(n) || strings.HasSuffix(part, "0") {
			t.Fatalf("%d thousandths are written %q", n, got)
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

func TestTheFirstErrorStays(t *testing.T) {
	t.Parallel()
	o := objects.New(broken{})
	o.Fail(errors.New("later"))
	o.Put(o.Reserve(), "<< >>")
	if !errors.Is(o.Err(), errors.ErrUnsupported) {
		t.Errorf("the error is %v", o.Err())
	}
}

func TestFastIsSmallerThanNothingAndReadable(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("1 0 0 1 re\n"), 1000)
	for _, begin := range []func(*bytes.Buffer) *objects.Writer{
		func(b *bytes.Buffer) *objects.Writer { return objects.New(b) },
		func(b *bytes.Buffer) *objects.Writer { return objects.NewFast(b) },
	} {
		var out bytes.Buffer
		o := begin(&out)
		o.Stream(o.Reserve(), "", data)
		o.End(1, 1)
		if o.Err() != nil || out.Len() > len(data)/10 || !strings.HasSuffix(out.String(), "%%EOF\n") {
			t.Errorf("%d bytes, %v", out.Len(), o.Err())
		}
	}
}

package walknet

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestSliversAreLeftOut(t *testing.T) {
	t.Parallel()
	square := func(x, y, side float64) orb.Ring {
		return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
	}
	big, tiny := orb.Polygon{square(0, 0, 10)}, orb.Polygon{square(20, 0, 1)}
	tests := []struct {
		name     string
		in, want orb.MultiPolygon
	}{
		{"nothing", orb.MultiPolygon{}, orb.MultiPolygon{}},
		{"a tiny part", orb.MultiPolygon{tiny, big}, orb.MultiPolygon{big}},
		{"a tiny hole", orb.MultiPolygon{{big[0], square(1, 1, 1), square(4, 4, 3)}}, orb.MultiPolygon{{big[0], square(4, 4, 3)}}},
		{"only tiny parts", orb.MultiPolygon{{square(0, 0, 0.5)}, tiny}, orb.MultiPolygon{tiny}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, withoutSlivers(tt.in, 2)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

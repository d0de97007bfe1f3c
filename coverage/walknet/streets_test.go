package walknet_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

func TestNamedStreets(t *testing.T) {
	t.Parallel()
	at := func(x, y float64) orb.Point { return orb.Point{114.27 + x/95_900, 30.63 + y/110_900} }
	net, _, err := walknet.Build([]walknet.Way{
		{SourceID: "1", Name: "南街", NodeIDs: []int64{1, 2}, Line: orb.LineString{at(0, 0), at(400, 0)}},
		{SourceID: "2", Name: "南街", NodeIDs: []int64{2, 3}, Line: orb.LineString{at(400, 0), at(800, 0)}},
		{SourceID: "3", Name: "东路", NodeIDs: []int64{3, 4}, Line: orb.LineString{at(800, 0), at(800, 400)}},
		{SourceID: "4", NodeIDs: []int64{2, 5}, Line: orb.LineString{at(400, 0), at(400, 300)}},
	}, nil, walknet.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		p      orb.Point
		within float64
		most   int
		want   []string
	}{
		"the nearest first, each once": {at(700, 60), 300, 9, []string{"南街", "东路"}},
		"at most so many":              {at(700, 60), 300, 1, []string{"南街"}},
		"within":                       {at(700, 60), 70, 9, []string{"南街"}},
		"none near":                    {at(300, 5000), 300, 9, nil},
		"nowhere":                      {orb.Point{999, 0}, 300, 9, nil},
		"a distance that is none":      {at(700, 60), -1, 9, nil},
	} {
		var got []string
		for _, s := range net.NamedStreets(tc.p, tc.within, tc.most) {
			got = append(got, s.Name)
			if s.Name == "南街" && (s.Metres < 59 || s.Metres > 61) {
				t.Errorf("%s: %v m to %v", name, s.Metres, s.At)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := (&walknet.Network{}).NamedStreets(at(0, 0), 100, 1); got != nil {
		t.Errorf("%v of no streets", got)
	}
}

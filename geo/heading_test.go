package geo_test

import (
	"testing"

	"yike/geo"
)

func TestHeadingsNameShiftedSystems(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{"百度经度": "BD-09", "bd09_lng": "BD-09", "高德经度": "GCJ-02", "GCJ02_lon": "GCJ-02", "火星坐标X": "GCJ-02"} {
		if crs, ok := geo.HeadingCRS(head); !ok || crs.String() != want {
			t.Errorf("%s is %v, %v", head, crs, ok)
		}
	}
	if crs, ok := geo.HeadingCRS("经度"); ok || crs != geo.WGS84() {
		t.Errorf("经度 is %v", crs)
	}
}

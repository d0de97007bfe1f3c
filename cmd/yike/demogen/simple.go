package demogen

import (
	"fmt"

	"yike/geo"
)

// checkBoundaries is the last look before anything is written: a pack that a load would
// refuse is not made.
func (d *district) checkBoundaries() error {
	for _, list := range [][]division{d.subdistricts, d.communities} {
		for _, v := range list {
			if at, bad := geo.Crossing(v.boundary); bad || len(v.boundary) == 0 {
				return fmt.Errorf("the boundary of %s (people %d, seed %d) crosses itself near %v", v.code, d.opts.People, d.opts.Seed, at)
			}
		}
	}
	return nil
}

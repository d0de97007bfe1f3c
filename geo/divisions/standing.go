package divisions

import "github.com/paulmach/orb"

// Standing is how the record of a place stands to the divisions of its district: what it is
// held against when somebody writes it. Points are lon/lat WGS 84.
type Standing struct {
	Divided    bool      // the district has divisions
	Division   bool      // one of them has the record's code
	Holds      bool      // and it holds the record's point
	LyingIn    string    // name of the finest division in which the point lies, for people; "" for none
	LyingInAny bool      // the point lies in some division
	Bounds     orb.Bound // of the district; the zero value where it has no divisions
}

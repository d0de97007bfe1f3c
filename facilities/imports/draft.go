package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/geo"
)

// Draft is what one row says.
type Draft struct {
	Row    int
	Patch  facilities.Patch // all that the row says of the record, its position among it
	ID     string           // of the record that it is of, where the row says it; "" for none
	Source string           // source id; "" for none
	Place  *orb.Point       // WGS 84; nil where the row has no coordinates
	// Division is the code of the finest division that the row names; "" for none.
	Division string
	Faults   []Fault
	print    string // "" where not worked out yet
}

// nearlyM is how far, in metres, the coordinates of a row may be from the record's without
// moving it: what goes out is rounded, and comes back.
const nearlyM = 1

// Print names what a row says, so that the same row is known again whatever file it comes
// in: sixteen bytes, written as a UUID is. O(fields).
func (d Draft) Print() string {
	if d.print != "" {
		return d.print
	}
	raw, err := json.Marshal(struct {
		Patch                facilities.Patch
		ID, Source, Division string
	}{d.Patch, d.ID, d.Source, d.Division})
	if err != nil {
		return "" // no value of a patch is one that JSON cannot say
	}
	sum := sha256.Sum256(raw)
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Fresh is the record that a row becomes where there is none yet. One without coordinates
// is not placed, and belongs to the division that the row names, or else to the authority.
func (d Draft) Fresh(o Options, adcode string) facilities.Facility {
	f := facilities.Facility{
		SourceID: d.Source, Status: o.Status, Stage: o.Stage, Unplaced: true, DivisionCode: adcode,
	}
	if f.Status == "" {
		f.Status = facilities.Open
	}
	if f.Stage == StageComplete {
		f.Stage = facilities.Submitted
	}
	return facilities.Clean(d.Patch.Apply(f))
}

// Over is the record that a row makes of one there is. Coordinates move it where they are
// others; a row without coordinates leaves it where it is.
func (d Draft) Over(before facilities.Facility) facilities.Facility {
	p := d.Patch
	if d.Place != nil && !before.Unplaced && geo.Distance(*d.Place, before.Point) <= nearlyM {
		// How a place was found stays with it, too.
		p.Lon, p.Lat, p.PlacedBy = nil, nil, nil
	}
	after := p.Apply(before)
	if len(after.Fields) == 0 && len(before.Fields) == 0 {
		after.Fields = before.Fields
	}
	return after
}

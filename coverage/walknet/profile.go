package walknet

import (
	"errors"
	"fmt"
)

// Profile is how somebody gets along, apart from their speed on the flat. The zero
// Profile is the plain one: every walkable line is walked at the same speed, nobody
// waits, and a gate that keeps hours counts as open.
type Profile struct {
	// Stairs is the speed along stairs in thousandths of that on the flat; 0 means as
	// fast as on the flat. It is a time, not a penalty.
	Stairs int32
	// Signals and Crossing are what one waits at a crossing with and without signals. They
	// fall on the crossing's way, on each stretch of it by its length.
	Signals, Crossing Milliseconds
	// Slope makes rises and falls count where heights or inclines are known, after
	// DIN 33466: the time of the level way and that of the height, the greater whole and
	// the lesser by half, where a metre up takes as long as 40/3 m of level way and a
	// metre down as long as 8 m (4 km/h, 300 m/h, 500 m/h). So the way to a site and the
	// way back differ. Stairs have their own speed and no slope.
	Slope bool
	// StepFree leaves out stairs, what is marked as not passable on wheels, and barriers
	// that wheels do not pass.
	StepFree bool
	// Hour is the time of day, which decides about gates that keep hours.
	Hour Hour
}

// Elder is the profile of an older person on foot: half the speed on stairs, 30 s at
// signals and 7 s at other crossings, slopes where they are known. Waits are the middle
// of what is usual (20–40 s and 5–10 s); the speed on stairs is our choice.
func Elder() Profile {
	return Profile{Stairs: 500, Signals: 30_000, Crossing: 7_000, Slope: true}
}

// Hour is a time of day, or what stands for one.
type Hour int16

// What stands for a time of day.
const (
	AnyHour  Hour = 0  // a gate that keeps hours counts as open
	AllHours Hour = -1 // only what is never shut counts
)

// AtMinute is the time so many minutes after midnight, 0 to 1439.
func AtMinute(minute int) Hour { return Hour(minute + 1) }

// Opening is a part of the day in minutes after midnight: From, up to and without To.
// One that ends before it begins goes on past midnight.
type Opening struct{ From, To int16 }

const dayMinutes = 24 * 60

// openAt says whether hours hold a time; no hours are always.
func openAt(hours []Opening, at Hour) bool {
	if len(hours) == 0 || at == AnyHour {
		return true
	}
	if at == AllHours {
		return allDay(hours)
	}
	m := int16(at - 1)
	for _, o := range hours {
		if o.From < o.To && m >= o.From && m < o.To {
			return true
		}
		if o.From >= o.To && (m >= o.From || m < o.To) {
			return true
		}
	}
	return false
}

func allDay(hours []Opening) bool {
	for m := range dayMinutes {
		if !openAt(hours, AtMinute(m)) {
			return false
		}
	}
	return true
}

// Errors of a profile.
var (
	ErrProfile  = errors.New("a profile that makes no sense")
	ErrProfiled = errors.New("the network is for another profile already")
)

func (p Profile) check() error {
	const hour = 3_600_000
	switch {
	case p.Stairs < 0 || p.Stairs > 2000:
		return fmt.Errorf("%w: stairs %d of 1000", ErrProfile, p.Stairs)
	case p.Signals < 0 || p.Signals > hour || p.Crossing < 0 || p.Crossing > hour:
		return fmt.Errorf("%w: waits of %d and %d ms", ErrProfile, p.Signals, p.Crossing)
	case p.Hour < AllHours || p.Hour > dayMinutes:
		return fmt.Errorf("%w: hour %d", ErrProfile, p.Hour)
	}
	return nil
}

// For gives the network as somebody of a profile walks it: the same edges with other
// times, without those that the profile leaves out, and with the gates shut that are at
// its hour. It is an edited network, so places that lay on what is left out must be put
// onto it with Resnap; it can be edited again. For the zero Profile it is n itself.
// Errors are ErrProfile and ErrProfiled. O(edges), and as much again for each speed
// first asked for.
func (n *Network) For(p Profile) (*Network, error) {
	if p == n.profile {
		return n, nil
	}
	if n.profile != (Profile{}) {
		return nil, ErrProfiled
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	b := newPatcher(n)
	b.net.profile = p
	for i, g := range n.gates {
		if (p.StepFree && !g.onWheels) || !openAt(g.Hours, p.Hour) {
			b.override(int32(i), false)
		}
	}
	for e := range int32(n.Edges()) {
		if t := n.traits(e); p.StepFree && n.Usable(e) && !t.onWheels() {
			b.close(e)
		}
	}
	return b.finish(nil), nil
}

// Profile is whom the network is for.
func (n *Network) Profile() Profile { return n.profile }

// Crossing is how a way crosses a carriageway.
type Crossing int8

// The crossings.
const (
	NoCrossing   Crossing = 0
	Uncontrolled Crossing = 1 // without signals
	Signals      Crossing = 2
)

// Wheels says whether a way is passable on wheels.
type Wheels int8

// What may be known of wheels.
const (
	WheelsUnknown Wheels = 0
	WheelsYes     Wheels = 1
	WheelsNo      Wheels = 2
)

// traits are what a profile asks of an edge.
type traits struct {
	stairs   bool
	crossing Crossing
	wheels   Wheels
	rise     int32 // mm that the edge goes up in its line's direction, and down
	fall     int32
	wayMM    int64 // length of its whole way
}

func (t *traits) onWheels() bool {
	return t.wheels == WheelsYes || (t.wheels != WheelsNo && !t.stairs)
}

// wheelsPass says whether a kind of barrier lets wheels through.
func wheelsPass(kind string) bool {
	switch kind {
	case "stile", "turnstile", "full-height_turnstile", "kissing_gate", "cycle_barrier", "kerb", "step", "log":
		return false
	}
	return true
}

// time is what an edge of so many mm costs in one direction.
func (p *Profile) time(speed Speed, mm int32, t *traits, ahead bool) int64 {
	length := int64(mm)
	switch {
	case t.stairs && p.Stairs > 0:
		length = (1000*length + int64(p.Stairs)/2) / int64(p.Stairs)
	case t.stairs:
	case p.Slope:
		up, down := int64(t.rise), int64(t.fall)
		if !ahead {
			up, down = down, up
		}
		height := (40*up + 24*down) / 3
		length = max(length, height) + (min(length, height)+1)/2
	}
	return min(int64(speed.Cost(length))+p.wait(mm, t), int64(far)-1)
}

// wait is how much of the time of an edge of so many mm one waits.
func (p *Profile) wait(mm int32, t *traits) int64 {
	wait := int64(0)
	switch t.crossing {
	case Signals:
		wait = int64(p.Signals)
	case Uncontrolled:
		wait = int64(p.Crossing)
	}
	if wait == 0 || t.wayMM == 0 {
		return 0
	}
	return (2*wait*int64(mm) + t.wayMM) / (2 * t.wayMM)
}

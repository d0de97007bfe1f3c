package coveragelive

import (
	"errors"
	"fmt"
	"slices"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Query is one coverage question. It is comparable, and equal questions have equal
// answers: pass it around whole, and use it as a key whole.
//
// Types that are judged by division, not by walks, have no limit: what is asked of walks
// is left out of the question then, and so is an hour where no gate keeps hours. Remarks
// says so.
type Query struct {
	Type    facilities.Type
	Base    divisions.Base // "" is the first base the data have
	LimitS  int            // seconds, inclusive
	Speed   walknet.Speed
	Metres  int             // a walk of so many metres, inclusive, instead of LimitS at Speed; 0 for none
	Profile coverage.Walker // who walks
	Hour    walknet.Hour    // when, for gates that keep hours
	Tier    facilities.Tier // only facilities of this tier of the life circles count; 0 for any
}

// Bounds of a distance limit.
const (
	LeastMetres = 50
	MostMetres  = 3_600
)

// What a question may be wrong about, besides ErrUnknownType and ErrUnknownBase.
var (
	ErrBadMetres   = errors.New("a distance limit that makes no sense")
	ErrMetresOf    = errors.New("distances are asked for without a profile, whose stairs and waits are times")
	ErrUnknownTier = errors.New("no such tier of the life circles")
)

// byMetres is the speed at which a distance is asked for: a second is a metre.
const byMetres = walknet.Speed(1000)

// Settled gives a question in its one form, as Coverage answers it: with the base, and
// without what its type or the data make of no meaning. Errors are those of Coverage.
func (s *State) Settled(q Query) (Query, error) { return s.complete(q) }

// complete fills in the base, brings a question into its one form, and refuses what
// cannot be answered.
func (s *State) complete(q Query) (Query, error) {
	info, ok := s.TypeInfo(q.Type)
	if !ok {
		return q, ErrUnknownType
	}
	if q.Base == "" && len(s.Bases) > 0 {
		q.Base = s.Bases[0]
	}
	if s.Demand[q.Base] == nil {
		return q, ErrUnknownBase
	}
	if q.Tier != 0 && !slices.Contains(facilities.Tiers(), q.Tier) {
		return q, fmt.Errorf("%w: %d", ErrUnknownTier, q.Tier)
	}
	if _, err := q.Profile.At(q.Hour); err != nil {
		return q, err
	}
	if info.Measure != facilities.Walk {
		return Query{Type: q.Type, Base: q.Base, Tier: q.Tier}, nil
	}
	if q.Metres != 0 {
		if q.Metres < LeastMetres || q.Metres > MostMetres {
			return q, fmt.Errorf("%w: %d m, %d to %d are taken", ErrBadMetres, q.Metres, LeastMetres, MostMetres)
		}
		if q.Profile != coverage.Anybody {
			return q, ErrMetresOf
		}
		q.LimitS, q.Speed = q.Metres, byMetres
	}
	if !s.keepsHours {
		q.Hour = walknet.AnyHour
	}
	return q, nil
}

// KeepsHours says whether the time of day of a question matters.
func (s *State) KeepsHours() bool { return s.keepsHours }

// otherwiseWalked says whether the streets are others than those of anybody at any time.
func (q Query) otherwiseWalked() bool {
	return q.Profile != coverage.Anybody || q.Hour != walknet.AnyHour
}

// profile is who walks when; of a complete question it is one that makes sense.
func (q Query) profile() walknet.Profile {
	p, _ := q.Profile.At(q.Hour)
	return p
}

// params is what a complete question asks of each walk, or of each division.
func (s *State) params(q Query) coverage.Params {
	if info, _ := s.TypeInfo(q.Type); info.Measure != facilities.Walk {
		return coverage.Params{Mode: coverage.ByDivision, Level: s.levelOf(info)}
	}
	if q.Metres > 0 {
		return coverage.WithinMetres(float64(q.Metres))
	}
	return coverage.Params{Limit: walknet.Milliseconds(q.LimitS) * 1000, Speed: q.Speed}
}

// levelOf is the level of the divisions by which a type is judged: that of which a text
// says that each has one, the finest of several; else the community. Where the data have
// none of that level it is the next wider one that they have, else the next finer; ""
// where there is none at all.
func (s *State) levelOf(info facilities.TypeInfo) divisions.Level {
	have := s.Hierarchy.Levels()
	all := divisions.Levels()
	want := wantedLevel(info).Rank()
	for rank := want; rank >= 0; rank-- {
		if slices.Contains(have, all[rank]) {
			return all[rank]
		}
	}
	for _, level := range all[want:] {
		if slices.Contains(have, level) {
			return level
		}
	}
	return ""
}

// wantedLevel is the level that a type would be judged by if the data had all levels.
func wantedLevel(info facilities.TypeInfo) divisions.Level {
	want, said := divisions.Community, false
	for _, l := range info.Limits {
		if level := divisions.Level(l.Per); l.Per != "" && (!said || level.Rank() > want.Rank()) {
			want, said = level, true
		}
	}
	return want
}

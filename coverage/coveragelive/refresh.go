package coveragelive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/facilities"
	"yike/internal/pack"
)

// ErrReloaded says that the pack was loaded again since the state was: the whole of it
// must be read, not the facilities alone.
var ErrReloaded = errors.New("the pack was loaded again")

// Outdated looks, at the cost of a query each, whether facilities or their types changed
// since the state was read.
func (s *State) Outdated(ctx context.Context, from Stores) (bool, error) {
	mark, err := from.Facilities.Mark(ctx, s.Pack.AdCode)
	if err != nil || mark != s.mark {
		return mark != s.mark, err
	}
	_, typesMark, err := from.catalogue(ctx, s.Pack.AdCode)
	return typesMark != s.typesMark, err
}

// catalogue gives the facility types, and a word that changes whenever they do.
func (from Stores) catalogue(ctx context.Context, adcode string) (facilities.Types, string, error) {
	if from.Types == nil {
		types, err := facilities.Types{}.OrBuiltIn()
		return types, "", err
	}
	return from.Types(ctx, adcode)
}

// Refresh gives a state with the facilities and their types as they are now and everything
// else as it is in s, which it shares: what a load would give, in a moment. Answers are worked out
// anew. It returns s itself when nothing changed, and ErrReloaded.
func (s *State) Refresh(ctx context.Context, from Stores) (*State, error) {
	next := *s
	err := from.Snapshot(ctx, func(at Stores) error {
		record, err := at.Packs.Opened(ctx, s.Pack.AdCode)
		if err != nil {
			return fmt.Errorf("read the data pack: %w", err)
		}
		if !reflect.DeepEqual(record, s.Pack) {
			return ErrReloaded
		}
		return next.readFacilities(ctx, at)
	})
	if err != nil {
		return nil, err
	}
	if next.mark == s.mark && next.typesMark == s.typesMark {
		return s, nil
	}
	next.forget()
	known := make(map[orb.Point]walknet.Snap, len(s.Facilities))
	for i, f := range s.Facilities {
		known[f.Point] = s.facilitySnaps[i]
	}
	next.facilitySnaps = make([]walknet.Snap, len(next.Facilities))
	for i, f := range next.Facilities {
		snap, ok := known[f.Point]
		if !ok {
			snap = s.Network.Snap(f.Point, s.SnapLimitM)
		}
		next.facilitySnaps[i] = snap
	}
	next.Version = next.version()
	return &next, nil
}

// forget drops what was worked out for the facilities as they were.
func (s *State) forget() {
	s.landmarks = &landmarks{}
	s.answers = newCache[Query](answersKept, newLazy[*Answer])
	s.profiled = newCache[Query](profiledKept, newLazy[*Answer])
	s.baselines = newCache[Query](baselinesKept, newLazy[*trial])
	s.accesses = newCache[accessKey](accessesKept, newLazy[*accessBase])
}

func (s *State) readFacilities(ctx context.Context, from Stores) error {
	types, mark, err := from.catalogue(ctx, s.Pack.AdCode)
	if err != nil {
		return fmt.Errorf("read facility types: %w", err)
	}
	s.Types, s.Groups, s.typesMark = types.Types, types.Groups, mark
	if s.mark, err = from.Facilities.Mark(ctx, s.Pack.AdCode); err != nil {
		return err
	}
	if s.Facilities, err = from.Facilities.List(ctx, s.Pack.AdCode); err != nil {
		return fmt.Errorf("read facilities: %w", err)
	}
	return nil
}

// groundVersion follows from everything but the facilities: the network's content, the
// digests of the layers and what was declared of them.
func (s *State) groundVersion() string {
	parts := []string{s.Pack.AdCode, s.Pack.Slug, s.Network.Version(), fmt.Sprint(s.SnapLimitM), fmt.Sprint(s.Bands)}
	for _, l := range s.Pack.Layers {
		if l.Kind != pack.Facilities {
			parts = append(parts, l.Kind, l.Digest)
		}
	}
	return digest(parts)
}

// version follows from what was loaded: the ground, the types that people changed, and the
// version of every facility, since these change one by one.
func (s *State) version() string {
	parts := []string{s.GroundVersion}
	if s.typesMark != "" {
		parts = append(parts, s.typesMark)
	}
	for _, l := range s.Pack.Layers {
		if l.Kind == pack.Facilities {
			parts = append(parts, l.Digest)
		}
	}
	for _, f := range s.Facilities {
		parts = append(parts, f.ID, fmt.Sprint(f.Version))
	}
	return digest(parts)
}

func digest(parts []string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

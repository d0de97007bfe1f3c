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
	"yike/facilities/facilitydb"
	"yike/internal/pack"
)

// ErrReloaded says that the pack was loaded again since the state was: the whole of it
// must be read, not the facilities alone.
var ErrReloaded = errors.New("the pack was loaded again")

// Outdated looks, at the cost of one query, whether facilities changed since the state
// was read.
func (s *State) Outdated(ctx context.Context, from Stores) (bool, error) {
	mark, err := from.Facilities.Mark(ctx, s.Pack.AdCode)
	return mark != s.mark, err
}

// Refresh gives a state with the facilities as they are now and everything else as it is
// in s, which it shares: what a load would give, in a moment. Answers are worked out
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
		return next.readFacilities(ctx, at.Facilities)
	})
	if err != nil {
		return nil, err
	}
	if next.mark == s.mark {
		return s, nil
	}
	next.answers = newCache[Query](answersKept, newLazy[*Answer])
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

func (s *State) readFacilities(ctx context.Context, from *facilitydb.Store) error {
	var err error
	if s.mark, err = from.Mark(ctx, s.Pack.AdCode); err != nil {
		return err
	}
	if s.Facilities, err = from.List(ctx, s.Pack.AdCode); err != nil {
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

// version follows from what was loaded: the ground, and the version of every facility,
// since these change one by one.
func (s *State) version() string {
	parts := []string{s.GroundVersion}
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

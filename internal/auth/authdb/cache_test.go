package authdb

import (
	"testing"
	"time"

	"yike/internal/auth"
)

// TestCache holds what is held, and for how long.
func TestCache(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	key := cacheKey{adcode: "990101", hash: [32]byte{1}}
	who := resolved{Identity: auth.Identity{Name: "wang"}, until: now.Add(time.Hour)}
	held := func(c *cache, key cacheKey, at time.Time) bool {
		i, ok := c.get(key, at)
		return ok && i.Name == "wang"
	}
	c := newCache()
	c.put(c.turn(), key, who, now)
	other, token := key, key
	other.adcode, token.token = "990102", true
	for name, tc := range map[string]struct {
		key  cacheKey
		at   time.Time
		want bool
	}{
		"at once":           {key, now, true},
		"a moment later":    {key, now.Add(holdFor - 1), true},
		"too late":          {key, now.Add(holdFor), false},
		"a clock set back":  {key, now.Add(-time.Second), false},
		"another authority": {other, now, false},
		"a token":           {token, now, false},
	} {
		if got := held(c, tc.key, tc.at); got != tc.want {
			t.Errorf("%s: held is %v", name, got)
		}
	}
	ending := who
	ending.until = now.Add(time.Second)
	c.put(c.turn(), other, ending, now)
	if held(c, other, now.Add(time.Second)) {
		t.Error("held beyond the session's own end")
	}

	// What was read before the cache was emptied is not put into it afterwards.
	before := c.turn()
	c.empty()
	c.put(before, key, who, now)
	if held(c, key, now) {
		t.Error("an identity of before a change is held")
	}
	for i := range mostHeld + 1 {
		c.put(c.turn(), cacheKey{hash: [32]byte{byte(i), byte(i >> 8), byte(i >> 16)}}, who, now)
	}
	if len(c.entries) > mostHeld {
		t.Errorf("%d are held", len(c.entries))
	}
}

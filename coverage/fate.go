package coverage

// Fate is what a plan does to the people of one point, as it is written in the API and in
// tiles. Counts of people follow it.
type Fate string

// The fates of a point. FateSame is that of a changed point for which none of the others
// holds: it has another nearest site as far away, or lies on another street.
const (
	FateGained  Fate = "gained"  // covered, and not before
	FateLost    Fate = "lost"    // covered before, and no more
	FateNearer  Fate = "nearer"  // covered both ways, by a shorter walk to the nearest
	FateFarther Fate = "farther" // covered both ways, by a longer one
	FateSame    Fate = "same"
)

// Fate tells what becomes of the point.
func (c PointChange) Fate() Fate {
	was, is := c.Before.State == Covered, c.After.State == Covered
	switch {
	case is && !was:
		return FateGained
	case was && !is:
		return FateLost
	case is && c.After.Time < c.Before.Time:
		return FateNearer
	case is && c.After.Time > c.Before.Time:
		return FateFarther
	default:
		return FateSame
	}
}

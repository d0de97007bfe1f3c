package access

import (
	"fmt"
	"math"
)

// Decay is the weight of a place at so much time from a site: 0 to 1, or above where
// people come nearer than a unit of Inverse. Limits include themselves.
type Decay func(time int32) float64

// Binary weighs all within the limit alike: the two-step floating catchment area of Luo
// and Wang (2003, Environment and Planning B 30: 865–884).
func Binary(limit int32) Decay {
	return func(time int32) float64 {
		if time <= limit {
			return 1
		}
		return 0
	}
}

// Gaussian falls with the shape of a bell to 0 at the limit:
// (e^(−½(t/T)²) − e^(−½)) / (1 − e^(−½)) for t ≤ T (Dai 2010, Health & Place 16:
// 1038–1052). A limit below 1 reaches nobody.
func Gaussian(limit int32) Decay {
	edge := math.Exp(-0.5)
	return func(time int32) float64 {
		if time > limit || limit < 1 {
			return 0
		}
		x := float64(time) / float64(limit)
		return max(0, (math.Exp(-0.5*float64(x*x))-edge)/(1-edge))
	}
}

// Inverse is 1/t up to the limit, with t in units and at least one of them: a gravity
// model of exponent −1. A unit below 1 stands for 1.
func Inverse(limit, unit int32) Decay {
	unit = max(unit, 1)
	return func(time int32) float64 {
		if time > limit {
			return 0
		}
		return float64(unit) / float64(max(time, unit))
	}
}

// Step is one band of time: up to the limit, included, and beyond the band before it.
type Step struct {
	Limit  int32
	Weight float64 // 0 to 1
}

// Steps weighs by bands, whose limits ascend: the enhanced two-step floating catchment area of
// Luo and Qi (2009, Health & Place 15: 1100–1107).
func Steps(steps ...Step) (Decay, error) {
	for at, s := range steps {
		if !(s.Weight >= 0 && s.Weight <= 1) || at > 0 && s.Limit <= steps[at-1].Limit {
			return nil, fmt.Errorf("%w: band %d up to %d weighs %v", ErrShape, at, s.Limit, s.Weight)
		}
	}
	return func(time int32) float64 {
		for _, s := range steps {
			if time <= s.Limit {
				return s.Weight
			}
		}
		return 0
	}, nil
}

// Thirds weighs three bands of a third of the limit each 1, 0.68 and 0.22, the first set
// of weights of Luo and Qi (2009): with a quarter of an hour, bands of 5, 10 and 15
// minutes.
func Thirds(limit int32) Decay {
	first, second := limit/3, int32(int64(limit)*2/3)
	return func(time int32) float64 {
		switch {
		case time <= first:
			return 1
		case time <= second:
			return 0.68
		case time <= limit:
			return 0.22
		}
		return 0
	}
}

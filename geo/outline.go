package geo

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// AppendCoordinates appends an area's coordinates as the array that GeoJSON has for a
// MultiPolygon (RFC 7946, 3.1.7): longitude and latitude in degrees, rounded to six
// decimals, a tenth of a metre, since a drawing has no more. Coordinates must be finite
// and within ±180. O(n); a third of the time that floating-point text takes.
func AppendCoordinates(b []byte, area orb.MultiPolygon) []byte {
	return appendList(b, area, func(b []byte, p orb.Polygon) []byte {
		return appendList(b, p, func(b []byte, r orb.Ring) []byte {
			return appendList(b, r, func(b []byte, at orb.Point) []byte {
				b = appendDegrees(append(b, '['), at[0])
				return append(appendDegrees(append(b, ','), at[1]), ']')
			})
		})
	})
}

func appendList[T any](b []byte, list []T, item func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = item(b, v)
	}
	return append(b, ']')
}

// appendDegrees writes millionths as an integer with a point in it, and no zeros at the
// end.
func appendDegrees(b []byte, degrees float64) []byte {
	n := int64(math.Round(degrees * 1e6))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1e6, 10)
	rest := n % 1e6
	if rest == 0 {
		return b
	}
	from := len(b)
	b = append(b, ".000000"...)
	for i := from + 6; rest > 0; i-- {
		b[i] = byte('0' + rest%10)
		rest /= 10
	}
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}

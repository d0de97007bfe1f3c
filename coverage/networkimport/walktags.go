package networkimport

import (
	"math"
	"strconv"
	"strings"

	"yike/coverage/walknet"
)

// crossingOf says how a way crosses a carriageway. Only ways that are crossings count: a
// crossing that is a point of the carriageway says nothing to who walks along it.
func crossingOf(tags Tags) walknet.Crossing {
	is := tags["highway"] == "crossing"
	for _, key := range []string{"footway", "path", "cycleway"} {
		is = is || tags[key] == "crossing"
	}
	switch {
	case !is || tags["crossing"] == "no":
		return walknet.NoCrossing
	case tags["crossing"] == "traffic_signals" || tags["crossing:signals"] == "yes":
		return walknet.Signals
	}
	return walknet.Uncontrolled
}

// wheelsOf says whether a way is passable on wheels. Stairs are known by their class;
// here they are passable only where a ramp for wheelchairs is named.
func wheelsOf(tags Tags) walknet.Wheels {
	switch tags["wheelchair"] {
	case "yes", "designated":
		return walknet.WheelsYes
	case "no":
		return walknet.WheelsNo
	}
	switch {
	case tags["highway"] == "elevator" || tags["ramp:wheelchair"] == "yes":
		return walknet.WheelsYes
	case crossingOf(tags) != walknet.NoCrossing && tags["kerb"] == "raised":
		return walknet.WheelsNo
	}
	return walknet.WheelsUnknown
}

// steepest is the incline above which a number is a mistake: 45 degrees.
const steepest = 1000

// inclineOf reads "5%", "-8.5 %" or "3°" as thousandths; 0 for "up", "down" and whatever
// else gives no number.
func inclineOf(value string) int16 {
	value = strings.TrimSpace(value)
	number, percent := strings.CutSuffix(value, "%")
	number, degrees := strings.CutSuffix(number, "°")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err != nil || (!percent && !degrees):
		return 0
	case degrees:
		v = 100 * math.Tan(v*math.Pi/180)
	}
	if v = math.Round(10 * v); !(math.Abs(v) <= steepest) {
		return 0
	}
	return int16(v)
}

// hoursOf reads when a gate is open each day: from opening_hours where that speaks of
// times alone or of all days, else from a conditional access that shuts it for a time.
// Nothing where it is open always, or where days differ and one could not say.
func hoursOf(tags Tags) []walknet.Opening {
	if value := tags["opening_hours"]; value != "" {
		for _, days := range []string{"Mo-Su,PH ", "Mo-Su ", "daily "} {
			value = strings.TrimPrefix(value, days)
		}
		return openings(value)
	}
	for _, key := range []string{"foot:conditional", "access:conditional"} {
		for _, word := range []string{"no", "private"} {
			shut, ok := strings.CutPrefix(strings.ReplaceAll(tags[key], " ", ""), word+"@(")
			shut, closed := strings.CutSuffix(shut, ")")
			if spans := openings(shut); ok && closed && len(spans) == 1 && spans[0].From != spans[0].To {
				return []walknet.Opening{{From: spans[0].To % (24 * 60), To: spans[0].From}}
			}
		}
	}
	return nil
}

// openings reads "06:00-12:00,14:00-22:00"; nothing where any part is something else.
func openings(text string) []walknet.Opening {
	var out []walknet.Opening
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(strings.TrimSpace(part), "-")
		a, okA := minuteOf(from)
		b, okB := minuteOf(to)
		if !ok || !okA || !okB {
			return nil
		}
		out = append(out, walknet.Opening{From: a, To: b})
	}
	return out
}

// minuteOf reads "06:00" to "24:00".
func minuteOf(text string) (int16, bool) {
	hour, minute, ok := strings.Cut(strings.TrimSpace(text), ":")
	h, errH := strconv.ParseUint(hour, 10, 8)
	m, errM := strconv.ParseUint(minute, 10, 8)
	if !ok || errH != nil || errM != nil || len(minute) != 2 || m > 59 || h > 24 || (h == 24 && m > 0) {
		return 0, false
	}
	return int16(60*h + m), true
}

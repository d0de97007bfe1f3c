package coveragelive

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// ErrPlanText says that an address has no plan that could be read.
var ErrPlanText = errors.New("not a plan")

// stepLetters begin the steps of a plan in an address.
func stepLetters() map[StepKind]string {
	return map[StepKind]string{
		AddSite: "a", MoveSite: "m", CloseSite: "c", ReopenSite: "r", CloseWay: "w", OpenGate: "o", ShutGate: "s", AddPath: "p",
	}
}

// EmptyPlan is a plan without steps as addresses write it.
const EmptyPlan = "0"

// ParsePlan reads a plan as the addresses of the map write it: steps joined by ";", each a
// letter for what it does (a add, m move, c close, r reopen, w close a way, o open and s shut
// a gate, p add a path) and then, joined by ",", an id with %-escapes where it has one and
// longitudes and latitudes. What is added is called new-a, new-b … and path-a … by its turn.
// Errors are ErrPlanText and ErrTooManySteps.
func ParsePlan(text string) ([]Step, error) {
	if text == EmptyPlan {
		return nil, nil
	}
	parts := strings.Split(text, ";")
	if len(parts) > MostSteps {
		return nil, fmt.Errorf("%w: %d, at most %d", ErrTooManySteps, len(parts), MostSteps)
	}
	var out []Step
	turns := map[StepKind]int{}
	for i, part := range parts {
		step, err := parseStep(part)
		if err != nil {
			return nil, fmt.Errorf("%w: step %d, %q", err, i+1, part)
		}
		switch step.Kind {
		case AddSite:
			step.ID = "new-" + letterOf(turns[AddSite])
		case AddPath:
			step.ID = "path-" + letterOf(turns[AddPath])
		}
		turns[step.Kind]++
		out = append(out, step)
	}
	return out, nil
}

// FormatPlan writes steps as ParsePlan reads them, places to six decimals. It is the one
// form of its plan: equal plans give equal texts.
func FormatPlan(steps []Step) string {
	if len(steps) == 0 {
		return EmptyPlan
	}
	parts := make([]string, len(steps))
	for i, s := range steps {
		var fields []string
		switch s.Kind {
		case AddSite:
			fields = placesText(s.At)
		case AddPath:
			fields = placesText(s.Line...)
		case MoveSite:
			fields = append([]string{idText(s.ID)}, placesText(s.At)...)
		default:
			fields = []string{idText(s.ID)}
		}
		parts[i] = stepLetters()[s.Kind] + strings.Join(fields, ",")
	}
	return strings.Join(parts, ";")
}

// letterOf names what is added by its turn: a to z, then a1 and so on.
func letterOf(turn int) string {
	letter := string(rune('a' + turn%26))
	if turn < 26 {
		return letter
	}
	return letter + strconv.Itoa(turn/26)
}

// idText escapes what separates steps and their parts.
func idText(id string) string { return strings.ReplaceAll(url.QueryEscape(id), "+", "%20") }

func parseStep(text string) (Step, error) {
	for kind, letter := range stepLetters() {
		rest, ok := strings.CutPrefix(text, letter)
		if !ok {
			continue
		}
		step, fields := Step{Kind: kind}, strings.Split(rest, ",")
		if kind != AddSite && kind != AddPath {
			id, err := url.PathUnescape(fields[0])
			if err != nil || id == "" || len(id) > 64 {
				return step, ErrPlanText
			}
			step.ID, fields = id, fields[1:]
		}
		places, ok := placesOf(fields)
		switch {
		case !ok:
			return step, ErrPlanText
		case kind == AddPath && len(places) > 1:
			step.Line = places
		case (kind == AddSite || kind == MoveSite) && len(places) == 1:
			step.At = places[0]
		case kind == AddSite || kind == MoveSite || len(places) > 0 || kind == AddPath:
			return step, ErrPlanText
		}
		return step, nil
	}
	return Step{}, ErrPlanText
}

func placesOf(fields []string) ([]orb.Point, bool) {
	if len(fields)%2 == 1 || len(fields) > 2*mostPathPoints {
		return nil, false
	}
	var out []orb.Point
	for pair := range slices.Chunk(fields, 2) {
		lon, err := strconv.ParseFloat(pair[0], 64)
		lat, err2 := strconv.ParseFloat(pair[1], 64)
		if p := (orb.Point{lon, lat}); err == nil && err2 == nil && onEarth(p) {
			out = append(out, p)
			continue
		}
		return nil, false
	}
	return out, true
}

func placesText(places ...orb.Point) []string {
	var out []string
	for _, p := range places {
		for _, degrees := range p {
			text := strconv.FormatFloat(degrees, 'f', 6, 64)
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
			if text == "-0" {
				text = "0"
			}
			out = append(out, text)
		}
	}
	return out
}

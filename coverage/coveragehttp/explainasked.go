package coveragehttp

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"yike/coverage"
	"yike/internal/httpapi"
)

// FigureQuestion is a figure as query parameters, and as the members of a body.
type FigureQuestion struct {
	Part     string `query:"part" json:"part" required:"true" enum:"population,covered,uncovered,unsnapped,one,several,nearest,gained,lost,nearer,farther" doc:"Which of the people. Of one facility: covered are those within its limit, one and several those of them with no other facility and with others, nearest those who have no nearer one. gained, lost, nearer and farther are of plans"`
	Band     string `query:"band" json:"band,omitempty" maxLength:"32" doc:"Age band; the widest by default"`
	Division string `query:"division" json:"division,omitempty" maxLength:"32" doc:"Code of a division, in it and below; outside for the people in no division; by default everybody"`
	Facility string `query:"facility" json:"facility,omitempty" maxLength:"64" doc:"Id of a facility of the answer or of the plan"`
	Gap      string `query:"gap" json:"gap,omitempty" maxLength:"64" doc:"Id of a gap of the answer: its people only"`
}

// outsideWord stands for the people in no division.
const outsideWord = "outside"

func (f FigureQuestion) asked() FigureAsked {
	part, _ := coverage.ParsePart(f.Part) // the enum took it
	out := FigureAsked{Part: part, Band: f.Band, Division: f.Division, Facility: f.Facility, Gap: f.Gap}
	if f.Division == outsideWord {
		out.Division, out.Outside = "", true
	}
	return out
}

// FigurePage is which part of a list is wanted: embed it in parameters or in a body.
type FigurePage struct {
	Size   int    `query:"page" json:"page,omitempty" minimum:"1" maximum:"1000" doc:"Most points of a page; 100 by default"`
	Cursor string `query:"cursor" json:"cursor,omitempty" maxLength:"64" doc:"The next of the page before"`
}

const usualPage = 100

var errOldCursor = errors.New("the data have changed since the page before")

// first is where a page begins, of data of a version, and how long it is.
func (p FigurePage) first(version string) (first, count int, err error) {
	count = p.Size
	if count == 0 {
		count = usualPage
	}
	if p.Cursor == "" {
		return 0, count, nil
	}
	text, of, _ := strings.Cut(p.Cursor, "@")
	first, err = strconv.Atoi(text)
	if err != nil || first < 0 {
		return 0, 0, &ExplainFault{
			Code: "bad_cursor", Field: "cursor", Reason: coverage.Text{ZH: "翻页标记有误", EN: "This is no cursor"},
			Hint: coverage.Text{ZH: "请用上一页的 next", EN: "Use the next of the page before"},
		}
	}
	if of != version {
		return 0, 0, errOldCursor
	}
	return first, count, nil
}

// cursor begins the page after one that ends at a place of so many; nil after the last.
func cursor(version string, end, all int) *string {
	if end >= all {
		return nil
	}
	next := fmt.Sprintf("%d@%s", end, version)
	return &next
}

// RouteQuestion is a walk as query parameters, and as the members of a body.
type RouteQuestion struct {
	From string `query:"from" json:"from" required:"true" minLength:"1" maxLength:"64" doc:"Id of a population point; or of a facility, for the way back"`
	To   string `query:"to" json:"to,omitempty" maxLength:"64" doc:"Id of a facility; or of a population point, for the way back. By default the facility that is nearest to the point"`
	Back bool   `query:"back" json:"back,omitempty" doc:"from is a facility and to a population point"`
}

func (r RouteQuestion) asked() RouteAsked {
	if r.Back {
		return RouteAsked{Point: r.To, Facility: r.From, Back: true}
	}
	return RouteAsked{Point: r.From, Facility: r.To}
}

// inQuery tells of what does not exist by the name of the parameter.
func inQuery(err error) error {
	var fault *ExplainFault
	if errors.As(err, &fault) {
		return fault.problem("query." + fault.Field)
	}
	return problem(err)
}

// inBody tells of it by the member of the body.
func inBody(err error) error {
	var fault *ExplainFault
	if errors.As(err, &fault) {
		return fault.problem("#/" + fault.Field)
	}
	return problem(err)
}

func (f *ExplainFault) problem(pointer string) error {
	return httpapi.NewProblem(http.StatusUnprocessableEntity, f.Code, f.Reason.ZH, f.Reason.EN).With(httpapi.Fault{
		Pointer: pointer, Reason: httpapi.Text(f.Reason), Hint: httpapi.Text(f.Hint),
	})
}

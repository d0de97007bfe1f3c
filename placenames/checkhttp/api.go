// Package checkhttp serves the checks of place names, of a record as it is kept and of one that
// nobody saved; what experts let pass; the lists of words that names are held against; and of
// what the register is whole. It owns the JSON shapes and knows nothing of storage.
package checkhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames"
	"yike/placenames/naming"
	"yike/placenames/wordlists"
)

// Checks holds names against the rules as the person of the context may, and keeps what
// experts say of them. Besides those of wordlists and the core its errors are problems already,
// or faults of the server. It is safe for concurrent use.
type Checks interface {
	// Check holds a record against the rules. wordlists.ErrNoName.
	Check(ctx context.Context, id string, o Options) (Checked, error)
	// Try is Check of a name as it might be, and writes nothing. The id of the name is that of
	// the record that it would be; "" for a new one.
	Try(ctx context.Context, n placenames.Name, o Options) (Checked, error)
	// Clearances gives what experts said of a record's names, the latest first.
	Clearances(ctx context.Context, id string) ([]wordlists.Clearance, error)
	// Clear keeps an expert's word, once for each idempotency key. wordlists.ErrNoName and
	// *record.InvalidError.
	Clear(ctx context.Context, c wordlists.Clearance) (wordlists.Clearance, error)
	// Unclear takes it back. wordlists.ErrNoClearance.
	Unclear(ctx context.Context, nameID, id, reason string) error
}

// Options are what a check is told beside the record.
type Options struct {
	Act        placenames.DecisionKind // naming or renaming; "" unknown
	Use        naming.Use              // of an estate or a building; "" unknown
	Cleared    []naming.Clearance      // beside those that are kept
	Reviewed   naming.Reviewed
	PlanReason string // why the name is not that of the plan
	Case       string // id of the case whose papers and days are known; "" for none
}

// Checked is a check with what it was made of.
type Checked struct {
	Facts    naming.Facts
	Set      *rules.Set
	Findings []rules.Finding
	Repairs  []naming.Repair
	Scope    string // within which the name must be the only one; "" where it is not known
	Like     []Like
	Lists    []ListUsed
	Uses     []Used
	Relief   *float64 // metres, by which it was worked out whether the place lies on a slope
	Measured []string // sizes that were taken from the drawing or from the estate's record
}

// Like is a name that is like the one that was checked.
type Like struct {
	naming.Match
	Where    naming.Where
	At       orb.Point
	Placed   bool
	Distance *float64 // metres; nil where one of the two has no place
}

// ListUsed is a list as a check used it.
type ListUsed struct {
	Kind     wordlists.Kind
	Words    int
	Whole    bool
	Reviewed bool
}

// Used is how many records of a kind still use another name of the place.
type Used struct {
	Kind  string
	Count int
}

const (
	checkPath     = "/api/v1/place-names/check"
	onePath       = "/api/v1/place-names/{id}"
	clearancePath = onePath + "/clearances"
)

func tags() []string { return []string{"checks of place names"} }

// Register mounts the checks, and what experts let pass.
func Register(api huma.API, checks Checks) {
	h := handlers{checks: checks}
	const about = "Every rule with its inputs, citation, evidence and place; what fails first. An input that nobody knows makes a rule undetermined, never passed. " +
		"Names that are like it are listed with their relation, where they lie, and whether that is within the scope of the law."
	httpapi.Register(api, huma.Operation{
		OperationID: "try-place-name", Method: http.MethodPost, Path: checkPath, Tags: tags(),
		Summary: "What the rules would find of a name that nobody saved · 地名核查（试核）", Description: "Writes nothing. " + about,
		Errors: []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "check-place-name", Method: http.MethodGet, Path: onePath + "/check", Tags: tags(),
		Summary: "What the rules find of a place name · 地名核查", Description: about,
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.check)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-clearances", Method: http.MethodGet, Path: clearancePath, Tags: tags(),
		Summary: "What experts let pass of a place name · 专家放行", Errors: []int{http.StatusUnauthorized},
	}, h.clearances)
	httpapi.Register(api, huma.Operation{
		OperationID: "clear-place-name", Method: http.MethodPost, Path: clearancePath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Keep an expert's word on a place name · 登记专家确认",
		Description: "That a word of a list does no harm in the name as it is, or, without a word, that the name has none beyond the list. Of another name it says nothing.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.clear)
	httpapi.Register(api, huma.Operation{
		OperationID: "unclear-place-name", Method: http.MethodDelete, Path: clearancePath + "/{clearance}", Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take back an expert's word · 撤回专家确认", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.unclear)
}

type handlers struct{ checks Checks }

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, wordlists.ErrNoName), errors.Is(err, placenames.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_place_name", "没有这条地名", "There is no such place name")
	case errors.Is(err, wordlists.ErrUnknownKind):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_word_list", "没有这种名录", "There is no such list of words")
	case errors.Is(err, wordlists.ErrNoClearance):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_clearance", "没有这条专家确认", "There is no such word of an expert")
	case errors.Is(err, wordlists.ErrNoCover):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_cover", "没有这条完整性声明", "Nobody said so of the register")
	}
	var unread *FileError
	if errors.As(err, &unread) {
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unreadable_file", unread.ZH, unread.EN)
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}

type oneCheck struct {
	ID   string `path:"id" maxLength:"64"`
	Act  string `query:"act" enum:"naming,renaming" doc:"What is asked; unknown when left out"`
	Use  string `query:"use" enum:"housing,mixed,shops,offices,else" doc:"Of an estate or a building; unknown when left out"`
	Case string `query:"case" maxLength:"64" doc:"The case whose papers and days are known"`
}

type checkReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameCheck
}

func (h handlers) check(ctx context.Context, in *oneCheck) (*checkReply, error) {
	c, err := h.checks.Check(ctx, in.ID, Options{Act: placenames.DecisionKind(in.Act), Use: naming.Use(in.Use), Case: in.Case})
	if err != nil {
		return nil, problem(err)
	}
	return &checkReply{CacheControl: "no-store", Body: checkOf(c)}, nil
}

type tryInput struct{ Body NameCheckTry }

func (h handlers) try(ctx context.Context, in *tryInput) (*checkReply, error) {
	n, faults := in.Body.Name.Name()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	n.ID, n.State = in.Body.ID, placenames.Proposed
	if in.Body.State != "" {
		n.State = placenames.State(in.Body.State)
	}
	o := Options{
		Act: placenames.DecisionKind(in.Body.Act), Use: naming.Use(in.Body.Use), PlanReason: in.Body.PlanReason, Case: in.Body.Case,
		Reviewed: naming.Reviewed(in.Body.Reviewed),
	}
	for _, c := range in.Body.Cleared {
		o.Cleared = append(o.Cleared, naming.Clearance(c))
	}
	c, err := h.checks.Try(ctx, n, o)
	if err != nil {
		return nil, problem(err)
	}
	return &checkReply{CacheControl: "no-store", Body: checkOf(c)}, nil
}

type clearancesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Clearances []NameClearance `json:"clearances" nullable:"false" doc:"The latest first"`
	}
}

func (h handlers) clearances(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*clearancesReply, error) {
	list, err := h.checks.Clearances(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &clearancesReply{CacheControl: "no-store"}
	out.Body.Clearances = []NameClearance{}
	for _, c := range list {
		out.Body.Clearances = append(out.Body.Clearances, clearanceOf(c))
	}
	return out, nil
}

type clearInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Kind   string `json:"kind" enum:"leaders,persons,foreign,brands,banned"`
		Word   string `json:"word,omitempty" maxLength:"100" doc:"Of the list, that does no harm here; left out where all beyond the list was looked at"`
		By     string `json:"by" maxLength:"200" doc:"The expert"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

type clearReply struct{ Body NameClearance }

func (h handlers) clear(ctx context.Context, in *clearInput) (*clearReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	c, err := h.checks.Clear(ctx, wordlists.Clearance{NameID: in.ID, Kind: wordlists.Kind(b.Kind), Word: b.Word, By: b.By, Reason: b.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return &clearReply{clearanceOf(c)}, nil
}

func (h handlers) unclear(ctx context.Context, in *struct {
	ID        string `path:"id" maxLength:"64"`
	Clearance string `path:"clearance" maxLength:"64"`
	Reason    string `query:"reason" maxLength:"500" doc:"Why; needed"`
}) (*struct{}, error) {
	if err := h.checks.Unclear(ctx, in.ID, in.Clearance, in.Reason); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has no content
}

package namepaperhttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/papers/paperhttp"
	"yike/internal/record"
	"yike/placenames/papers"
)

type reply[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func answer[T any](body T, err error) (*reply[T], error) {
	if err != nil {
		return nil, problem(err)
	}
	return &reply[T]{CacheControl: "no-store", Body: body}, nil
}

type caseInput struct {
	ID string `path:"id" maxLength:"64"`
}

type kindInput struct {
	ID   string `path:"id" maxLength:"64"`
	Kind string `path:"kind" maxLength:"40"`
}

func (h handlers) desk(ctx context.Context, in *caseInput) (*reply[NamePaperDesk], error) {
	d, err := h.papers.Desk(ctx, in.ID)
	return answer(deskOf(d), err)
}

func (h handlers) preview(ctx context.Context, in *kindInput) (*reply[NamePaperPreview], error) {
	p, err := h.papers.Preview(ctx, in.ID, papers.Kind(in.Kind))
	return answer(p, err)
}

func (h handlers) draft(ctx context.Context, in *kindInput) (*huma.StreamResponse, error) {
	f, err := h.papers.Draft(ctx, in.ID, papers.Kind(in.Kind))
	if err != nil {
		return nil, problem(err)
	}
	return paperhttp.StreamPaper(f), nil
}

func (h handlers) keep(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Kind   string            `json:"kind" maxLength:"40"`
		Day    string            `json:"day" format:"date" doc:"That it bears; today at the latest"`
		Number string            `json:"number,omitempty" maxLength:"100" doc:"Typed, where no series gives it"`
		To     string            `json:"to,omitempty" maxLength:"300" doc:"Whom it goes to, where that is not who follows from the case"`
		Filled map[string]string `json:"filled,omitempty" doc:"What stands in blanks, by their Chinese names"`
	}
},
) (*reply[NamePaper], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	p, err := h.papers.Keep(ctx, in.ID, papers.Draft{Kind: papers.Kind(b.Kind), Day: record.Day(b.Day), Number: strings.TrimSpace(b.Number), To: strings.TrimSpace(b.To), Filled: b.Filled})
	return answer(shapeOf(p), err)
}

// NamePaperPage is a page of papers.
type NamePaperPage struct {
	Papers []NamePaper `json:"papers" nullable:"false"`
	Next   *string     `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

func (h handlers) list(ctx context.Context, in *struct {
	Year   int    `query:"year" minimum:"0" maximum:"9999" doc:"Of the paper's day"`
	Kind   string `query:"kind" maxLength:"40"`
	Text   string `query:"q" maxLength:"100" doc:"Contained in the number or the title"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
},
) (*reply[NamePaperPage], error) {
	list, err := h.papers.List(ctx, papers.Filter{Year: in.Year, Kind: papers.Kind(in.Kind), Text: strings.TrimSpace(in.Text), Before: in.Cursor, Limit: in.Limit + 1})
	out := NamePaperPage{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = &list[in.Limit-1].ID
	}
	out.Papers = shapesOf(list)
	return answer(out, err)
}

func (h handlers) one(ctx context.Context, in *caseInput) (*reply[NamePaper], error) {
	p, err := h.papers.Paper(ctx, in.ID)
	return answer(shapeOf(p), err)
}

func (h handlers) file(ctx context.Context, in *caseInput) (*huma.StreamResponse, error) {
	f, err := h.papers.File(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return paperhttp.StreamPaper(f), nil
}

func (h handlers) scan(ctx context.Context, in *struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	paperhttp.Upload
},
) (*reply[NamePaper], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	file, err := in.Read(MaxScan)
	if err != nil {
		return nil, err
	}
	if len(file) > MaxScan {
		return nil, httpapi.NewProblem(http.StatusRequestEntityTooLarge, "file_too_large", "签字件最大 20 MB", "A signed copy has at most 20 MB")
	}
	p, err := h.papers.Scan(ctx, in.ID, in.Name, file)
	return answer(shapeOf(p), err)
}

func (h handlers) void(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
},
) (*reply[NamePaper], error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	p, err := h.papers.Void(ctx, in.ID, strings.TrimSpace(in.Body.Reason))
	return answer(shapeOf(p), err)
}

func (h handlers) registerPack(api huma.API) {
	read := []int{http.StatusUnauthorized, http.StatusNotFound}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-filing-pack", Method: http.MethodGet, Path: packPath, Tags: tags(),
		Summary: "What the filing pack of a case holds and lacks · 备案材料清单", Errors: read,
	}, h.holds)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-filing-pack-zip", Method: http.MethodGet, Path: packPath + ".zip", Tags: tags(),
		Summary: "The filing pack of a case · 备案材料",
		Description: "The filing form, the report, the approval, the application and the three reports, as signed, kept or drafted; a text that says what is missing, a manifest, " +
			"and SHA256SUMS in the form of sha256sum. Nothing is refused: what is not there is named.",
		Responses: paperhttp.Binary("application/zip", "The pack"), Errors: read,
	}, h.pack)
}

func (h handlers) holds(ctx context.Context, in *caseInput) (*reply[NamePaperPack], error) {
	p, err := h.papers.Holds(ctx, in.ID)
	return answer(p, err)
}

func (h handlers) pack(ctx context.Context, in *caseInput) (*huma.StreamResponse, error) {
	f, err := h.papers.Pack(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return paperhttp.Stream(f), nil
}

// NamePaperSeries is a series of numbers.
type NamePaperSeries struct {
	Prefix string   `json:"prefix" maxLength:"60" doc:"清民地名 of 清民地名〔2026〕12号"`
	Kinds  []string `json:"kinds" nullable:"false" maxItems:"20"`
	Year   int      `json:"year,omitempty" doc:"In which the first number is first; other years begin with 1"`
	First  int      `json:"first,omitempty"`
}

// NamePaperSettings are what an authority has set about its papers.
type NamePaperSettings struct {
	Series  []NamePaperSeries `json:"series" nullable:"false" maxItems:"40"`
	To      map[string]string `json:"to,omitempty" doc:"To whom papers of a kind go, where no record says it"`
	May     bool              `json:"may_write,omitempty" readOnly:"true"`
	Version int               `json:"version,omitempty" readOnly:"true" doc:"For If-Match; 0 where nothing was set"`
	Reason  string            `json:"reason,omitempty" maxLength:"500" doc:"Why it is changed"`
}

type settingsReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         NamePaperSettings
}

func (h handlers) registerSettings(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "name-paper-settings", Method: http.MethodGet, Path: setPath, Tags: tags(),
		Summary: "How an authority numbers its papers · 文号设置", Errors: []int{http.StatusUnauthorized},
	}, h.settings)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-name-paper-settings", Method: http.MethodPut, Path: setPath, Tags: tags(),
		Summary: "Set how papers are numbered from now on · 修改文号设置",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusPreconditionRequired, http.StatusUnprocessableEntity},
	}, h.setSettings)
}

func (h handlers) settings(ctx context.Context, _ *struct{}) (*settingsReply, error) {
	s, version, may, err := h.papers.Settings(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NamePaperSettings{Series: []NamePaperSeries{}, To: map[string]string{}, May: may, Version: version}
	for _, x := range s.Series {
		shown := NamePaperSeries{Prefix: x.Prefix, Kinds: []string{}, Year: x.Year, First: x.First}
		for _, k := range x.Kinds {
			shown.Kinds = append(shown.Kinds, string(k))
		}
		out.Series = append(out.Series, shown)
	}
	for k, to := range s.To {
		out.To[string(k)] = to
	}
	return &settingsReply{ETag: httpapi.ETag(version), CacheControl: "no-store", Body: out}, nil
}

func (h handlers) setSettings(ctx context.Context, in *struct {
	IfMatch string `header:"If-Match" doc:"Version that was seen, \"0\" where nothing was set; needed"`
	Body    NamePaperSettings
},
) (*settingsReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	s := papers.Settings{To: map[papers.Kind]string{}}
	for _, x := range in.Body.Series {
		series := papers.Series{Prefix: x.Prefix, Year: x.Year, First: x.First}
		for _, k := range x.Kinds {
			series.Kinds = append(series.Kinds, papers.Kind(k))
		}
		s.Series = append(s.Series, series)
	}
	for k, to := range in.Body.To {
		s.To[papers.Kind(k)] = to
	}
	if err := h.papers.SetSettings(ctx, expected, s, strings.TrimSpace(in.Body.Reason)); err != nil {
		return nil, problem(err)
	}
	return h.settings(ctx, nil)
}

package checkhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/lists/listhttp"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/naming"
	"yike/placenames/wordlists"
)

// Lists reads and writes what names are held against. It is safe for concurrent use.
type Lists interface {
	// List gives a list, and the one that comes with the program; nil for none.
	List(ctx context.Context, kind wordlists.Kind) (wordlists.List, *naming.List, error)
	// Put puts a list in the place of the version that was seen. *record.InvalidError.
	Put(ctx context.Context, l wordlists.List, expected int, c record.Change) (wordlists.List, error)
	// History gives the versions of a list, the newest first, with the words that came and went.
	History(ctx context.Context, kind wordlists.Kind) ([]httpapi.RecordVersion, error)
	// Read reads words out of a file, and writes nothing. *FileError.
	Read(ctx context.Context, name string, file io.Reader) ([]wordlists.Word, error)
	// Covers gives of what the register is whole, and whether the reader may say so.
	Covers(ctx context.Context) (list []wordlists.Cover, mayWrite bool, err error)
	// Cover says so, once for each idempotency key. *record.InvalidError.
	Cover(ctx context.Context, c wordlists.Cover, reason string) (wordlists.Cover, error)
	// Uncover takes it back. wordlists.ErrNoCover.
	Uncover(ctx context.Context, id, reason string) error
}

// FileError says that a file cannot be read.
type FileError struct{ ZH, EN string }

// Error is the English sentence.
func (e *FileError) Error() string { return e.EN }

const (
	listsPath = "/api/v1/word-lists"
	listPath  = listsPath + "/{kind}"
	coverPath = "/api/v1/name-covers"
	mostFile  = 8 << 20
)

// RegisterLists mounts the lists of words and of what the register is whole.
func RegisterLists(api huma.API, l Lists) {
	h := listHandlers{lists: l}
	httpapi.Register(api, huma.Operation{
		OperationID: "word-lists", Method: http.MethodGet, Path: listsPath, Tags: tags(), Summary: "The lists of words that names are held against · 名录",
		Errors: []int{http.StatusUnauthorized},
	}, h.all)
	httpapi.Register(api, huma.Operation{
		OperationID: "word-list", Method: http.MethodGet, Path: listPath, Tags: tags(), Summary: "A list of words · 名录内容",
		Description: "Its entity tag is its version, 0 where nobody entered words. Lists of persons never come with the program.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "put-word-list", Method: http.MethodPut, Path: listPath, Tags: tags(), Summary: "Put a list of words in the place of the one that was seen · 更新名录",
		Description: "The whole list. Words that stand twice are kept once.", MaxBodyBytes: mostFile,
		Errors: []int{
			http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.put)
	httpapi.Register(api, huma.Operation{
		OperationID: "word-list-history", Method: http.MethodGet, Path: listPath + "/history", Tags: tags(), Summary: "The versions of a list of words · 名录历史",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
	httpapi.Register(api, huma.Operation{
		OperationID: "read-word-list", Method: http.MethodPost, Path: listsPath + "/read", Tags: tags(), Summary: "Read words out of a file or a pasted text · 读取名录文件",
		Description: "Writes nothing. The columns are word, reading, note and source; a row of headings is left out.", RequestBody: listhttp.Body(), MaxBodyBytes: mostFile,
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
	}, h.read)
	h.registerCovers(api)
}

func (h listHandlers) registerCovers(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "name-covers", Method: http.MethodGet, Path: coverPath, Tags: tags(), Summary: "Of what the register has every name · 地名库完整性声明",
		Errors: []int{http.StatusUnauthorized},
	}, h.covers)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-name-cover", Method: http.MethodPost, Path: coverPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Say that the register has every name of a class in an area · 声明地名库完整",
		Description: "Only then it is known that no other name is the same. Said again of the same class and area it is of the newer day.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.cover)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-name-cover", Method: http.MethodDelete, Path: coverPath + "/{id}", Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take back that the register is whole · 撤回声明", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.uncover)
}

type listHandlers struct{ lists Lists }

// WordListWord is a word of a list.
type WordListWord struct {
	Word    string `json:"word" maxLength:"200"`
	Reading string `json:"reading,omitempty" maxLength:"800" doc:"With tones"`
	Note    string `json:"note,omitempty" maxLength:"800"`
	Source  string `json:"source,omitempty" maxLength:"800" doc:"Where it is from"`
}

// WordListContent is what a person writes of a list.
type WordListContent struct {
	Words  []WordListWord `json:"words" nullable:"false" maxItems:"20000"`
	Whole  bool           `json:"whole" doc:"It has all that there are: what is not in it is none"`
	Source string         `json:"source" maxLength:"8000"`
	Note   string         `json:"note" maxLength:"8000"`
}

// WordListProgram is a list that comes with the program.
type WordListProgram struct {
	ZH      string   `json:"zh"`
	EN      string   `json:"en"`
	Source  string   `json:"source"`
	Licence string   `json:"licence"`
	Whole   bool     `json:"whole"`
	Words   []string `json:"words" nullable:"false"`
}

// WordList is a list of words.
type WordList struct {
	WordListHead
	WordListContent
	Program *WordListProgram `json:"program,omitempty" doc:"What comes with the program, beside the bureau's; left out for none"`
}

// WordListHead is what a list is.
type WordListHead struct {
	Kind      string `json:"kind"`
	ZH        string `json:"zh"`
	EN        string `json:"en"`
	Version   int    `json:"version" doc:"Also its entity tag; 0 where nobody entered words"`
	Count     int    `json:"count" doc:"Words that the bureau entered"`
	Clearable bool   `json:"clearable" doc:"An expert may let a word of it pass"`
	MayWrite  bool   `json:"may_write"`
}

func headOf(l wordlists.List) WordListHead {
	out := WordListHead{Kind: string(l.Kind), Version: l.Version, Count: len(l.Words), Clearable: l.Kind.Clearable(), MayWrite: l.MayWrite}
	for _, k := range wordlists.Kinds() {
		if k.Code == out.Kind {
			out.ZH, out.EN = k.ZH, k.EN
		}
	}
	return out
}

func wordsOf(list []wordlists.Word) []WordListWord {
	out := make([]WordListWord, len(list))
	for i, w := range list {
		out[i] = WordListWord(w)
	}
	return out
}

func listReply(l wordlists.List, program *naming.List) *httpapi.RecordReply[WordList] {
	body := WordList{WordListHead: headOf(l), WordListContent: WordListContent{wordsOf(l.Words), l.Whole, l.Source, l.Note}}
	if program != nil {
		body.Program = &WordListProgram{program.ZH, program.EN, program.Source, program.Licence, program.Whole, append([]string{}, program.Words...)}
	}
	return httpapi.ReplyWith(l.Version, body)
}

type allReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Lists []WordListHead `json:"lists" nullable:"false"`
	}
}

func (h listHandlers) all(ctx context.Context, _ *struct{}) (*allReply, error) {
	out := &allReply{CacheControl: "no-store"}
	for _, k := range wordlists.Kinds() {
		l, _, err := h.lists.List(ctx, wordlists.Kind(k.Code))
		if err != nil {
			return nil, problem(err)
		}
		out.Body.Lists = append(out.Body.Lists, headOf(l))
	}
	return out, nil
}

type oneList struct {
	Kind string `path:"kind" maxLength:"20"`
}

func (in oneList) kind() (wordlists.Kind, error) {
	k, ok := wordlists.ParseKind(in.Kind)
	if !ok {
		return "", problem(wordlists.ErrUnknownKind)
	}
	return k, nil
}

func (h listHandlers) one(ctx context.Context, in *oneList) (*httpapi.RecordReply[WordList], error) {
	k, err := in.kind()
	if err != nil {
		return nil, err
	}
	l, program, err := h.lists.List(ctx, k)
	if err != nil {
		return nil, problem(err)
	}
	return listReply(l, program), nil
}

type putInput struct {
	Kind    string `path:"kind" maxLength:"20"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		WordListContent
		Reason string `json:"reason" maxLength:"500" doc:"Why it is changed"`
	}
}

func (h listHandlers) put(ctx context.Context, in *putInput) (*httpapi.RecordReply[WordList], error) {
	k, err := oneList{in.Kind}.kind()
	if err != nil {
		return nil, err
	}
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	l := wordlists.List{Kind: k, Whole: in.Body.Whole, Source: in.Body.Source, Note: in.Body.Note}
	for _, w := range in.Body.Words {
		l.Words = append(l.Words, wordlists.Word(w))
	}
	if l, err = h.lists.Put(ctx, l, expected, record.Change{Reason: in.Body.Reason}); err != nil {
		return nil, problem(err)
	}
	_, program, err := h.lists.List(ctx, k)
	if err != nil {
		return nil, problem(err)
	}
	return listReply(l, program), nil
}

func (h listHandlers) history(ctx context.Context, in *oneList) (*httpapi.RecordHistory, error) {
	k, err := in.kind()
	if err != nil {
		return nil, err
	}
	list, err := h.lists.History(ctx, k)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}

type readInput struct {
	Name    string `query:"name" maxLength:"200" doc:"What the file is called"`
	RawBody []byte
}

type readReply struct {
	Body struct {
		Words []WordListWord `json:"words" nullable:"false"`
	}
}

func (h listHandlers) read(ctx context.Context, in *readInput) (*readReply, error) {
	list, err := h.lists.Read(ctx, in.Name, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, problem(err)
	}
	out := &readReply{}
	out.Body.Words = wordsOf(list)
	return out, nil
}

// NameCover is somebody's word that the register has every name of a class in an area.
type NameCover struct {
	ID     string `json:"id"`
	Class  string `json:"class"`
	Area   string `json:"area" doc:"The built-up area; empty for all of the territory"`
	Source string `json:"source" doc:"By which count or document"`
	Since  string `json:"since" format:"date"`
}

func coverOf(c wordlists.Cover) NameCover {
	return NameCover{c.ID, c.Class, c.Area, c.Source, string(c.Since)}
}

type coversReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Covers   []NameCover       `json:"covers" nullable:"false"`
		Classes  []placenames.Code `json:"classes" nullable:"false" doc:"That have a scope which a register may have whole"`
		MayWrite bool              `json:"may_write"`
	}
}

func (h listHandlers) covers(ctx context.Context, _ *struct{}) (*coversReply, error) {
	list, may, err := h.lists.Covers(ctx)
	if err != nil {
		return nil, problem(err)
	}
	catalogue, err := placenames.NewCatalogue()
	if err != nil {
		return nil, err
	}
	out := &coversReply{CacheControl: "no-store"}
	out.Body.Covers, out.Body.Classes, out.Body.MayWrite = []NameCover{}, []placenames.Code{}, may
	for _, c := range list {
		out.Body.Covers = append(out.Body.Covers, coverOf(c))
	}
	for _, c := range catalogue.Classes {
		if c.Scope == placenames.County || c.Scope == placenames.BuiltUpArea {
			out.Body.Classes = append(out.Body.Classes, c.Code)
		}
	}
	return out, nil
}

type coverInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Class  string `json:"class" maxLength:"40"`
		Area   string `json:"area,omitempty" maxLength:"200"`
		Source string `json:"source" maxLength:"800"`
		Since  string `json:"since" format:"date"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

type coverReply struct{ Body NameCover }

func (h listHandlers) cover(ctx context.Context, in *coverInput) (*coverReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	c, err := h.lists.Cover(ctx, wordlists.Cover{Class: b.Class, Area: b.Area, Source: b.Source, Since: record.Day(b.Since)}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &coverReply{coverOf(c)}, nil
}

func (h listHandlers) uncover(ctx context.Context, in *struct {
	ID     string `path:"id" maxLength:"64"`
	Reason string `query:"reason" maxLength:"500" doc:"Why; needed"`
}) (*struct{}, error) {
	if err := h.lists.Uncover(ctx, in.ID, in.Reason); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has no content
}

package facilityhttp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/exports"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerProfiles mounts /api/v1/export-profiles.
func (h exportHandlers) registerProfiles(api huma.API) {
	const list, one = "/api/v1/export-profiles", "/api/v1/export-profiles/{id}"
	tags := []string{"exports"}
	reading := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable}
	writing := append([]int{http.StatusBadRequest, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired}, reading...)
	httpapi.Register(api, huma.Operation{
		OperationID: "export-profiles", Method: http.MethodGet, Path: list, Tags: tags, Errors: reading,
		Summary: "Export profiles: how returns to other systems look · 导出方案",
	}, h.profiles)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-export-profile", Method: http.MethodPost, Path: list, Tags: tags, Errors: writing, DefaultStatus: http.StatusCreated,
		Summary: "Keep an export profile · 新建导出方案",
	}, h.createProfile)
	httpapi.Register(api, huma.Operation{
		OperationID: "export-profile", Method: http.MethodGet, Path: one, Tags: tags, Errors: reading,
		Summary: "One export profile · 导出方案详情",
	}, h.profile)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-export-profile", Method: http.MethodPatch, Path: one, Tags: tags, Errors: writing,
		Summary: "Change an export profile · 变更导出方案",
	}, h.updateProfile)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-export-profile", Method: http.MethodDelete, Path: one, Tags: tags, Errors: writing, DefaultStatus: http.StatusNoContent,
		Summary: "Delete an export profile · 删除导出方案",
	}, h.removeProfile)
}

type exportCode struct {
	From string `json:"from" maxLength:"200" doc:"Our code word, or the text that would stand there"`
	To   string `json:"to" maxLength:"200"`
}

type exportColumn struct {
	Head     string       `json:"head" maxLength:"200" doc:"The other system's heading"`
	Field    string       `json:"field,omitempty" maxLength:"100" doc:"Of /api/v1/export-fields; left out for a constant"`
	Constant string       `json:"constant,omitempty" maxLength:"400" doc:"What stands in every row of a column without a field"`
	Default  string       `json:"default,omitempty" maxLength:"400" doc:"What stands where the value is not known"`
	Codes    []exportCode `json:"codes,omitempty" nullable:"false" maxItems:"500" doc:"What the other system calls our values"`
}

// ExportProfileContent is a profile that is not kept yet.
type ExportProfileContent struct {
	Name    string         `json:"name" maxLength:"200"`
	Types   []string       `json:"types" required:"false" nullable:"false" maxItems:"100" doc:"That it is meant for; all when left out"`
	Format  string         `json:"format" enum:"xlsx,csv,csv-gb18030,tsv,geojson,gpkg,shp,kml"`
	System  string         `json:"system" enum:"wgs84,cgcs2000,gcj02,bd09"`
	Days    string         `json:"days,omitempty" enum:",iso,slash,dot,compact,chinese,month" doc:"2026-11-27, 2026/11/27, 2026.11.27, 20261127, 2026年11月27日 or 2026-11; left out: iso"`
	Columns []exportColumn `json:"columns" nullable:"false" maxItems:"200"`
}

func (c ExportProfileContent) profile() exports.Profile {
	p := exports.Profile{Name: c.Name, Format: c.Format, System: c.System, Days: exports.DayForm(c.Days), Types: exportTypes(c.Types), Columns: columnsOf(c.Columns)}
	return exports.Patch{}.Apply(p)
}

func exportTypes(list []string) []facilities.Type {
	out := make([]facilities.Type, len(list))
	for i, t := range list {
		out[i] = facilities.Type(t)
	}
	return out
}

func columnsOf(list []exportColumn) []exports.ProfileColumn {
	out := make([]exports.ProfileColumn, len(list))
	for i, c := range list {
		out[i] = exports.ProfileColumn{Head: c.Head, Field: c.Field, Constant: c.Constant, Default: c.Default}
		for _, code := range c.Codes {
			out[i].Codes = append(out[i].Codes, exports.Code(code))
		}
	}
	return out
}

type exportProfileRecord struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Who     string `json:"who" doc:"Changed it last"`
	ExportProfileContent
}

func profileOf(p exports.Profile) exportProfileRecord {
	out := exportProfileRecord{ID: p.ID, Version: p.Version, Who: p.Who, ExportProfileContent: ExportProfileContent{
		Name: p.Name, Types: []string{}, Format: p.Format, System: p.System, Days: string(p.Days), Columns: []exportColumn{},
	}}
	for _, t := range p.Types {
		out.Types = append(out.Types, string(t))
	}
	for _, c := range p.Columns {
		col := exportColumn{Head: c.Head, Field: c.Field, Constant: c.Constant, Default: c.Default, Codes: []exportCode{}}
		for _, code := range c.Codes {
			col.Codes = append(col.Codes, exportCode(code))
		}
		out.Columns = append(out.Columns, col)
	}
	return out
}

type exportProfileList struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Profiles []exportProfileRecord `json:"profiles" nullable:"false"`
	}
}

func (h exportHandlers) profiles(ctx context.Context, _ *struct{}) (*exportProfileList, error) {
	list, err := h.exports.Profiles(ctx)
	if err != nil {
		return nil, exportProblem(err)
	}
	out := &exportProfileList{CacheControl: "private, no-cache"}
	out.Body.Profiles = []exportProfileRecord{}
	for _, p := range list {
		out.Body.Profiles = append(out.Body.Profiles, profileOf(p))
	}
	return out, nil
}

type exportProfileReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         exportProfileRecord
}

func profileReply(p exports.Profile, err error) (*exportProfileReply, error) {
	if err != nil {
		return nil, exportProblem(err)
	}
	return &exportProfileReply{ETag: httpapi.ETag(p.Version), CacheControl: "private, no-cache", Body: profileOf(p)}, nil
}

type exportProfilePath struct {
	ID string `path:"id" maxLength:"64"`
}

func (h exportHandlers) profile(ctx context.Context, in *exportProfilePath) (*exportProfileReply, error) {
	return profileReply(h.exports.Profile(ctx, in.ID))
}

type exportProfileMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     exportProfileRecord
}

type newExportProfile struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body ExportProfileContent
}

func (h exportHandlers) createProfile(ctx context.Context, in *newExportProfile) (*exportProfileMade, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	p, err := h.exports.CreateProfile(ctx, in.Body.profile())
	if err != nil {
		return nil, exportProblem(err)
	}
	return &exportProfileMade{ETag: httpapi.ETag(p.Version), Location: "/api/v1/export-profiles/" + p.ID, Body: profileOf(p)}, nil
}

type exportProfilePatch struct {
	Name    *string         `json:"name,omitempty" maxLength:"200"`
	Types   *[]string       `json:"types,omitempty" nullable:"false" maxItems:"100"`
	Format  *string         `json:"format,omitempty" enum:"xlsx,csv,csv-gb18030,tsv,geojson,gpkg,shp,kml"`
	System  *string         `json:"system,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09"`
	Days    *string         `json:"days,omitempty" enum:",iso,slash,dot,compact,chinese,month"`
	Columns *[]exportColumn `json:"columns,omitempty" nullable:"false" maxItems:"200" doc:"All of them, in order"`

	nulls []record.Fault
}

// UnmarshalJSON reads a patch and keeps what is null in it.
func (p *exportProfilePatch) UnmarshalJSON(raw []byte) error {
	type plain exportProfilePatch
	p.nulls = httpapi.NullFields(raw)
	return json.Unmarshal(raw, (*plain)(p))
}

type exportProfileUpdate struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    exportProfilePatch
}

func (h exportHandlers) updateProfile(ctx context.Context, in *exportProfileUpdate) (*exportProfileReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := record.Invalid(in.Body.nulls); err != nil {
		return nil, exportProblem(err)
	}
	b := in.Body
	patch := exports.Patch{Name: b.Name, Format: b.Format, System: b.System}
	if b.Types != nil {
		types := exportTypes(*b.Types)
		patch.Types = &types
	}
	if b.Days != nil {
		days := exports.DayForm(*b.Days)
		patch.Days = &days
	}
	if b.Columns != nil {
		columns := columnsOf(*b.Columns)
		patch.Columns = &columns
	}
	return profileReply(h.exports.UpdateProfile(ctx, in.ID, expected, patch))
}

type exportProfileRemoval struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
}

func (h exportHandlers) removeProfile(ctx context.Context, in *exportProfileRemoval) (*struct{}, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := h.exports.RemoveProfile(ctx, in.ID, expected); err != nil {
		return nil, exportProblem(err)
	}
	return nil, nil //nolint:nilnil // no content
}

type exportChoice struct {
	Value string `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type exportField struct {
	Code    string         `json:"code"`
	ZH      string         `json:"zh" doc:"The heading, with the unit"`
	EN      string         `json:"en"`
	Kind    string         `json:"kind" enum:"text,integer,number,day,boolean,lon,lat"`
	Group   string         `json:"group" enum:"record,place,code,type,quality"`
	Usual   bool           `json:"usual" doc:"In an export without a profile"`
	Choices []exportChoice `json:"choices" nullable:"false" doc:"Of values that are code words"`
	Types   []string       `json:"types" nullable:"false" doc:"That have it; empty for all"`
}

type exportFormat struct {
	Format    string `json:"format"`
	Extension string `json:"extension"`
	ZH        string `json:"zh"`
	EN        string `json:"en"`
	MediaType string `json:"media_type"`
	Spatial   bool   `json:"spatial" doc:"Has places of its own, and not as columns"`
	Available bool   `json:"available" doc:"false where GDAL is not installed"`
}

type exportSystem struct {
	System  string `json:"system"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Shifted bool   `json:"shifted" doc:"Places lie off on a map of another system"`
}

type exportWays struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Fields  []exportField  `json:"fields" nullable:"false"`
		Formats []exportFormat `json:"formats" nullable:"false"`
		Systems []exportSystem `json:"systems" nullable:"false"`
		Days    []exportDays   `json:"days" nullable:"false"`
	}
}

type exportDays struct {
	Days    string `json:"days"`
	Example string `json:"example"`
}

func (h exportHandlers) fields(ctx context.Context, _ *struct{}) (*exportWays, error) {
	list, err := h.exports.Fields(ctx)
	if err != nil {
		return nil, exportProblem(err)
	}
	out := &exportWays{CacheControl: "private, no-cache"}
	out.Body.Fields = []exportField{}
	for _, f := range list {
		field := exportField{
			Code: f.Code, ZH: f.Head(exports.Chinese), EN: f.Head(exports.English), Kind: string(f.Kind), Group: f.Group,
			Usual: f.Usual(), Choices: []exportChoice{}, Types: []string{},
		}
		for _, c := range f.Choices {
			field.Choices = append(field.Choices, exportChoice(c))
		}
		for _, t := range f.Types {
			field.Types = append(field.Types, string(t))
		}
		out.Body.Fields = append(out.Body.Fields, field)
	}
	for _, f := range h.exports.Formats() {
		out.Body.Formats = append(out.Body.Formats, exportFormat(f))
	}
	for _, s := range h.exports.Systems() {
		out.Body.Systems = append(out.Body.Systems, exportSystem(s))
	}
	for _, d := range exports.DayForms() {
		out.Body.Days = append(out.Body.Days, exportDays{string(d), d.Write("2026-11-27")})
	}
	return out, nil
}

package jobhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

// Loads knows the data packs that people may ask to be loaded, and asks for it.
type Loads interface {
	// Folders lists the packs, by name of their folder.
	Folders(ctx context.Context) ([]Folder, error)
	// Load asks for a pack to be loaded and gives the job's id. It returns ErrNoFolder or
	// ErrOtherAuthority where it may not be.
	Load(ctx context.Context, r LoadRequest) (job string, err error)
}

// What asking for a load may fail of.
var (
	ErrNoFolder       = errors.New("没有这个数据包文件夹 / there is no such folder of a data pack")
	ErrOtherAuthority = errors.New("该数据包属于另一个机关 / the data pack is of another authority")
)

// Folder is one data pack that lies ready.
type Folder struct {
	Name   string `json:"name" doc:"Of the folder"`
	ZH     string `json:"zh" doc:"Name of the district"`
	EN     string `json:"en"`
	AdCode string `json:"adcode" doc:"Of the authority that keeps its records"`
}

// LoadRequest asks for a data pack to be loaded.
type LoadRequest struct {
	Folder    string   `json:"folder" minLength:"1" maxLength:"128" doc:"Name of its folder, see /api/v1/pack-loads/folders"`
	AcceptCRS []string `json:"accept_crs,omitempty" maxItems:"8" enum:"divisions,roads,buildings,population,facilities" doc:"Layers to take although their coordinates look wrong"`
	Replace   bool     `json:"replace,omitempty" doc:"Put this pack in the place of another one of the same authority, whose records all go"`
}

// RegisterLoads mounts /api/v1/pack-loads and the list of folders below it.
func RegisterLoads(api huma.API, loads Loads) {
	h := loadHandlers{loads}
	httpapi.Register(api, huma.Operation{
		OperationID: "pack-folders", Method: http.MethodGet, Path: "/api/v1/pack-loads/folders", Tags: []string{"jobs"},
		Summary: "Data packs that lie ready on the server · 可载入的数据包",
	}, h.folders)
	httpapi.Register(api, huma.Operation{
		OperationID: "load-pack", Method: http.MethodPost, Path: "/api/v1/pack-loads", Tags: []string{"jobs"},
		Summary: "Ask for a data pack to be loaded · 载入数据包", DefaultStatus: http.StatusAccepted,
		Description: "The load is a job: whole or nothing, and nothing to do where the same files are loaded already. " +
			"While a load of the same pack is unfinished, that one is given.",
		Errors: []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}, h.load)
}

type loadHandlers struct{ loads Loads }

type folderList struct {
	Folders []Folder `json:"folders" nullable:"false"`
}

func (h loadHandlers) folders(ctx context.Context, _ *struct{}) (*fresh[folderList], error) {
	list, err := h.loads.Folders(ctx)
	if err != nil {
		return nil, problem(err)
	}
	if list == nil {
		list = []Folder{}
	}
	return freshOf(folderList{list}), nil
}

type loadInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"The same key again has the same answer and no second effect"`
	Body           LoadRequest
}

// asked is the answer to whoever asked for a job.
type asked struct {
	Location string `header:"Location" doc:"Of the job"`
	Body     struct {
		Job string `json:"job" doc:"Id of the job"`
	}
}

func (h loadHandlers) load(ctx context.Context, in *loadInput) (*asked, error) {
	id, err := h.loads.Load(ctx, in.Body)
	if err != nil {
		return nil, problem(err)
	}
	out := &asked{Location: "/api/v1/jobs/" + id}
	out.Body.Job = id
	return out, nil
}

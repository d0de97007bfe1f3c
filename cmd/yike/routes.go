package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/coverage/coveragedb"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/campaigns/campaignsdb"
	"yike/facilities/campaigns/campaignshttp"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/facilities/funeral/funeraldb"
	"yike/facilities/funeral/funeralhttp"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/attachments/attachmenthttp"
	"yike/internal/basemap"
	"yike/internal/httpapi"
	"yike/internal/mapprint/mapprinthttp"
	"yike/internal/pack/packdb"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/tiles/tilehttp"
	"yike/web"
)

// mountFeatures loads a pack into memory, makes what every map asks for first, and
// mounts the product on the router. Others add their operations to the API it gives; the
// other thing it gives keeps the facilities up to date.
func mountFeatures(ctx context.Context, a *app, db *postgres.DB, record packdb.Record, r chi.Router, progress progressFunc) (huma.API, *liveFacilities, error) {
	state, err := coveragelive.Load(ctx, a.stores(db), record.AdCode, func(stage string, done, total int) {
		text := stageText(stage)
		progress(text.ZH, text.EN, done, total)
	})
	if err != nil {
		return nil, nil, err
	}
	held := &coveragelive.Holder{}
	held.Publish(state)
	drawn := newTileSource(held, coveragedb.New(db), a.log)
	if err := drawn.prepare(ctx, func(done, total int) {
		progress("正在准备地图图层", "Preparing the map's layers", done, total)
	}); err != nil {
		return nil, nil, err
	}
	served := &districtAPI{held: held, status: readyStatus}
	if err := answerFirst(ctx, served, progress); err != nil {
		return nil, nil, err
	}
	if served.baseMap, err = mountBaseMap(a.config.BaseMap, a.log, r); err != nil {
		return nil, nil, err
	}
	api := httpapi.NewAPI(r)
	coveragehttp.Register(api, served)
	coveragehttp.RegisterWhatIf(api, served)
	coveragehttp.RegisterCompleteness(api, surveyAPI{served, coveragedb.New(db)})
	coveragehttp.RegisterAccess(api, served)
	live := &liveFacilities{held: held, from: a.stores(db)}
	records := &facilityRecords{
		store: facilitydb.New(db).WithCatalogue(a.catalogue()).WithFiles(attachmentdb.New(db)), live: live, refused: refusals{db: db, log: a.log}, log: a.log, now: time.Now,
	}
	coveragehttp.RegisterArea(api, areaCounts{served, func(ctx context.Context) ([]facilities.ServiceArea, error) { return records.Areas(ctx, "") }})
	mountRegistry(api, served, records)
	tilehttp.New(tilehttp.Config{Source: drawn, BaseURL: baseURL(a.config.PublicURL)}).Mount(r)
	work := desk{db: db, adcode: record.AdCode, served: served, live: live, records: records}
	return api, live, mountDesk(r, api, a, work)
}

// desk is what the work around the registry stands on.
type desk struct {
	db      *postgres.DB
	adcode  string
	served  *districtAPI
	live    *liveFacilities
	records *facilityRecords
	files   *attachmentFiles
	fonts   func() (*pdf.Fonts, error)
}

// mountDesk mounts the work around the registry.
func mountDesk(r chi.Router, api huma.API, a *app, d desk) error {
	held, refused := d.served.held, refusals{db: d.db, log: a.log}
	checks, err := newStandardsAPI(a, held, d.db, d.records)
	if err != nil {
		return err
	}
	facilityhttp.RegisterFindings(api, checks)
	coveragehttp.RegisterExplain(api, &explanationsAPI{districtAPI: d.served, set: checks.set, areas: checks.areas})
	facilityhttp.RegisterExports(api, d.served, newFacilityExports(d.db, d.records))
	files, err := newAttachmentFiles(a, d.db, d.adcode)
	if err != nil {
		return err
	}
	d.files = files
	attachmenthttp.Register(api, files)
	fonts := newFontShelf(a.config).get
	d.fonts = fonts
	burials := &funeralAPI{store: funeraldb.New(d.db), held: held, fonts: fonts, refused: refused, now: time.Now}
	funeralhttp.Register(api, burials, burials)
	inspections := &campaignRecords{store: campaignsdb.New(d.db), live: d.live, refused: refused, log: a.log, now: time.Now}
	campaignshttp.Register(api, inspections)
	mountPremises(api, d.db, d.adcode, held, refused, time.Now)
	mountScenarios(api, d.db, d.adcode, held, refused, time.Now)
	table := mountMatrix(api, d.db, held, fonts, time.Now)
	estatesKept := newEstateRecords(a.config, d, table, refused, time.Now)
	estatesKept.mount(api)
	estatesTold := newEstateReports(estatesKept, fonts)
	estatesTold.mount(api)
	mountPlans(api, a.config, d.db, held, refused, time.Now, estatesTold.passRates)
	estateAround{estatesKept}.mount(api)
	if err := mountNames(r, api, a.config, d, refused, time.Now); err != nil {
		return err
	}
	if err := mountAddresses(r, api, a, d, refused, time.Now); err != nil {
		return err
	}
	mountEstatePapers(api, estatesKept, d.db, files.blobs, fonts)
	coveragehttp.RegisterPapers(api, newCoveragePapers(d.db, held, fonts, time.Now))
	mountSiting(api, d.db, d.adcode, d.served)
	mapprinthttp.Register(api, mapprinthttp.Config{Source: printFacts{d.served}, Fonts: fonts, Base: baseURL(a.config.PublicURL), Now: time.Now})
	mountLikeness(api, a, d.db, held)
	return mountTypes(api, a, d)
}

// baseURL is where TileJSON documents say that tiles are; "" for the host asked.
func baseURL(public *url.URL) string {
	if public == nil {
		return ""
	}
	return public.String()
}

// programPrefixes are where programs ask, not people with a browser.
func programPrefixes() []string { return []string{"/api/*", "/tiles/*", "/ogc/*", "/basemap/*"} }

// mountPage serves the map's page at every address that nothing else serves. Programs
// get a problem where they ask for what is not there: a page would pass for an answer.
func mountPage(r chi.Router) {
	for _, prefix := range programPrefixes() {
		r.Get(prefix, httpapi.ServeNotFound)
	}
	r.Get("/*", web.Handler().ServeHTTP)
}

// readyStatus is the status of the routes mounted here: they are there only when all
// is loaded.
func readyStatus() coveragehttp.Status {
	return coveragehttp.Status{Ready: true, Stage: stageReady, StageZH: "就绪", StageEN: "Ready"}
}

// answerFirst works out coverage for each type that has an open facility, so that the
// first person to ask waits for nothing.
func answerFirst(ctx context.Context, d *districtAPI, progress progressFunc) error {
	s := d.held.State()
	present := s.PresentTypes()
	ask := defaultQuestion(s)
	for i, t := range present {
		progress("正在计算覆盖情况", "Computing coverage", i, len(present))
		_, err := s.Coverage(ctx, coveragelive.Query{Type: t, LimitS: ask.LimitS, Speed: walknet.Speed(math.Round(ask.Speed * 1000))})
		if err != nil && !errors.Is(err, coveragelive.ErrUnknownBase) {
			return fmt.Errorf("compute coverage of %s: %w", t, err)
		}
	}
	return nil
}

// mountBaseMap mounts the proxy to the base map, or what says that none is configured.
func mountBaseMap(c baseMapConfig, log *slog.Logger, r chi.Router) (coveragehttp.BaseMap, error) {
	if c.Template == "" {
		basemap.Mount(r, nil)
		return coveragehttp.BaseMap{}, nil
	}
	proxy, err := basemap.New(basemap.Config{
		Template: c.Template, Key: string(c.Key), MaxZoom: c.MaxZoom, Log: log,
	})
	if err != nil {
		return coveragehttp.BaseMap{}, usageError{err}
	}
	basemap.Mount(r, proxy)
	return coveragehttp.BaseMap{Enabled: true, ReviewNumber: c.ReviewNumber, URL: "/basemap/{z}/{x}/{y}"}, nil
}

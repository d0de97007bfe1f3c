package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"yike/facilities"
)

// config is everything that the environment decides, read once and checked whole.
// Packages are given values from it, never the struct.
type config struct {
	DatabaseURL secret           // DATABASE_URL; empty means the private cluster
	Addr        string           // YIKE_ADDR
	PublicURL   *url.URL         // YIKE_PUBLIC_URL: where a proxy publishes the server; nil for nowhere
	Port        int              // PORT; 0 lets the system choose
	StateDir    string           // YIKE_STATE_DIR
	Data        string           // DATA: the pack that serve loads first; empty for what is loaded already
	PacksDir    string           // YIKE_PACKS_DIR: whose folders people may ask to be loaded
	Types       facilities.Types // what the file YIKE_TYPES adds to the facility types, or changes of them
	Regions     []string         // YIKE_REGIONS: regions whose standards hold here beside those of the adcode
	EmptyDesk   bool             // YIKE_DEMO_RECORDS=off: a synthetic district is shown without the work around the registry
	LogLevel    slog.Level       // YIKE_LOG
	LogJSON     bool             // YIKE_LOG_FORMAT=json
	Serving     servingConfig
	OIDC        *oidcConfig // nil for none
	BaseMap     baseMapConfig
	Font        string // YIKE_FONT: font files asked before the system's, separated as in PATH
	FontBold    string // YIKE_FONT_BOLD
	Plates      plateConfig
}

// baseMapConfig is the optional background map, fetched by the server and off by
// default.
type baseMapConfig struct {
	Template     string // WMTS_URL, with {z}, {x}, {y} and {key}
	Key          secret // WMTS_KEY
	ReviewNumber string // WMTS_REVIEW_NUMBER: 审图号, shown on the map
	MaxZoom      int    // WMTS_MAX_ZOOM
}

// secret is a text that prints as stars.
type secret string

// String hides the text.
func (s secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString hides the text from %#v too.
func (s secret) GoString() string { return strconv.Quote(s.String()) }

// LogValue hides the text in logs.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

const (
	defaultPort    = 8080
	defaultMaxZoom = 18
	maxPort        = 65535
)

// loadConfig reads the environment through getenv. Every fault is named, not the first
// only; all are bad input.
func loadConfig(getenv func(string) string) (config, error) {
	c := config{
		DatabaseURL: secret(getenv("DATABASE_URL")),
		Addr:        orDefault(getenv("YIKE_ADDR"), "127.0.0.1"),
		StateDir:    orDefault(getenv("YIKE_STATE_DIR"), filepath.Join(checkout(), "var")),
		Data:        getenv("DATA"),
		Font:        getenv("YIKE_FONT"),
		FontBold:    getenv("YIKE_FONT_BOLD"),
		PacksDir:    orDefault(getenv("YIKE_PACKS_DIR"), filepath.Join(checkout(), "packs")),
		BaseMap: baseMapConfig{
			Template: getenv("WMTS_URL"), Key: secret(getenv("WMTS_KEY")), ReviewNumber: getenv("WMTS_REVIEW_NUMBER"),
		},
	}
	var errPort, errZoom, errLevel, errPublic error
	c.PublicURL, errPublic = publicURL(getenv("YIKE_PUBLIC_URL"))
	c.Port, errPort = number(getenv, "PORT", defaultPort, 0, maxPort)
	c.BaseMap.MaxZoom, errZoom = number(getenv, "WMTS_MAX_ZOOM", defaultMaxZoom, 1, 22)
	if level := getenv("YIKE_LOG"); level != "" {
		if err := c.LogLevel.UnmarshalText([]byte(level)); err != nil {
			errLevel = badInput("YIKE_LOG="+level+"：应为 debug、info、warn 或 error", "YIKE_LOG="+level+": must be debug, info, warn or error")
		}
	}
	login, on, errOIDC := oidcFromEnv(getenv)
	if on {
		c.OIDC = &login
	}
	var errFormat, errServing, errTypes error
	c.Types, errTypes = loadTypes(getenv("YIKE_TYPES"))
	var errPlates error
	c.Plates, errPlates = loadPlates(getenv)
	var errRegions error
	c.Regions, errRegions = loadRegions(getenv("YIKE_REGIONS"))
	var errDesk error
	switch word := getenv("YIKE_DEMO_RECORDS"); word {
	case "", "on":
	case "off":
		c.EmptyDesk = true
	default:
		errDesk = badInput("YIKE_DEMO_RECORDS="+word+"：应为 on 或 off", "YIKE_DEMO_RECORDS="+word+": must be on or off")
	}
	switch format := getenv("YIKE_LOG_FORMAT"); format {
	case "", "text":
	case "json":
		c.LogJSON = true
	default:
		errFormat = badInput("YIKE_LOG_FORMAT="+format+"：应为 text 或 json", "YIKE_LOG_FORMAT="+format+": must be text or json")
	}
	c.Serving, errServing = loadServing(getenv, c.PublicURL)
	return c, errors.Join(errPort, errZoom, errLevel, errPublic, errFormat, errServing, errTypes, errPlates, errRegions, errDesk, errOIDC, c.checkDatabase(), c.checkBaseMap())
}

// logger writes to w as the configuration says.
func (c config) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func number(getenv func(string) string, name string, missing, least, most int) (int, error) {
	text := getenv(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return missing, badInput(
			fmt.Sprintf("%s=%s：应为 %d 到 %d 的整数", name, text, least, most),
			fmt.Sprintf("%s=%s: must be a whole number from %d to %d", name, text, least, most))
	}
	return n, nil
}

// publicURL reads the address under which clients reach the server; nil for "".
func publicURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // none is set
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, badInput("YIKE_PUBLIC_URL 应形如 https://map.example.cn，不含用户、查询与片段",
			"YIKE_PUBLIC_URL must look like https://map.example.cn, without user, query or fragment")
	}
	return u, nil
}

// checkDatabase tells a forgotten scheme at once. It never repeats the address, which
// may hold a password.
func (c config) checkDatabase() error {
	if c.DatabaseURL == "" || strings.Contains(string(c.DatabaseURL), "=") && !strings.Contains(string(c.DatabaseURL), "://") {
		return nil // none, or a keyword string, which the driver reads
	}
	u, err := url.Parse(string(c.DatabaseURL))
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return badInput("DATABASE_URL 应形如 postgres://用户:密码@主机:5432/库名", "DATABASE_URL must look like postgres://user:password@host:5432/name")
	}
	return nil
}

func (c config) checkBaseMap() error {
	b := c.BaseMap
	if b.Template == "" {
		if b.Key != "" || b.ReviewNumber != "" {
			return badInput("设置了 WMTS_KEY 或 WMTS_REVIEW_NUMBER，却没有 WMTS_URL", "WMTS_KEY or WMTS_REVIEW_NUMBER is set without WMTS_URL")
		}
		return nil
	}
	var faults []error
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(b.Template, part) {
			faults = append(faults, badInput("WMTS_URL 缺少 "+part, "WMTS_URL lacks "+part))
		}
	}
	if b.ReviewNumber == "" {
		faults = append(faults, badInput("公开底图须标注审图号：请设置 WMTS_REVIEW_NUMBER", "a published base map must show its review number: set WMTS_REVIEW_NUMBER"))
	}
	return errors.Join(faults...)
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// checkout finds the source folder that state belongs beside: the nearest folder at or
// above the working one, else above the program, that holds this module's go.mod;
// where there is none, the working folder.
func checkout() string {
	here, err := os.Getwd()
	if err != nil {
		here = "."
	}
	starts := []string{here}
	if program, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(program))
	}
	for _, start := range starts {
		for dir := start; ; dir = filepath.Dir(dir) {
			raw, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			if err == nil && strings.HasPrefix(string(raw), "module yike\n") {
				return dir
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return here
}

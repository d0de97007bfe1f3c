package rowio

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// source is what the features come from: a file, or what GDAL writes.
type source interface {
	io.Reader
	io.Closer
}

// geoJSONReader streams the features of one or more JSON texts, each a
// FeatureCollection or a Feature.
type geoJSONReader struct {
	ctx     context.Context //nolint:containedctx // a reader lives within the call that opened it
	name    string
	src     source
	budget  *allowance
	dec     *json.Decoder
	columns []string
	crs     string
	number  int
	inArray bool // between the features of a collection
	ended   bool
	last    []byte       // the feature that Next gave
	after   func() error // asked once behind the last feature: did the writer end well?
}

func openGeoJSON(ctx context.Context, path string) (Reader, error) {
	scout, err := newGeoJSON(ctx, path)
	if err != nil {
		return nil, err
	}
	columns, crs, err := scout.survey()
	if err := errors.Join(err, scout.Close()); err != nil {
		return nil, err
	}
	r, err := newGeoJSON(ctx, path)
	if err != nil {
		return nil, err
	}
	r.columns, r.crs = columns, crs
	return r, nil
}

func newGeoJSON(ctx context.Context, path string) (*geoJSONReader, error) {
	text, err := openText(ctx, path)
	if err != nil {
		return nil, err
	}
	return newFeatureReader(ctx, path, text), nil
}

func newFeatureReader(ctx context.Context, path string, src source) *geoJSONReader {
	budget := &allowance{r: src, left: mostFeature}
	return &geoJSONReader{ctx: ctx, name: filepath.Base(path), src: src, budget: budget, dec: json.NewDecoder(bufio.NewReaderSize(budget, 1<<16))}
}

// mostFeature bounds the memory that one feature, or one member of a collection, takes.
const mostFeature = 64 << 20

// allowance gives no more than was allowed since the last time.
type allowance struct {
	r    io.Reader
	left int
}

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errLongRecord
	}
	n, err := a.r.Read(p[:min(len(p), a.left)])
	a.left -= n
	return n, err
}

// survey reads to the end for what only the whole file tells: all columns, and a
// coordinate system that may stand behind the features. Faults are left to Next,
// except those that say it is no GeoJSON at all.
func (r *geoJSONReader) survey() (columns []string, crs string, err error) {
	seen := map[string]struct{}{}
	for {
		raw, err := r.nextRaw()
		var bad *RowError
		switch {
		case errors.As(err, &bad) && bad.Row == 0:
			return nil, "", err
		case err != nil && bad == nil && !errors.Is(err, io.EOF):
			return nil, "", err
		case err != nil:
			return sortedKeys(seen), r.crs, nil
		}
		noteColumns(seen, raw)
	}
}

// noteColumns adds the names of a feature's properties.
func noteColumns(seen map[string]struct{}, feature []byte) {
	eachProperty(feature, func(name string) { seen[name] = struct{}{} })
}

func eachProperty(feature []byte, do func(name string)) {
	eachMember(feature, func(key string, value []byte) {
		if key == "properties" {
			eachMember(value, func(name string, _ []byte) { do(name) })
		}
	})
}

func sortedKeys(set map[string]struct{}) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (r *geoJSONReader) Columns() []string { return slices.Clone(r.columns) }

func (r *geoJSONReader) CRS() string { return r.crs }

func (r *geoJSONReader) Close() error { return r.src.Close() }

func (r *geoJSONReader) Next() (Row, error) {
	raw, err := r.nextRaw()
	if err != nil {
		return Row{}, err
	}
	r.last = raw
	return parseFeature(r.name, r.number, raw)
}

func (r *geoJSONReader) eachField(do func(name string)) { eachProperty(r.last, do) }

// nextRaw is the text of the next feature.
func (r *geoJSONReader) nextRaw() (json.RawMessage, error) {
	for !r.ended {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		r.budget.left = mostFeature
		if !r.inArray {
			raw, err := r.document()
			if raw != nil || err != nil {
				return raw, err
			}
			continue
		}
		if !r.dec.More() {
			if err := r.endCollection(); err != nil {
				return nil, err
			}
			continue
		}
		r.number++
		var raw json.RawMessage
		if err := r.dec.Decode(&raw); err != nil {
			return nil, r.broken(err)
		}
		return raw, nil
	}
	return nil, io.EOF
}

// document reads a JSON text up to its features. It returns the text itself if that
// is one Feature, nil if features follow or the text held none.
func (r *geoJSONReader) document() (json.RawMessage, error) {
	tok, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, r.end()
	}
	if err != nil {
		return nil, r.broken(err)
	}
	if tok != json.Delim('{') {
		return nil, r.notFeatures(fmt.Sprint(tok))
	}
	return r.members(map[string]json.RawMessage{})
}

// members reads on in the object of a document; own are the members seen so far.
func (r *geoJSONReader) members(own map[string]json.RawMessage) (json.RawMessage, error) {
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return nil, r.broken(err)
		}
		if key == "features" {
			return nil, r.startCollection(own)
		}
		var value json.RawMessage
		if err := r.dec.Decode(&value); err != nil {
			return nil, r.broken(err)
		}
		name, _ := key.(string)
		own[name] = value
	}
	if _, err := r.dec.Token(); err != nil {
		return nil, r.broken(err)
	}
	r.noteCRS(own["crs"])
	if string(own["type"]) != `"Feature"` {
		return nil, r.notFeatures(string(own["type"]))
	}
	r.number++
	raw, err := json.Marshal(own)
	if err != nil {
		return nil, r.broken(err)
	}
	return raw, nil
}

func (r *geoJSONReader) startCollection(own map[string]json.RawMessage) error {
	r.noteCRS(own["crs"])
	tok, err := r.dec.Token()
	if err != nil {
		return r.broken(err)
	}
	if tok != json.Delim('[') {
		return r.notFeatures(fmt.Sprintf("features: %v", tok))
	}
	r.inArray = true
	return nil
}

// endCollection reads the end of the features and the members behind them.
func (r *geoJSONReader) endCollection() error {
	if _, err := r.dec.Token(); err != nil { // ]
		return r.broken(err)
	}
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return r.broken(err)
		}
		var value json.RawMessage
		if err := r.dec.Decode(&value); err != nil {
			return r.broken(err)
		}
		if key == "crs" {
			r.noteCRS(value)
		}
	}
	if _, err := r.dec.Token(); err != nil { // }
		return r.broken(err)
	}
	r.inArray = false
	return nil
}

// end is reached behind the last JSON text.
func (r *geoJSONReader) end() error {
	r.ended = true
	if r.after != nil {
		if err := r.after(); err != nil {
			return err
		}
	}
	return io.EOF
}

func (r *geoJSONReader) notFeatures(found string) error {
	r.ended = true
	e := fileError(r.name, nil, "不是 GeoJSON 要素集（FeatureCollection）或要素（Feature）", "it is not a GeoJSON FeatureCollection or Feature")
	e.Value = clip(strings.Trim(found, `"`))
	return e
}

// broken reports that the JSON ends or goes wrong. What follows cannot be read.
func (r *geoJSONReader) broken(err error) error {
	r.ended = true
	if r.after != nil {
		if cause := r.after(); cause != nil {
			return cause // the writer broke off and says why
		}
	}
	if ctxErr := r.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	e := &RowError{File: r.name, Row: max(1, r.number), Fatal: true, Err: err}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Err = io.ErrUnexpectedEOF // never io.EOF, which would pass for a good end
		e.ReasonZH = "JSON 在这个要素处中断，文件不完整"
		e.ReasonEN = "the JSON breaks off at this feature; the file is not complete"
	case errors.Is(err, errLongRecord):
		e.ReasonZH = fmt.Sprintf("一个要素超过 %d MB", mostFeature>>20)
		e.ReasonEN = fmt.Sprintf("a feature has more than %d MB", mostFeature>>20)
	case errors.As(err, &syntax):
		e.ReasonZH = fmt.Sprintf("JSON 语法错误（约第 %d 个字节）", syntax.Offset)
		e.ReasonEN = fmt.Sprintf("bad JSON near byte %d: %v", syntax.Offset, err)
	default:
		return fmt.Errorf("read %s: %w", r.name, err)
	}
	return e
}

// noteCRS keeps the name of a "crs" member (GeoJSON 2008), which GDAL and many
// desktop programs still write.
func (r *geoJSONReader) noteCRS(raw json.RawMessage) {
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &crs) != nil || crs.Properties.Name == "" {
		return
	}
	r.crs = authorityCode(crs.Properties.Name)
}

// authorityCode shortens "urn:ogc:def:crs:EPSG::4547" to "EPSG:4547".
func authorityCode(name string) string {
	rest, ok := strings.CutPrefix(name, "urn:ogc:def:crs:")
	if !ok {
		return name
	}
	parts := strings.Split(rest, ":")
	return parts[0] + ":" + parts[len(parts)-1]
}

// parseFeature reads one feature, which is valid JSON. Any fault is a *RowError that
// leaves the rest readable.
func parseFeature(file string, number int, raw []byte) (Row, error) {
	var kind string
	var geometryText []byte
	fields := map[string]string{}
	isObject := eachMember(raw, func(key string, value []byte) {
		switch key {
		case "type":
			kind = fieldText(value)
		case "geometry":
			geometryText = value
		case "properties":
			eachMember(value, func(name string, v []byte) { fields[name] = fieldText(v) })
		}
	})
	if !isObject || kind != "Feature" {
		return Row{}, &RowError{
			File: file, Row: number, Value: clip(string(raw)),
			ReasonZH: "不是 GeoJSON 要素（type 应为 Feature）", ReasonEN: "not a GeoJSON feature (type has to be Feature)",
		}
	}
	geometry, err := parseGeometry(geometryText)
	if err != nil {
		err.File, err.Row, err.Column = file, number, "geometry"
		return Row{}, err
	}
	return Row{Number: number, Fields: fields, Geometry: geometry}, nil
}

// fieldText is a string without its quotes, a number with its digits as written, and
// anything nested as compact JSON; null is "".
func fieldText(v []byte) string {
	switch {
	case len(v) == 0 || string(v) == "null":
		return ""
	case v[0] == '"':
		return text(v)
	case v[0] == '{' || v[0] == '[':
		var b bytes.Buffer
		if json.Compact(&b, v) == nil {
			return b.String()
		}
	}
	return string(v)
}

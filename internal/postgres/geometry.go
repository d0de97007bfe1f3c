package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// srid is the one coordinate system at rest: WGS 84 longitude and latitude.
const srid = 4326

// registerGeometry teaches a connection the geometry type, whose number differs from
// database to database. Before the first migration there is none, and nothing to do.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid, array *uint32
	err := conn.QueryRow(ctx, `SELECT to_regtype('geometry')::oid, to_regtype('geometry[]')::oid`).Scan(&oid, &array)
	if err != nil {
		return fmt.Errorf("look up the geometry type: %w", err)
	}
	if oid == nil {
		return nil
	}
	t := &pgtype.Type{Name: "geometry", OID: *oid, Codec: geometryCodec{}}
	conn.TypeMap().RegisterType(t)
	if array != nil {
		conn.TypeMap().RegisterType(&pgtype.Type{Name: "_geometry", OID: *array, Codec: &pgtype.ArrayCodec{ElementType: t}})
	}
	return nil
}

// geometryCodec carries orb values to and from PostGIS as EWKB. NULL scans into the
// zero value of a concrete type and into nil for orb.Geometry.
type geometryCodec struct{}

func (geometryCodec) FormatSupported(format int16) bool {
	return format == pgtype.BinaryFormatCode || format == pgtype.TextFormatCode
}

func (geometryCodec) PreferredFormat() int16 { return pgtype.BinaryFormatCode }

func (geometryCodec) PlanEncode(_ *pgtype.Map, _ uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(orb.Geometry); !ok {
		return nil
	}
	return encodeGeometry{text: format == pgtype.TextFormatCode}
}

func (geometryCodec) PlanScan(_ *pgtype.Map, _ uint32, format int16, target any) pgtype.ScanPlan {
	switch target.(type) {
	case *orb.Point, *orb.MultiPoint, *orb.LineString, *orb.MultiLineString, *orb.Polygon, *orb.MultiPolygon, *orb.Collection, *orb.Geometry:
		return scanGeometry{text: format == pgtype.TextFormatCode}
	}
	return nil
}

func (geometryCodec) DecodeDatabaseSQLValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (driver.Value, error) {
	if src == nil {
		return nil, nil //nolint:nilnil // NULL, as the interface asks
	}
	return wkbBytes(src, format == pgtype.TextFormatCode)
}

func (geometryCodec) DecodeValue(_ *pgtype.Map, _ uint32, format int16, src []byte) (any, error) {
	if src == nil {
		return nil, nil //nolint:nilnil // NULL, as the interface asks
	}
	return decodeGeometry(src, format == pgtype.TextFormatCode)
}

type encodeGeometry struct{ text bool }

func (p encodeGeometry) Encode(value any, buf []byte) ([]byte, error) {
	g, ok := value.(orb.Geometry)
	if !ok {
		return nil, fmt.Errorf("encode geometry: %T is not one", value)
	}
	if isNil(g) {
		return nil, nil
	}
	shape, err := toGeom(g)
	if err != nil {
		return nil, fmt.Errorf("encode geometry: %w", err)
	}
	raw, err := ewkb.Marshal(shape, binary.LittleEndian)
	if err != nil {
		return nil, fmt.Errorf("encode geometry: %w", err)
	}
	if p.text {
		return hex.AppendEncode(buf, raw), nil
	}
	return append(buf, raw...), nil
}

type scanGeometry struct{ text bool }

// ErrOtherGeometry says that a geometry is not of the type it was scanned into.
var ErrOtherGeometry = errors.New("geometry of another type")

func (p scanGeometry) Scan(src []byte, target any) error {
	if src == nil {
		setGeometry(target, nil)
		return nil
	}
	g, err := decodeGeometry(src, p.text)
	if err != nil {
		return err
	}
	if !setGeometry(target, g) {
		return fmt.Errorf("scan %s into %T: %w", g.GeoJSONType(), target, ErrOtherGeometry)
	}
	return nil
}

func decodeGeometry(src []byte, text bool) (orb.Geometry, error) {
	raw, err := wkbBytes(src, text)
	if err != nil {
		return nil, err
	}
	shape, err := ewkb.Unmarshal(raw)
	if err != nil {
		return nil, fmt.Errorf("decode geometry: %w", err)
	}
	if s := shape.SRID(); s != 0 && s != srid {
		return nil, fmt.Errorf("decode geometry in EPSG:%d, want EPSG:%d: transform it in the query", s, srid)
	}
	return toOrb(shape)
}

func wkbBytes(src []byte, text bool) ([]byte, error) {
	if !text {
		return src, nil
	}
	raw := make([]byte, hex.DecodedLen(len(src)))
	if _, err := hex.Decode(raw, src); err != nil {
		return nil, fmt.Errorf("decode geometry: %w", err)
	}
	return raw, nil
}

// setGeometry puts g (nil for NULL) into what target points to; false when the types
// do not fit.
func setGeometry(target any, g orb.Geometry) bool {
	switch t := target.(type) {
	case *orb.Geometry:
		*t = g
		return true
	case *orb.Point:
		return assign(t, g)
	case *orb.MultiPoint:
		return assign(t, g)
	case *orb.LineString:
		return assign(t, g)
	case *orb.MultiLineString:
		return assign(t, g)
	case *orb.Polygon:
		return assign(t, g)
	case *orb.MultiPolygon:
		return assign(t, g)
	case *orb.Collection:
		return assign(t, g)
	}
	return false
}

func assign[T any](t *T, g orb.Geometry) bool {
	if g == nil {
		var zero T
		*t = zero
		return true
	}
	v, ok := g.(T)
	if ok {
		*t = v
	}
	return ok
}

// isNil tells the nil slices of orb, which stand for NULL, from an empty geometry.
func isNil(g orb.Geometry) bool {
	switch g := g.(type) {
	case nil:
		return true
	case orb.MultiPoint:
		return g == nil
	case orb.LineString:
		return g == nil
	case orb.MultiLineString:
		return g == nil
	case orb.Polygon:
		return g == nil
	case orb.MultiPolygon:
		return g == nil
	case orb.Collection:
		return g == nil
	}
	return false
}

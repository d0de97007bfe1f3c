package rowio_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func hostileTexts() []hostile {
	const head = "名称,床位\n"
	var all []hostile
	add := func(name, want, text string) {
		all = append(all, hostile{"text: " + name, "a.csv", text, want})
	}
	for _, cell := range []string{"=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(1+9)", "\t=1+1", "＝1+1", " =1+1", "'=1+1", "=HYPERLINK(\"http://127.0.0.1:9\")", "%0A=1+1"} {
		add(fmt.Sprintf("the cell %q", cell), "", head+`"`+replaceAll(cell, `"`, `""`)+"\",3\n")
	}
	add("a cell that begins with a line break", "", head+"\"\r=1+1\",3\n")
	add("a cell of ten megabytes", "too long", head+noise(10<<20)+",3\n乙,4\n")
	add("a quoted cell of ten megabytes", "too long", head+`"`+noise(10<<20)+"\",3\n")
	add("a quoted cell of half a megabyte", "not closed", head+`"`+noise(500<<10)+"\",3\n")
	add("a cell just too long", "more than 131072", head+noise(140<<10)+",3\n")
	add("a line of ten megabytes and no end", "each is too long", noise(10<<20))
	add("a quote that opens five megabytes", "not closed", head+`"甲,3`+"\n"+repeat("乙,4\n", 10_000))
	add("quotes only", "?", repeat(`"`, 100_001))
	add("quotes line by line", "?", repeat("\"\n", 50_000))
	add("doubled quotes line by line", "?", head+repeat("\"\"\"\n", 50_000))
	add("a hundred thousand columns", "?", repeat("a,", 100_000)+"\n")
	add("delimiters only: nothing", "nothing in the file", repeat(",", 100_000))
	add("line breaks only: nothing", "nothing in the file", repeat("\n", 1_000_000))
	add("blanks only: nothing", "nothing in the file", repeat(" \t\r\n", 100_000))
	add("too many rows", "more than 20000", repeat("甲,3\n", 30_000))
	add("nothing but faulty rows", "too many rows have faults", head+repeat("甲,3\n", 600)+repeat("甲,3,4,5\n", 500))
	add("zeros", "neither text", head+"甲\x00,3\n乙,4\n")
	add("only zeros", "neither text", repeat("\x00", 5000))
	add("half of a character", "damaged", head+repeat("甲,3\n", 50)+"\xe7\x94\n")
	add("half of a character of GB18030", "?", "\xc3\xfb\xb3\xc6,\xb4\xb2\n\xbc\xd7\xb0\n")
	add("no encoding at all", "neither UTF-8 nor GB18030", head+"\xff\xff\xff\n")
	add("surrogates in UTF-8", "damaged", head+repeat("甲\n", 30)+"\xed\xa0\x80\n")
	add("overlong UTF-8", "damaged", head+repeat("甲\n", 30)+"\xc0\xaf..\xc0\xaf\n")
	add("a mark only: nothing", "?", "\xef\xbb\xbf")
	add("a mark of UTF-16 only: nothing", "?", "\xff\xfe")
	add("UTF-16 of an odd length", "?", "\xff\xfea\x00,\x00b\x00\n\x001\x00,")
	add("UTF-16 with half of a pair", "", "\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8,\x001\x00\n\x00")
	add("a wrong mark", "damaged", "\xef\xbb\xbf\xc3\xfb\xb3\xc6,\xb4\xb2\xce\xbb\n")
	add("controls and turned writing", "", head+"a\x07\x1b[2J\u202eb\u2066c\u200b\u200f,3\n")
	add("heads all the same", "", repeat("名称,", 200)+"床位\n1,2\n")
	add("a head of a hundred thousand characters", "?", noise(100_000)+",b\n1,2\n")
	add("line breaks of all kinds", "", "名称,床位\r甲,3\r\n乙,4\n丙,5\n\r丁,6")
	add("a web page", "web page", "<html><table><tr><td>1</td></tr></table></html>")
	add("some other XML", "KML is", `<?xml version="1.0"?><gml/>`)
	add("a virtual data set", "KML is", `<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://127.0.0.1:9/</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`)
	add("a PDF", "PDF", "%PDF-1.7\n")
	add("an old workbook", "old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+repeat("\x00", 512))
	add("gzip", "archive is not read", "\x1f\x8b\x08\x00")
	add("a lone part of a Shapefile", "one file of a Shapefile", "\x00\x00\x27\x0a"+repeat("\x00", 96))
	add("nothing", "empty", "")
	r := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // fixtures
	for i := range 10 {
		b := make([]byte, 20_000)
		for j := range b {
			b[j] = byte(r.IntN(256))
		}
		b[0] |= 0x80
		add(fmt.Sprintf("chance, %d", i), "?", string(b))
	}
	return all
}

func hostileGeoJSON() []hostile {
	var all []hostile
	add := func(name, want, text string) {
		all = append(all, hostile{"GeoJSON: " + name, "a.geojson", text, want})
	}
	collection := func(features string) string {
		return `{"type":"FeatureCollection","features":[` + features + `]}`
	}
	const good = `{"type":"Feature","properties":{"名称":"甲"},"geometry":{"type":"Point","coordinates":[114,30]}}`
	shape := func(name, want, kind, coordinates string) {
		add(name, want, collection(good+`,{"type":"Feature","properties":{"名称":"乙"},"geometry":{"type":"`+kind+`","coordinates":`+coordinates+`}}`))
	}
	add("arrays a hundred thousand deep", "bad JSON", `{"type":"FeatureCollection","features":[`+repeat("[", 100_000))
	add("objects a hundred thousand deep", "bad JSON", `{"type":"FeatureCollection","x":`+repeat(`{"a":`, 100_000))
	add("deep coordinates", "finite number", collection(good+`,{"type":"Feature","geometry":{"type":"Point","coordinates":`+repeat("[", 5000)+repeat("]", 5000)+`}}`))
	add("collections in collections", "nested too deep", collection(good+`,{"type":"Feature","geometry":`+repeat(`{"type":"GeometryCollection","geometries":[`, 500)+repeat(`]}`, 500)+`}`))
	for i := 1; i < 10; i++ {
		text := collection(good + "," + good)
		add(fmt.Sprintf("cut after %d tenths", i), "?", text[:len(text)*i/10])
	}
	add("features that are no list", "not a GeoJSON", `{"type":"FeatureCollection","features":{"a":1}}`)
	add("a list of numbers", "?", `[1,2,3]`)
	add("a list of objects", "JSON array", `[{"a":1}]`)
	add("no features", "not a GeoJSON", `{"type":"Topology","x":"y"}`)
	add("features that are none", "not a GeoJSON feature", collection(good+`,1,"x",null,{"type":"Point"}`))
	add("a property of ten megabytes", "the text has more than", collection(good+`,{"type":"Feature","properties":{"名称":"`+noise(10<<20)+`"}}`))
	add("five thousand properties", "more than 256 properties", collection(`{"type":"Feature","properties":{`+numbered(5000, `"p%d":1,`)+`"z":1}}`))
	add("a name twice", "", collection(`{"type":"Feature","properties":{"a":1,"a":2},"geometry":null}`))
	add("half of a pair", "", collection(`{"type":"Feature","properties":{"a":"\ud800"},"geometry":null}`))
	add("controls in a property", "", collection(`{"type":"Feature","properties":{"a":"x\u0000\u202ey\u0007"},"geometry":null}`))
	add("a coordinate system that is a file", "", `{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"file:///etc/passwd"}},"features":[`+good+`]}`)
	add("a coordinate system that is an address", "", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"http://127.0.0.1:9/crs"}},"features":[`+good+`]}`)
	add("a shape with too many points", "more than 10000 points", collection(`{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[`+repeat("[1,2],", 20_000)+`[1,2]]}}`))
	add("not UTF-8", "?", collection(good+`,{"type":"Feature","properties":{"a":"`+"\xff"+`"},"geometry":null}`))
	add("too many features", "more than 20000 features", collection(good+repeat(","+good, 20_001)))
	add("two documents", "", collection(good)+collection(good))
	add("rubbish behind", "?", collection(good)+"zzz")
	shape("a point of one number", "fewer than two", "Point", `[114]`)
	shape("a point of words", "finite number", "Point", `["a","b"]`)
	shape("a point of nothing", "finite number", "Point", `[null,null]`)
	shape("an empty point", "", "Point", `[]`)
	shape("a point at 1e308", "can be a place", "Point", `[1e308,30]`)
	shape("a point past all numbers", "finite", "Point", `[1e999,30]`)
	shape("a point that is NaN", "bad JSON", "Point", `[NaN,30]`)
	shape("a point with a height and a measure", "", "Point", `[114,30,5,7]`)
	shape("a line of one point", "only one point", "LineString", `[[1,2]]`)
	shape("a ring that is not closed", "not closed", "Polygon", `[[[0,0],[1,0],[1,1],[0,1]]]`)
	shape("a ring of three points", "needs 4", "Polygon", `[[[0,0],[1,0],[0,0]]]`)
	shape("a ring that crosses itself", "", "Polygon", `[[[0,0],[1,1],[1,0],[0,1],[0,0]]]`)
	shape("a polygon without rings", "", "Polygon", `[]`)
	shape("a polygon of an empty ring", "", "Polygon", `[[]]`)
	shape("a shape of no kind", "unknown geometry type", "Blob", `[1,2]`)
	shape("a polygon where a point is due", "finite number", "Point", `[[[0,0],[1,0],[1,1],[0,0]]]`)
	add("lines of which some are rubbish", "not valid JSON", good+"\n{\"type\":\n"+good+"\n")
	return all
}

func hostileKML(t testing.TB) []hostile {
	var all []hostile
	add := func(name, want, text string) { all = append(all, hostile{"KML: " + name, "a.kml", text, want}) }
	const good = `<Placemark><name>甲</name><Point><coordinates>114,30</coordinates></Point></Placemark>`
	doc := func(more string) string { return `<kml><Document>` + good + more + `</Document></kml>` }
	shape := func(name, want, xml string) { add(name, want, doc(`<Placemark>`+xml+`</Placemark>`)) }
	add("an outside entity", "DOCTYPE", xxe+`<kml><Placemark><name>&x;</name></Placemark></kml>`)
	add("a billion laughs", "DOCTYPE", laughs+`<kml><Placemark><name>&c;</name></Placemark></kml>`)
	add("an entity of another file", "DOCTYPE", `<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd"><kml/>`)
	add("an unknown entity", "bad XML", doc(`<Placemark><name>&evil;</name></Placemark>`))
	add("an inclusion", "", doc(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>`))
	add("links elsewhere", "", doc(`<NetworkLink><Link><href>file:///etc/passwd</href></Link></NetworkLink><GroundOverlay><Icon><href>http://127.0.0.1:9/</href></Icon></GroundOverlay>`))
	add("folders ten thousand deep", "nested too deep", `<kml>`+repeat("<Folder>", 10_000))
	add("breaks off", "breaks off", doc("")[:100])
	add("no placemarks: nothing", "?", `<kml/>`)
	add("placemarks in placemarks", "", doc(`<Placemark><Placemark><name>乙</name></Placemark></Placemark>`))
	add("a description of ten megabytes", "too long", doc(`<Placemark><description>`+noise(10<<20)+`</description></Placemark>`))
	add("five thousand fields", "more than 256 properties", doc(`<Placemark><ExtendedData>`+numbered(5000, `<Data name="d%d"><value>1</value></Data>`)+`</ExtendedData></Placemark>`))
	add("fields without names", "", doc(`<Placemark><ExtendedData><Data><value>1</value></Data><SimpleData>2</SimpleData></ExtendedData></Placemark>`))
	add("an encoding that is a lie", "", `<?xml version="1.0" encoding="GBK"?>`+doc(""))
	add("controls", "control character", doc("<Placemark><name>a\x07</name></Placemark>"))
	shape("a point at NaN", "can be a place", `<Point><coordinates>NaN,NaN</coordinates></Point>`)
	shape("a point without end", "can be a place", `<Point><coordinates>Inf,-Inf</coordinates></Point>`)
	shape("a point at 1e308", "can be a place", `<Point><coordinates>1e308,1e308</coordinates></Point>`)
	shape("a point of words", "longitude,latitude", `<Point><coordinates>a,b</coordinates></Point>`)
	shape("an empty point", "", `<Point><coordinates/></Point>`)
	shape("a line of one point", "only one point", `<LineString><coordinates>1,2</coordinates></LineString>`)
	shape("a ring that is not closed", "not closed", `<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,1</coordinates></LinearRing></outerBoundaryIs></Polygon>`)
	shape("a hole without outside", "", `<Polygon><innerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></innerBoundaryIs></Polygon>`)
	shape("an empty hole", "no points", `<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates> </coordinates></LinearRing></innerBoundaryIs></Polygon>`)
	kmz := func(name, want string, members ...member) {
		all = append(all, hostile{"KMZ: " + name, "a.kmz", archive(t, members...), want})
	}
	kmz("a bomb", "zip bomb", member{name: "doc.kml", text: doc("<!--" + repeat(" ", 40<<20) + "-->")})
	kmz("an outside entity", "DOCTYPE", member{name: "doc.kml", text: xxe + `<kml>&x;</kml>`})
	kmz("a picture with a path out", "not safe", member{name: "doc.kml", text: doc("")}, member{name: "../../evil.png", text: "x"})
	kmz("a KML that is none", "?", member{name: "doc.kml", text: "PK"})
	kmz("an empty KML", "breaks off", member{name: "doc.kml"})
	kmz("a KML deep in folders", "", member{name: "a/b/c/x.KML", text: doc("")})
	return all
}

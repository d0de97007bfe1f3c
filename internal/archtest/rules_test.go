package archtest

const module = "yike/"

// rule is one row of the import table of docs/architecture.md. The first row that
// names a package decides.
type rule struct {
	name     string
	packages []string // who
	inside   []string // what of this module it may import
	outside  []string // which third-party packages
	pure     bool     // no I/O, no clock, no logger
	why      string
}

const (
	orb     = "github.com/paulmach/orb/..."
	pgx     = "github.com/jackc/pgx/v5/..."
	chi     = "github.com/go-chi/chi/v5/..."
	huma    = "github.com/danielgtaylor/huma/v2/..."
	rtree   = "github.com/tidwall/rtree/..."
	uuid    = "github.com/google/uuid"
	xsync   = "golang.org/x/sync/..."
	xsys    = "golang.org/x/sys/..."
	xtext   = "golang.org/x/text/..."
	yaml    = "github.com/goccy/go-yaml/..."
	osm     = "github.com/paulmach/osm/..."
	goose   = "github.com/pressly/goose/v3/..."
	gogeom  = "github.com/twpayne/go-geom/..."
	gzipper = "github.com/klauspost/compress/..."
	kong    = "github.com/alecthomas/kong"
	xcrypto = "golang.org/x/crypto/..."
	totp    = "github.com/pquerna/otp/..."
	qrcode  = "github.com/skip2/go-qrcode"
	oidc    = "github.com/coreos/go-oidc/v3/..."
	oauth2  = "golang.org/x/oauth2/..."
	rate    = "github.com/go-chi/httprate"
	prom    = "github.com/prometheus/client_golang/..."
	pinyin  = "github.com/mozillazg/go-pinyin"
	ximage  = "golang.org/x/image/..."
	rscqr   = "rsc.io/qr/..."
	gozxing = "github.com/makiuchi-d/gozxing/..."
)

const excelize = "github.com/xuri/excelize/v2"

var (
	geoRooms = []string{ // what every room may know
		"geo",
		"geo/contour",
		"geo/crsfit",
		"geo/crsguess",
		"geo/divisions",
		"internal/record",
	}
	coreRooms = []string{
		"internal/attachments",
		"coverage",
		"coverage/access",
		"coverage/scenarios",
		"coverage/siting",
		"coverage/walknet",
		"facilities",
		"facilities/campaigns",
		"facilities/estates",
		"facilities/estates/estatelist",
		"facilities/exports",
		"facilities/funeral",
		"facilities/imports",
		"facilities/indicators",
		"facilities/likeness",
		"facilities/lists",
		"facilities/matrix",
		"facilities/placing",
		"facilities/premises",
		"facilities/standards",
		"internal/papers",
		"internal/rules",
		"placenames",
		"placenames/addresses",
		"placenames/consequences",
		"placenames/gazetteer",
		"placenames/namelist",
		"placenames/namesearch",
		"placenames/naming",
		"placenames/numbering",
		"placenames/panel",
		"placenames/plates",
		"placenames/plates/faces",
		"placenames/plates/life",
		"placenames/plates/sheets",
		"placenames/plates/symbol",
		"placenames/plates/doors",
		"placenames/papers",
		"placenames/process",
		"placenames/roman",
		"placenames/signs",
		"placenames/survey",
		"placenames/wordlists",
		"tiles",
	}
	impureStd = []string{"os/...", "net/...", "database/...", "log/...", "io/ioutil", "syscall", "runtime/debug"}
	testOnly  = []string{excelize, "pgregory.net/rapid", "github.com/google/go-cmp/...", "github.com/getkin/kin-openapi/...", "github.com/zitadel/oidc/v3/..."}
)

var rules = []rule{
	{
		name: "earth", packages: []string{"geo"}, outside: []string{orb}, pure: true,
		why: "geo is the floor of the house",
	},
	{
		name: "earth's tools", packages: []string{"geo/contour", "geo/crsfit"}, inside: []string{"geo"}, outside: []string{orb}, pure: true,
		why: "they know points and lines only",
	},
	{
		name: "coordinate systems guessed", packages: []string{"geo/crsguess"}, inside: []string{"geo", "geo/crsfit", "internal/hanzi"}, outside: []string{orb}, pure: true,
		why: "it knows numbers and places only, and asks crsfit about roads",
	},
	{
		name: "divisions", packages: []string{"geo/divisions"}, inside: []string{"geo", "internal/rules"}, outside: []string{orb}, pure: true,
		why: "divisions know no feature",
	},
	{
		name: "what records share", packages: []string{"internal/record"}, pure: true,
		why: "days, faults and reasons are words of every feature, so they know none",
	},
	{
		name: "checkable rules", packages: []string{"internal/rules"}, inside: []string{"internal/record"}, pure: true,
		why: "rules are data; it knows no feature that has some",
	},
	{
		name: "findings in the API", packages: []string{"internal/rules/ruleshttp"}, inside: []string{"internal/rules"}, pure: true,
		why: "one shape for the findings of all features; it knows none",
	},
	{
		name: "facility standards", packages: []string{"facilities/standards"}, inside: append([]string{"facilities", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child that knows its parent and the rules, and reads nothing",
	},
	{
		name: "Chinese text", packages: []string{"internal/hanzi"}, outside: []string{pinyin}, pure: true,
		why: "characters, their widths, forms and sounds are words of every feature; the pinyin table is fenced here",
	},
	{
		name: "addresses as written", packages: []string{"internal/address"}, inside: []string{"internal/hanzi"}, pure: true,
		why: "how an address is written is a word of every feature; it knows no place",
	},
	{
		name: "likeness and placing", packages: []string{"facilities/likeness", "facilities/placing"},
		inside: append([]string{"facilities", "internal/hanzi", "internal/address"}, geoRooms...), outside: []string{orb, rtree}, pure: true,
		why: "children of the facility core; they do not know each other",
	},
	{
		name: "lists as written", packages: []string{"facilities/lists"}, inside: append([]string{"internal/hanzi"}, geoRooms...), pure: true,
		why: "headings, cells and names of places are words of every list; it knows no feature and no file",
	},
	{
		name: "lists brought in", packages: []string{"facilities/imports"}, inside: append([]string{"facilities", "facilities/lists", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the facility core: likeness, places and files are given to it as values",
	},
	{
		name: "columns given out", packages: []string{"facilities/exports"}, inside: append([]string{"facilities"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the facility core: it says what stands in a file, and knows no file",
	},
	{
		name: "network core", packages: []string{"coverage/walknet"}, inside: geoRooms, outside: []string{orb, rtree}, pure: true,
		why: "the network knows no people and no facilities",
	},
	{
		name: "coverage core", packages: []string{"coverage"}, inside: append([]string{"internal/rules", "coverage/walknet"}, geoRooms...), outside: []string{orb, rtree}, pure: true,
		why: "cores never import one another; coverage stands on its network",
	},
	{
		name: "scenarios", packages: []string{"coverage/scenarios"}, inside: append([]string{"coverage"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the coverage core: it keeps what a plan came to, and knows no storage",
	},
	{
		name: "siting and access", packages: []string{"coverage/siting", "coverage/access"}, pure: true,
		why: "they know lists of who reaches what, and neither maps nor one another",
	},
	{
		name: "facility core", packages: []string{"facilities"}, inside: append([]string{"internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "cores never import one another",
	},
	{
		name: "attachments kept", packages: []string{"internal/attachments/attachmentdb"},
		inside:  []string{"internal/attachments", "internal/postgres", "internal/record"},
		outside: []string{orb, pgx, uuid}, why: "SQL lives here",
	},
	{
		name: "attachments served", packages: []string{"internal/attachments/attachmenthttp"},
		inside:  []string{"internal/attachments", "internal/httpapi", "internal/auth", "internal/record", "geo"},
		outside: []string{orb, chi, huma}, why: "a handler declares the small interface it needs",
	},
	{
		name: "attachments core", packages: []string{"internal/attachments"}, inside: geoRooms, outside: []string{orb, ximage}, pure: true,
		why: "it makes of a file what is kept and knows records by name only",
	},
	{
		name: "plan core", packages: []string{"facilities/indicators"}, inside: append([]string{"facilities"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "plans are counted from the registry, so a child of its core; it knows no walking",
	},
	{
		name: "ledger and matrix", packages: []string{"facilities/premises", "facilities/matrix"},
		inside: append([]string{"facilities", "facilities/lists", "internal/rules", "internal/hanzi"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "children of the facility core; they do not know each other",
	},
	{
		name: "estate core", packages: []string{"facilities/estates"},
		inside: append([]string{"facilities", "facilities/premises", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "planned premises are rooms of the ledger that are not there yet: the same uses, norms and areas",
	},
	{
		name: "lists of estates", packages: []string{"facilities/estates/estatelist"},
		inside: append([]string{"facilities/estates", "facilities/lists", "facilities/premises"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the estate core: what stands in a file of estates; it knows no file",
	},
	{
		name: "place names", packages: []string{"placenames"}, inside: geoRooms, outside: []string{orb}, pure: true,
		why: "the record of a name; it knows no check, no procedure and no spelling",
	},
	{
		name: "standard addresses", packages: []string{"placenames/addresses"},
		inside: append([]string{"placenames", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names: the tree of doors that stand on them; it knows no plate and no proposal of a number",
	},
	{
		name: "checks of place names", packages: []string{"placenames/naming"},
		inside: append([]string{"placenames", "internal/hanzi", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names; the register is given to it as values",
	},
	{
		name: "procedure of place names", packages: []string{"placenames/process"}, inside: append([]string{"placenames"}, geoRooms...), pure: true,
		why: "steps, clocks and events; the calendar is given to it and no name is looked at",
	},
	{
		name: "lists of words", packages: []string{"placenames/wordlists"}, inside: append([]string{"placenames"}, geoRooms...), pure: true,
		why: "words and what experts let pass of them; it knows no rule that asks for them",
	},
	{
		name: "panels of place names", packages: []string{"placenames/panel"}, inside: append([]string{"placenames"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "what experts, offices, the public and the committee say; it knows no procedure that asks for it",
	},
	{
		name: "documents of place names", packages: []string{"placenames/papers"}, inside: append([]string{"placenames"}, geoRooms...), pure: true,
		why: "a child of the register: which documents a case has and how they are numbered; it knows steps and materials by their code words",
	},
	{
		name: "public notices", packages: []string{"placenames/notices"},
		inside: append([]string{"internal/httpapi", "placenames", "placenames/panel"}, geoRooms...), outside: []string{chi, rate},
		why: "pages for everybody, written on the server; it is given notices by an interface of its own",
	},
	{
		name: "spelling of place names", packages: []string{"placenames/roman"},
		inside: append([]string{"placenames", "internal/hanzi"}, geoRooms...), outside: []string{xtext}, pure: true,
		why: "it spells by rules and readings that are given to it",
	},
	{
		name: "book of place names", packages: []string{"placenames/gazetteer"}, inside: append([]string{"placenames"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names: how the register is told as a whole; it knows no file",
	},
	{
		name: "consequences of another name", packages: []string{"placenames/consequences"}, inside: append([]string{"placenames"}, geoRooms...), pure: true,
		why: "a child of the place names: what carries a name is given to it as values",
	},
	{
		name: "lists of place names", packages: []string{"placenames/namelist"},
		inside: append([]string{"facilities/lists", "internal/hanzi", "placenames"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names: what stands in a file of names; it knows no file",
	},
	{
		name: "signs of place names", packages: []string{"placenames/signs"}, inside: append([]string{"placenames"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names: what stands where, and what is to be done about it; no procedure and no check is known to it",
	},
	{
		name: "numbers of doors", packages: []string{"placenames/numbering"}, inside: append([]string{"internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "lines, doors and numbers are given to it; it knows no name, no address and no plate",
	},
	{
		name: "doors", packages: []string{"placenames/plates/doors"}, inside: append([]string{"placenames/plates"}, geoRooms...), pure: true,
		why: "what a door page tells and what people report of a plate; it knows no catalogue, no network and no page",
	},
	{
		name: "door pages", packages: []string{"placenames/plates/doorpage"},
		inside: append([]string{"internal/httpapi", "placenames/plates", "placenames/plates/doors"}, geoRooms...), outside: []string{chi, rate, gzipper, xsync},
		why: "pages for everybody, written on the server; it is given doors by an interface of its own",
	},
	{
		name: "codes of plates", packages: []string{"placenames/plates"}, pure: true,
		why: "codes, payloads and sizes; it knows no address",
	},
	{
		name: "symbols of plates", packages: []string{"placenames/plates/symbol"}, outside: []string{rscqr, qrcode}, pure: true,
		why: "two encoders behind one interface; it knows no plate",
	},
	{
		name: "proof of plates", packages: []string{"placenames/plates/proof"},
		inside: []string{"placenames/plates", "placenames/plates/symbol", "placenames/plates/faces", "placenames/plates/sheets"}, outside: []string{gozxing},
		why: "what is printed is read back by other programs; the decoder is fenced here",
	},
	{
		name: "faces and sheets of plates", packages: []string{"placenames/plates/faces", "placenames/plates/sheets"},
		inside: []string{"placenames/plates", "placenames/plates/symbol", "placenames/plates/faces", "internal/pdf", "internal/pdf/objects"}, outside: []string{ximage}, pure: true,
		why: "what a plate looks like and how many are printed; text and codes are given to it",
	},
	{
		name: "life of plates", packages: []string{"placenames/plates/life"},
		inside: append([]string{"placenames", "placenames/plates", "internal/rules"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the plates: states, events, times and ways; addresses are ids and points to it",
	},
	{
		name: "survey of place names", packages: []string{"placenames/survey"}, inside: append([]string{"placenames"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names: visits to places; no procedure and no photo is known to it",
	},
	{
		name: "table of phrases made", packages: []string{"placenames/roman/phrasegen"}, inside: []string{"placenames/roman"},
		why: "a tool of the makers; it reads the file of a package that is not kept",
	},
	{
		name: "search of place names", packages: []string{"placenames/namesearch"},
		inside: append([]string{"placenames", "internal/hanzi"}, geoRooms...), outside: []string{orb}, pure: true,
		why: "a child of the place names; names and the characters that look alike are given to it",
	},
	{
		name: "campaign core", packages: []string{"facilities/campaigns"}, inside: geoRooms, pure: true,
		why: "it knows facilities by their ids only",
	},
	{
		name: "funeral core", packages: []string{"facilities/funeral"}, inside: append([]string{"facilities"}, geoRooms...), pure: true,
		why: "it plans what becomes of columbaria, which are facilities",
	},
	{
		name: "tile core", packages: []string{"tiles"}, inside: append([]string{"internal/rules"}, geoRooms...), outside: []string{orb, rtree, gzipper}, pure: true,
		why: "the encoder only encodes",
	},
	{
		name: "cases of place names kept", packages: []string{"placenames/casedb"},
		inside:  join(geoRooms, coreRooms, []string{"internal/hanzi", "internal/postgres", "placenames/placenamedb"}),
		outside: []string{orb, pgx, uuid},
		why:     "what a case decides is written to the register in the same transaction",
	},
	{
		name: "storage", packages: []string{"*db"},
		inside:  join(geoRooms, coreRooms, []string{"geo/divisions/divisiondb", "internal/hanzi", "internal/papers/paperdb", "internal/postgres", "internal/audit", "internal/jobs"}),
		outside: []string{orb, pgx, uuid},
		why:     "SQL lives here and nothing else does; a search by sound is SQL, too, and where a record stands among the divisions is asked in one way",
	},
	{
		name: "memory", packages: []string{"*live"},
		inside:  join(geoRooms, coreRooms, []string{"*db", "internal/jobs", "internal/pack", "internal/pack/packdb"}),
		outside: []string{orb, xsync},
		why:     "loaded state joins cores and stores",
	},
	{
		name: "checks of place names served", packages: []string{"placenames/checkhttp"},
		inside:  join(geoRooms, coreRooms, []string{"internal/httpapi", "internal/rules/ruleshttp", "facilities/lists/listhttp", "placenames/placenamehttp"}),
		outside: []string{orb, huma},
		why:     "a name that nobody saved is written as the register has it",
	},
	{
		name: "numbering served", packages: []string{"placenames/numberinghttp"},
		inside:  join(geoRooms, coreRooms, []string{"internal/httpapi", "placenames/placenamehttp"}),
		outside: []string{orb, huma},
		why:     "the shape of a building is written as the register has a place",
	},
	{
		name: "web", packages: []string{"*http"},
		inside:  join(geoRooms, coreRooms, []string{"internal/httpapi", "internal/auth", "internal/papers/paperhttp", "internal/rules/ruleshttp", "facilities/lists/listhttp"}),
		outside: []string{orb, chi, huma, gzipper},
		why:     "a handler declares the small interface it needs and is given it",
	},
	{
		name: "network import", packages: []string{"coverage/networkimport"},
		inside:  join(geoRooms, coreRooms, []string{"*db", "internal/..."}),
		outside: []string{orb, osm},
		why:     "the OSM reader is fenced here",
	},
	{
		name: "import, export, jobs", packages: []string{"*import", "*export", "*job"},
		inside:  join(geoRooms, coreRooms, []string{"facilities/lists/listimport", "*db", "internal/..."}),
		outside: []string{orb, pgx},
		why:     "they join files, cores and stores",
	},
	{name: "migrations and front end", packages: []string{"migrations", "web"}, why: "they are embedded files"},
	{
		name: "database plumbing", packages: []string{"internal/postgres"},
		inside: append([]string{"migrations"}, geoRooms...), outside: []string{orb, pgx, gogeom, goose, xsys, uuid},
		why: "plumbing knows no feature; go-geom stays at this border",
	},
	{
		name: "test database", packages: []string{"internal/postgres/dbtest"},
		inside: []string{"internal/postgres", "migrations"}, outside: []string{pgx, xsys},
		why: "it serves tests only",
	},
	{
		name: "HTTP plumbing", packages: []string{"internal/httpapi"},
		inside: geoRooms, outside: []string{orb, chi, huma, gzipper, xtext, rate},
		why: "plumbing knows no feature; what a map shows is a frame of points",
	},
	{name: "keys", packages: []string{"internal/keys"}, why: "files of the installation's secrets, and nothing else"},
	{name: "who may what", packages: []string{"internal/auth"}, pure: true, why: "roles and rights are rules, not I/O"},
	{
		name: "accounts storage", packages: []string{"internal/auth/authdb"},
		inside: []string{"internal/auth", "internal/keys", "internal/postgres"}, outside: []string{pgx, uuid, xcrypto, totp, xsync},
		why: "passwords, second factors, sessions and tokens are kept and checked here",
	},
	{
		name: "accounts web", packages: []string{"internal/auth/authhttp"},
		inside: []string{"internal/auth", "internal/httpapi"}, outside: []string{chi, huma, rate, qrcode},
		why: "it is given the accounts by an interface of its own",
	},
	{
		name: "identity provider", packages: []string{"internal/auth/oidclogin"},
		inside: []string{"internal/auth"}, outside: []string{oidc, oauth2},
		why: "the OpenID Connect client is fenced here",
	},
	{
		name: "test identity provider", packages: []string{"internal/auth/oidclogin/oidctest"},
		outside: []string{"github.com/zitadel/oidc/v3/...", "github.com/go-jose/go-jose/v4/..."},
		why:     "it serves tests only",
	},
	{
		name: "audit log", packages: []string{"internal/audit"},
		inside: []string{"internal/keys", "internal/postgres"}, outside: []string{pgx, uuid},
		why: "it seals and verifies, and knows no feature",
	},
	{
		name: "jobs", packages: []string{"internal/jobs"}, inside: []string{"internal/postgres"}, outside: []string{pgx, uuid, xsync},
		why: "it runs what it is given",
	},
	{
		name: "plumbing's web", packages: []string{"internal/audit/audithttp", "internal/jobs/jobhttp"},
		inside:  []string{"internal/auth", "internal/httpapi", "internal/audit", "internal/jobs"},
		outside: []string{chi, huma}, why: "a handler declares the small interface it needs",
	},
	{name: "files by content", packages: []string{"internal/blob"}, why: "it keeps bytes and knows no records"},
	{
		name: "map prints", packages: []string{"internal/mapprint"}, inside: []string{"internal/pdf", "internal/record"}, pure: true,
		why: "it lays out a sheet and knows no layer of the map",
	},
	{
		name: "map prints' web", packages: []string{"internal/mapprint/mapprinthttp"},
		inside:  []string{"internal/mapprint", "internal/pdf", "internal/record", "internal/httpapi"},
		outside: []string{huma}, why: "it is given the district's facts by an interface of its own",
	},
	{
		name: "letters", packages: []string{"internal/docx"}, inside: []string{"internal/safezip", "internal/xmltok"}, pure: true,
		why: "it fills what it is given and knows no feature",
	},
	{name: "parts of PDF files", packages: []string{"internal/pdf/objects"}, pure: true, why: "objects, streams and numbers; it knows no page"},
	{name: "documents for paper", packages: []string{"internal/pdf"}, inside: []string{"internal/pdf/objects"}, outside: []string{ximage, qrcode}, why: "it sets what it is given and knows no feature"},
	{name: "metrics", packages: []string{"internal/metrics"}, outside: []string{prom, chi}, why: "Prometheus is fenced here"},
	{
		name: "papers", packages: []string{"internal/papers"}, inside: []string{"internal/docx", "internal/record"}, pure: true,
		why: "names and templates are common to the papers of all features; it knows none",
	},
	{
		name: "papers kept", packages: []string{"internal/papers/paperdb"}, inside: []string{"internal/papers", "internal/postgres"}, outside: []string{pgx},
		why: "SQL of templates, for the tables of all features",
	},
	{
		name: "papers served", packages: []string{"internal/papers/paperhttp"}, inside: []string{"internal/papers", "internal/httpapi", "internal/record"}, outside: []string{huma},
		why: "one shape for the templates of all features",
	},
	{
		name: "synthetic place names", packages: []string{"placenames/namesearch/namesearchtest"}, inside: []string{"internal/hanzi", "placenames", "placenames/namesearch"}, outside: []string{orb},
		why: "it serves tests only",
	},
	{
		name: "HTTP tests", packages: []string{"internal/httpapi/httpapitest"},
		outside: []string{"github.com/getkin/kin-openapi/..."},
		why:     "it serves tests only",
	},
	{name: "manifest", packages: []string{"internal/pack"}, inside: geoRooms, outside: []string{yaml}, why: "YAML is fenced here"},
	{
		name: "manifest storage", packages: []string{"internal/pack/packdb"},
		inside: []string{"internal/pack", "internal/postgres"}, outside: []string{pgx, uuid},
		why: "it stores what a manifest said",
	},
	{
		name: "rows through a manifest", packages: []string{"internal/pack/packimport"},
		inside: append([]string{"internal/pack", "internal/rowio"}, geoRooms...), outside: []string{orb},
		why: "it reads a layer's columns by our names and knows no feature",
	},
	{name: "GDAL", packages: []string{"internal/gdal"}, inside: geoRooms, outside: []string{xsys}, why: "a child process and its limits"},
	{
		name: "row readers", packages: []string{"internal/rowio"},
		inside: append([]string{"internal/gdal", "internal/safezip", "internal/xlsx", "internal/xmltok"}, geoRooms...), outside: []string{orb, xtext},
		why: "it reads rows of files and knows no feature",
	},
	{
		name: "XML by tokens", packages: []string{"internal/xmltok"}, pure: true,
		why: "strangers' XML, without entities and in bounded memory; it knows no format",
	},
	{
		name: "archives", packages: []string{"internal/safezip"}, outside: []string{gzipper, xtext}, pure: true,
		why: "strangers' zips; it knows no format and writes no file",
	},
	{
		name: "workbooks", packages: []string{"internal/xlsx"}, inside: []string{"internal/safezip", "internal/xmltok"}, outside: []string{excelize}, pure: true,
		why: "the fence around how workbooks are stored; from a reader, to a writer",
	},
	{
		name: "row writers", packages: []string{"internal/rowout"}, inside: []string{"geo", "internal/gdal", "internal/rowio", "internal/xlsx"}, outside: []string{orb, xtext},
		why: "it writes rows to files and knows no feature",
	},
	{name: "base map", packages: []string{"internal/basemap"}, inside: []string{"internal/httpapi"}, outside: []string{chi, xsync}, why: "a proxy with one fixed upstream"},
	{name: "import rules", packages: []string{"internal/archtest"}, why: "tests only"},
	{
		name: "demo generator", packages: []string{"cmd/yike/demogen"},
		inside: join(geoRooms, coreRooms, []string{"internal/pack"}), outside: []string{orb},
		why: "it writes a pack as a bureau would",
	},
	{
		name: "wiring", packages: []string{"cmd/yike"},
		inside:  join(geoRooms, coreRooms, []string{"*db", "*live", "*http", "*import", "*export", "*job", "internal/...", "migrations", "web", "placenames/notices", "placenames/plates/proof", "placenames/plates/doorpage", "cmd/yike/demogen"}),
		outside: []string{orb, chi, huma, kong, pgx, xsync, xsys, uuid},
		why:     "one place wires the whole",
	},
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

-- +goose Up
-- The ground every record stands on. Each table's key begins with adcode, the code
-- of the authority that keeps the record; each record has the days it is in force
-- (valid), the time it is known to us (recorded) and a version, which is its ETag.
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE pack (
    adcode     text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id         uuid        NOT NULL,
    version    integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    valid      daterange   NOT NULL DEFAULT daterange(NULL, NULL),
    recorded   tstzrange   NOT NULL DEFAULT tstzrange(now(), NULL),
    slug       text        NOT NULL,
    manifest   jsonb       NOT NULL, -- as read, for bands, notices and what is absent
    opened_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

CREATE TABLE layer (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    kind         text      NOT NULL CHECK (kind IN ('divisions', 'roads', 'buildings', 'population', 'facilities')),
    digest       text      NOT NULL, -- SHA-256 over the layer's files and settings; equal means nothing to do
    row_count    integer   NOT NULL CHECK (row_count >= 0),
    crs          text      NOT NULL,
    crs_accepted boolean   NOT NULL DEFAULT false, -- a person overrode the coordinate check
    report       jsonb     NOT NULL DEFAULT '{}',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, kind)
);

CREATE TABLE division (
    adcode      text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid      NOT NULL,
    version     integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid       daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded    tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    code        text      NOT NULL CHECK (code ~ '^[0-9]+$'),
    level       text      NOT NULL CHECK (level IN ('province', 'city', 'district', 'subdistrict', 'community', 'grid')),
    parent_code text      CHECK (parent_code ~ '^[0-9]+$'),
    name_zh     text      NOT NULL CHECK (name_zh <> ''),
    name_en     text      NOT NULL DEFAULT '',
    pinyin      text      NOT NULL DEFAULT '',
    setting     text      NOT NULL DEFAULT '' CHECK (setting IN ('', 'urban', 'rural')),
    households  integer   NOT NULL DEFAULT 0 CHECK (households >= 0),
    complete    boolean   NOT NULL DEFAULT true,
    geom        geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, code)
);
CREATE INDEX division_geom ON division USING gist (geom);

CREATE TABLE division_people (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    division_code text      NOT NULL,
    base          text      NOT NULL CHECK (base IN ('registered', 'resident')),
    band          text      NOT NULL,
    people        bigint    NOT NULL CHECK (people >= 0), -- ten-thousandths of a person
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, division_code, base, band)
);

CREATE TABLE road (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    source_id text      NOT NULL,
    name      text      NOT NULL DEFAULT '',
    class     text      NOT NULL,
    walkable  boolean   NOT NULL,
    direction smallint  NOT NULL DEFAULT 0 CHECK (direction IN (-1, 0, 1)), -- on foot
    bridge    boolean   NOT NULL DEFAULT false,
    tunnel    boolean   NOT NULL DEFAULT false,
    level     smallint  NOT NULL DEFAULT 0,
    node_ids  bigint[], -- one per vertex for OSM; NULL for line layers
    geom      geometry(LineString, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, source_id)
);
CREATE INDEX road_geom ON road USING gist (geom);

CREATE TABLE road_barrier (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    source_id text      NOT NULL,
    kind      text      NOT NULL,
    node_id   bigint    NOT NULL DEFAULT 0,
    passable  boolean   NOT NULL,
    geom      geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, source_id)
);

CREATE TABLE building (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    source_id     text      NOT NULL,
    name          text      NOT NULL DEFAULT '',
    use           text      NOT NULL DEFAULT '', -- residential, or the source's word
    floors        integer   NOT NULL DEFAULT 0 CHECK (floors >= 0), -- 0 unknown
    households    integer   NOT NULL DEFAULT 0 CHECK (households >= 0), -- 0 unknown
    division_code text,
    geom          geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, source_id)
);
CREATE INDEX building_geom ON building USING gist (geom);

CREATE TABLE population_point (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    source_id     text      NOT NULL,
    base          text      NOT NULL CHECK (base IN ('registered', 'resident')),
    people        bigint[]  NOT NULL CHECK (0 <= ALL (people) AND array_position(people, NULL) IS NULL), -- ten-thousandths of a person, in the order of the pack's bands
    division_code text, -- the finest division that holds the point
    geom          geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, base, source_id)
);
CREATE INDEX population_point_geom ON population_point USING gist (geom);

CREATE TABLE facility (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    source_id     text      NOT NULL,
    type          text      NOT NULL,
    name_zh       text      NOT NULL CHECK (name_zh <> ''),
    name_en       text      NOT NULL DEFAULT '',
    status        text      NOT NULL CHECK (status IN ('planned', 'building', 'open', 'suspended', 'closed')),
    example       boolean   NOT NULL DEFAULT false, -- placed by rule, not a real place; said wherever it is shown
    address       text      NOT NULL DEFAULT '',
    capacity      integer   NOT NULL DEFAULT 0 CHECK (capacity >= 0), -- 0 unknown; the unit follows from the type
    serves        text[]    NOT NULL DEFAULT '{}', -- codes of communities served (服务村居)
    division_code text      NOT NULL,
    geom          geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, source_id)
);
CREATE INDEX facility_geom ON facility USING gist (geom);
CREATE INDEX facility_type ON facility (adcode, type);

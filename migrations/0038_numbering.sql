-- +goose Up
-- How doors are numbered: rule sets of the bureau's own, and by which of them a road was numbered
-- last. See placenames/numbering; presets come with the program and are in no table.
CREATE TABLE numbering_rule (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    division_code text      NOT NULL GENERATED ALWAYS AS (adcode) STORED, -- a rule set is of the whole district
    definition    jsonb     NOT NULL CHECK (jsonb_typeof(definition) = 'object' AND pg_column_size(definition) < 65536),
    standard      boolean   NOT NULL DEFAULT false, -- roads are numbered by it unless another is chosen
    retired       boolean   NOT NULL DEFAULT false,
    document      text      NOT NULL DEFAULT '',
    note          text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    CHECK (NOT (standard AND retired))
);
CREATE UNIQUE INDEX numbering_rule_standard ON numbering_rule (adcode) WHERE standard;

-- The id is that of the road's place name.
CREATE TABLE numbering_road (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    division_code text      NOT NULL CHECK (division_code <> ''),
    rule          text      NOT NULL CHECK (rule <> ''), -- the key of a preset or the id of a rule set
    rule_version  integer   NOT NULL DEFAULT 0 CHECK (rule_version >= 0), -- 0 of a preset
    one_sided     boolean   NOT NULL DEFAULT false,
    mouth         geometry(Point, 4326), -- of a dead end
    start         geometry(Point, 4326), -- chosen against the compass
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, id) REFERENCES place_name (adcode, id) ON DELETE CASCADE
);

SELECT keep_history('numbering_rule', 'history.read');
SELECT keep_history('numbering_road', 'history.read');
GRANT INSERT, UPDATE ON numbering_rule TO yike_app;
GRANT INSERT, UPDATE ON numbering_road TO yike_app;

-- Rule sets are of the whole district; who may number anywhere in it may read them.
CREATE POLICY numbering_rule_read ON numbering_rule FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY numbering_rule_add ON numbering_rule FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
CREATE POLICY numbering_rule_change ON numbering_rule FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('address.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));

CREATE POLICY numbering_road_read ON numbering_road FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY numbering_road_add ON numbering_road FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
CREATE POLICY numbering_road_change ON numbering_road FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));

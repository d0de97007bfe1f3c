-- +goose Up
-- New housing estates (新建小区配建): what each is planned to have, with the rooms of public
-- premises that it owes. See facilities/estates. Areas are square decimetres, hundredths of a
-- square metre, so that sums are exact; 0 is unknown, and so is a number of 0.
--
-- Phases and rooms belong to their estate and are read and changed with it, so that a version
-- of an estate is what the estate was as a whole.
CREATE TABLE estate (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name            text      NOT NULL CHECK (name <> ''),
    place_name_id   text      NOT NULL DEFAULT '', -- of its standard place name
    kind            text      NOT NULL CHECK (kind IN ('new', 'built')),
    division_code   text      NOT NULL CHECK (division_code <> ''),
    boundary        geometry(Polygon, 4326) CHECK (ST_IsValid(boundary)), -- NULL where nobody drew it
    developer       text      NOT NULL DEFAULT '',
    completed_on    date,
    households      integer   NOT NULL DEFAULT 0 CHECK (households >= 0),
    people          integer   NOT NULL DEFAULT 0 CHECK (people >= 0),          -- planned
    measured_people integer   NOT NULL DEFAULT 0 CHECK (measured_people >= 0), -- as counted
    site_area       bigint    NOT NULL DEFAULT 0 CHECK (site_area >= 0),
    housing_floor   bigint    NOT NULL DEFAULT 0 CHECK (housing_floor >= 0),   -- of housing above ground
    floor_above     bigint    NOT NULL DEFAULT 0 CHECK (floor_above >= 0),
    floor_below     bigint    NOT NULL DEFAULT 0 CHECK (floor_below >= 0),
    phases          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(phases) = 'array' AND pg_column_size(phases) < 65536),
    rooms           jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(rooms) = 'array' AND pg_column_size(rooms) < 1048576),
    conditions      jsonb     CHECK (jsonb_typeof(conditions) = 'object' AND pg_column_size(conditions) < 8192), -- 规划条件; NULL for none
    plan            jsonb     CHECK (jsonb_typeof(plan) = 'object' AND pg_column_size(plan) < 8192),             -- the approved plan
    provided        text[]    NOT NULL DEFAULT '{}', -- elements of a life circle
    hub             jsonb     CHECK (jsonb_typeof(hub) = 'object' AND pg_column_size(hub) < 8192),               -- a combined service hub
    note            text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id)
);
-- People tell the estates of a community apart by their names.
CREATE UNIQUE INDEX estate_name ON estate (adcode, division_code, name);
CREATE INDEX estate_boundary ON estate USING gist (boundary);
-- A room of the ledger is of one estate: asked by id.
CREATE INDEX estate_rooms ON estate USING gin (rooms jsonb_path_ops);

SELECT keep_history('estate', 'history.read');
GRANT INSERT, UPDATE, DELETE ON estate TO yike_app;

CREATE POLICY estate_read ON estate FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_add ON estate FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[]));
CREATE POLICY estate_change ON estate FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[]));
CREATE POLICY estate_remove ON estate FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[]));

INSERT INTO role_action (role, action) VALUES
    ('planner', 'estate.write'),
    ('estate_reviewer', 'estate.write'),
    ('estate_reviewer', 'estate.opinion'),
    ('consulted_department', 'estate.opinion'),
    ('planner', 'estate.rules'),
    ('estate_reviewer', 'estate.rules');

-- Planning conditions, plans and opinions are kept as files of the estate.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION attachment_writable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kind = 'facility' THEN division LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])
        WHEN kind LIKE 'premises%' THEN division LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])
        WHEN kind IN ('campaign_task', 'facility_problem') THEN division LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])
        WHEN kind = 'estate' THEN division LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
        ELSE false
    END
$$;
-- +goose StatementEnd

-- +goose Up
-- The ledger of non-commercial public premises (社区非经营性公建底数台账), what inspections
-- found, and misuses that are to be put right. See facilities/premises. Areas are square
-- decimetres, hundredths of a square metre, so that sums are exact; 0 is unknown.

-- What the parts of a room come to.
CREATE FUNCTION premises_split(parts jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
    AS $$ SELECT coalesce(sum((p ->> 'area')::bigint), 0)::bigint FROM jsonb_array_elements(parts) AS p $$;

-- Whether a part that counts for a norm is of property management, which counts for none.
CREATE FUNCTION premises_wrongly_counted(parts jsonb, approved text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS $$ SELECT EXISTS (SELECT FROM jsonb_array_elements(parts) AS p
        WHERE p ->> 'counts_for' <> '' AND 'property_management' IN (p ->> 'use', approved)) $$;

CREATE TABLE premises (
    adcode         text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id             uuid      NOT NULL,
    version        integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded       tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name           text      NOT NULL CHECK (name <> ''),
    estate         text      NOT NULL DEFAULT '',
    building       text      NOT NULL DEFAULT '',
    floor          text      NOT NULL DEFAULT '',
    room_no        text      NOT NULL DEFAULT '',
    address        text      NOT NULL DEFAULT '',
    division_code  text      NOT NULL,
    geom           geometry(Point, 4326), -- NULL where nobody placed it
    owner          text      NOT NULL DEFAULT '',
    title          text      NOT NULL DEFAULT '' CHECK (title IN ('', 'registered', 'unregistered', 'leased', 'borrowed', 'disputed')),
    approved_use   text      NOT NULL DEFAULT '',
    present_use    text      NOT NULL DEFAULT '',
    parts          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(parts) = 'array'), -- of {use, area, counts_for}
    area           bigint    NOT NULL DEFAULT 0 CHECK (area >= 0),
    land_share     bigint    NOT NULL DEFAULT 0 CHECK (land_share >= 0),
    state          text      NOT NULL CHECK (state IN ('planned', 'built', 'accepted', 'handed_over', 'disputed', 'withdrawn')),
    planned_on     date,
    built_on       date,
    accepted_on    date,
    handed_over_on date,
    withdrawn_on   date,
    key_holder     text      NOT NULL DEFAULT '', -- office or post
    key_contact    text      NOT NULL DEFAULT '', -- personal: for those who keep the ledger there
    facility_id    uuid,     -- that works there
    obtained_by    text      NOT NULL DEFAULT '' CHECK (obtained_by IN ('', 'provision', 'purchase', 'exchange', 'lease', 'building', 'other')),
    documents      text[]    NOT NULL DEFAULT '{}',
    note           text      NOT NULL DEFAULT '',
    inspected_on   date,     -- of the last inspection
    PRIMARY KEY (adcode, id),
    -- No square metre counts twice, whichever program writes it.
    CONSTRAINT premises_area_once CHECK (premises_split(parts) <= area),
    CONSTRAINT premises_property_apart CHECK (NOT premises_wrongly_counted(parts, approved_use))
);
-- A room is in the ledger once.
CREATE UNIQUE INDEX premises_once ON premises (adcode, division_code, estate, building, floor, room_no)
    WHERE room_no <> '' AND state <> 'withdrawn';
CREATE INDEX premises_order ON premises (adcode, division_code COLLATE "C", name COLLATE "C", id);
CREATE INDEX premises_facility ON premises (adcode, facility_id) WHERE facility_id IS NOT NULL;

-- What somebody saw of a room. Never changed: what was wrong about it the next one says.
CREATE TABLE premises_inspection (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    premises_id uuid        NOT NULL,
    day         date        NOT NULL,
    by_whom     text        NOT NULL CHECK (by_whom <> ''),
    use_found   text        NOT NULL DEFAULT '',
    area_found  bigint      NOT NULL DEFAULT 0 CHECK (area_found >= 0),
    condition   text        NOT NULL DEFAULT '' CHECK (condition IN ('', 'good', 'fair', 'poor', 'dangerous')),
    verdict     text        NOT NULL CHECK (verdict IN ('ok', 'misuse', 'vacant', 'area_short', 'damaged', 'not_entered')),
    note        text        NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL,
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, premises_id) REFERENCES premises (adcode, id)
);
CREATE INDEX premises_inspection_of ON premises_inspection (adcode, premises_id, day);

CREATE TABLE premises_rectification (
    adcode      text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid      NOT NULL,
    version     integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid       daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded    tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    premises_id uuid      NOT NULL,
    found       uuid      NOT NULL, -- the inspection that found it
    found_on    date      NOT NULL,
    use_found   text      NOT NULL,
    deadline    date      NOT NULL,
    order_no    text      NOT NULL DEFAULT '',
    progress    text      NOT NULL CHECK (progress IN ('ordered', 'reported', 'closed')),
    reported_on date,
    report      text      NOT NULL DEFAULT '',
    recheck     uuid, -- the inspection that closed it
    closed_on   date,
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, premises_id) REFERENCES premises (adcode, id),
    FOREIGN KEY (adcode, found) REFERENCES premises_inspection (adcode, id),
    FOREIGN KEY (adcode, recheck) REFERENCES premises_inspection (adcode, id),
    CHECK ((progress = 'closed') = (recheck IS NOT NULL) AND (progress = 'closed') = (closed_on IS NOT NULL)),
    CHECK (progress <> 'reported' OR reported_on IS NOT NULL)
);
-- One misuse at a time.
CREATE UNIQUE INDEX premises_rectification_open ON premises_rectification (adcode, premises_id) WHERE progress <> 'closed';
CREATE INDEX premises_rectification_of ON premises_rectification (adcode, premises_id, found_on);

SELECT keep_history('premises', 'history.read');
SELECT keep_history('premises_rectification', 'history.read');

GRANT INSERT, UPDATE, DELETE ON premises TO yike_app;
GRANT SELECT, INSERT ON premises_inspection TO yike_app;
GRANT INSERT, UPDATE ON premises_rectification TO yike_app;
ALTER TABLE premises_inspection ENABLE ROW LEVEL SECURITY;

CREATE POLICY premises_read ON premises FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY premises_add ON premises FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[]));
CREATE POLICY premises_change ON premises FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[]));
CREATE POLICY premises_remove ON premises FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[]));

-- What belongs to a room is written by those who keep the ledger where it is.
CREATE POLICY premises_inspection_read ON premises_inspection FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY premises_inspection_add ON premises_inspection FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM premises AS p WHERE p.adcode = premises_inspection.adcode AND p.id = premises_id
            AND p.division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])));
CREATE POLICY premises_rectification_read ON premises_rectification FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY premises_rectification_add ON premises_rectification FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM premises AS p WHERE p.adcode = premises_rectification.adcode AND p.id = premises_id
            AND p.division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])));
CREATE POLICY premises_rectification_change ON premises_rectification FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM premises AS p WHERE p.adcode = premises_rectification.adcode AND p.id = premises_id
            AND p.division_code LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])));

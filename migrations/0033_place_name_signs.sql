-- +goose Up
-- Signs of place names (地名标志): which stands where, and how far one is that does not yet. See
-- placenames/signs. A sign belongs to a name and is of the division where it stands.
CREATE TABLE place_name_sign (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name_id       uuid      NOT NULL,
    kind          text      NOT NULL CHECK (kind <> ''),
    text          text      NOT NULL CHECK (text <> ''), -- what its face says, which a renaming leaves behind
    roman         text      NOT NULL DEFAULT '',
    placed_at     text      NOT NULL DEFAULT '', -- in words
    geom          geometry(Point, 4326), -- NULL where nobody placed it
    division_code text      NOT NULL CHECK (division_code <> ''),
    keeper        text      NOT NULL DEFAULT '',
    state         text      NOT NULL CHECK (state IN ('needed', 'ordered', 'made', 'standing', 'damaged', 'missing', 'removed')),
    needed_on     date,
    ordered_on    date,
    made_on       date,
    stood_on      date,
    seen_on       date,
    bad_since     date,
    removed_on    date,
    due_by        date,
    note          text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id),
    CHECK (state <> 'standing' OR stood_on IS NOT NULL),
    CHECK (state NOT IN ('damaged', 'missing') OR bad_since IS NOT NULL),
    CHECK (state <> 'removed' OR removed_on IS NOT NULL)
);
CREATE INDEX place_name_sign_of ON place_name_sign (adcode, name_id);
CREATE INDEX place_name_sign_there ON place_name_sign (adcode) WHERE state <> 'removed';

SELECT keep_history('place_name_sign', 'history.read');
GRANT INSERT, UPDATE, DELETE ON place_name_sign TO yike_app;

-- Whoever keeps the register keeps its signs, and whoever surveys says what became of one.
CREATE POLICY place_name_sign_read ON place_name_sign FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY place_name_sign_add ON place_name_sign FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]));
CREATE POLICY place_name_sign_change ON place_name_sign FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]));
CREATE POLICY place_name_sign_remove ON place_name_sign FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));

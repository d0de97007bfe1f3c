-- +goose Up
-- What names are held against beside the rules: lists of words that the bureau keeps, what
-- experts let pass of them, and of which classes the register is whole. See placenames/wordlists.

-- One list of each kind; a version is the list whole.
CREATE TABLE word_list (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    kind     text      NOT NULL CHECK (kind IN ('leaders', 'persons', 'foreign', 'brands', 'banned')),
    words    jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(words) = 'array' AND pg_column_size(words) < 8388608),
    whole    boolean   NOT NULL DEFAULT false, -- the bureau says that it has all that there are
    source   text      NOT NULL DEFAULT '',
    note     text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, kind)
);

-- An expert's word on a name as it was; of another name it says nothing.
CREATE TABLE name_clearance (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name_id  uuid      NOT NULL,
    kind     text      NOT NULL CHECK (kind IN ('leaders', 'persons', 'foreign', 'brands', 'banned')),
    word     text      NOT NULL DEFAULT '', -- '' where all beyond the list was looked at
    text     text      NOT NULL CHECK (text <> ''),
    said_by  text      NOT NULL CHECK (said_by <> ''),
    reason   text      NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, name_id, kind, word, text),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id) ON DELETE CASCADE,
    CHECK (word = '' OR kind IN ('persons', 'brands', 'foreign'))
);

-- That the register has every name of a class in an area.
CREATE TABLE name_cover (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    class    text      NOT NULL CHECK (class <> ''),
    area     text      NOT NULL DEFAULT '', -- a built-up area; '' for all of the authority's territory
    source   text      NOT NULL CHECK (source <> ''),
    since    date      NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, class, area)
);

SELECT keep_history('word_list', 'history.read');
SELECT keep_history('name_clearance', 'history.read');
SELECT keep_history('name_cover', 'history.read');

GRANT INSERT, UPDATE ON word_list TO yike_app;
GRANT INSERT, DELETE ON name_clearance TO yike_app;
GRANT INSERT, DELETE ON name_cover TO yike_app;

-- By which words a name is checked is no secret from anybody who sees the check.
CREATE POLICY word_list_read ON word_list FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY word_list_add ON word_list FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY word_list_change ON word_list FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY name_clearance_read ON name_clearance FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_clearance_add ON name_clearance FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM place_name AS n WHERE n.adcode = name_clearance.adcode AND n.id = name_id
            AND n.division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])));
CREATE POLICY name_clearance_remove ON name_clearance FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM place_name AS n WHERE n.adcode = name_clearance.adcode AND n.id = name_id
            AND n.division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])));

CREATE POLICY name_cover_read ON name_cover FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_cover_add ON name_cover FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_cover_remove ON name_cover FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

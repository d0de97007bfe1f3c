-- +goose Up
-- Standard addresses (标准地址): the tree of doors that stand on place names. See
-- placenames/addresses. What the package says of the tree and of the life of an address holds
-- here, too, whatever writes it.

-- The states that an address begins in ('' before them) and may go to, and the kinds of documents
-- of which one is needed for it. Held equal to addresses.Transitions and addresses.Beginnings by a
-- test.
CREATE TABLE address_transition (
    from_state text   NOT NULL,
    to_state   text   NOT NULL,
    decisions  text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO address_transition (from_state, to_state, decisions) VALUES
    ('', 'reserved', '{}'),
    ('', 'provisional', '{}'),
    ('', 'approved', '{}'),
    ('', 'historical', '{}'),
    ('reserved', 'provisional', '{}'),
    ('reserved', 'approved', '{numbering,renumbering,observed}'),
    ('reserved', 'historical', '{}'),
    ('provisional', 'approved', '{numbering,renumbering,observed}'),
    ('provisional', 'historical', '{renumbering,renaming,retirement,observed}'),
    ('approved', 'historical', '{renumbering,renaming,retirement,observed}');
GRANT SELECT ON address_transition TO yike_app;

CREATE FUNCTION address_depth(level text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
    AS $$ SELECT array_position(ARRAY['number', 'building', 'unit', 'floor', 'room'], level) $$;

CREATE TABLE address (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    level           text      NOT NULL CHECK (address_depth(level) IS NOT NULL),
    name_id         uuid      NOT NULL, -- the road, lane, estate or village
    parent_id       uuid,     -- NULL at the top
    number          text      NOT NULL DEFAULT '', -- of level number
    suffix          text      NOT NULL DEFAULT '', -- the sub-number: 1 of 12-1
    label           text      NOT NULL DEFAULT '', -- of the finer levels
    main_id         uuid,     -- of an auxiliary address; NULL of a main one
    state           text      NOT NULL CHECK (state IN ('reserved', 'provisional', 'approved', 'historical')),
    text            text      NOT NULL CHECK (text <> ''), -- built by rule
    short_text      text      NOT NULL CHECK (short_text <> ''), -- from the place name on
    roman           text      NOT NULL DEFAULT '',
    division_code   text      NOT NULL CHECK (division_code <> ''),
    positions       jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(positions) = 'array' AND pg_column_size(positions) < 32768),
    geom            geometry(Point, 4326), -- of the position that counts; NULL without any
    code_layout     text      NOT NULL DEFAULT '',
    code_text       text      NOT NULL DEFAULT '',
    foreign_codes   jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(foreign_codes) = 'array' AND pg_column_size(foreign_codes) < 65536),
    custody         text      NOT NULL CHECK (custody IN ('own', 'foreign')),
    decision_kind   text      NOT NULL DEFAULT '' CHECK (decision_kind IN ('', 'numbering', 'renumbering', 'renaming', 'retirement', 'observed')),
    decision_number text      NOT NULL DEFAULT '',
    decision_day    date,
    decision_body   text      NOT NULL DEFAULT '',
    former          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(former) = 'array' AND pg_column_size(former) < 65536),
    successor_ids   uuid[]    NOT NULL DEFAULT '{}',
    ended_on        date,     -- the last day of one that ended
    note            text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id),
    FOREIGN KEY (adcode, parent_id) REFERENCES address (adcode, id),
    FOREIGN KEY (adcode, main_id) REFERENCES address (adcode, id),
    CHECK (parent_id <> id),
    CHECK (main_id <> id),
    CONSTRAINT address_numbered CHECK ((level = 'number') = (number <> '') AND (level = 'number') = (label = '') AND (suffix = '' OR level = 'number')),
    CONSTRAINT address_top CHECK (parent_id IS NOT NULL OR level IN ('number', 'building')),
    CONSTRAINT address_ended CHECK ((state = 'historical') = (ended_on IS NOT NULL) AND (state = 'historical' OR successor_ids = '{}')),
    -- A standard address says by which document, or where it was found.
    CONSTRAINT address_decided CHECK (state <> 'approved'
        OR decision_kind = 'observed' AND decision_body <> ''
        OR decision_kind NOT IN ('', 'observed') AND decision_number <> '' AND decision_day IS NOT NULL AND decision_body <> '')
);
-- One live address of a number or label in its place.
CREATE UNIQUE INDEX address_live ON address (adcode, name_id, parent_id, level, number, suffix, label) NULLS NOT DISTINCT WHERE state <> 'historical';
CREATE INDEX address_listed ON address (adcode, short_text COLLATE yike_pinyin, id);
CREATE INDEX address_named ON address (adcode, name_id);
CREATE INDEX address_within ON address (adcode, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX address_auxiliary ON address (adcode, main_id) WHERE main_id IS NOT NULL;
CREATE INDEX address_geom ON address USING gist (geom);
CREATE INDEX address_codes ON address USING gin (foreign_codes jsonb_path_ops);
CREATE INDEX address_code ON address (adcode, code_text) WHERE code_text <> '';
CREATE INDEX address_old ON address (adcode, ended_on) WHERE ended_on IS NOT NULL OR former <> '[]';

SELECT keep_history('address', 'history.read');

-- An id is of one door for its life, and what has ended does not come back.
-- +goose StatementBegin
CREATE FUNCTION address_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before text := '';
    needed text[];
BEGIN
    IF TG_OP = 'INSERT' AND NEW.version > 1 THEN
        RAISE EXCEPTION 'the id of an address is never used again' USING ERRCODE = 'YK003';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := OLD.state;
    END IF;
    IF NEW.state = before THEN
        RETURN NEW;
    END IF;
    SELECT t.decisions INTO needed FROM public.address_transition AS t WHERE t.from_state = before AND t.to_state = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an address does not go from "%" to "%"', before, NEW.state USING ERRCODE = 'YK003';
    END IF;
    IF needed <> '{}' AND NOT NEW.decision_kind = ANY (needed) THEN
        RAISE EXCEPTION 'from "%" to "%" an address needs a document of another kind', before, NEW.state USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER record_life BEFORE INSERT OR UPDATE ON address FOR EACH ROW EXECUTE FUNCTION address_life();

-- The tree: what an address is within is of a wider level and on the same name, so that no circle
-- can be made; an auxiliary address names a main one; successors are there. Asked once for a
-- statement, of the rows that it wrote and of those that hang on them.
-- +goose StatementBegin
CREATE FUNCTION address_tree() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows AS n JOIN public.address AS p ON p.adcode = n.adcode AND p.id = n.parent_id
            WHERE public.address_depth(p.level) >= public.address_depth(n.level) OR p.name_id <> n.name_id
                OR p.state = 'historical' AND n.state <> 'historical') THEN
        RAISE EXCEPTION 'an address is within one of a wider level, on the same place name, that has not ended' USING ERRCODE = 'YK003';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (SELECT FROM new_rows AS n JOIN public.address AS c ON c.adcode = n.adcode AND c.parent_id = n.id
            WHERE public.address_depth(n.level) >= public.address_depth(c.level) OR c.name_id <> n.name_id
                OR n.state = 'historical' AND c.state <> 'historical') THEN
        RAISE EXCEPTION 'what is within an address is of a finer level, on the same place name, and ends before it' USING ERRCODE = 'YK003';
    END IF;
    IF EXISTS (SELECT FROM new_rows AS n JOIN public.address AS m ON m.adcode = n.adcode AND m.id = n.main_id WHERE m.main_id IS NOT NULL)
            OR TG_OP = 'UPDATE' AND EXISTS (SELECT FROM new_rows AS n JOIN public.address AS a ON a.adcode = n.adcode AND a.main_id = n.id WHERE n.main_id IS NOT NULL) THEN
        RAISE EXCEPTION 'an auxiliary address names a main one' USING ERRCODE = 'YK003';
    END IF;
    IF EXISTS (SELECT FROM new_rows AS n, unnest(n.successor_ids) AS s(id)
            WHERE s.id = n.id OR NOT EXISTS (SELECT FROM public.address AS a WHERE a.adcode = n.adcode AND a.id = s.id)) THEN
        RAISE EXCEPTION 'a successor of an address is another address that is there' USING ERRCODE = 'YK003';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER address_tree_added AFTER INSERT ON address
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION address_tree();
CREATE TRIGGER address_tree_changed AFTER UPDATE ON address
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION address_tree();

-- A reserved number, and one that was given up, is shown to those who number, where they do.
CREATE POLICY address_read ON address FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read'))
        AND (state <> 'reserved' AND NOT (state = 'historical' AND decision_kind = '') OR division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[])));
DROP POLICY address_history_read ON address_history;
CREATE POLICY address_history_read ON address_history FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('history.read'))
        AND (state <> 'reserved' AND NOT (state = 'historical' AND decision_kind = '') OR division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[])));
-- What another office numbers comes in by an import only, which acts as the system; requests read it.
GRANT INSERT, UPDATE, DELETE ON address TO yike_app;
CREATE POLICY address_add ON address FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND custody = 'own' AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
CREATE POLICY address_change ON address FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND custody = 'own' AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND custody = 'own' AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
-- What people may have been told of only ends.
CREATE POLICY address_remove ON address FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND custody = 'own' AND state = 'reserved' AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));

-- Rows of a register that were not matched to an address, until a person decides. A row is known
-- by the system that it is of and what it holds, so that the same file brings nothing twice.
CREATE TABLE address_difference (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange   NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange   NOT NULL DEFAULT tstzrange(now(), NULL),
    system        text        NOT NULL CHECK (system <> ''),
    fingerprint   text        NOT NULL CHECK (fingerprint <> ''), -- of what the row says
    file          text        NOT NULL DEFAULT '',
    row_no        integer     NOT NULL DEFAULT 0,
    row           jsonb       NOT NULL CHECK (jsonb_typeof(row) = 'object' AND pg_column_size(row) < 32768), -- as it was read
    reason        text        NOT NULL CHECK (reason <> ''), -- code of why it was not matched
    candidates    uuid[]      NOT NULL DEFAULT '{}', -- addresses that it may be of
    division_code text        NOT NULL CHECK (division_code <> ''),
    outcome       text        NOT NULL DEFAULT '' CHECK (outcome IN ('', 'matched', 'created', 'dismissed')),
    address_id    uuid,       -- that it was matched to, or that was made of it
    note          text        NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, address_id) REFERENCES address (adcode, id),
    CHECK ((outcome IN ('matched', 'created')) = (address_id IS NOT NULL))
);
CREATE UNIQUE INDEX address_difference_once ON address_difference (adcode, system, fingerprint);
CREATE INDEX address_difference_open ON address_difference (adcode, id) WHERE outcome = '';
SELECT keep_history('address_difference', 'history.read');
GRANT INSERT, UPDATE ON address_difference TO yike_app;
CREATE POLICY address_difference_read ON address_difference FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
CREATE POLICY address_difference_add ON address_difference FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));
CREATE POLICY address_difference_change ON address_difference FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]));

-- +goose Up
-- Address plates (门楼牌): orders, the register of plates and what happened to each. See
-- placenames/plates/life. Made for tens of millions of rows: every key begins with adcode, no
-- sequence numbers anything, and what is open is found by indexes of the open alone.

-- The events that may happen in each state ('' before the first). Held equal to life.Steps by a test.
CREATE TABLE plate_transition (
    from_state text NOT NULL,
    kind       text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (from_state, kind)
);
INSERT INTO plate_transition (from_state, kind, to_state) VALUES
    ('', 'ordered', 'ordered'),
    ('', 'registered', 'fixed'),
    ('ordered', 'made', 'made'),
    ('made', 'returned', 'ordered'),
    ('made', 'delivered', 'delivered'),
    ('delivered', 'returned', 'ordered'),
    ('delivered', 'fixed', 'fixed'),
    ('fixed', 'verified', 'verified'),
    ('damaged', 'repaired', 'fixed'),
    ('lost', 'repaired', 'fixed'),
    ('fixed', 'inspected', 'fixed'),
    ('fixed', 'damaged', 'damaged'),
    ('fixed', 'lost', 'lost'),
    ('verified', 'inspected', 'verified'),
    ('verified', 'damaged', 'damaged'),
    ('verified', 'lost', 'lost'),
    ('damaged', 'inspected', 'damaged'),
    ('damaged', 'lost', 'lost'),
    ('ordered', 'replaced', 'replaced'),
    ('made', 'replaced', 'replaced'),
    ('delivered', 'replaced', 'replaced'),
    ('fixed', 'replaced', 'replaced'),
    ('verified', 'replaced', 'replaced'),
    ('damaged', 'replaced', 'replaced'),
    ('lost', 'replaced', 'replaced'),
    ('ordered', 'withdrawn', 'withdrawn'),
    ('made', 'withdrawn', 'withdrawn'),
    ('delivered', 'withdrawn', 'withdrawn'),
    ('fixed', 'withdrawn', 'withdrawn'),
    ('verified', 'withdrawn', 'withdrawn'),
    ('damaged', 'withdrawn', 'withdrawn'),
    ('lost', 'withdrawn', 'withdrawn');
GRANT SELECT ON plate_transition TO yike_app;

-- An order to the maker (制作单).
CREATE TABLE plate_order (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    year          integer   NOT NULL CHECK (year BETWEEN 1900 AND 9999),
    no            integer   NOT NULL CHECK (no > 0), -- of the authority and year, without a gap
    title         text      NOT NULL CHECK (title <> ''),
    maker         text      NOT NULL DEFAULT '',
    note          text      NOT NULL DEFAULT '',
    division_code text      NOT NULL CHECK (division_code <> ''), -- that holds all its plates
    ordered_on    date      NOT NULL,
    selection     jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(selection) = 'object' AND pg_column_size(selection) < 65536), -- how its plates were chosen
    proof         jsonb     CHECK (jsonb_typeof(proof) = 'object' AND pg_column_size(proof) < 65536), -- what the proof of its sheets found; NULL before one
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, year, no)
);

-- A plate. What follows from its events is written by a trigger of the events alone.
CREATE TABLE plate (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    token           text      NOT NULL CHECK (token ~ '^[0-9A-HJKMNP-TV-Z]{14}$'),
    id              uuid      NOT NULL, -- what files hang on
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    address_id      uuid      NOT NULL,
    kind            text      NOT NULL CHECK (kind IN ('large', 'medium', 'small', 'building', 'unit', 'room')),
    slot            text      NOT NULL CHECK (slot ~ '^(main|[1-9])$'),
    order_id        uuid,     -- NULL for one that hung before
    face_name       text      NOT NULL, -- what it says, which a renaming leaves behind
    face_number     text      NOT NULL,
    face_roman      text      NOT NULL DEFAULT '',
    foreign_payload text      NOT NULL DEFAULT '' CHECK (octet_length(foreign_payload) <= 2000), -- of a symbol that is not ours, exactly as it is
    division_code   text      NOT NULL CHECK (division_code <> ''),
    due_from        date,     -- from which the time to put it up counts
    state           text      NOT NULL DEFAULT '' CHECK (state IN ('', 'ordered', 'made', 'delivered', 'fixed', 'verified', 'damaged', 'lost', 'replaced', 'withdrawn')),
    events          integer   NOT NULL DEFAULT 0 CHECK (events >= 0),
    last_day        date,
    ordered_on      date,
    made_on         date,
    delivered_on    date,
    fixed_on        date,
    fixed_by        text      NOT NULL DEFAULT '',
    geom            geometry(Point, 4326), -- where it was fixed
    offset_m        real,     -- from the point of the address; NULL where one of the two is not known
    height_m        real,
    photo_id        uuid,     -- the attachment that shows it on the wall
    verified_on     date,
    seen_on         date,
    bad_since       date,
    trouble         text      NOT NULL DEFAULT '',
    ended_on        date,
    successor       text,     -- the token of the plate that replaced it
    PRIMARY KEY (adcode, token),
    UNIQUE (adcode, id),
    FOREIGN KEY (adcode, order_id) REFERENCES plate_order (adcode, id),
    FOREIGN KEY (adcode, successor) REFERENCES plate (adcode, token) DEFERRABLE INITIALLY DEFERRED,
    CHECK (successor <> token),
    CHECK (order_id IS NOT NULL OR state <> 'ordered'),
    CHECK (state <> 'replaced' OR successor IS NOT NULL)
);
-- One live plate to a slot, whoever writes it.
CREATE UNIQUE INDEX plate_slot ON plate (adcode, address_id, slot) WHERE state NOT IN ('replaced', 'withdrawn');
CREATE INDEX plate_of_address ON plate (adcode, address_id);
CREATE INDEX plate_of_order ON plate (adcode, order_id, state) WHERE order_id IS NOT NULL;
CREATE INDEX plate_listed ON plate (adcode, face_name COLLATE yike_pinyin, face_number COLLATE yike_pinyin, token);
CREATE INDEX plate_to_fix ON plate (adcode, due_from) WHERE state IN ('ordered', 'made', 'delivered');
CREATE INDEX plate_to_repair ON plate (adcode, bad_since) WHERE state IN ('damaged', 'lost');
CREATE INDEX plate_off ON plate (adcode, offset_m) WHERE offset_m > 15 AND state IN ('fixed', 'verified', 'damaged');
CREATE INDEX plate_foreign ON plate (adcode, foreign_payload) WHERE foreign_payload <> '';
CREATE INDEX plate_succeeds ON plate (adcode, successor) WHERE successor IS NOT NULL;

-- What happened. Rows are added and never changed.
CREATE TABLE plate_event (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    token       text        NOT NULL,
    no          integer     NOT NULL CHECK (no > 0), -- from 1 for each plate
    kind        text        NOT NULL,
    state       text        NOT NULL, -- after it
    day         date        NOT NULL,
    account     text        NOT NULL DEFAULT '', -- that says so; '' for the program
    scanned     text        NOT NULL DEFAULT '' CHECK (octet_length(scanned) <= 2000),
    photo_id    uuid,
    geom        geometry(Point, 4326),
    accuracy_m  real,
    offset_m    real,
    height_m    real,
    trouble     text        NOT NULL DEFAULT '',
    layer       text        NOT NULL DEFAULT '',
    verdict     text        NOT NULL DEFAULT '', -- of an inspection, against a sticker over the symbol
    note        text        NOT NULL DEFAULT '',
    successor   text,
    client_key  text        NOT NULL DEFAULT '', -- by which a phone may send it twice
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, token, no),
    FOREIGN KEY (adcode, token) REFERENCES plate (adcode, token),
    CHECK (kind NOT IN ('returned', 'lost', 'withdrawn') OR note <> ''),
    CHECK (kind <> 'damaged' OR trouble <> ''),
    CHECK ((kind = 'replaced') = (successor IS NOT NULL)),
    -- Nobody says that a plate hangs without having been there.
    CHECK (kind <> 'fixed' OR scanned <> '' AND photo_id IS NOT NULL AND geom IS NOT NULL),
    CHECK (kind <> 'repaired' OR scanned <> '' AND photo_id IS NOT NULL),
    CHECK (kind <> 'verified' OR scanned <> '')
);
CREATE UNIQUE INDEX plate_event_once ON plate_event (adcode, client_key) WHERE client_key <> '';
CREATE INDEX plate_event_photo ON plate_event (adcode, photo_id) WHERE photo_id IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION plate_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a plate is added to and never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER plate_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON plate_event FOR EACH STATEMENT EXECUTE FUNCTION plate_event_stays();

-- The plates keep up with their events, a whole delivery at once.
-- +goose StatementBegin
CREATE FUNCTION plate_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    told bigint;
    done bigint;
BEGIN
    SELECT count(*) INTO told FROM added;
    UPDATE public.plate AS p SET
        events = e.no, state = e.state, last_day = e.day,
        ordered_on = CASE WHEN e.kind = 'ordered' THEN e.day ELSE p.ordered_on END,
        made_on = CASE e.kind WHEN 'made' THEN e.day WHEN 'returned' THEN NULL ELSE p.made_on END,
        delivered_on = CASE e.kind WHEN 'delivered' THEN e.day WHEN 'returned' THEN NULL ELSE p.delivered_on END,
        fixed_on = CASE WHEN e.kind IN ('fixed', 'registered') THEN e.day ELSE p.fixed_on END,
        fixed_by = CASE WHEN e.kind IN ('fixed', 'repaired') THEN e.account ELSE p.fixed_by END,
        geom = CASE WHEN e.kind IN ('fixed', 'registered', 'repaired') THEN coalesce(e.geom, p.geom) ELSE p.geom END,
        offset_m = CASE WHEN e.kind IN ('fixed', 'registered', 'repaired') AND e.geom IS NOT NULL THEN e.offset_m ELSE p.offset_m END,
        height_m = CASE WHEN e.kind IN ('fixed', 'registered', 'repaired') THEN coalesce(e.height_m, p.height_m) ELSE p.height_m END,
        photo_id = CASE WHEN e.kind IN ('fixed', 'registered', 'repaired', 'verified') THEN coalesce(e.photo_id, p.photo_id) ELSE p.photo_id END,
        verified_on = CASE WHEN e.kind = 'verified' THEN e.day WHEN e.kind IN ('fixed', 'registered', 'repaired') THEN NULL ELSE p.verified_on END,
        seen_on = CASE WHEN e.kind IN ('fixed', 'registered', 'repaired', 'verified', 'inspected', 'damaged') THEN e.day ELSE p.seen_on END,
        bad_since = CASE WHEN e.kind = 'damaged' THEN e.day WHEN e.kind = 'lost' THEN coalesce(p.bad_since, e.day)
            WHEN e.kind IN ('fixed', 'registered', 'repaired') THEN NULL ELSE p.bad_since END,
        trouble = CASE WHEN e.kind = 'damaged' THEN e.trouble WHEN e.kind IN ('lost', 'fixed', 'registered', 'repaired') THEN '' ELSE p.trouble END,
        ended_on = CASE WHEN e.kind IN ('replaced', 'withdrawn') THEN e.day ELSE p.ended_on END,
        successor = coalesce(e.successor, p.successor)
    FROM added AS e JOIN public.plate_transition AS t ON t.kind = e.kind AND t.to_state = e.state
    WHERE p.adcode = e.adcode AND p.token = e.token AND p.events = e.no - 1 AND p.state = t.from_state AND (p.last_day IS NULL OR p.last_day <= e.day)
        AND (e.kind <> 'verified' OR e.account = '' OR e.account <> p.fixed_by);
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> told THEN
        RAISE EXCEPTION 'an event does not follow the last one of its plate' USING ERRCODE = 'YK003';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER plate_follows AFTER INSERT ON plate_event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION plate_follows();

-- A plate is made for an address that people may be told of and that this office numbers; one
-- that hung before is kept for any. Its code, slot and face stay what they were.
-- +goose StatementBegin
CREATE FUNCTION plate_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.token, NEW.address_id, NEW.slot, NEW.kind, NEW.face_name, NEW.face_number, NEW.face_roman, NEW.foreign_payload)
            IS DISTINCT FROM (OLD.token, OLD.address_id, OLD.slot, OLD.kind, OLD.face_name, OLD.face_number, OLD.face_roman, OLD.foreign_payload) THEN
            RAISE EXCEPTION 'a plate keeps its code, its place and its face; another one is another plate' USING ERRCODE = 'YK003';
        END IF;
        IF NEW.events = OLD.events AND NEW.state <> OLD.state THEN
            RAISE EXCEPTION 'how far a plate is follows from its events' USING ERRCODE = 'YK003';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM public.address AS a WHERE a.adcode = NEW.adcode AND a.id = NEW.address_id
        AND a.state IN ('provisional', 'approved') AND (NEW.order_id IS NULL OR a.custody = 'own')) THEN
        RAISE EXCEPTION 'no plate is made for such an address' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER plate_stands BEFORE INSERT OR UPDATE ON plate FOR EACH ROW EXECUTE FUNCTION plate_stands();

SELECT keep_history('plate_order', 'history.read');
SELECT keep_history('plate', 'history.read');

GRANT INSERT ON plate_order, plate TO yike_app;
GRANT UPDATE (title, maker, note, proof) ON plate_order TO yike_app;
GRANT SELECT, INSERT ON plate_event TO yike_app;
ALTER TABLE plate_event ENABLE ROW LEVEL SECURITY;

CREATE POLICY plate_order_read ON plate_order FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY plate_order_add ON plate_order FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]));
CREATE POLICY plate_order_change ON plate_order FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]));
CREATE POLICY plate_read ON plate FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY plate_add ON plate FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND state = '' AND events = 0 AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]));
CREATE POLICY plate_event_read ON plate_event FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));

-- The right that an event of a kind needs: what is done at the wall is the fitter's.
-- +goose StatementBegin
CREATE FUNCTION plate_event_right(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind IN ('fixed', 'verified', 'inspected', 'damaged', 'lost', 'repaired') THEN 'plate.fit' ELSE 'plate.write' END
$$;
-- +goose StatementEnd
CREATE POLICY plate_event_add ON plate_event FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM plate AS p WHERE p.adcode = plate_event.adcode AND p.token = plate_event.token
            AND p.division_code LIKE ANY (CASE plate_event_right(plate_event.kind) WHEN 'plate.fit' THEN (SELECT yike_scopes('plate.fit'))::text[]
                ELSE (SELECT yike_scopes('plate.write'))::text[] END)));

-- Reading every symbol of an order's sheets back before they are printed.
INSERT INTO job_kind (kind, action) VALUES ('plate-proof', 'plate.write');

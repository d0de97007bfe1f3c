-- +goose Up
-- What follows from another name of a place: unit costs, and what people say of single things that
-- have to follow. See placenames/consequences. What the register tells by itself is not stored.

-- What changing one record of a kind costs. One record of each authority, changed as a whole.
CREATE TABLE name_unit_cost (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    prices   jsonb     NOT NULL CHECK (jsonb_typeof(prices) = 'array' AND pg_column_size(prices) < 16384),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- What somebody said of one thing that has to follow another name: that it was done where the
-- register cannot tell, or why it stays as it is. Taking it back is another version.
CREATE TABLE name_follow_mark (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name_id       uuid      NOT NULL,
    kind          text      NOT NULL CHECK (kind <> ''),
    item_id       uuid      NOT NULL,
    state         text      NOT NULL CHECK (state IN ('open', 'done', 'set_aside')),
    reason        text      NOT NULL CHECK (reason <> ''),
    said_by       text      NOT NULL CHECK (said_by <> ''),
    said_at       timestamptz NOT NULL DEFAULT now(),
    division_code text      NOT NULL CHECK (division_code <> ''), -- of the name
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id)
);
CREATE UNIQUE INDEX name_follow_mark_of ON name_follow_mark (adcode, name_id, kind, item_id);

SELECT keep_history('name_unit_cost', 'history.read');
SELECT keep_history('name_follow_mark', 'history.read');
GRANT INSERT, UPDATE ON name_unit_cost, name_follow_mark TO yike_app;

CREATE POLICY name_unit_cost_read ON name_unit_cost FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_unit_cost_add ON name_unit_cost FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_unit_cost_change ON name_unit_cost FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY name_follow_mark_read ON name_follow_mark FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_follow_mark_add ON name_follow_mark FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));
CREATE POLICY name_follow_mark_change ON name_follow_mark FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));

-- Who made changes, for whoever may read histories: lists of what has followed a renaming are of
-- thousands of records, and yike_changes_of is asked record by record.
-- +goose StatementBegin
CREATE FUNCTION yike_changers(of_adcode text, changes uuid[]) RETURNS TABLE (id uuid, at timestamptz, who text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- The role is still that of the caller here; the rights are the owner's.
    SELECT e.id, e.at, e.who FROM public.audit_entry AS e
    WHERE e.adcode IN (of_adcode, '000000') AND e.id = ANY (changes)
        AND (current_setting('role') = 'none' OR of_adcode = public.yike_adcode() AND public.yike_may('history.read'))
$$;
-- +goose StatementEnd

-- The life of a name asks for each new one whether a record at its end has its characters. While a
-- list fills an empty register nobody knows how many names there are, and the plan, which a trigger
-- keeps, read all names of the authority for each new one. This index has what has ended alone,
-- and by the text first; adcode || '' keeps every other index out of the plan.
CREATE INDEX place_name_past ON place_name (text, adcode) WHERE state IN ('retired', 'annulled', 'merged');
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION place_name_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    step    public.place_name_transition;
    before  text    := '';
    renamed boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.version > 1 THEN
            RAISE EXCEPTION 'the id of a place name is never used again' USING ERRCODE = 'YK003';
        END IF;
    ELSE
        before := OLD.state;
        renamed := NEW.text <> OLD.text AND OLD.state IN ('approved', 'contested', 'customary') AND NEW.state = 'approved' AND NEW.decision_kind = 'renaming'
            AND jsonb_array_length(NEW.former) > jsonb_array_length(OLD.former) AND NEW.former -> -1 ->> 'text' = OLD.text;
        IF NEW.text <> OLD.text AND NOT renamed AND OLD.state NOT IN ('draft', 'reserved', 'proposed') AND (NEW.state <> OLD.state
            OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid) OR (NEW.decision_kind, NEW.decision_number) <> (OLD.decision_kind, OLD.decision_number)) THEN
            RAISE EXCEPTION 'a place name that is %s has another text only by a decision that renames it', OLD.state USING ERRCODE = 'YK003';
        END IF;
    END IF;
    IF NEW.state <> before AND NOT renamed THEN
        SELECT * INTO step FROM public.place_name_transition AS t WHERE t.from_state = before AND t.to_state = NEW.state;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a place name does not go from "%" to "%"', before, NEW.state USING ERRCODE = 'YK003';
        END IF;
        IF step.decisions <> '{}' AND NOT NEW.decision_kind = ANY (step.decisions) THEN
            RAISE EXCEPTION 'from "%" to "%" a place name needs a document of another kind', before, NEW.state USING ERRCODE = 'YK003';
        END IF;
        IF step.successor AND NOT EXISTS (SELECT FROM public.place_name AS s
            WHERE s.adcode = NEW.adcode AND s.id = NEW.successor_id AND s.state IN ('approved', 'contested', 'customary')) THEN
            RAISE EXCEPTION 'the record that has the place of a merged one must be in use' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id AND NEW.text = OLD.text AND NEW.reuses_id IS NOT DISTINCT FROM OLD.reuses_id THEN
        RETURN NEW;
    END IF;
    -- The characters of a retired name are given again on purpose only.
    IF NEW.state IN ('draft', 'reserved', 'proposed', 'approved', 'contested', 'customary') AND EXISTS (
        SELECT FROM public.place_name AS p WHERE p.text = NEW.text AND p.adcode || '' = NEW.adcode AND p.id <> NEW.id AND p.state IN ('retired', 'annulled', 'merged')
            AND (p.state <> 'merged' OR p.successor_id <> NEW.id)) AND NOT EXISTS (
        SELECT FROM public.place_name AS p WHERE p.adcode = NEW.adcode AND p.text = NEW.text AND p.id = NEW.reuses_id
            AND p.state IN ('retired', 'annulled', 'merged')) THEN
        RAISE EXCEPTION 'the name is that of a retired record' USING ERRCODE = 'YK003';
    END IF;
    IF NEW.parent_id IS NOT NULL AND TG_OP = 'UPDATE' THEN
        PERFORM pg_advisory_xact_lock(hashtext('place_name_family'), NEW.adcode::integer);
        IF EXISTS (
            WITH RECURSIVE above AS (
                SELECT p.id, p.parent_id FROM public.place_name AS p WHERE p.adcode = NEW.adcode AND p.id = NEW.parent_id
                UNION SELECT p.id, p.parent_id FROM public.place_name AS p JOIN above AS a ON p.id = a.parent_id WHERE p.adcode = NEW.adcode
            ) SELECT FROM above WHERE above.id = NEW.id) THEN
            RAISE EXCEPTION 'a place name is not a part of itself' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

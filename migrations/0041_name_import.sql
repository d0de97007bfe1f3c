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

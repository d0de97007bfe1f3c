-- +goose Up
-- Every record keeps its history. A table T has its present versions; T_history has
-- those that were superseded (recorded is closed, ended_by is the change that did it)
-- and the earlier days of records that changed on a day (valid is closed, recorded is
-- open). "As of" a day and a moment is the row of both tables whose valid holds the day
-- and whose recorded holds the moment.

-- These hold for every record, whatever writes it, and are held to a model by a test:
--   * A version is known from the moment of its transaction on, or a microsecond after
--     the version before it where clocks or waiting transactions would have it earlier.
--     So what was known never overlaps and leaves no gap.
--   * A version says what holds from its first day on; for the days before, what was
--     believed stays. Where it begins earlier than the one before it, it also takes the
--     place of the earlier days that it reaches.
--   * A record that is deleted is no longer believed for any day. One that comes back
--     under its id goes on counting versions, so an entity tag never means two things.
--   * What a transaction wrote and wrote over itself was never known to anybody.

-- Which tables keep a history, and what it takes to read it.
CREATE TABLE record_kind (
    name           text NOT NULL PRIMARY KEY, -- the table
    history_action text NOT NULL
);

-- Each write of a row is a new version, by this transaction's change. Its arguments are
-- columns that are no content: writing them alone makes no version.
-- +goose StatementBegin
CREATE FUNCTION record_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.adcode, NEW.id) <> (OLD.adcode, OLD.id) THEN
        RAISE EXCEPTION 'a record keeps its key' USING ERRCODE = 'YK003';
    END IF;
    IF TG_NARGS > 0 AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.change_id := yike_change();
    NEW.recorded := OLD.recorded;
    IF OLD.change_id IS DISTINCT FROM NEW.change_id THEN
        NEW.recorded := tstzrange(greatest(now(), lower(OLD.recorded) + interval '1 microsecond'), NULL);
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- Moves what a statement superseded into the history, however the statement was made.
-- The columns are named, since the two tables may have them in another order after a
-- later migration. Rows whose version did not grow were not written.
-- +goose StatementBegin
CREATE FUNCTION record_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    past    text := quote_ident(TG_TABLE_NAME || '_history');
    content text;
    of_o    text;
    of_h    text;
    ended   text; -- the rows written, from when they are not the present version, and the first of the days taken from them
    taken   text; -- earlier days that are no longer believed, and what remains of them
    change  uuid := public.yike_change();
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum), string_agg('o.' || quote_ident(attname), ', ' ORDER BY attnum),
        string_agg('h.' || quote_ident(attname), ', ' ORDER BY attnum)
    INTO content, of_o, of_h
    FROM pg_attribute
    WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('valid', 'recorded');

    IF TG_OP = 'UPDATE' THEN
        ended := 'SELECT o.*, lower(n.recorded) AS yike_moment, daterange(lower(n.valid), NULL) AS yike_days
            FROM old_rows o JOIN new_rows n ON n.adcode = o.adcode AND n.id = o.id WHERE n.version > o.version';
    ELSE
        ended := 'SELECT o.*, CASE WHEN o.change_id IS DISTINCT FROM $1 THEN greatest(now(), lower(o.recorded) + interval ''1 microsecond'')
            ELSE lower(o.recorded) END AS yike_moment, daterange(NULL, NULL) AS yike_days FROM old_rows o';
    END IF;

    EXECUTE format(
        'INSERT INTO public.%1$s (valid, recorded, ended_by, %2$s)
         SELECT o.valid, tstzrange(lower(o.recorded), yike_moment), $1, %3$s FROM (%4$s) AS o WHERE lower(o.recorded) < yike_moment',
        past, content, of_o, ended) USING change;

    -- Earlier days lie before the first day of the present version: there are none where
    -- that has no first day, which spares loads the look.
    taken := format(
        'SELECT h.ctid AS at, yike_moment, CASE WHEN lower_inf(yike_days) THEN ''empty'' ELSE h.valid * daterange(NULL, lower(yike_days)) END AS rest
         FROM (%s) AS o JOIN public.%s h ON h.adcode = o.adcode AND h.id = o.id
         WHERE NOT lower_inf(o.valid) AND upper_inf(h.recorded) AND h.valid && yike_days', ended, past);
    EXECUTE format(
        'WITH taken AS MATERIALIZED (%4$s), kept AS (
             INSERT INTO public.%1$s (valid, recorded, ended_by, %2$s)
             SELECT rest, tstzrange(yike_moment, NULL), $1, %3$s FROM taken JOIN public.%1$s h ON h.ctid = at WHERE NOT isempty(rest)
         ), gone AS (
             DELETE FROM public.%1$s h USING taken WHERE h.ctid = at AND lower(h.recorded) >= yike_moment
         )
         UPDATE public.%1$s h SET recorded = tstzrange(lower(h.recorded), yike_moment), ended_by = $1
         FROM taken WHERE h.ctid = at AND lower(h.recorded) < yike_moment',
        past, content, of_h, taken) USING change;

    IF TG_OP = 'UPDATE' THEN
        EXECUTE format(
            'INSERT INTO public.%1$s (valid, recorded, ended_by, %2$s)
             SELECT o.valid * daterange(NULL, lower(n.valid)), tstzrange(lower(n.recorded), NULL), $1, %3$s
             FROM old_rows o JOIN new_rows n ON n.adcode = o.adcode AND n.id = o.id
             WHERE n.version > o.version AND NOT lower_inf(n.valid) AND NOT isempty(o.valid * daterange(NULL, lower(n.valid)))',
            past, content, of_o) USING change;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION record_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are deleted, never truncated: their history would be lost' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd

-- Makes a table keep its history, which whoever may do the action may read. beside are
-- columns that are no content. The function that numbers new rows is made for each table,
-- and names schemas instead of setting a search path: loads call it for every row, and a
-- plan or a setting made each time takes them four times as long.
-- +goose StatementBegin
CREATE FUNCTION keep_history(record_table text, history_action text, VARIADIC beside text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    past text := record_table || '_history';
    args text := (SELECT coalesce(string_agg(quote_literal(b), ', '), '') FROM unnest(beside) AS b);
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = record_table::regclass AND attname = 'change_id') THEN
        -- What was there before history began has no change to name.
        EXECUTE format('ALTER TABLE %I ADD COLUMN change_id uuid', record_table);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN change_id SET DEFAULT yike_change()', record_table);
    END IF;
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (NOT isempty(valid))', record_table, record_table || '_some_day');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING CONSTRAINTS, ended_by uuid NOT NULL)', past, record_table);
    EXECUTE format('CREATE INDEX %I ON %I (adcode, id, version)', past || '_id', past);
    EXECUTE format('CREATE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $born$
        DECLARE
            last  integer;
            until timestamptz;
        BEGIN
            SELECT pg_catalog.max(version), pg_catalog.max(pg_catalog.upper(recorded)) INTO last, until
            FROM public.%2$I WHERE adcode = NEW.adcode AND id = NEW.id;
            NEW.version := coalesce(last, 0) + 1;
            NEW.recorded := pg_catalog.tstzrange(greatest(pg_catalog.now(), until), NULL);
            NEW.change_id := public.yike_change();
            RETURN NEW;
        END $born$', record_table || '_born', past);
    EXECUTE format('CREATE TRIGGER record_born BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION %I()', record_table, record_table || '_born');
    EXECUTE format('CREATE TRIGGER record_touch BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_touch(%s)', record_table, args);
    EXECUTE format('CREATE TRIGGER record_keep_updated AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_keep()', record_table);
    EXECUTE format('CREATE TRIGGER record_keep_deleted AFTER DELETE ON %I
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION record_keep()', record_table);
    EXECUTE format('CREATE TRIGGER record_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION record_whole()', record_table);
    EXECUTE format('GRANT SELECT ON %I TO yike_app', record_table);
    EXECUTE format('GRANT SELECT ON %I TO yike_app', past);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', record_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', past);
    EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(%L)))',
        past || '_read', past, history_action);
    INSERT INTO record_kind (name, history_action) VALUES (record_table, history_action);
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['layer', 'division', 'division_people', 'road', 'road_barrier',
            'building', 'population_point', 'facility'] LOOP
        PERFORM keep_history(t, 'history.read');
    END LOOP;
    PERFORM keep_history('pack', 'history.read', 'opened_at');
    FOREACH t IN ARRAY ARRAY['pack', 'layer', 'division', 'division_people', 'road', 'road_barrier',
            'building', 'population_point', 'facility'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))',
            t || '_read', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['account', 'account_grant', 'security_policy'] LOOP
        PERFORM keep_history(t, 'account.read');
    END LOOP;
END $$;
-- +goose StatementEnd

-- Who made the versions of a record, when and why, for whoever may read its history. The
-- audit log itself, with addresses and details, is for audit.read.
-- +goose StatementBegin
CREATE FUNCTION yike_changes_of(record_table text, of_adcode text, of_id uuid)
    RETURNS TABLE (id uuid, at timestamptz, who text, why text, action text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    needed text := (SELECT k.history_action FROM public.record_kind k WHERE k.name = record_table);
BEGIN
    IF needed IS NULL THEN
        RETURN;
    END IF;
    -- The role is still that of the caller here; the rights are the owner's.
    IF current_setting('role') <> 'none' AND (of_adcode IS DISTINCT FROM public.yike_adcode() OR NOT public.yike_may(needed)) THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT e.id, e.at, e.who, e.why, e.action FROM public.audit_entry e
         WHERE e.adcode IN ($1, ''000000'') AND e.id IN (
             SELECT change_id FROM public.%1$I WHERE adcode = $1 AND id = $2
             UNION SELECT change_id FROM public.%2$I WHERE adcode = $1 AND id = $2
             UNION SELECT ended_by FROM public.%2$I WHERE adcode = $1 AND id = $2)',
        record_table, record_table || '_history') USING of_adcode, of_id;
END $$;
-- +goose StatementEnd

-- A facility that a person wrote here is not taken back by the next load of the pack.
ALTER TABLE facility ADD COLUMN edited boolean NOT NULL DEFAULT false;
ALTER TABLE facility_history ADD COLUMN edited boolean NOT NULL DEFAULT false;

GRANT INSERT, UPDATE ON facility TO yike_app;
CREATE POLICY facility_add ON facility FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
CREATE POLICY facility_change ON facility FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));

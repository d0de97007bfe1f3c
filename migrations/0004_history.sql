-- +goose Up
-- Every record keeps its history. A table T has its present versions; T_history has
-- those that were superseded (recorded is closed, ended_by is the change that did it)
-- and the earlier days of records that changed on a day (valid is closed, recorded is
-- open). "As of" a day and a moment is the row of both tables whose valid holds the day
-- and whose recorded holds the moment.

-- Each write of a row is a new version, by this transaction's change, known from now on.
-- +goose StatementBegin
CREATE FUNCTION record_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.recorded := tstzrange(now(), NULL);
    NEW.change_id := yike_change();
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- Moves what a statement superseded into the history, however the statement was made.
-- The columns are named, since the two tables may have them in another order after a
-- later migration.
-- +goose StatementBegin
CREATE FUNCTION record_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    content     text;
    old_content text;
    change      uuid := public.yike_change();
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum), string_agg('o.' || quote_ident(attname), ', ' ORDER BY attnum)
    INTO content, old_content
    FROM pg_attribute
    WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('valid', 'recorded');

    -- A version that this very transaction made was never known to anybody.
    EXECUTE format(
        'INSERT INTO public.%1$I (valid, recorded, ended_by, %2$s)
         SELECT valid, tstzrange(lower(recorded), now()), $1, %2$s FROM old_rows WHERE lower(recorded) < now()',
        TG_TABLE_NAME || '_history', content) USING change;

    IF TG_OP = 'UPDATE' THEN
        EXECUTE format(
            'INSERT INTO public.%1$I (valid, recorded, ended_by, %2$s)
             SELECT daterange(lower(o.valid), lower(n.valid)), tstzrange(now(), NULL), $1, %3$s
             FROM old_rows o JOIN new_rows n USING (adcode, id)
             WHERE NOT lower_inf(n.valid) AND (lower_inf(o.valid) OR lower(n.valid) > lower(o.valid))',
            TG_TABLE_NAME || '_history', content, old_content) USING change;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION keep_history(record_table text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = record_table::regclass AND attname = 'change_id') THEN
        -- What was there before history began has no change to name.
        EXECUTE format('ALTER TABLE %I ADD COLUMN change_id uuid', record_table);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN change_id SET DEFAULT yike_change()', record_table);
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING CONSTRAINTS, ended_by uuid NOT NULL)', record_table || '_history', record_table);
    EXECUTE format('CREATE INDEX %I ON %I (adcode, id, version)', record_table || '_history_id', record_table || '_history');
    EXECUTE format('CREATE TRIGGER record_touch BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_touch()', record_table);
    EXECUTE format('CREATE TRIGGER record_keep_updated AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION record_keep()', record_table);
    EXECUTE format('CREATE TRIGGER record_keep_deleted AFTER DELETE ON %I
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION record_keep()', record_table);
    EXECUTE format('GRANT SELECT ON %I TO yike_app', record_table);
    EXECUTE format('GRANT SELECT ON %I TO yike_app', record_table || '_history');
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', record_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', record_table || '_history');
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['pack', 'layer', 'division', 'division_people', 'road', 'road_barrier',
            'building', 'population_point', 'facility'] LOOP
        PERFORM keep_history(t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))',
            t || '_read', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''history.read'')))',
            t || '_history_read', t || '_history');
    END LOOP;
    FOREACH t IN ARRAY ARRAY['account', 'account_grant', 'security_policy'] LOOP
        PERFORM keep_history(t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''account.read'')))',
            t || '_history_read', t || '_history');
    END LOOP;
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

-- +goose Up
-- Named scenarios (比选方案): what somebody tried on the map and keeps, to be shared, set
-- side by side and decided about. See coverage/scenarios. A scenario is seen by its owner
-- alone until it is shared; what it was before that stays so in its history.
CREATE TABLE scenario (
    adcode         text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id             uuid      NOT NULL,
    version        integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded       tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    division_code  text      NOT NULL CHECK (division_code <> ''), -- for which it is meant: who may write there decides
    name           text      NOT NULL CHECK (name <> ''),
    note           text      NOT NULL DEFAULT '',
    question       jsonb     NOT NULL CHECK (jsonb_typeof(question) = 'object' AND question ? 'type' AND pg_column_size(question) < 16384),
    steps          jsonb     NOT NULL CHECK (jsonb_typeof(steps) = 'array' AND pg_column_size(steps) < 1048576),
    costs          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(costs) = 'array' AND pg_column_size(costs) < 262144), -- amounts in fen
    state          text      NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'shared', 'archived')),
    shared_on      date,     -- since when all may see it; NULL while only its owner may
    account_id     uuid,     -- of the owner; NULL for the system itself
    owner          text      NOT NULL CHECK (owner <> ''),
    verdict        text      NOT NULL DEFAULT '' CHECK (verdict IN ('', 'adopted', 'declined')),
    verdict_reason text      NOT NULL DEFAULT '',
    verdict_on     date,
    verdict_by     text      NOT NULL DEFAULT '',
    saved          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(saved) = 'array'), -- what it came to when it was saved, in ten-thousandths of a person
    data_version   text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    CHECK (state <> 'shared' OR shared_on IS NOT NULL),
    CHECK (state <> 'draft' OR shared_on IS NULL),
    CHECK ((verdict = '') = (verdict_on IS NULL) AND (verdict = '' OR shared_on IS NOT NULL AND verdict_reason <> ''))
);
-- An owner tells scenarios apart by their names.
CREATE UNIQUE INDEX scenario_name ON scenario (adcode, account_id, name) NULLS NOT DISTINCT WHERE state <> 'archived';

SELECT keep_history('scenario', 'map.read');
GRANT INSERT, UPDATE, DELETE ON scenario TO yike_app;

CREATE POLICY scenario_read ON scenario FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read'))
        AND (shared_on IS NOT NULL OR account_id = (SELECT yike_account())));
CREATE POLICY scenario_history_shared ON scenario_history AS RESTRICTIVE FOR SELECT TO yike_app
    USING (shared_on IS NOT NULL OR account_id = (SELECT yike_account()));
CREATE POLICY scenario_add ON scenario FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()) AND verdict = ''
        AND division_code LIKE ANY ((SELECT yike_scopes('scenario.write'))::text[]));
-- The owner changes what it is, and whoever may write there decides about what is shared:
-- what of it others may write is held by the trigger below.
CREATE POLICY scenario_change ON scenario FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('scenario.write'))::text[])
        AND (shared_on IS NOT NULL OR account_id = (SELECT yike_account())))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('scenario.write'))::text[]));
-- What was decided about stays; it may be archived.
CREATE POLICY scenario_remove ON scenario FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()) AND verdict = ''
        AND division_code LIKE ANY ((SELECT yike_scopes('scenario.write'))::text[]));

-- Requests write of another's scenario what was decided and nothing else, and give none to
-- another owner.
-- +goose StatementBegin
CREATE FUNCTION scenario_owned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'yike_app' THEN
        RETURN NEW;
    END IF;
    IF NEW.account_id IS DISTINCT FROM OLD.account_id OR OLD.account_id IS DISTINCT FROM yike_account() AND
        to_jsonb(NEW) - ARRAY['verdict', 'verdict_reason', 'verdict_on', 'verdict_by', 'version', 'change_id', 'valid', 'recorded']
            <> to_jsonb(OLD) - ARRAY['verdict', 'verdict_reason', 'verdict_on', 'verdict_by', 'version', 'change_id', 'valid', 'recorded'] THEN
        RAISE EXCEPTION 'a scenario is changed by its owner' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER scenario_owned BEFORE UPDATE ON scenario FOR EACH ROW EXECUTE FUNCTION scenario_owned();

INSERT INTO role_action (role, action) VALUES
    ('planner', 'scenario.write'),
    ('subdistrict_steward', 'scenario.write');

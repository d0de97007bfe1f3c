-- +goose Up
-- What a bureau makes of the rules of new estates: norms of its own in the known forms, and
-- declarations that a rule of the program does not hold here. See facilities/estates/local.go.
-- A draft changes nothing. The days on which a rule is in force are columns of it, apart from
-- the days of its record.
CREATE TABLE estate_rule (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    state         text      NOT NULL CHECK (state IN ('draft', 'adopted', 'superseded', 'withdrawn')),
    kind          text      NOT NULL CHECK (kind IN ('norm', 'waiver')),
    division_code text      NOT NULL CHECK (division_code <> ''), -- the district or a division of it
    first_day     date,     -- NULL for the day of its adoption
    last_day      date,     -- NULL for ever
    replaces      uuid,     -- the rule that ends when this one is adopted
    definition    jsonb     NOT NULL CHECK (jsonb_typeof(definition) = 'object' AND pg_column_size(definition) < 65536),
    adoption      jsonb     CHECK (jsonb_typeof(adoption) = 'object'), -- who, on which day, why; NULL for a draft
    ending        jsonb     CHECK (jsonb_typeof(ending) = 'object'),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, replaces) REFERENCES estate_rule (adcode, id),
    CHECK ((state = 'draft') = (adoption IS NULL)),
    CHECK ((state IN ('superseded', 'withdrawn')) = (ending IS NOT NULL)),
    CHECK (state = 'draft' OR first_day IS NOT NULL)
);

-- What a draft says may change; what was adopted only ends.
-- +goose StatementBegin
CREATE FUNCTION estate_rule_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'draft' OR (NEW.kind, NEW.division_code, NEW.first_day, NEW.replaces, NEW.definition, NEW.adoption)
        IS DISTINCT FROM (OLD.kind, OLD.division_code, OLD.first_day, OLD.replaces, OLD.definition, OLD.adoption) THEN
        RAISE EXCEPTION 'a rule that was adopted only ends' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER estate_rule_fixed BEFORE UPDATE ON estate_rule FOR EACH ROW EXECUTE FUNCTION estate_rule_fixed();

-- The latest trial of a rule, and what it stood on.
CREATE TABLE estate_rule_trial (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    rule_id      uuid        NOT NULL,
    change_id    uuid        NOT NULL DEFAULT yike_change(),
    rule_version integer     NOT NULL CHECK (rule_version > 0),
    tried_at     timestamptz NOT NULL DEFAULT now(),
    tried_by     text        NOT NULL,
    basis        jsonb       NOT NULL CHECK (jsonb_typeof(basis) = 'object'),
    result       jsonb       NOT NULL CHECK (jsonb_typeof(result) = 'object'),
    PRIMARY KEY (adcode, rule_id),
    FOREIGN KEY (adcode, rule_id) REFERENCES estate_rule (adcode, id) ON DELETE CASCADE
);

SELECT keep_history('estate_rule', 'history.read');
GRANT INSERT, UPDATE, DELETE ON estate_rule TO yike_app;
GRANT SELECT, INSERT, DELETE ON estate_rule_trial TO yike_app;
ALTER TABLE estate_rule_trial ENABLE ROW LEVEL SECURITY;

-- By which rules an estate is checked is no secret from anybody who sees the check.
CREATE POLICY estate_rule_read ON estate_rule FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_rule_add ON estate_rule FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));
CREATE POLICY estate_rule_change ON estate_rule FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));
CREATE POLICY estate_rule_remove ON estate_rule FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND state = 'draft' AND division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));

CREATE POLICY estate_rule_trial_read ON estate_rule_trial FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_rule_trial_add ON estate_rule_trial FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM estate_rule AS r WHERE r.adcode = estate_rule_trial.adcode AND r.id = rule_id
            AND r.division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[])));
CREATE POLICY estate_rule_trial_remove ON estate_rule_trial FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM estate_rule AS r WHERE r.adcode = estate_rule_trial.adcode AND r.id = rule_id
            AND r.division_code LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[])));

-- The document that a rule stands on is kept as a file of it.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION attachment_writable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kind = 'facility' THEN division LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])
        WHEN kind LIKE 'premises%' THEN division LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])
        WHEN kind IN ('campaign_task', 'facility_problem') THEN division LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])
        WHEN kind = 'estate' THEN division LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
        WHEN kind = 'estate_rule' THEN division LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[])
        ELSE false
    END
$$;
-- +goose StatementEnd

-- +goose Up
-- The registry as officials keep it: records that are on their way to publication, records
-- whose place is not known yet, codes of other registers, what each type declares, and
-- tombstones of what was merged or split.

ALTER TABLE facility
    ADD COLUMN stage            text     NOT NULL DEFAULT 'published' CHECK (stage IN ('draft', 'submitted', 'published')),
    ADD COLUMN placed_by        text     NOT NULL DEFAULT 'given' CHECK (placed_by IN ('', 'given', 'address', 'map')),
    ADD COLUMN place_confidence smallint NOT NULL DEFAULT 0 CHECK (place_confidence BETWEEN 0 AND 100), -- of a place found from the address
    ADD COLUMN uscc             text     NOT NULL DEFAULT '', -- 统一社会信用代码; one operator may run many places
    ADD COLUMN institution_code text     NOT NULL DEFAULT '', -- in the register of a higher authority
    ADD COLUMN bureau_no        text     NOT NULL DEFAULT '', -- the bureau's own number
    ADD COLUMN fields           jsonb    NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(fields) = 'object'), -- what the type declares; absent is not known
    ADD COLUMN verified_on      date, -- last day somebody held the record against the place
    ADD COLUMN replaced_by      uuid[]   NOT NULL DEFAULT '{}', -- what took its place: merged or split
    ALTER COLUMN geom DROP NOT NULL; -- not known yet: never a centroid instead
ALTER TABLE facility ADD CONSTRAINT facility_placed CHECK ((geom IS NULL) = (placed_by = ''));
ALTER TABLE facility_history
    ADD COLUMN stage            text     NOT NULL DEFAULT 'published',
    ADD COLUMN placed_by        text     NOT NULL DEFAULT 'given',
    ADD COLUMN place_confidence smallint NOT NULL DEFAULT 0,
    ADD COLUMN uscc             text     NOT NULL DEFAULT '',
    ADD COLUMN institution_code text     NOT NULL DEFAULT '',
    ADD COLUMN bureau_no        text     NOT NULL DEFAULT '',
    ADD COLUMN fields           jsonb    NOT NULL DEFAULT '{}',
    ADD COLUMN verified_on      date,
    ADD COLUMN replaced_by      uuid[]   NOT NULL DEFAULT '{}',
    ALTER COLUMN geom DROP NOT NULL;

CREATE UNIQUE INDEX facility_bureau_no ON facility (adcode, bureau_no) WHERE bureau_no <> '' AND replaced_by = '{}';
CREATE UNIQUE INDEX facility_institution_code ON facility (adcode, institution_code) WHERE institution_code <> '' AND replaced_by = '{}';
CREATE INDEX facility_uscc ON facility (adcode, uscc) WHERE uscc <> '';
CREATE INDEX facility_division ON facility (adcode, division_code text_pattern_ops);

-- What is not published is for those who work on it.
DROP POLICY facility_read ON facility;
CREATE POLICY facility_read ON facility FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read'))
        AND (stage = 'published' OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])));

-- Publication is a decision of its own: who may write may not publish by writing.
-- +goose StatementBegin
CREATE FUNCTION facility_publish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('role') <> 'none' AND NEW.stage = 'published'
        AND (TG_OP = 'INSERT' OR OLD.stage <> 'published')
        AND NOT NEW.division_code LIKE ANY (yike_scopes('facility.publish')) THEN
        RAISE EXCEPTION 'publishing needs facility.publish' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER facility_publish BEFORE INSERT OR UPDATE ON facility FOR EACH ROW EXECUTE FUNCTION facility_publish();

-- 片区: a named set of communities inside a subdistrict; no division.
CREATE TABLE service_area (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name_zh       text      NOT NULL CHECK (name_zh <> ''),
    name_en       text      NOT NULL DEFAULT '',
    division_code text      NOT NULL, -- the subdistrict
    communities   text[]    NOT NULL DEFAULT '{}',
    closed        boolean   NOT NULL DEFAULT false,
    PRIMARY KEY (adcode, id)
);
CREATE UNIQUE INDEX service_area_name ON service_area (adcode, division_code, name_zh) WHERE NOT closed;

-- Who looks after the records of a subdistrict: an office and a post, no person.
CREATE TABLE division_steward (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    division_code text      NOT NULL,
    office        text      NOT NULL CHECK (office <> ''),
    post          text      NOT NULL DEFAULT '',
    phone         text      NOT NULL DEFAULT '', -- of the office
    verify_days   integer   NOT NULL DEFAULT 365 CHECK (verify_days BETWEEN 1 AND 3660), -- a record older than this is overdue
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, division_code)
);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['service_area', 'division_steward'] LOOP
        PERFORM keep_history(t, 'history.read');
        EXECUTE format('GRANT INSERT, UPDATE ON %I TO yike_app', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))', t || '_read', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO yike_app
            WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes(''facility.publish''))::text[]))', t || '_add', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO yike_app
            USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes(''facility.publish''))::text[]))
            WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes(''facility.publish''))::text[]))', t || '_change', t);
    END LOOP;
END $$;
-- +goose StatementEnd

INSERT INTO role_action (role, action) VALUES
    ('planner', 'facility.publish'),
    ('planner', 'facility.propose'),
    ('subdistrict_steward', 'facility.propose'),
    ('estate_reviewer', 'facility.propose'),
    ('consulted_department', 'facility.propose'),
    ('place_name_registrar', 'facility.propose'),
    ('approver', 'facility.propose'),
    ('plate_manager', 'facility.propose'),
    ('field_worker', 'facility.propose'),
    ('planner', 'facility.import'),
    ('subdistrict_steward', 'facility.import'),
    ('planner', 'plan.write'),
    ('planner', 'premises.write'),
    ('subdistrict_steward', 'premises.write'),
    ('estate_reviewer', 'premises.write'),
    ('planner', 'campaign.write'),
    ('planner', 'campaign.answer'),
    ('subdistrict_steward', 'campaign.answer'),
    ('field_worker', 'campaign.answer'),
    ('planner', 'catalogue.write');

INSERT INTO job_kind (kind, action) VALUES
    ('facility_import', 'facility.import'),
    ('facility_import_undo', 'facility.import');

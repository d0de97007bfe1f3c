-- +goose Up
-- The plan board (规划): a bureau's own plans, their indicators with the sentences they
-- stand in, what they want each year, what there was, and projects. Figures of a plan stay
-- text as the plan writes them: a blank is a blank, and ≥30 is no 30. What is computed is
-- not here, but for what was sealed (封存) of a year. See facilities/indicators.

CREATE TABLE plan (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    template     text      NOT NULL DEFAULT '', -- key of the shipped plan that it was made from
    title_zh     text      NOT NULL CHECK (title_zh <> ''),
    title_en     text      NOT NULL DEFAULT '',
    authority_zh text      NOT NULL DEFAULT '',
    authority_en text      NOT NULL DEFAULT '',
    region       text      NOT NULL DEFAULT '' CHECK (region ~ '^[0-9]{0,6}$'),
    base_year    integer   NOT NULL,
    target_year  integer   NOT NULL CHECK (target_year > base_year),
    documents    jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(documents) = 'array'),
    reviews      jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(reviews) = 'array'),
    groups       jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(groups) = 'array'),
    note_zh      text      NOT NULL DEFAULT '',
    note_en      text      NOT NULL DEFAULT '',
    ended        boolean   NOT NULL DEFAULT false,
    PRIMARY KEY (adcode, id)
);

CREATE TABLE plan_indicator (
    adcode         text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id             uuid      NOT NULL,
    version        integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded       tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    plan_id        uuid      NOT NULL,
    key            text      NOT NULL DEFAULT '', -- of the template's row
    position       integer   NOT NULL CHECK (position > 0),
    number         integer   NOT NULL DEFAULT 0 CHECK (number >= 0), -- in the plan's own table; 0 for a target in the text
    group_key      text      NOT NULL DEFAULT '',
    name_zh        text      NOT NULL CHECK (name_zh <> ''),
    name_en        text      NOT NULL DEFAULT '',
    unit_zh        text      NOT NULL DEFAULT '',
    unit_en        text      NOT NULL DEFAULT '',
    kind           text      NOT NULL DEFAULT '' CHECK (kind IN ('', 'binding', 'anticipatory')),
    ratio          boolean   NOT NULL DEFAULT false,
    definition_zh  text      NOT NULL DEFAULT '',
    definition_en  text      NOT NULL DEFAULT '',
    base           text      NOT NULL DEFAULT '',
    scope_zh       text      NOT NULL DEFAULT '',
    scope_en       text      NOT NULL DEFAULT '',
    baseline       text      NOT NULL DEFAULT '',
    target         text      NOT NULL DEFAULT '',
    sources        jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sources) = 'array'),
    contradictions jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(contradictions) = 'array'),
    office         text      NOT NULL DEFAULT '',
    formula        jsonb     NOT NULL DEFAULT '{"kind": "entered"}' CHECK (jsonb_typeof(formula) = 'object'),
    prefer         text      NOT NULL DEFAULT 'computed' CHECK (prefer IN ('computed', 'entered')),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, plan_id) REFERENCES plan (adcode, id)
);
CREATE INDEX plan_indicator_plan ON plan_indicator (adcode, plan_id, position);

-- What a plan wants in a year before its last.
CREATE TABLE plan_target (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    indicator_id uuid      NOT NULL,
    year         integer   NOT NULL,
    target       text      NOT NULL CHECK (target <> ''),
    source       jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(source) = 'object'),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, indicator_id, year),
    FOREIGN KEY (adcode, indicator_id) REFERENCES plan_indicator (adcode, id)
);

-- What an indicator was in a year: what a person entered, with evidence, and what was
-- computed and sealed, with all it was computed from.
CREATE TABLE plan_value (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    indicator_id uuid      NOT NULL,
    year         integer   NOT NULL,
    source       text      NOT NULL CHECK (source IN ('entered', 'sealed')),
    number       double precision CHECK (number <> 'NaN' AND abs(number) <> 'Infinity'), -- NULL is not known; never 0 instead
    words        text      NOT NULL DEFAULT '',
    verdict      text      NOT NULL DEFAULT '' CHECK (verdict IN ('', 'met', 'not_met')),
    evidence     jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(evidence) = 'object'),
    who          text      NOT NULL CHECK (who <> ''),
    on_day       date      NOT NULL,
    kept         jsonb,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, indicator_id, year, source),
    FOREIGN KEY (adcode, indicator_id) REFERENCES plan_indicator (adcode, id),
    CHECK ((source = 'sealed') = (kept IS NOT NULL)),
    CHECK (source = 'sealed' OR number IS NOT NULL OR words <> '' OR verdict <> '')
);

CREATE TABLE plan_project (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    plan_id      uuid      NOT NULL,
    key          text      NOT NULL DEFAULT '',
    name_zh      text      NOT NULL CHECK (name_zh <> ''),
    name_en      text      NOT NULL DEFAULT '',
    from_year    integer   NOT NULL DEFAULT 0, -- 0 where nobody says
    to_year      integer   NOT NULL DEFAULT 0,
    state        text      NOT NULL CHECK (state IN ('planned', 'building', 'done', 'dropped')),
    place        text      NOT NULL DEFAULT '',
    indicator_id uuid,
    facility_id  uuid, -- that came of it
    note         text      NOT NULL DEFAULT '',
    source       jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(source) = 'object'),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, plan_id) REFERENCES plan (adcode, id),
    FOREIGN KEY (adcode, indicator_id) REFERENCES plan_indicator (adcode, id)
);
CREATE INDEX plan_project_plan ON plan_project (adcode, plan_id);

-- Everybody who sees the map reads plans. To write them one must hold plan.write in all of
-- the authority: a plan is nobody's of one subdistrict.
-- +goose StatementBegin
DO $$
DECLARE
    t text;
    own text := 'adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes(''plan.write''))::text[])';
BEGIN
    FOREACH t IN ARRAY ARRAY['plan', 'plan_indicator', 'plan_target', 'plan_value', 'plan_project'] LOOP
        PERFORM keep_history(t, 'history.read');
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO yike_app', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))', t || '_read', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO yike_app WITH CHECK (%s)', t || '_add', t, own);
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO yike_app USING (%s) WITH CHECK (%s)', t || '_change', t, own, own);
        EXECUTE format('CREATE POLICY %I ON %I FOR DELETE TO yike_app USING (%s)', t || '_remove', t, own);
    END LOOP;
END $$;
-- +goose StatementEnd

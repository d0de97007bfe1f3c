-- +goose Up
-- 清查、达标、考核: facilities are sent out to be looked at, answers come back, and what is
-- wrong is put right and seen again.
CREATE TABLE campaign (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    title     text      NOT NULL CHECK (title <> ''),
    kind      text      NOT NULL CHECK (kind IN ('census', 'compliance', 'assessment')),
    year      integer   NOT NULL,
    state     text      NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sent', 'closed')),
    deadline  date      NOT NULL,
    guide     text      NOT NULL DEFAULT '',
    form      jsonb     NOT NULL CHECK (jsonb_typeof(form) = 'object'),
    sent_on   date,
    PRIMARY KEY (adcode, id),
    CHECK ((state = 'draft') = (sent_on IS NULL))
);

CREATE TABLE campaign_task (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    campaign_id   uuid      NOT NULL,
    facility_id   uuid      NOT NULL,
    division_code text      NOT NULL, -- of the facility when it was sent out
    state         text      NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'returned', 'sent_back', 'accepted')),
    answers       jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(answers) = 'object'),
    note          text      NOT NULL DEFAULT '',
    visited_on    date,
    score         integer   CHECK (score BETWEEN 0 AND 100),
    verdict       text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, campaign_id, facility_id)
);
CREATE INDEX campaign_task_facility ON campaign_task (adcode, facility_id);

CREATE TABLE facility_problem (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    campaign_id   uuid      NOT NULL,
    task_id       uuid      NOT NULL,
    facility_id   uuid      NOT NULL,
    division_code text      NOT NULL,
    question      text      NOT NULL,
    text_zh       text      NOT NULL,
    text_en       text      NOT NULL,
    state         text      NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'rectified', 'closed')),
    found_on      date      NOT NULL,
    due_on        date      NOT NULL,
    done_on       date,
    checked_on    date,
    note          text      NOT NULL DEFAULT '',
    rounds        integer   NOT NULL DEFAULT 0 CHECK (rounds >= 0),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, task_id, question)
);
CREATE INDEX facility_problem_facility ON facility_problem (adcode, facility_id);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['campaign', 'campaign_task', 'facility_problem'] LOOP
        PERFORM keep_history(t, 'history.read');
        EXECUTE format('GRANT INSERT, UPDATE ON %I TO yike_app', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))', t || '_read', t);
    END LOOP;
END $$;
-- +goose StatementEnd
-- A facility of a draft may be taken out again.
GRANT DELETE ON campaign_task TO yike_app;

CREATE POLICY campaign_add ON campaign FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('campaign.write')));
CREATE POLICY campaign_change ON campaign FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('campaign.write')))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('campaign.write')));
CREATE POLICY campaign_task_add ON campaign_task FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.write'))::text[]));
CREATE POLICY campaign_task_remove ON campaign_task FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.write'))::text[]));
CREATE POLICY campaign_task_answer ON campaign_task FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[]));
CREATE POLICY facility_problem_add ON facility_problem FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[]));
CREATE POLICY facility_problem_change ON facility_problem FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[]));

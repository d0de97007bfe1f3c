-- +goose Up
-- The milestones of new estates (四同步): which office answers for which premises, what was
-- asked and answered, and with which letter. See facilities/estates.

-- What an authority has set: which office gives which opinion, with its clock. One record of
-- each authority, changed as a whole; without one the usual duties of the program hold.
CREATE TABLE estate_duty (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    duties          jsonb     NOT NULL CHECK (jsonb_typeof(duties) = 'array' AND pg_column_size(duties) < 131072),
    rectify_days    integer   NOT NULL CHECK (rectify_days >= 0),    -- to put right what was refused; 0 for none
    handover_months integer   NOT NULL CHECK (handover_months >= 0), -- where no rule of the place says; 0 for none
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- What was asked and answered. Rows are added and never changed: what was recorded wrongly a
-- further row restates, which names the one that it corrects.
CREATE TABLE estate_step (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL,
    change_id    uuid        NOT NULL DEFAULT yike_change(),
    estate_id    uuid        NOT NULL,
    no           integer     NOT NULL CHECK (no > 0), -- from 1 for each estate, in the order of recording
    kind         text        NOT NULL CHECK (kind IN ('request', 'opinion')),
    corrects     uuid,       -- the row that this one restates
    milestone    text        NOT NULL CHECK (milestone IN ('conditions', 'plan_review', 'construction', 'acceptance', 'handover')),
    day          date        NOT NULL,
    words        text        NOT NULL DEFAULT '', -- of a request its note; of an opinion its conditions, or why not
    -- of a request
    by_whom      text        NOT NULL DEFAULT '',
    asked        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(asked) = 'array'), -- the duties of that day
    -- of an opinion
    norm         text        NOT NULL DEFAULT '' CHECK (norm IN ('', 'community_premises', 'elderly_premises')),
    office       text        NOT NULL DEFAULT '',
    own_only     boolean     NOT NULL DEFAULT false, -- only accounts of the office give it
    verdict      text        NOT NULL DEFAULT '' CHECK (verdict IN ('', 'agreed', 'conditional', 'refused')),
    letter       text        NOT NULL DEFAULT '',
    series       text        NOT NULL DEFAULT '', -- of the letter's number, where it is one of a series kept here
    letter_year  integer     NOT NULL DEFAULT 0,
    letter_no    integer     NOT NULL DEFAULT 0 CHECK (letter_no >= 0),
    letter_given boolean     NOT NULL DEFAULT false, -- given out, not typed
    signer       text        NOT NULL DEFAULT '',
    rectify_by   date,
    reason       text        NOT NULL DEFAULT '', -- of a correction
    checked      jsonb,      -- what the check at the milestone said then; NULL for a correction
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    recorded_by  text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, estate_id, no),
    FOREIGN KEY (adcode, estate_id) REFERENCES estate (adcode, id),
    FOREIGN KEY (adcode, corrects) REFERENCES estate_step (adcode, id),
    CHECK (kind <> 'request' OR by_whom <> '' AND letter = '' AND verdict = ''),
    CHECK (kind <> 'opinion' OR office <> '' AND norm <> '' AND verdict <> '' AND letter <> '' AND signer <> ''),
    CHECK (verdict IN ('', 'agreed') OR words <> ''),
    CHECK (rectify_by IS NULL OR verdict = 'refused' AND rectify_by >= day),
    CHECK ((letter_no > 0) = (letter_year > 0) AND (letter_no > 0 OR NOT letter_given) AND (letter_no = 0 OR series <> '')),
    CHECK ((corrects IS NULL) = (reason = '') AND (corrects IS NULL) = (checked IS NOT NULL))
);
-- A letter's number is of one opinion of the authority.
CREATE UNIQUE INDEX estate_step_letter ON estate_step (adcode, letter) WHERE kind = 'opinion' AND corrects IS NULL;
CREATE UNIQUE INDEX estate_step_number ON estate_step (adcode, series, letter_year, letter_no) WHERE letter_no > 0 AND corrects IS NULL;

-- +goose StatementBegin
CREATE FUNCTION estate_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was asked and answered is corrected by a further row and never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER estate_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON estate_step FOR EACH STATEMENT EXECUTE FUNCTION estate_step_stays();

SELECT keep_history('estate_duty', 'history.read');
GRANT INSERT, UPDATE ON estate_duty TO yike_app;
GRANT SELECT, INSERT ON estate_step TO yike_app;
ALTER TABLE estate_step ENABLE ROW LEVEL SECURITY;

CREATE POLICY estate_duty_read ON estate_duty FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_duty_add ON estate_duty FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));
CREATE POLICY estate_duty_change ON estate_duty FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));

-- Whether the transaction's account gives the opinion of an office on an estate of a
-- division: as somebody of that office, or, where the duty is not kept to the office itself,
-- as somebody who keeps the estate's records and enters the letter that the office sent.
-- +goose StatementBegin
CREATE FUNCTION estate_speaks_for(division text, office text, own_only boolean) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT division LIKE ANY (public.yike_scopes('estate.opinion')) AND (
        EXISTS (SELECT FROM public.account a WHERE a.adcode = public.yike_adcode() AND a.id = public.yike_account()
            AND office <> '' AND starts_with(a.department, office))
        OR NOT own_only AND division LIKE ANY (public.yike_scopes('estate.write')))
$$;
-- +goose StatementEnd

CREATE POLICY estate_step_read ON estate_step FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_step_add ON estate_step FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM estate AS e WHERE e.adcode = estate_step.adcode AND e.id = estate_step.estate_id AND CASE estate_step.kind
            WHEN 'request' THEN e.division_code LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
            ELSE estate_speaks_for(e.division_code, estate_step.office, estate_step.own_only) END));

-- +goose Up
-- Coverage computed in the background and kept: who was within reach of what on the data
-- of one version. Written once by its job and never changed, so a report has no history
-- of its own. See coverage/coveragejob.
CREATE TABLE coverage_report (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL, -- of the job
    change_id    uuid        NOT NULL DEFAULT yike_change(),
    data_version text        NOT NULL CHECK (data_version <> ''),
    bands        text[]      NOT NULL, -- ids, in the order of the people below
    questions    integer     NOT NULL CHECK (questions >= 0), -- that will be answered
    notices      jsonb       NOT NULL, -- what must be said wherever the figures are
    asked_who    text        NOT NULL,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id)
);

-- One question of a report that is answered.
CREATE TABLE coverage_question (
    adcode    text     NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    report_id uuid     NOT NULL,
    number    integer  NOT NULL CHECK (number > 0),
    change_id uuid     NOT NULL DEFAULT yike_change(),
    type      text     NOT NULL,
    type_zh   text     NOT NULL,
    type_en   text     NOT NULL,
    measure   text     NOT NULL,
    base      text     NOT NULL CHECK (base IN ('registered', 'resident')),
    limit_s   integer  NOT NULL CHECK (limit_s > 0),
    speed_mms integer  NOT NULL CHECK (speed_mms > 0), -- millimetres per second
    PRIMARY KEY (adcode, report_id, number),
    FOREIGN KEY (adcode, report_id) REFERENCES coverage_report (adcode, id)
);

-- The figures of one question: a line for each division, for the people in no division
-- of a level, and for all. The population is the sum of the three, so it is not kept.
CREATE TABLE coverage_figure (
    adcode     text    NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    report_id  uuid    NOT NULL,
    number     integer NOT NULL,
    place      integer NOT NULL CHECK (place > 0), -- order of the lines
    level      text    NOT NULL, -- of the division; outside_… in none of a level; total
    code       text    NOT NULL DEFAULT '',
    parent     text    NOT NULL DEFAULT '',
    name_zh    text    NOT NULL,
    name_en    text    NOT NULL DEFAULT '',
    setting    text    NOT NULL DEFAULT '',
    complete   boolean NOT NULL,
    covered    bigint[] NOT NULL CHECK (0 <= ALL (covered)), -- ten-thousandths of a person, by band
    uncovered  bigint[] NOT NULL CHECK (0 <= ALL (uncovered)),
    unsnapped  bigint[] NOT NULL CHECK (0 <= ALL (unsnapped)),
    units      integer NOT NULL CHECK (units >= 0), -- communities; 0 where none are known
    units_with integer NOT NULL CHECK (units_with BETWEEN 0 AND units),
    PRIMARY KEY (adcode, report_id, number, place),
    FOREIGN KEY (adcode, report_id, number) REFERENCES coverage_question (adcode, report_id, number),
    CHECK (cardinality(covered) = cardinality(uncovered) AND cardinality(covered) = cardinality(unsnapped))
);

-- +goose StatementBegin
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['coverage_report', 'coverage_question', 'coverage_figure'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO yike_app', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may(''map.read'')))',
            t || '_read', t);
    END LOOP;
END $$;
-- +goose StatementEnd

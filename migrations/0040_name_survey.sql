-- +goose Up
-- Visits to the place of a case of place names (实地踏勘): who was there on which day, the track
-- that they walked, what they noted and measured. See placenames/survey. Photos are attachments
-- of the kind name_visit. A visit is of the division of its case.
CREATE TABLE name_visit (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange   NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange   NOT NULL DEFAULT tstzrange(now(), NULL),
    case_id       uuid        NOT NULL,
    division_code text        NOT NULL CHECK (division_code <> ''),
    day           date        NOT NULL,
    people        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(people) = 'array' AND pg_column_size(people) < 65536),
    track         jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(track) = 'array' AND pg_column_size(track) < 1048576), -- [ms, lon, lat, accuracy in m]
    points        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(points) = 'array' AND pg_column_size(points) < 1048576),
    findings      jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(findings) = 'object' AND pg_column_size(findings) < 65536),
    note          text        NOT NULL DEFAULT '',
    entered_at    timestamptz NOT NULL DEFAULT now(),
    entered_by    text        NOT NULL CHECK (entered_by <> ''),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id)
);
CREATE INDEX name_visit_of ON name_visit (adcode, case_id);

-- Whether a visit is settled: a step of its case was taken on it, or the case has ended. What it
-- says then stays, whoever asks.
-- +goose StatementBegin
CREATE FUNCTION name_visit_settled(of_adcode text, of_case uuid, since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM name_case AS c WHERE c.adcode = of_adcode AND c.id = of_case AND c.ending <> '')
        OR EXISTS (SELECT FROM name_case_event AS e WHERE e.adcode = of_adcode AND e.case_id = of_case AND e.step = 'survey' AND e.kind = 'done'
            AND e.recorded_at >= since)
$$;
CREATE FUNCTION name_visit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.case_id, NEW.division_code, NEW.entered_at, NEW.entered_by) IS DISTINCT FROM (OLD.case_id, OLD.division_code, OLD.entered_at, OLD.entered_by) THEN
            RAISE EXCEPTION 'a visit stays with its case and with who entered it' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    IF name_visit_settled(OLD.adcode, OLD.case_id, OLD.entered_at) THEN
        RAISE EXCEPTION 'the case went on with the visit' USING ERRCODE = 'YK003';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_visit_stays BEFORE UPDATE OR DELETE ON name_visit FOR EACH ROW EXECUTE FUNCTION name_visit_stays();

SELECT keep_history('name_visit', 'history.read');
GRANT INSERT, UPDATE, DELETE ON name_visit TO yike_app;

CREATE POLICY name_visit_read ON name_visit FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_visit_add ON name_visit FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[])
        AND EXISTS (SELECT FROM name_case AS c WHERE c.adcode = name_visit.adcode AND c.id = case_id AND c.division_code = name_visit.division_code AND c.ending = ''));
CREATE POLICY name_visit_change ON name_visit FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]));
CREATE POLICY name_visit_remove ON name_visit FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]));

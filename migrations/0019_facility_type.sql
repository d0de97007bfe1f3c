-- +goose Up
-- What a bureau keeps of facility types in the product: types of its own, and what it wants
-- otherwise of those that come with the program. See facilities/localtype.go. One row for a
-- type; a type without a row is as the program has it. A change holds at once and for all
-- days, since forms and tables are of the present.
CREATE TABLE facility_type_local (
    adcode     text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id         uuid      NOT NULL,
    version    integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid      daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded   tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    code       text      NOT NULL CHECK (code ~ '^[0-9a-zA-Z][0-9a-zA-Z_]{0,39}$'),
    definition jsonb     NOT NULL CHECK (jsonb_typeof(definition) = 'object' AND pg_column_size(definition) < 1048576),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, code)
);

SELECT keep_history('facility_type_local', 'history.read');

GRANT INSERT, UPDATE, DELETE ON facility_type_local TO yike_app;

-- What types there are is no secret from anybody who works with their records: a form that
-- did not know a type would refuse it.
CREATE POLICY facility_type_local_read ON facility_type_local FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()));
CREATE POLICY facility_type_local_add ON facility_type_local FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('catalogue.write'))::text[]));
CREATE POLICY facility_type_local_change ON facility_type_local FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('catalogue.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('catalogue.write'))::text[]));
CREATE POLICY facility_type_local_remove ON facility_type_local FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('catalogue.write'))::text[]));

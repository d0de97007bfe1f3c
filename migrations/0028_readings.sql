-- +goose Up
-- How texts are read in names, as the committee ruled or the office confirmed: the lexicon that
-- outranks every dictionary. See placenames/roman.
CREATE TABLE place_reading (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    text      text      NOT NULL CHECK (char_length(text) > 1),
    readings  text[]    NOT NULL CHECK (array_position(readings, '') IS NULL), -- of each character, with tones
    name_id   uuid,     -- the record for which it was ruled
    document  text      NOT NULL DEFAULT '',
    note      text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id),
    CONSTRAINT place_reading_each CHECK (cardinality(readings) = char_length(text)),
    CONSTRAINT place_reading_from CHECK (name_id IS NOT NULL OR document <> '' OR note <> '')
);
CREATE UNIQUE INDEX place_reading_text ON place_reading (adcode, text);
CREATE INDEX place_reading_name ON place_reading (adcode, name_id) WHERE name_id IS NOT NULL;

SELECT keep_history('place_reading', 'history.read');

-- Whoever keeps precedents in memory looks at one number for the lexicon and the register.
CREATE CONSTRAINT TRIGGER place_reading_numbered AFTER INSERT OR UPDATE OR DELETE ON place_reading
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION place_name_numbered();

-- A reading holds for the names of the whole authority.
GRANT INSERT, UPDATE, DELETE ON place_reading TO yike_app;
CREATE POLICY place_reading_read ON place_reading FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY place_reading_add ON place_reading FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY place_reading_change ON place_reading FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY place_reading_remove ON place_reading FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

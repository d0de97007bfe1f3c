-- +goose Up
-- Rights over standard addresses and their plates, and the files (photos of doors and plates)
-- that such records hold.
INSERT INTO role_action (role, action) VALUES
    ('plate_manager', 'address.write'),
    ('place_name_registrar', 'address.write'),
    ('plate_manager', 'plate.write'),
    ('plate_manager', 'plate.fit'),
    ('field_worker', 'plate.fit');

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION attachment_writable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kind = 'facility' THEN division LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])
        WHEN kind LIKE 'premises%' THEN division LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])
        WHEN kind IN ('campaign_task', 'facility_problem') THEN division LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])
        WHEN kind = 'estate' THEN division LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
        WHEN kind = 'estate_rule' THEN division LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[])
        WHEN kind IN ('name', 'name_case', 'name_paper') THEN division LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])
        WHEN kind IN ('name_visit', 'sign') THEN division LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[])
        WHEN kind = 'address' THEN division LIKE ANY ((SELECT yike_scopes('address.write'))::text[])
        WHEN kind = 'plate' THEN division LIKE ANY ((SELECT yike_scopes('plate.fit'))::text[])
        ELSE false
    END
$$;
-- +goose StatementEnd

-- +goose Up
-- The conditions of opinions on new estates are marked as met, and may have a day until when.
-- See facilities/estates.

ALTER TABLE estate_step ADD COLUMN opinion_id uuid; -- of a mark: the opinion, as it was recorded first
ALTER TABLE estate_step ADD COLUMN met boolean;     -- of a mark
ALTER TABLE estate_step ADD COLUMN document text NOT NULL DEFAULT ''; -- of a mark: what shows that they are met
ALTER TABLE estate_step ADD FOREIGN KEY (adcode, opinion_id) REFERENCES estate_step (adcode, id);

-- What these held together goes on holding, of marks too.
-- +goose StatementBegin
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'estate_step'::regclass AND contype = 'c'
        AND (pg_get_constraintdef(oid) LIKE '%rectify_by%' OR pg_get_constraintdef(oid) LIKE '%corrects IS NULL%' OR conname = 'estate_step_kind_check')
    LOOP
        EXECUTE format('ALTER TABLE estate_step DROP CONSTRAINT %I', c.conname);
    END LOOP;
END $$;
-- +goose StatementEnd
ALTER TABLE estate_step
    ADD CONSTRAINT estate_step_kind CHECK (kind IN ('request', 'opinion', 'condition')),
    ADD CONSTRAINT estate_step_until CHECK (rectify_by IS NULL OR verdict IN ('refused', 'conditional') AND rectify_by >= day),
    ADD CONSTRAINT estate_step_corrects CHECK ((corrects IS NULL) = (reason = '')
        AND (kind = 'condition' AND corrects IS NULL AND checked IS NULL OR kind <> 'condition' AND (corrects IS NULL) = (checked IS NOT NULL))),
    ADD CONSTRAINT estate_step_mark CHECK (CASE WHEN kind = 'condition'
        THEN opinion_id IS NOT NULL AND met IS NOT NULL AND office <> '' AND by_whom <> '' AND letter = '' AND verdict = '' AND (document <> '' OR NOT met) AND (words <> '' OR met)
        ELSE opinion_id IS NULL AND met IS NULL AND document = '' END);

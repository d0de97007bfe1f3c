-- +goose Up
-- Where a pack has a grid of heights, a road knows those of its vertices, from which the
-- walking times of who minds slopes follow. NULL where they are not known.
ALTER TABLE road
    ADD COLUMN heights real[] CHECK (cardinality(heights) = ST_NPoints(geom)); -- metres above any one level

-- The history has the same columns.
ALTER TABLE road_history
    ADD COLUMN heights real[];

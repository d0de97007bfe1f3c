-- +goose Up
-- What profiles of walkers ask of a road and of a barrier. The defaults are what holds
-- where a source says nothing, so rows from before mean what they meant.
ALTER TABLE road
    ADD COLUMN crossing smallint NOT NULL DEFAULT 0 CHECK (crossing BETWEEN 0 AND 2), -- 0 none, 1 without signals, 2 with
    ADD COLUMN wheels   smallint NOT NULL DEFAULT 0 CHECK (wheels BETWEEN 0 AND 2),   -- 0 unknown, 1 passable, 2 not
    ADD COLUMN incline  smallint NOT NULL DEFAULT 0;                                   -- thousandths, up along the line

ALTER TABLE road_barrier
    ADD COLUMN hours smallint[] NOT NULL DEFAULT '{}' -- minutes of the day: from, to, from, to …; none is always
        CHECK (cardinality(hours) % 2 = 0);

-- The history has the same columns.
ALTER TABLE road_history
    ADD COLUMN crossing smallint NOT NULL DEFAULT 0,
    ADD COLUMN wheels   smallint NOT NULL DEFAULT 0,
    ADD COLUMN incline  smallint NOT NULL DEFAULT 0;

ALTER TABLE road_barrier_history
    ADD COLUMN hours smallint[] NOT NULL DEFAULT '{}';

-- The tables of `migrations/sqlite/0006_polling.sql`.
ALTER TABLE source ADD COLUMN manner TEXT NOT NULL DEFAULT '{}';

CREATE TABLE pace (
    host TEXT COLLATE "C" PRIMARY KEY,
    spacing BIGINT NOT NULL,
    learned BIGINT NOT NULL
);

CREATE TABLE stated (
    entry BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX stated_at ON stated (at);

CREATE TABLE written (
    batch BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    stored TEXT NOT NULL
);

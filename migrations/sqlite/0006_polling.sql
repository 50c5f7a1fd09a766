-- How a source is asked and kept where that differs from all others: JSON.
ALTER TABLE source ADD COLUMN manner TEXT NOT NULL DEFAULT '{}';

-- The least time between two requests to a host, as its refusals taught.
CREATE TABLE pace (
    host TEXT PRIMARY KEY,
    spacing INTEGER NOT NULL,   -- milliseconds
    learned INTEGER NOT NULL
) WITHOUT ROWID;

-- Entries whose sources date them later than they were seen: until that day has come.
CREATE TABLE stated (
    entry INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
);
CREATE INDEX stated_at ON stated (at);

-- Batches of visits that were written, and what came of each visit: one whose end nobody confirmed
-- is not written twice.
CREATE TABLE written (
    batch INTEGER PRIMARY KEY,  -- a number drawn by lot
    at INTEGER NOT NULL,
    stored TEXT NOT NULL        -- JSON
);

-- Whose server a source is visited at, as politeness counts; filled as sources are written.
ALTER TABLE source ADD COLUMN host TEXT;

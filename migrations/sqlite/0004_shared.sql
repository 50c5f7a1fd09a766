-- Whose server a source is visited at, as politeness counts; filled as sources are written.
ALTER TABLE source ADD COLUMN host TEXT;

-- Which newsletters use a source. It is polled once, while anybody has it enabled.
CREATE TABLE uses (
    newsletter TEXT NOT NULL,
    source INTEGER NOT NULL,
    declared INTEGER NOT NULL,  -- whether its config.toml names it
    enabled INTEGER NOT NULL,
    PRIMARY KEY (newsletter, source)
) WITHOUT ROWID;
CREATE INDEX uses_source ON uses (source);

-- What was there belongs to whoever opens the file next, whose it was: the one newsletter.
INSERT INTO uses (newsletter, source, declared, enabled)
    SELECT '', id, origin = 'config', enabled FROM source WHERE removed IS NULL;
CREATE TABLE owned_account (
    newsletter TEXT NOT NULL,
    name TEXT NOT NULL,         -- what is typed to sign in, in small letters
    curator TEXT NOT NULL,      -- the name that decisions carry
    password TEXT NOT NULL,     -- a hash, as PHC strings are written
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,   -- the password
    PRIMARY KEY (newsletter, name)
) WITHOUT ROWID;
INSERT INTO owned_account (newsletter, name, curator, password, added, changed)
    SELECT '', name, curator, password, added, changed FROM account;
DROP TABLE account;
ALTER TABLE owned_account RENAME TO account;
ALTER TABLE session ADD COLUMN newsletter TEXT NOT NULL DEFAULT '';

-- Who may use the review pages on an address that others reach.
CREATE TABLE account (
    name TEXT PRIMARY KEY,      -- what is typed to sign in, in small letters
    curator TEXT NOT NULL,      -- the name that decisions carry
    password TEXT NOT NULL,     -- a hash, as PHC strings are written
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL    -- the password
) WITHOUT ROWID;

-- Browsers that are signed in. The token itself is in the browser alone.
CREATE TABLE session (
    token BLOB PRIMARY KEY,     -- its SHA-256
    account TEXT,               -- none: made on this machine, where there are no accounts
    curator TEXT NOT NULL,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_expires ON session (expires);

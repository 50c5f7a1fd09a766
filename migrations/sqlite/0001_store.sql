-- Instants are milliseconds since 1970, UTC. Hashes are 64 bits, as signed numbers.

-- What is polled, as people name it. A row is never deleted: one that went has the instant in
-- `removed`, so that its number and its entries' carriers stay true.
CREATE TABLE source (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    named TEXT NOT NULL UNIQUE, -- for comparing: the address that somebody gave
    address TEXT NOT NULL,      -- for comparing: the address that is visited
    url TEXT NOT NULL,          -- the address that is visited
    title TEXT,
    site TEXT,
    kind TEXT,
    tags TEXT NOT NULL,         -- JSON
    every INTEGER,              -- seconds
    headers TEXT NOT NULL,      -- JSON
    enabled INTEGER NOT NULL,
    origin TEXT NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER,
    twin INTEGER                -- the source whose address this one moved to
);
CREATE INDEX source_address ON source (address);

-- What visits taught about a source; written at each of them.
CREATE TABLE history (
    source INTEGER PRIMARY KEY,
    due INTEGER NOT NULL,       -- the next visit; 0: as soon as possible; the last number: never
    last_visit_row INTEGER,     -- its latest row in `visit`
    recent TEXT NOT NULL,       -- what came of the latest visits, a letter each, newest first
    instants BLOB NOT NULL,     -- of its latest entries, seconds, eight bytes each
    facts TEXT NOT NULL         -- JSON
);
CREATE INDEX history_due ON history (due, source);

-- Visits, appended; each names the one before it, so that no index is needed.
CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    previous INTEGER,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    took INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    repairs TEXT NOT NULL,      -- JSON; empty for none
    message TEXT
);

-- Until when a host wants to be left alone.
CREATE TABLE pause (
    host TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID;

-- One story, however many sources carry it. What is compared stands first, what is long last.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,    -- the first to carry it; only that one changes it
    seen INTEGER NOT NULL,      -- when it was first seen
    at INTEGER NOT NULL,
    dated TEXT NOT NULL,
    updated INTEGER,
    words INTEGER NOT NULL,     -- hash of its title, for comparing
    link INTEGER NOT NULL,      -- hash of its address, for comparing; 0 for none
    digest INTEGER NOT NULL,    -- hash of all that it says
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    guid TEXT,
    authors TEXT NOT NULL,      -- JSON; empty for none
    tags TEXT NOT NULL,         -- JSON; empty for none
    more TEXT NOT NULL,         -- JSON: what only some have; empty for nothing
    summary TEXT NOT NULL,
    content TEXT,               -- none where it is the text
    text TEXT NOT NULL
);
CREATE INDEX entry_at ON entry (at);

-- Which sources carry an entry, since when, and as which of their items.
CREATE TABLE carrier (
    entry INTEGER NOT NULL,
    source INTEGER NOT NULL,
    since INTEGER NOT NULL,
    item INTEGER NOT NULL,      -- into `item`
    guid INTEGER NOT NULL,      -- into `identity`; 0 for none
    PRIMARY KEY (entry, source)
) WITHOUT ROWID;

-- The items of sources that were read: hash of the source and of what identifies the item in it.
CREATE TABLE item (
    mark INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL,
    content INTEGER NOT NULL    -- hash of all that the item says, before it is cleaned
);

-- What identifies an entry: hashes of its ids, addresses, titles. They stay when it is deleted.
CREATE TABLE identity (
    hash INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL
);

-- The last number given to an entry or a visit; none is given twice.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('entry', 0), ('visit', 0), ('indexed', 0), ('declared', 0);

-- Full text; what is indexed is found in `entry` by number. Entries up to the counter `indexed`
-- are in it, but for those of `unindexed`, which changed since.
CREATE VIRTUAL TABLE entry_words USING fts5 (
    title, text, authors,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE unindexed (entry INTEGER PRIMARY KEY);

-- What a newsletter's curators answered; the latest that is not undone holds.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    newsletter TEXT NOT NULL,
    entry INTEGER NOT NULL,
    curator TEXT,
    answer TEXT NOT NULL,
    note TEXT,
    until INTEGER,
    at INTEGER NOT NULL,
    undone INTEGER
);
CREATE INDEX decision_entry ON decision (newsletter, entry, id);

-- The entries that a newsletter's drafts or issues took over.
CREATE TABLE used (
    newsletter TEXT NOT NULL,
    entry INTEGER NOT NULL,
    issue TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (newsletter, entry)
) WITHOUT ROWID;

-- The days on which an entry was suggested.
CREATE TABLE shown (
    newsletter TEXT NOT NULL,
    entry INTEGER NOT NULL,
    day INTEGER NOT NULL,       -- days since 1970
    PRIMARY KEY (newsletter, entry, day)
) WITHOUT ROWID;

-- What a stage keeps for a newsletter between runs.
CREATE TABLE kept (
    newsletter TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (newsletter, name)
);

-- A newsletter's own readings, for search alone.
CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    newsletter TEXT NOT NULL,
    issue TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    curator TEXT,
    text TEXT NOT NULL
);
CREATE INDEX reading_newsletter ON reading (newsletter);
CREATE VIRTUAL TABLE reading_words USING fts5 (
    title, text, authors,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2"
);

-- In which order the accepted entries stand in the next issue; those without a place come last.
CREATE TABLE arranged (
    newsletter TEXT NOT NULL,
    entry INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (newsletter, entry)
) WITHOUT ROWID;

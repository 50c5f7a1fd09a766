-- The hub and the topic that a source's feed names (WebSub), as it was last read.
CREATE TABLE announced (
    source BIGINT PRIMARY KEY,
    hub TEXT NOT NULL,
    topic TEXT NOT NULL
);

-- What hubs are asked to announce. A source has one, beside those that are being ended.
CREATE TABLE subscription (
    token TEXT PRIMARY KEY,     -- the last part of the callback: whoever knows it may be the hub
    source BIGINT NOT NULL,
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    callback TEXT NOT NULL,     -- what stands before the token
    secret TEXT,                -- none: the hub is spoken to in the open
    phase TEXT NOT NULL,        -- wanted, held, denied, leaving
    next BIGINT NOT NULL,       -- when the hub is asked again
    pending BIGINT,             -- until when the hub may ask whether we asked
    since BIGINT,               -- when it first held
    ends BIGINT,                -- the lease
    failures BIGINT NOT NULL,   -- requests that failed, since the last that did not
    pinged BIGINT,              -- when the hub last announced something
    trusted BIGINT NOT NULL,    -- 1 where it announced, and polling found nothing that it had not
    message TEXT                -- what went wrong last
);
CREATE INDEX subscription_source ON subscription (source);
CREATE INDEX subscription_next ON subscription (next);

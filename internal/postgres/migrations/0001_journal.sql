-- One row per centre says who may write and where its journal ends. Each append updates it, so it is never
-- spread over pages by its own history.
CREATE TABLE journals (
    centre text PRIMARY KEY,
    epoch bigint NOT NULL DEFAULT 0,
    last bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 10);

-- A body is the record's stored bytes; sum is the CRC-32C of the sequence and the body.
CREATE TABLE records (
    centre text NOT NULL,
    seq bigint NOT NULL,
    sum bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (centre, seq)
);

CREATE TABLE subjects (
    centre text NOT NULL,
    subject text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (centre, subject, seq)
);

-- Times are nanoseconds since 1970: timestamptz would round them.
CREATE TABLE answers (
    centre text NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    hash bytea NOT NULL,
    body bytea NOT NULL,
    seq bigint NOT NULL,
    at_ns bigint NOT NULL,
    PRIMARY KEY (centre, actor, key)
);
CREATE INDEX answers_by_time ON answers (centre, at_ns, id);

CREATE TABLE snapshots (
    centre text NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    leaf bytea NOT NULL,
    at_ns bigint NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (centre, seq)
);

CREATE TABLE cursors (
    centre text NOT NULL,
    reactor text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (centre, reactor)
);

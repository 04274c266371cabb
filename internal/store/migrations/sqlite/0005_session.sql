-- +goose Up
-- Keys that sign access tokens; the private half is sealed with the master key.
CREATE TABLE signing_keys (
    kid             TEXT NOT NULL PRIMARY KEY,
    sealed          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    signs_from      INTEGER NOT NULL,
    published_until INTEGER
);

-- One row per session, with the hashes of the refresh token that is good and of the one before it, from which the good one was
-- derived with the salt; neither is there before the first exchange. family_key marks every token of the session as one of its own.
CREATE TABLE sessions (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    refresh_hash    BLOB NOT NULL,
    previous_hash   BLOB,
    rotation_salt   BLOB,
    family_key      BLOB NOT NULL,
    amr             TEXT NOT NULL,
    auth_time       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    renewed_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    address         TEXT NOT NULL,
    user_agent      TEXT NOT NULL,
    ended_at        INTEGER,
    end_reason      TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id);

-- Every attempt to sign in, good or bad. user_id is absent when the name is unknown; masked_name then says what was typed.
-- tries is 1, or how many attempts of a flood the line stands for.
CREATE TABLE sign_ins (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT NOT NULL,
    time        INTEGER NOT NULL,
    user_id     TEXT,
    masked_name TEXT NOT NULL,
    method      TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    tries       INTEGER NOT NULL CHECK (tries > 0),
    address     TEXT NOT NULL,
    user_agent  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sign_ins_user ON sign_ins (tenant_id, user_id, id);

-- Failures per pair of typed name and network; the pair is stored as a keyed hash. No try before next_at.
CREATE TABLE sign_in_failures (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    pair        TEXT NOT NULL,
    failures    INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, pair)
);
CREATE INDEX sign_in_failures_age ON sign_in_failures (tenant_id, updated_at);

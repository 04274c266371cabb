-- +goose Up
-- Keys that sign access tokens; the private half is sealed with the master key.
CREATE TABLE signing_keys (
    kid             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sealed          TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    signs_from      BIGINT NOT NULL,
    published_until BIGINT
);

-- One row per session, with the hashes of the refresh token that is good and of the one before it, from which the good one was
-- derived with the salt; neither is there before the first exchange. family_key marks every token of the session as one of its own.
CREATE TABLE sessions (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    refresh_hash    BYTEA NOT NULL,
    previous_hash   BYTEA,
    rotation_salt   BYTEA,
    family_key      BYTEA NOT NULL,
    amr             TEXT COLLATE "C" NOT NULL,
    auth_time       BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    renewed_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    address         TEXT COLLATE "C" NOT NULL,
    user_agent      TEXT COLLATE "C" NOT NULL,
    ended_at        BIGINT,
    end_reason      TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id);

-- Every attempt to sign in, good or bad. user_id is absent when the name is unknown; masked_name then says what was typed.
-- tries is 1, or how many attempts of a flood the line stands for.
CREATE TABLE sign_ins (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT COLLATE "C" NOT NULL,
    time        BIGINT NOT NULL,
    user_id     TEXT COLLATE "C",
    masked_name TEXT COLLATE "C" NOT NULL,
    method      TEXT COLLATE "C" NOT NULL,
    outcome     TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    tries       BIGINT NOT NULL CHECK (tries > 0),
    address     TEXT COLLATE "C" NOT NULL,
    user_agent  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sign_ins_user ON sign_ins (tenant_id, user_id, id);

-- Failures per pair of typed name and network; the pair is stored as a keyed hash. No try before next_at.
CREATE TABLE sign_in_failures (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    pair        TEXT COLLATE "C" NOT NULL,
    failures    BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, pair)
);
CREATE INDEX sign_in_failures_age ON sign_in_failures (tenant_id, updated_at);

-- The fourth wall, as in 0001.
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_own ON sessions USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE sign_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_ins_own ON sign_ins USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE sign_in_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_failures_own ON sign_in_failures USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

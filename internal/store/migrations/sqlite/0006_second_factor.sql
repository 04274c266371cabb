-- +goose Up
-- Whether everybody in the tenant signs in with a second factor, whatever their roles say.
ALTER TABLE tenants ADD COLUMN require_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- The second factor in force. The secret is sealed; codes of last_step and before are used up.
CREATE TABLE second_factors (
    tenant_id    TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    confirmed_at INTEGER NOT NULL,
    last_step    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- A second factor that is shown and not yet confirmed. It stands apart, so that the one in force stays so meanwhile.
CREATE TABLE factor_enrolments (
    tenant_id  TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Wrong codes in a row, whatever they were for. No try before next_at.
CREATE TABLE factor_failures (
    tenant_id  TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    failures   INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Codes for whoever has lost the device, each good once; only their hashes are kept.
CREATE TABLE recovery_codes (
    tenant_id TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    used_at   INTEGER,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Sign-ins that wait between the password and the second factor; void once an epoch has been raised. enrols: what is
-- waited for is an enrolment.
CREATE TABLE challenges (
    tenant_id    TEXT NOT NULL,
    id           TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    secret_hash  BLOB NOT NULL,
    enrols       BOOLEAN NOT NULL,
    tenant_epoch INTEGER NOT NULL,
    user_epoch   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX challenges_user ON challenges (tenant_id, user_id);
CREATE INDEX challenges_age ON challenges (tenant_id, expires_at);

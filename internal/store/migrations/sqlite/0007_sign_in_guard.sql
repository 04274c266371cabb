-- +goose Up
-- Tries to sign in that failed or that nobody has judged yet, of browsers that are not known to the user. Name and network are keyed hashes.
CREATE TABLE sign_in_tries (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    time        INTEGER NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    network     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, time, id)
);
CREATE INDEX sign_in_tries_name ON sign_in_tries (tenant_id, name, time);
CREATE INDEX sign_in_tries_network ON sign_in_tries (tenant_id, network, time, name);

-- When the last try under a name, or from a network, was let through; both are keyed hashes. The row is what tries at once wait for.
CREATE TABLE sign_in_brakes (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    counter     TEXT NOT NULL,
    tried_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, counter)
);
CREATE INDEX sign_in_brakes_age ON sign_in_brakes (tenant_id, tried_at);

-- Browsers in which a user has signed in; only the hash of what their cookie holds for the user is kept.
CREATE TABLE devices (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, secret_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX devices_user ON devices (tenant_id, user_id, seen_at);

-- In which of them a session began. The browser may be forgotten before the session is.
ALTER TABLE sessions ADD COLUMN device_id TEXT;

-- What a line of the log is a warning of.
ALTER TABLE sign_ins ADD COLUMN new_device BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE sign_ins ADD COLUMN burst BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX sign_ins_warnings ON sign_ins (tenant_id, user_id, time) WHERE new_device OR burst;

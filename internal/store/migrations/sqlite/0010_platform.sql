-- +goose Up
-- What answers the platform's figures without reading every session and sign-in that a tenant ever had.
CREATE INDEX sessions_in_force ON sessions (tenant_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_success ON sign_ins (tenant_id, time) WHERE outcome = 'success';

-- Platform staff inside a tenant, in whose data the row lies. visitor and platform_session are of the tenant platform, and the
-- epochs those that stood there; the names are copies, as nothing of the platform can be read from here.
CREATE TABLE visits (
    tenant_id           TEXT NOT NULL REFERENCES tenants (tenant_id),
    id                  TEXT NOT NULL,
    visitor             TEXT NOT NULL,
    username            TEXT NOT NULL,
    name                TEXT NOT NULL,
    platform_session    TEXT NOT NULL,
    platform_epoch      INTEGER NOT NULL,
    visitor_epoch       INTEGER NOT NULL,
    reason              TEXT NOT NULL,
    writes              BOOLEAN NOT NULL,
    created_at          INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL,
    ended_at            INTEGER,
    end_reason          TEXT,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX visits_visitor ON visits (tenant_id, visitor, id);

-- The one row says what holds for the platform as a whole.
CREATE TABLE platform_settings (
    tenant_id       TEXT NOT NULL PRIMARY KEY REFERENCES tenants (tenant_id),
    visit_minutes   INTEGER NOT NULL CHECK (visit_minutes BETWEEN 1 AND 480),
    version         INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
);
INSERT INTO platform_settings (tenant_id, visit_minutes, version, updated_at)
VALUES ('platform', 60, 1, 0);

-- What a tenant's administrators are shown until one of them has acknowledged it.
CREATE TABLE notices (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT NOT NULL,
    kind            TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    PRIMARY KEY (tenant_id, id)
);

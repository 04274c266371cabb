-- +goose Up
-- What answers the platform's figures without reading every session and sign-in that a tenant ever had.
CREATE INDEX sessions_in_force ON sessions (tenant_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_success ON sign_ins (tenant_id, time) WHERE outcome = 'success';

-- Platform staff inside a tenant, in whose data the row lies. visitor and platform_session are of the tenant platform, and the
-- epochs those that stood there; the names are copies, as nothing of the platform can be read from here.
CREATE TABLE visits (
    tenant_id           TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id                  TEXT COLLATE "C" NOT NULL,
    visitor             TEXT COLLATE "C" NOT NULL,
    username            TEXT COLLATE "C" NOT NULL,
    name                TEXT COLLATE "C" NOT NULL,
    platform_session    TEXT COLLATE "C" NOT NULL,
    platform_epoch      BIGINT NOT NULL,
    visitor_epoch       BIGINT NOT NULL,
    reason              TEXT COLLATE "C" NOT NULL,
    writes              BOOLEAN NOT NULL,
    created_at          BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL,
    ended_at            BIGINT,
    end_reason          TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX visits_visitor ON visits (tenant_id, visitor, id);

-- The one row says what holds for the platform as a whole.
CREATE TABLE platform_settings (
    tenant_id       TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tenants (tenant_id),
    visit_minutes   BIGINT NOT NULL CHECK (visit_minutes BETWEEN 1 AND 480),
    version         BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
INSERT INTO platform_settings (tenant_id, visit_minutes, version, updated_at)
VALUES ('platform', 60, 1, 0);

-- What a tenant's administrators are shown until one of them has acknowledged it.
CREATE TABLE notices (
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, id)
);

-- The fourth wall, as in 0001.
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE visits FORCE ROW LEVEL SECURITY;
CREATE POLICY visits_own ON visits USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE platform_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY platform_settings_own ON platform_settings USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_own ON notices USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

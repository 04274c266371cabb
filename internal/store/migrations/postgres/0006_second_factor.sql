-- +goose Up
-- Whether everybody in the tenant signs in with a second factor, whatever their roles say.
ALTER TABLE tenants ADD COLUMN require_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- The second factor in force. The secret is sealed; codes of last_step and before are used up.
CREATE TABLE second_factors (
    tenant_id    TEXT COLLATE "C" NOT NULL,
    user_id      TEXT COLLATE "C" NOT NULL,
    sealed       TEXT COLLATE "C" NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- A second factor that is shown and not yet confirmed. It stands apart, so that the one in force stays so meanwhile.
CREATE TABLE factor_enrolments (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    sealed     TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Wrong codes in a row, whatever they were for. No try before next_at.
CREATE TABLE factor_failures (
    tenant_id  TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    failures   BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Codes for whoever has lost the device, each good once; only their hashes are kept.
CREATE TABLE recovery_codes (
    tenant_id TEXT COLLATE "C" NOT NULL,
    user_id   TEXT COLLATE "C" NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at   BIGINT,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Sign-ins that wait between the password and the second factor; void once an epoch has been raised. enrols: what is
-- waited for is an enrolment.
CREATE TABLE challenges (
    tenant_id    TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    user_id      TEXT COLLATE "C" NOT NULL,
    secret_hash  BYTEA NOT NULL,
    enrols       BOOLEAN NOT NULL,
    tenant_epoch BIGINT NOT NULL,
    user_epoch   BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX challenges_user ON challenges (tenant_id, user_id);
CREATE INDEX challenges_age ON challenges (tenant_id, expires_at);

-- The fourth wall, as in 0001.
ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factors FORCE ROW LEVEL SECURITY;
CREATE POLICY second_factors_own ON second_factors USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE factor_enrolments ENABLE ROW LEVEL SECURITY;
ALTER TABLE factor_enrolments FORCE ROW LEVEL SECURITY;
CREATE POLICY factor_enrolments_own ON factor_enrolments USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE factor_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE factor_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY factor_failures_own ON factor_failures USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY recovery_codes_own ON recovery_codes USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY challenges_own ON challenges USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

-- +goose Up
-- Facts of the whole installation: the master key's check value, which node serves.
CREATE TABLE server_facts (
    name        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value       TEXT COLLATE "C" NOT NULL
);

-- A lease names its holder until expires_at; fence grows with every new holder.
CREATE TABLE server_leases (
    name        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder      TEXT COLLATE "C" NOT NULL,
    fence       BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE tenants (
    tenant_id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    slug                TEXT COLLATE "C" NOT NULL UNIQUE,
    name                TEXT COLLATE "C" NOT NULL,
    preset              TEXT COLLATE "C" NOT NULL,
    locale              TEXT COLLATE "C" NOT NULL,
    time_zone           TEXT COLLATE "C" NOT NULL,
    status              TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
    demo                BOOLEAN NOT NULL,
    default_role        TEXT COLLATE "C",
    local_password      TEXT COLLATE "C" NOT NULL CHECK (local_password IN ('enabled', 'fallback', 'disabled')),
    max_roles_per_user  BIGINT NOT NULL CHECK (max_roles_per_user >= 0),
    policy_version      BIGINT NOT NULL,
    epoch               BIGINT NOT NULL,
    version             BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL
);

CREATE TABLE departments (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT COLLATE "C" NOT NULL,
    parent_id   TEXT COLLATE "C",
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
);
-- Siblings have different names; '' stands for the roots, which have no parent to share.
CREATE UNIQUE INDEX departments_name ON departments (tenant_id, (coalesce(parent_id, '')), name_key);
CREATE INDEX departments_page ON departments (tenant_id, name_key, id);

-- The reserved tenant of the platform's own people and records.
INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, default_role, local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
VALUES ('platform', 'platform', 'Platform', 'platform', 'en', 'UTC', 'active', FALSE, NULL, 'enabled', 0, 1, 1, 1, 0, 0);

-- The fourth wall: without a tenant set by the transaction, reading raises an error instead of showing rows.
-- A connection that once had a local tenant answers '' afterwards, hence the check here.
-- +goose StatementBegin
CREATE FUNCTION app_tenant() RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
DECLARE
    tenant TEXT := current_setting('app.tenant');
BEGIN
    IF tenant = '' THEN
        RAISE EXCEPTION 'no tenant is set for this transaction';
    END IF;
    RETURN tenant;
END $$;
-- +goose StatementEnd
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_own ON tenants USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
-- Named work across tenants may list them ('*'), and must enter one to see or change anything inside.
CREATE POLICY tenants_list ON tenants FOR SELECT USING ((SELECT app_tenant()) = '*');
ALTER TABLE departments ENABLE ROW LEVEL SECURITY;
ALTER TABLE departments FORCE ROW LEVEL SECURITY;
CREATE POLICY departments_own ON departments USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

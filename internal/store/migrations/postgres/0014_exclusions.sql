-- +goose Up
-- Roles of which nobody may have more than at_most.
CREATE TABLE exclusions (
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    name            TEXT COLLATE "C" NOT NULL,
    at_most         INTEGER NOT NULL CHECK (at_most >= 1),
    description_zh  TEXT COLLATE "C" NOT NULL,
    description_en  TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- A role stays as long as an exclusion names it: without it the others would be held to less.
CREATE TABLE exclusion_roles (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    exclusion   TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, exclusion, role),
    FOREIGN KEY (tenant_id, exclusion) REFERENCES exclusions (tenant_id, name) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role) REFERENCES roles (tenant_id, name)
);
CREATE INDEX exclusion_roles_role ON exclusion_roles (tenant_id, role);

-- The fourth wall, as in 0001.
ALTER TABLE exclusions ENABLE ROW LEVEL SECURITY;
ALTER TABLE exclusions FORCE ROW LEVEL SECURITY;
CREATE POLICY exclusions_own ON exclusions USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE exclusion_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE exclusion_roles FORCE ROW LEVEL SECURITY;
CREATE POLICY exclusion_roles_own ON exclusion_roles USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

-- +goose Up
-- Roles of which nobody may have more than at_most.
CREATE TABLE exclusions (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    name            TEXT NOT NULL,
    at_most         INTEGER NOT NULL CHECK (at_most >= 1),
    description_zh  TEXT NOT NULL,
    description_en  TEXT NOT NULL,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- A role stays as long as an exclusion names it: without it the others would be held to less.
CREATE TABLE exclusion_roles (
    tenant_id   TEXT NOT NULL,
    exclusion   TEXT NOT NULL,
    role        TEXT NOT NULL,
    PRIMARY KEY (tenant_id, exclusion, role),
    FOREIGN KEY (tenant_id, exclusion) REFERENCES exclusions (tenant_id, name) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role) REFERENCES roles (tenant_id, name)
);
CREATE INDEX exclusion_roles_role ON exclusion_roles (tenant_id, role);

-- +goose Up
-- Facts of the whole installation: the master key's check value, which node serves.
CREATE TABLE server_facts (
    name        TEXT NOT NULL PRIMARY KEY,
    value       TEXT NOT NULL
);

-- A lease names its holder until expires_at; fence grows with every new holder.
CREATE TABLE server_leases (
    name        TEXT NOT NULL PRIMARY KEY,
    holder      TEXT NOT NULL,
    fence       INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
);

CREATE TABLE tenants (
    tenant_id           TEXT NOT NULL PRIMARY KEY,
    slug                TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    preset              TEXT NOT NULL,
    locale              TEXT NOT NULL,
    time_zone           TEXT NOT NULL,
    status              TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    demo                BOOLEAN NOT NULL,
    default_role        TEXT,
    local_password      TEXT NOT NULL CHECK (local_password IN ('enabled', 'fallback', 'disabled')),
    max_roles_per_user  INTEGER NOT NULL CHECK (max_roles_per_user >= 0),
    policy_version      INTEGER NOT NULL,
    epoch               INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
);

CREATE TABLE departments (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT NOT NULL,
    parent_id   TEXT,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
);
-- Siblings have different names; '' stands for the roots, which have no parent to share.
CREATE UNIQUE INDEX departments_name ON departments (tenant_id, (coalesce(parent_id, '')), name_key);
CREATE INDEX departments_page ON departments (tenant_id, name_key, id);

-- The reserved tenant of the platform's own people and records.
INSERT INTO tenants (tenant_id, slug, name, preset, locale, time_zone, status, demo, default_role, local_password, max_roles_per_user, policy_version, epoch, version, created_at, updated_at)
VALUES ('platform', 'platform', 'Platform', 'platform', 'en', 'UTC', 'active', 0, NULL, 'enabled', 0, 1, 1, 1, 0, 0);

-- +goose Up
CREATE TABLE roles (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    name            TEXT NOT NULL,
    built_in        BOOLEAN NOT NULL,
    active          BOOLEAN NOT NULL,
    label_zh        TEXT NOT NULL,
    label_en        TEXT NOT NULL,
    description_zh  TEXT NOT NULL,
    description_en  TEXT NOT NULL,
    permissions     TEXT NOT NULL,
    requires_mfa    BOOLEAN NOT NULL,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- limited tells an assignment without departments of its own (the user's count) from one with an empty list (none).
CREATE TABLE role_assignments (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    role        TEXT NOT NULL,
    expires_at  INTEGER,
    limited     BOOLEAN NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role) REFERENCES roles (tenant_id, name)
);
CREATE INDEX role_assignments_user ON role_assignments (tenant_id, user_id, id);
CREATE INDEX role_assignments_role ON role_assignments (tenant_id, role);

CREATE TABLE assignment_departments (
    tenant_id       TEXT NOT NULL,
    assignment_id   TEXT NOT NULL,
    department_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, assignment_id, department_id),
    FOREIGN KEY (tenant_id, assignment_id) REFERENCES role_assignments (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX assignment_departments_department ON assignment_departments (tenant_id, department_id);

INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en, permissions, requires_mfa, version, created_at, updated_at)
VALUES ('platform', 'platform_admin', 1, 1, '平台管理员', 'Platform administrator',
    '管理租户与平台；可在留痕、限时、说明理由的前提下进入任一租户',
    'Manages tenants and the platform; may enter any tenant on the record, for a reason, for a limited time',
    '["*:*:all"]', 1, 1, 0, 0);

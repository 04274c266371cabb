-- +goose Up
CREATE TABLE roles (
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    name            TEXT COLLATE "C" NOT NULL,
    built_in        BOOLEAN NOT NULL,
    active          BOOLEAN NOT NULL,
    label_zh        TEXT COLLATE "C" NOT NULL,
    label_en        TEXT COLLATE "C" NOT NULL,
    description_zh  TEXT COLLATE "C" NOT NULL,
    description_en  TEXT COLLATE "C" NOT NULL,
    permissions     TEXT COLLATE "C" NOT NULL,
    requires_mfa    BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

-- limited tells an assignment without departments of its own (the user's count) from one with an empty list (none).
CREATE TABLE role_assignments (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    expires_at  BIGINT,
    limited     BOOLEAN NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role) REFERENCES roles (tenant_id, name)
);
CREATE INDEX role_assignments_user ON role_assignments (tenant_id, user_id, id);
CREATE INDEX role_assignments_role ON role_assignments (tenant_id, role);

CREATE TABLE assignment_departments (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    assignment_id   TEXT COLLATE "C" NOT NULL,
    department_id   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, assignment_id, department_id),
    FOREIGN KEY (tenant_id, assignment_id) REFERENCES role_assignments (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX assignment_departments_department ON assignment_departments (tenant_id, department_id);

INSERT INTO roles (tenant_id, name, built_in, active, label_zh, label_en, description_zh, description_en, permissions, requires_mfa, version, created_at, updated_at)
VALUES ('platform', 'platform_admin', TRUE, TRUE, '平台管理员', 'Platform administrator',
    '管理租户与平台；可在留痕、限时、说明理由的前提下进入任一租户',
    'Manages tenants and the platform; may enter any tenant on the record, for a reason, for a limited time',
    '["*:*:all"]', TRUE, 1, 0, 0);

-- The fourth wall, as in 0001.
ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
CREATE POLICY roles_own ON roles USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE role_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY role_assignments_own ON role_assignments USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE assignment_departments ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignment_departments FORCE ROW LEVEL SECURITY;
CREATE POLICY assignment_departments_own ON assignment_departments USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

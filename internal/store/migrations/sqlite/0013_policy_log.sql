-- +goose Up
-- What has been written about a tenant's access at which version of its policy, so that whoever knows an earlier one reads this
-- again and nothing else. Triggers fill it, as no statement can forget them. The departments are one thing; what the tenant's own
-- row says of access is not here, as it is read together with the version.
CREATE TABLE policy_changes (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    version     INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('user', 'role', 'departments')),
    id          TEXT NOT NULL,
    PRIMARY KEY (tenant_id, version, kind, id)
);

-- +goose StatementBegin
CREATE TRIGGER users_policy_insert AFTER INSERT ON users BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_policy_update AFTER UPDATE ON users
WHEN OLD.active IS NOT NEW.active OR OLD.permission_list IS NOT NEW.permission_list BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER users_policy_delete AFTER DELETE ON users BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', OLD.id FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER user_departments_policy_insert AFTER INSERT ON user_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.user_id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_departments_policy_update AFTER UPDATE ON user_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', OLD.user_id FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.user_id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER user_departments_policy_delete AFTER DELETE ON user_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', OLD.user_id FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER role_assignments_policy_insert AFTER INSERT ON role_assignments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.user_id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER role_assignments_policy_update AFTER UPDATE ON role_assignments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', OLD.user_id FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', NEW.user_id FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER role_assignments_policy_delete AFTER DELETE ON role_assignments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', OLD.user_id FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- Where the assignment itself is gone, the trigger of its own table has told of the user.
-- +goose StatementBegin
CREATE TRIGGER assignment_departments_policy_insert AFTER INSERT ON assignment_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', a.user_id
    FROM tenants t JOIN role_assignments a ON a.tenant_id = t.tenant_id AND a.id = NEW.assignment_id WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER assignment_departments_policy_update AFTER UPDATE ON assignment_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', a.user_id
    FROM tenants t JOIN role_assignments a ON a.tenant_id = t.tenant_id AND a.id IN (OLD.assignment_id, NEW.assignment_id) WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER assignment_departments_policy_delete AFTER DELETE ON assignment_departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'user', a.user_id
    FROM tenants t JOIN role_assignments a ON a.tenant_id = t.tenant_id AND a.id = OLD.assignment_id WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- A role counts as written whatever of it was: the guard rails ask for no less.
-- +goose StatementBegin
CREATE TRIGGER roles_policy_insert AFTER INSERT ON roles BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'role', NEW.name FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_policy_update AFTER UPDATE ON roles BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'role', OLD.name FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'role', NEW.name FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_policy_delete AFTER DELETE ON roles BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'role', OLD.name FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER departments_policy_insert AFTER INSERT ON departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'departments', '' FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER departments_policy_update AFTER UPDATE ON departments WHEN OLD.parent_id IS NOT NEW.parent_id BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'departments', '' FROM tenants t WHERE t.tenant_id = NEW.tenant_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER departments_policy_delete AFTER DELETE ON departments BEGIN
    INSERT OR IGNORE INTO policy_changes SELECT t.tenant_id, t.policy_version, 'departments', '' FROM tenants t WHERE t.tenant_id = OLD.tenant_id;
END;
-- +goose StatementEnd

-- Whether somebody has a role is asked of every user that a list of its holders passes.
DROP INDEX role_assignments_role;
CREATE INDEX role_assignments_role ON role_assignments (tenant_id, role, user_id);

-- +goose Up
-- What has been written about a tenant's access at which version of its policy, so that whoever knows an earlier one reads this
-- again and nothing else. Triggers fill it, as no statement can forget them. The departments are one thing; what the tenant's own
-- row says of access is not here, as it is read together with the version.
CREATE TABLE policy_changes (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    version     BIGINT NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL CHECK (kind IN ('user', 'role', 'departments')),
    id          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, version, kind, id)
);

-- The fourth wall, as in 0001.
ALTER TABLE policy_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY policy_changes_own ON policy_changes USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

-- The version is held until the transaction ends: what is written under it is there before anybody makes the next. Whoever changes
-- access has the tenant's lock already and waits for nobody here.
-- +goose StatementBegin
CREATE FUNCTION note_policy_change(tenant TEXT, kind TEXT, id TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    version BIGINT;
BEGIN
    SELECT t.policy_version INTO version FROM tenants t WHERE t.tenant_id = tenant FOR SHARE;
    INSERT INTO policy_changes VALUES (tenant, version, kind, id) ON CONFLICT DO NOTHING;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION note_user() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM note_policy_change(OLD.tenant_id, 'user', OLD.id);
    ELSE
        PERFORM note_policy_change(NEW.tenant_id, 'user', NEW.id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER users_policy AFTER INSERT OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION note_user();
CREATE TRIGGER users_policy_update AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.active IS DISTINCT FROM NEW.active OR OLD.permission_list IS DISTINCT FROM NEW.permission_list) EXECUTE FUNCTION note_user();

-- +goose StatementBegin
CREATE FUNCTION note_user_of_row() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM note_policy_change(OLD.tenant_id, 'user', OLD.user_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM note_policy_change(NEW.tenant_id, 'user', NEW.user_id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER user_departments_policy AFTER INSERT OR UPDATE OR DELETE ON user_departments FOR EACH ROW EXECUTE FUNCTION note_user_of_row();
CREATE TRIGGER role_assignments_policy AFTER INSERT OR UPDATE OR DELETE ON role_assignments FOR EACH ROW EXECUTE FUNCTION note_user_of_row();

-- Where the assignment itself is gone, the trigger of its own table has told of the user.
-- +goose StatementBegin
CREATE FUNCTION note_user_of_assignment() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM note_policy_change(a.tenant_id, 'user', a.user_id) FROM role_assignments a WHERE a.tenant_id = OLD.tenant_id AND a.id = OLD.assignment_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM note_policy_change(a.tenant_id, 'user', a.user_id) FROM role_assignments a WHERE a.tenant_id = NEW.tenant_id AND a.id = NEW.assignment_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER assignment_departments_policy AFTER INSERT OR UPDATE OR DELETE ON assignment_departments
    FOR EACH ROW EXECUTE FUNCTION note_user_of_assignment();

-- A role counts as written whatever of it was: the guard rails ask for no less.
-- +goose StatementBegin
CREATE FUNCTION note_role() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM note_policy_change(OLD.tenant_id, 'role', OLD.name);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM note_policy_change(NEW.tenant_id, 'role', NEW.name);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER roles_policy AFTER INSERT OR UPDATE OR DELETE ON roles FOR EACH ROW EXECUTE FUNCTION note_role();

-- +goose StatementBegin
CREATE FUNCTION note_departments() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM note_policy_change(OLD.tenant_id, 'departments', '');
    ELSE
        PERFORM note_policy_change(NEW.tenant_id, 'departments', '');
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER departments_policy AFTER INSERT OR DELETE ON departments FOR EACH ROW EXECUTE FUNCTION note_departments();
CREATE TRIGGER departments_policy_update AFTER UPDATE ON departments FOR EACH ROW
    WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION note_departments();

-- Whether somebody has a role is asked of every user that a list of its holders passes.
DROP INDEX role_assignments_role;
CREATE INDEX role_assignments_role ON role_assignments (tenant_id, role, user_id);

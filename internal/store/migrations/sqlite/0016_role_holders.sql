-- +goose Up
-- Who has a role is listed by id, a page at a time.
DROP INDEX role_assignments_role;
CREATE INDEX role_assignments_role ON role_assignments (tenant_id, role, user_id);

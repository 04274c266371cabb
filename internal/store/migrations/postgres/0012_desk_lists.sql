-- +goose Up
-- What a requester is shown as the version and the last change of their request: neither moves with what is hidden from them.
-- Rows are hidden from the owner, who would update none of them; changing a column's type asks for no row's policy.
ALTER TABLE conversations ADD COLUMN noticed_version BIGINT NOT NULL DEFAULT 0, ADD COLUMN noticed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations
    ALTER COLUMN noticed_version TYPE BIGINT USING version,
    ALTER COLUMN noticed_at TYPE BIGINT USING updated_at;

-- A requester's list goes by what they noticed, and the latest of a department lie together whatever state they are in.
DROP INDEX conversations_requester;
CREATE INDEX conversations_requester ON conversations (tenant_id, requester_id, noticed_at, id);
DROP INDEX conversations_department;
CREATE INDEX conversations_department ON conversations (tenant_id, department_id, updated_at, id);

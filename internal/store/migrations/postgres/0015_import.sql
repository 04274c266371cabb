-- +goose Up
-- The password came from another desk as a hash: its owner does nothing here before they have chosen another.
ALTER TABLE users ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;

-- WeCom tells user ids apart in any case.
CREATE UNIQUE INDEX users_wecom ON users (tenant_id, lower(wecom_user_id));

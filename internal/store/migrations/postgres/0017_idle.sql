-- +goose Up
-- After how many minutes without a deed the console asks who is there; 0 for never.
ALTER TABLE tenants ADD COLUMN idle_minutes INTEGER NOT NULL DEFAULT 0 CHECK (idle_minutes BETWEEN 0 AND 480);

-- +goose Up
-- Queues are counted in the order in which they are served, up to a bound: the index leads there without sorting.
DROP INDEX conversations_waiting;
CREATE INDEX conversations_waiting ON conversations (tenant_id, skill_id, (queued_at - priority * 60000000), id) WHERE state = 'queued';

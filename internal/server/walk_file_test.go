package server_test

import (
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// file makes a file that a public message of a waiting conversation carries, in a department.
func (w *walk) file(t *testing.T, side *side, department string) target {
	t.Helper()
	asker := side.NewUser(w.name("asker"), []string{department}, "user")
	id := asker.SignIn().Do("POST", "/v1/files", "it does not print", "Content-Type", "text/plain", "Content-Disposition", `attachment; filename="log.txt"`).
		Expect(201).String("id")
	w.trail.fresh(t) // not calls of the walk
	conversation := store.NewID(w.s.DB.Now())
	w.made++
	err := w.s.DB.Write(t.Context(), side.ID, func(tx *store.Tx) error {
		now := tx.Now.UnixMicro()
		_, err := tx.Exec(t.Context(), `
			INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, department_id, priority, subject, state,
				queued_at, enqueued_at, asked_at, cycle, last_seq, public_seq, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $4, $5, 0, 'It does not print', 'queued', $6, $6, $6, 1, 1, 1, 1, $6, $6)`,
			conversation, 1_000_000+w.made, asker.ID, department, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
			INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, file_id, created_at)
			VALUES ($1, $2, 1, $2, 1, 'file', $3, 'requester', '', $4, $5)`, conversation, asker.ID, id, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `UPDATE files SET conversation_id = $2 WHERE tenant_id = $1 AND id = $3`, conversation, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return target{kind: "file", id: id, object: func(resource string) *access.Object {
		return &access.Object{
			Tenant: side.ID, Resource: resource, ID: conversation, Owners: []string{asker.ID}, Assignable: true, Departments: []string{department},
		}
	}}
}

package server_test

import (
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// file makes a file that a message to the requester of a waiting conversation carries, in a department.
func (w *walk) file(t *testing.T, side *side, department string) target {
	t.Helper()
	id := side.admin.Do("POST", "/v1/files", "it does not print", "Content-Type", "text/plain", "Content-Disposition", `attachment; filename="log.txt"`).
		Expect(201).String("id")
	w.trail.fresh(t) // not a call of the walk
	conversation := w.conversation(t, made{side: side, department: department, state: "queued"}).id
	err := w.s.DB.Write(t.Context(), side.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO messages (tenant_id, conversation_id, seq, id, public_seq, kind, author_id, author_face, body, file_id, created_at)
			VALUES ($1, $2, 2, $2, 2, 'file', $3, 'agent', '', $4, $5)`, conversation, side.admin.User.ID, id, tx.Now.UnixMicro())
		if err == nil {
			_, err = tx.Exec(t.Context(), `UPDATE files SET conversation_id = $2 WHERE tenant_id = $1 AND id = $3`, conversation, id)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return target{kind: "file", id: id, object: func(resource string) *access.Object {
		return &access.Object{Tenant: side.ID, Resource: resource, ID: conversation, Assignable: true, Departments: []string{department}}
	}}
}

package trail_test

import (
	"fmt"
	"time"

	"github.com/usher-desk/usher/trail"
)

func ExampleRecord_Encode() {
	r := trail.Record{
		ID:      "01939a2b-7c40-7d11-8a63-5f0c2e9b4d17",
		Log:     "desk.example/audit/t1",
		Time:    time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		Actor:   trail.Actor{Type: trail.User, ID: "u1", Roles: []string{"admin"}},
		Action:  trail.Action{Op: trail.HTTP, Method: "PUT", Route: "/v1/users/{id}/roles", Event: "user.roles", Permission: "role:assign:all"},
		Target:  []trail.Ref{{Type: "user", ID: "u2"}},
		Context: trail.Context{Tenant: "t1", Request: "r1", Node: "n1"},
		Outcome: trail.Outcome{Result: trail.Success, Code: 200, MS: 3},
	}
	r.Change.Values("roles", []string{"agent"}, []string{"agent", "lead"})

	b, err := r.Encode()
	fmt.Println(string(b), err)
	// Output:
	// {"action":{"event":"user.roles","method":"PUT","op":"http","permission":"role:assign:all","route":"/v1/users/{id}/roles"},"actor":{"id":"u1","roles":["admin"],"type":"user"},"change":{"roles":{"new":["agent","lead"],"old":["agent"]}},"context":{"node":"n1","request":"r1","tenant":"t1"},"id":"01939a2b-7c40-7d11-8a63-5f0c2e9b4d17","log":"desk.example/audit/t1","outcome":{"code":200,"ms":3,"n":0,"result":"success"},"target":[{"id":"u2","type":"user"}],"time":"2026-03-04T05:06:07.000000Z","v":1} <nil>
}

// Whoever holds the salt can show that an address is the one in the record; once the salt is erased nobody can.
func ExampleCommit() {
	salt := trail.NewSalt()
	c, err := trail.Commit(salt, "desk.example/audit/t1", "01939a2b-7c40-7d11-8a63-5f0c2e9b4d17", "context.personal.address", "192.0.2.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Matches(salt, "desk.example/audit/t1", "01939a2b-7c40-7d11-8a63-5f0c2e9b4d17", "context.personal.address", "192.0.2.1"))
	fmt.Println(c.Matches(salt, "desk.example/audit/t1", "01939a2b-7c40-7d11-8a63-5f0c2e9b4d17", "context.personal.address", "192.0.2.2"))
	// Output:
	// true
	// false
}

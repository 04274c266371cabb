package caller

import (
	"time"

	"github.com/usher-desk/usher/access"
)

// machineID is what the access rules call the machine. No user has it: ids of users are UUIDs.
const machineID = "machine"

// OnMachine is the caller behind a command on the machine that Usher runs on, in one tenant. Whoever works there can
// open the database, so that nothing is kept from them; what they do is on the record, and under the guard rails, like
// everybody's.
func OnMachine(s *access.Snapshot, policy int64, at time.Time) (*Caller, error) {
	subject, err := Everything(s)
	return &Caller{
		Tenant: s.TenantID(), User: machineID, Machine: true,
		Subject: subject, Catalogue: s.Catalogue(), Policy: policy, At: at,
	}, err
}

// Everything is the machine as the access rules see it.
func Everything(s *access.Snapshot) (access.Subject, error) {
	return s.Visitor(machineID, []access.Permission{{Resource: access.Any, Action: access.Any, Scope: access.All}})
}

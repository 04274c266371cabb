package desk

import (
	"time"

	"github.com/usher-desk/usher/access"
)

// sight is what somebody sees of the board.
type sight struct {
	board, agents access.Filter
	snapshot      *access.Snapshot
}

func sightOf(subject access.Subject, now time.Time) sight {
	v := sight{snapshot: subject.Snapshot()}
	if v.snapshot == nil {
		return v
	}
	filter := func(resource string) access.Filter {
		op, err := v.snapshot.Catalogue().Operation(resource, "read")
		if err != nil { // the platform's people have no desk
			return access.Filter{}
		}
		return subject.Filter(op, now)
	}
	v.board, v.agents = filter("dashboard"), filter("agent")
	return v
}

// in tells whether the board shows what belongs to the department, "" for none.
func (v sight) in(department string) bool {
	if department == "" {
		return v.shows()
	}
	return v.shows(department)
}

// shows tells whether the board shows what belongs to any of the departments.
func (v sight) shows(departments ...string) bool {
	return v.board.Covers(&access.Object{Tenant: v.board.Tenant, Resource: "dashboard", Departments: departments})
}

// names tells whether the reader may know who the agent is.
func (v sight) names(a *boardAgent) bool {
	return v.agents.Covers(&access.Object{
		Tenant: v.agents.Tenant, Resource: "agent", ID: a.ID, Owners: []string{a.ID}, Departments: a.departments,
	})
}

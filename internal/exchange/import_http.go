package exchange

import (
	"context"
	"io"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// maxImport is how many bytes a file may have: 800 for each of its rows.
const maxImport = 16 << 20

type importInput struct{ ImportHow }

// ImportHow is how a file is to be taken in. It is exported because huma passes over embedded structs that are not.
type ImportHow struct {
	DryRun   bool `query:"dry_run" doc:"Say what would become of it, and change nothing"`
	Progress bool `query:"progress" doc:"Answer with lines of JSON (application/x-ndjson): how far it is, as {phase, done, total}, and last what is the answer otherwise, or the problem. Before the first line the status says what is wrong"`
}

type importUsersInput struct {
	ImportHow
	Mapping string `query:"mapping" enum:"usher,agents,single_role" default:"usher" doc:"What the columns mean: those of an export; a table of agents (user_id, name, role and others); or users with one role and a permission list, where an empty list means that the role decides"`
	Admin   string `query:"admin" enum:"team_lead,admin" doc:"With the mapping agents: what an admin there becomes"`
}

type importOutput struct {
	Body struct {
		Rows           int       `json:"rows"`
		Created        int       `json:"created"`
		Changed        int       `json:"changed"`
		Unchanged      int       `json:"unchanged"`
		Errors         []badCell `json:"errors" doc:"What is wrong, in the order of the rows; a thousand at most. Only a dry run answers with any"`
		ErrorsTotal    int       `json:"errors_total"`
		IgnoredColumns []string  `json:"ignored_columns" doc:"What of the file means nothing here and was passed over"`
		Passwords      int       `json:"passwords_to_change" doc:"How many of the created users come with a password, which they must change before anything else"`
		DryRun         bool      `json:"dry_run" doc:"Nothing was changed"`
	}
}

func (s *Service) importRoutes(a *api.API) {
	types := []string{csvType, jsonType}
	api.RegisterUpload(a, importOperation(users), types, s.handleImportUsers)
	api.RegisterUpload(a, importOperation(departments), types, s.handleImport(departments, bringDepartments))
	api.RegisterUpload(a, importOperation(roles), types, s.handleImport(roles, bringRoles))
	api.RegisterUpload(a, importOperation(assignments), types, s.handleImport(assignments, bringAssignments))
}

func importOperation(t table) api.Operation {
	return api.Operation{
		ID: t.noun + "-import", Method: http.MethodPost, Path: "/v1/imports/" + t.name, Summary: "Import " + t.name + " from CSV or JSON",
		Access: api.Needs(t.needs), Tenant: api.OfCaller, Event: t.noun + ".import", Limit: api.OfFile(maxImport),
		Progress: true,
	}
}

func (s *Service) handleImportUsers(ctx context.Context, in *importUsersInput, u *api.Upload) (*importOutput, error) {
	m, foreign := mappings[in.Mapping]
	if !foreign {
		m = users.own()
	}
	m.admin = in.Admin
	bring := func(by *caller.Caller, rows []row, r *report) bringing { return s.bringUsers(by, rows, m, r) }
	return s.take(ctx, u, users, m, in.ImportHow, bring)
}

func (s *Service) handleImport(t table, bring bringer) func(context.Context, *importInput, *api.Upload) (*importOutput, error) {
	return func(ctx context.Context, in *importInput, u *api.Upload) (*importOutput, error) {
		return s.take(ctx, u, t, t.own(), in.ImportHow, bring)
	}
}

// bringer judges rows as far as that can be done by themselves, and returns what goes on with them in a
// transaction. What is wrong goes into the report; an error is for what no row is to blame for.
type bringer func(by *caller.Caller, rows []row, r *report) bringing

type bringing func(ctx context.Context, tx *store.Tx, r *report) error

// take reads a file and brings its rows in. All that takes long without the database comes before the
// transaction.
func (s *Service) take(ctx context.Context, u *api.Upload, t table, m mapping, how ImportHow, bring bringer) (*importOutput, error) {
	if by := caller.Must(ctx); by.Visit != nil {
		return nil, caller.ErrVisitKeepsAccess
	}
	var file contents
	later, err := u.Receive(ctx, func(r io.Reader) (err error) {
		file, err = read(u.Type, t, m, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	by := caller.Must(later)
	judged := &report{table: t, rows: len(file.rows), rowOf: map[string]int{}}
	change := bring(by, file.rows, judged)
	if how.Progress {
		if judged.tell, err = api.Progress(later); err != nil {
			return nil, err
		}
	}
	r, err := s.change(later, by, t, how.DryRun, change, judged)
	if err != nil {
		return nil, err
	}
	if r.badAll > 0 && !how.DryRun {
		return nil, r.fault()
	}
	return r.output(how.DryRun, file.unused), nil
}

// change brings rows in under the guard rails. The transaction may run more than once: each time the report
// begins with what was wrong before it.
func (s *Service) change(ctx context.Context, by *caller.Caller, t table, dry bool, bring bringing, judged *report) (*report, error) {
	var r *report
	refused, err := s.config.Policy.ChangeMany(ctx, by, func(tx *store.Tx) (keep bool, err error) {
		again := *judged
		again.rowOf = map[string]int{}
		r = &again
		if err := tx.WritesMany(ctx); err != nil {
			return false, err
		}
		if err := bring(ctx, tx, r); err != nil {
			return false, err
		}
		r.reached("check", r.rows, r.rows)
		if err := by.May(t.needs); err != nil { // what the record says of it, whatever single rows needed
			return false, err
		}
		if dry || r.badAll > 0 {
			return false, nil
		}
		api.Counted(ctx, len(r.notes))
		return true, s.config.Audit.Append(ctx, tx, r.notes...)
	})
	if err == nil {
		err = r.rails(refused)
	}
	if err != nil {
		return nil, err
	}
	r.sort()
	return r, nil
}

func (r *report) output(dry bool, unused []string) *importOutput {
	out := &importOutput{}
	b := &out.Body
	b.Rows, b.Created, b.Changed, b.Unchanged = r.rows, r.created, r.changed, r.unchanged
	b.Errors, b.ErrorsTotal = append([]badCell{}, r.bad...), r.badAll
	b.IgnoredColumns = append([]string{}, unused...)
	b.Passwords, b.DryRun = r.passwords, dry
	return out
}

package desk

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type skillsInput struct {
	api.PageInput
	Active string `query:"active" enum:"true,false" doc:"Those that are offered, or are not; inactive ones are shown to holders of system_config:read alone"`
}

// seesConfig tells whether the caller sees more of skills than what there is to ask for.
func seesConfig(by *caller.Caller) (bool, error) {
	f, err := by.Filter("system_config:read")
	return f.Everything, err
}

func (s *Service) handleSkills(ctx context.Context, in *skillsInput) (*api.PageOutput[skillJSON], error) {
	after, err := in.After(ctx, in.Active)
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	config, err := seesConfig(by)
	if err != nil {
		return nil, err
	}
	var found []Skill
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = in.list(ctx, tx, config, after)
		return err
	})
	if err != nil {
		return nil, err
	}
	item := func(k Skill) skillJSON { return k.json(config) }
	key := func(k Skill) []string { return []string{strconv.Itoa(k.Place), k.key(), k.ID} }
	return api.NewPage(ctx, in.PageInput, found, item, key, in.Active), nil
}

// list returns skills in their order, one more than the limit.
func (in *skillsInput) list(ctx context.Context, tx *store.Tx, inactive bool, after []string) ([]Skill, error) {
	w := tx.Where("k")
	if in.Active != "" || !inactive {
		w.And("k.active = ?", in.Active != "false")
	}
	if in.Active == "false" && !inactive {
		w.AnyOf(nil)
	}
	if len(after) == 3 {
		place, err := strconv.Atoi(after[0])
		if err != nil {
			return nil, err // not a cursor that this list gave out
		}
		w.And("(k.place, k.name_key, k.id) > (?, ?, ?)", place, after[1], after[2])
	}
	return store.Collect(ctx, tx, scanSkill, `SELECT`+skillColumns+w.String()+`
	ORDER BY k.place, k.name_key, k.id
	LIMIT `+w.First(in.Limit+1), w.Args()...)
}

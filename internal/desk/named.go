package desk

import "github.com/usher-desk/usher/internal/api"

// named is a thing that people know by its name, or a person, as answers show them.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// orNull is a member of an answer that is null without an id.
func (n named) orNull() api.OrNull[named] {
	if n.ID == "" {
		return api.OrNull[named]{}
	}
	return api.OrNull[named]{Value: &n}
}

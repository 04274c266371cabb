package trail

import (
	"fmt"
	"iter"
)

// The decoder's view of one value, each kind in one method: what is of another kind is refused by the name of its
// field and reads as empty.

func (d *decoder) members(field string, v value) iter.Seq2[string, value] {
	d.want('{', "an object", field, v)
	return func(yield func(string, value) bool) {
		for _, m := range v.members {
			if !yield(m.name, m.value) {
				return
			}
		}
	}
}

func (d *decoder) items(field string, v value) []value {
	d.want('[', "an array", field, v)
	return v.items
}

// texts is never nil: an array that is there, even empty, differs from one that is not.
func (d *decoder) texts(field string, v value) []string {
	list := []string{}
	for i, item := range d.items(field, v) {
		list = append(list, d.text(fmt.Sprintf("%s[%d]", field, i), item))
	}
	return list
}

func (d *decoder) text(field string, v value) string {
	d.want('"', "a string", field, v)
	return v.text
}

func (d *decoder) number(field string, v value) int64 {
	d.want('0', "an integer", field, v)
	return v.number
}

func (d *decoder) want(kind byte, name, field string, v value) {
	if v.kind != kind {
		d.fail(field, "is not "+name)
	}
}

func (d *decoder) unknown(field string) {
	d.fail(field, "is not a field of a record")
}

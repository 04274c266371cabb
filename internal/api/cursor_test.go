package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// page is a list's answer.
type page struct {
	Items []struct{ ID, Name string }
	Next  *string
}

func (a *answer) page() (p page) {
	a.t.Helper()
	if err := json.Unmarshal(a.ok(200).Body, &p); err != nil {
		a.t.Fatal(err)
	}
	return p
}

func (o *office) fill(n int) {
	for i := range n {
		o.do(chief, "POST", "/v1/departments", fmt.Sprintf(`{"name":"Department %d"}`, i)).ok(201)
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	o := openOffice(t)
	if a := o.do(chief, "GET", "/v1/departments", ""); string(a.Body) != `{"items":[],"next":null}`+"\n" {
		t.Errorf("an empty list is %s", a.Body)
	}
	o.fill(7)
	var names []string
	for next := ""; ; {
		p := o.do(chief, "GET", "/v1/departments?limit=3&cursor="+next, "").page()
		for _, item := range p.Items {
			names = append(names, item.Name)
		}
		if p.Next == nil {
			break
		}
		next = *p.Next
		// Whatever is added behind the reader changes nothing of what was read.
		o.do(chief, "POST", "/v1/departments", `{"name":"Late"}`).ok(201)
	}
	if len(names) != 9 || !slices.IsSorted(names[:7]) || names[7] != "Late" {
		t.Errorf("read %q", names)
	}
	if p := o.do(chief, "GET", "/v1/departments?limit=9", "").page(); p.Next != nil || len(p.Items) != 9 {
		t.Errorf("a last page that is full says there is more: %+v", p)
	}
}

func TestCursorCountsOnlyForItsList(t *testing.T) {
	o := openOffice(t)
	o.fill(3)
	next := *o.do(chief, "GET", "/v1/departments?limit=1&q=dep", "").page().Next
	raw, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil {
		t.Fatal(err)
	}
	flipped := func(at int) string {
		b := slices.Clone(raw)
		b[at] ^= 1
		return base64.RawURLEncoding.EncodeToString(b)
	}
	o.do(chief, "GET", "/v1/departments?q=dep&limit=2&cursor="+next, "").ok(200) // another limit is fine
	for name, c := range map[string]struct{ token, path string }{
		"another caller":    {reader, "/v1/departments?q=dep&cursor=" + next},
		"another filter":    {chief, "/v1/departments?q=de&cursor=" + next},
		"no filter":         {chief, "/v1/departments?cursor=" + next},
		"another operation": {chief, "/v1/departments/search?q=dep&cursor=" + next},
		"another key":       {chief, "/v1/departments?q=dep&cursor=" + flipped(len(raw)-3)},
		"another mark":      {chief, "/v1/departments?q=dep&cursor=" + flipped(0)},
		"cut off":           {chief, "/v1/departments?q=dep&cursor=" + next[:len(next)-4]},
		"only the mark":     {chief, "/v1/departments?q=dep&cursor=" + base64.RawURLEncoding.EncodeToString(raw[:32])},
		"longer":            {chief, "/v1/departments?q=dep&cursor=" + next + "AAAA"},
		"padded":            {chief, "/v1/departments?q=dep&cursor=" + next + "%3D%3D"},
		"not base64":        {chief, "/v1/departments?q=dep&cursor=..."},
		"short":             {chief, "/v1/departments?q=dep&cursor=AAAA"},
		"of zeros":          {chief, "/v1/departments?q=dep&cursor=" + strings.Repeat("A", 80)},
	} {
		t.Run(name, func(t *testing.T) {
			o.do(c.token, "GET", c.path, "").ok(422).problem(422, "bad_cursor")
		})
	}
}

// A record says how many objects an answer showed.
func TestPageIsCounted(t *testing.T) {
	o := openOffice(t)
	o.fill(3)
	o.notes.take()
	o.do(chief, "GET", "/v1/departments?limit=2", "").ok(200)
	if calls := o.notes.take(); len(calls) != 1 || calls[0].Count != 2 {
		t.Errorf("records %+v", calls)
	}
}

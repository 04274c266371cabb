package servertest

import (
	"flag"
	"strconv"
	"testing"
)

// Fewer has rapid check a property a fraction as often as others, where one check is a whole tenant.
func Fewer(t testing.TB, times int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	usual := checks.String()
	n, err := strconv.Atoi(usual)
	if err != nil {
		t.Fatal(err)
	}
	set := func(n string) {
		if err := checks.Set(n); err != nil {
			t.Error(err)
		}
	}
	set(strconv.Itoa(max(n/times, 1)))
	t.Cleanup(func() { set(usual) })
}

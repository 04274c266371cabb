package exchange_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// A file of assignments ends with the last user all of whose fit, which is before it is full: the answer says where the rest
// is, and with it every assignment was taken out once.
func TestTheRestOfAnExportIsToldOf(t *testing.T) {
	const people, each = 330, 62 // 20,460 and one: more than a file has, and no whole number of people fills one
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		root := s.NewTenant("acme", "it-desk").NewUser("root", nil, "admin").SignIn()
		users, halves := []string{"username,name"}, [2][]string{{"username,role,expires_at"}, {"username,role,expires_at"}}
		for i := range people {
			users = append(users, fmt.Sprintf("u%03d,=U", i))
			for year := range each {
				halves[i%2] = append(halves[i%2], fmt.Sprintf("u%03d,auditor,%d-01-01T00:00:00Z", i, 2040+year))
			}
		}
		bring(root, "users", lines(users...)).Expect(200)
		for _, half := range halves {
			bring(root, "assignments", lines(half...)).Expect(200)
		}
		var files []int
		var taken []string
		for next := "/v1/exports/assignments?format=csv"; next != ""; {
			answer := root.Do("GET", next, nil).Expect(200)
			rows := strings.Split(strings.TrimSpace(string(answer.Body)), "\r\n")[1:]
			files, taken = append(files, len(rows)), append(taken, rows...)
			next = following(answer.Header.Get("Link"))
		}
		all := len(taken)
		slices.Sort(taken)
		if want := all - files[0]; len(files) != 2 || files[0] == 20_000 || want <= 0 || len(slices.Compact(taken)) != all || all < people*each {
			t.Errorf("files of %v rows, %d in all, %d of them once", files, all, len(slices.Compact(taken)))
		}
	})
}

// following is the address of the next file (RFC 8288).
func following(link string) string {
	if found := regexp.MustCompile(`^<(.+)>; rel="next"$`).FindStringSubmatch(link); found != nil {
		return found[1]
	}
	return ""
}

package desk_test

import (
	"mime"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// A report is a file that a spreadsheet opens as it is meant, whatever people are called.
func TestReportsAreExportedForSpreadsheets(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root := acme.NewUser("root", nil, "admin")
		h := newHistory(t, s, acme.ID, root.ID, 2)
		evil := acme.NewDepartment(`=HYPERLINK("https://evil.example","买,卖")`, "")
		begun := time.Date(2024, 3, 5, 1, 0, 0, 0, time.UTC)
		h.rewrite(t, []cycle{
			{conversation: 0, number: 1, department: evil, queued: begun, assigned: time.Second, first: root.ID, last: root.ID,
				answered: 90 * time.Second, answering: root.ID, over: time.Minute, end: "resolved", rating: 4},
			{conversation: 1, number: 1, queued: begun, over: 2 * time.Minute, end: "abandoned"},
		})
		client := root.SignIn()
		file := client.Do("GET", "/v1/reports/first-response/export?by=department&from=2024-03-05&to=2024-03-06", nil).Expect(200)
		want := "\ufeffdepartment,name,count,average,median,p90,within,missed,share\r\n" +
			evil + `,"'=HYPERLINK(""https://evil.example"",""买,卖"")",1,90,90,90,0,0,0` + "\r\n" +
			",,0,,,,0,1,0\r\n" +
			"sums,,1,90,90,90,0,1,0\r\n"
		if string(file.Body) != want {
			t.Errorf("the file is\n%s\nwant\n%s", file.Body, want)
		}
		kind, parameters, err := mime.ParseMediaType(file.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || parameters["filename"] != "first-response_2024-03-05_2024-03-06_by_department.csv" {
			t.Errorf("it is %q", file.Header.Get("Content-Disposition"))
		}
		for report, want := range map[string]string{
			"waiting":    "sums,,1,1,1,1,1,1,0.5",
			"resolution": "sums,,1,60,60,60,1,0,1",
			"ratings":    "sums,,1,1,1,4,0,0,0,1,0",
			"volume":     "sums,,2,0,1,1,0",
		} {
			text := string(client.Do("GET", "/v1/reports/"+report+"/export?from=2024-03-05&to=2024-03-06", nil).Expect(200).Body)
			if lines := strings.Split(text, "\r\n"); len(lines) != 5 || lines[3] != want || !strings.HasPrefix(lines[2], "2024-03-06,,0") {
				t.Errorf("%s: %q, want the sums %q", report, lines, want)
			}
		}
	})
}

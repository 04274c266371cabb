package desk

import (
	"mime"
	"strings"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/tenant"
)

// maxFileName is how many characters the name of a file may have.
const maxFileName = 200

// fileName takes the name out of a Content-Disposition (RFC 6266) and makes it one under which the file can
// be saved: without folders, not hidden, with an ending of its type. What is sent as text and called a
// program or a page must not become one on the desktop of an agent.
func fileName(disposition, kind string) (string, error) {
	const place = "header.Content-Disposition"
	_, parameters, err := mime.ParseMediaType(disposition)
	if err != nil {
		return "", fault.ErrInvalid.At(place, `expected the form attachment; filename*=UTF-8''report.pdf`)
	}
	name := parameters["filename"]
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Trim(strings.TrimSpace(name), "."))
	if name == "" {
		return "", fault.ErrInvalid.At(place, "names no file")
	}
	name = withEnding(name, fileKinds[kind].endings)
	return name, tenant.CheckTitle(place, name, maxFileName)
}

func withEnding(name string, endings []string) string {
	for _, ending := range endings {
		if len(name) > len(ending) && strings.EqualFold(name[len(name)-len(ending):], ending) {
			return name
		}
	}
	return name + endings[0]
}

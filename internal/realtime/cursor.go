package realtime

import (
	"slices"
	"strconv"
	"strings"
)

// positions are how far somebody is in several streams: `conversations:45:1f2e,mine:3` as text. It is no
// secret and no proof; what it lets somebody see is decided by who they are.
type positions map[string]Position

// parsePositions reads what String wrote, and nothing else.
func parsePositions(text string) (positions, error) {
	found := positions{}
	if text == "" {
		return found, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		stream, position, ok := parsePosition(part)
		if _, twice := found[stream]; !ok || twice || len(found) >= maxPositions {
			return nil, errBadPosition
		}
		found[stream] = position
	}
	return found, nil
}

// maxPositions bounds how many streams one text may be about.
const maxPositions = 64

func parsePosition(text string) (stream string, p Position, ok bool) {
	fields := strings.Split(text, ":")
	if len(fields) != 2 && len(fields) != 3 || !streamName.MatchString(fields[0]) {
		return "", Position{}, false
	}
	seq, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil || seq < 0 || seq > maxSeq || strconv.FormatInt(seq, 10) != fields[1] {
		return "", Position{}, false
	}
	p.Seq = seq
	if len(fields) == 3 {
		if p.View = fields[2]; !viewName.MatchString(p.View) {
			return "", Position{}, false
		}
	}
	return fields[0], p, true
}

// String is the one text for these positions.
func (p positions) String() string {
	parts := make([]string, 0, len(p))
	for stream, at := range p {
		part := stream + ":" + strconv.FormatInt(at.Seq, 10)
		if at.View != "" {
			part += ":" + at.View
		}
		parts = append(parts, part)
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

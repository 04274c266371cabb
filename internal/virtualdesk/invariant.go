package virtualdesk

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Invariant names what must hold of every desk at any time.
type Invariant string

// The invariants of assignment.
const (
	twoAssignees    Invariant = "at_most_one_assignee"       // a conversation has one assignee at most
	tenuresOverlap  Invariant = "tenures_never_overlap"      // nobody holds a conversation while somebody else does
	heldByNobody    Invariant = "held_means_assignee"        // active or on_hold if and only if there is an assignee
	loadIsWrong     Invariant = "load_is_what_is_held"       // current_load counts the conversations held
	overLimit       Invariant = "never_over_the_limit"       // unless it was forced, and then it shows
	offlineAssigned Invariant = "nobody_offline_is_assigned" // newly; nor anybody whose connection is gone
	overtaken       Invariant = "longest_waiting_first"      // among those who ask for the same
	waitsForNothing Invariant = "no_match_waits_beside_a_free_agent"
	outOfSight      Invariant = "nobody_sees_what_is_not_theirs"
)

// The invariants of messages and live updates.
const (
	hiddenShown    Invariant = "requesters_see_no_notes_or_whispers"
	overheard      Invariant = "whispers_reach_their_listener_only"
	seqGap         Invariant = "sequences_have_no_gaps"
	seqRepeated    Invariant = "sequences_do_not_repeat"
	lost           Invariant = "what_was_acknowledged_is_there"
	invented       Invariant = "what_is_seen_was_sent"
	twice          Invariant = "a_retry_is_not_a_second_message"
	altered        Invariant = "everybody_reads_the_same"
	versionDiffers Invariant = "a_version_has_one_content"
	viewDiffers    Invariant = "what_is_followed_equals_what_is_there"
	neverAtRest    Invariant = "the_desk_comes_to_rest"
	unreadable     Invariant = "what_is_told_can_be_read"
	internalError  Invariant = "the_server_has_no_internal_errors"
	auditorActs    Invariant = "auditors_change_nothing"
)

// findings are the invariants that broke, each with how often and the first example.
type findings struct {
	mu    sync.Mutex // guards what follows
	first map[Invariant]string
	times map[Invariant]int
}

// broke notes that an invariant does not hold. The example must tell somebody with the database what to
// look for.
func (f *findings) broke(i Invariant, example string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first == nil {
		f.first, f.times = map[Invariant]string{}, map[Invariant]int{}
	}
	if f.times[i]++; f.times[i] == 1 {
		f.first[i] = fmt.Sprintf(example, args...)
	}
}

// names are those of the broken invariants, sorted.
func (f *findings) names() []Invariant {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := slices.Sorted(maps.Keys(f.first))
	if names == nil {
		names = []Invariant{}
	}
	return names
}

func (f *findings) example(i Invariant) (text string, times int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first[i], f.times[i]
}

package desk_test

import (
	"fmt"
	"strings"
	"time"
)

// step is one thing that happened to a desk, with the world on both sides of it.
type step struct {
	what          string
	renews        bool // it may give a conversation a new age: reopening, waking
	settled       bool // dispatch has just found nothing more to give
	before, after *world
	desk          *machine
}

// invariant is something that holds after every step, whoever did it and whatever crashed in it.
type invariant struct {
	name   string // as it reads in a failure
	broken func(s *step) string
}

// invariants are those of the design, in its order.
var invariants = []invariant{
	{"a conversation has at most one assignee, and tenures never overlap", tenuresOverlap},
	{"a conversation is active or on hold if and only if somebody holds it", stateAndHolder},
	{"current_load is the number of conversations that an agent holds", loads},
	{"nobody gets more than max_load, unless forced", limits},
	{"nobody who is offline, foreign or without permission is assigned, nor dispatched what they were passed over for", assignable},
	{"who has waited longest goes first among equals", overtaken},
	{"what matches an agent goes before what is relaxed to them", relaxedTooSoon},
	{"nothing that anybody may have is overtaken by what is younger on the way to an agent eligible for both", starved},
	{"each is given by the first pass that opens for it and its agent", givenByAnotherPass},
	{"nobody who is free is passed over for an agent of a later pass", passedBy},
	{"a free agent and a conversation that any pass gives them never coexist after dispatch", unsettled},
	{"an age begins anew by reopening and waking alone", ages},
	{"a return for absence or for want of an answer happens once for a tenure", returnedOnce},
	{"each tenure has one line, and one record where the desk chose", toldOnce},
	{"events and messages are numbered without gaps", numbered},
}

// check returns the first invariant that the step broke.
func (s *step) check() error {
	for _, i := range invariants {
		if how := i.broken(s); how != "" {
			return fmt.Errorf("%s broke: %s: %s", s.what, i.name, how)
		}
	}
	return nil
}

func tenuresOverlap(s *step) string {
	for i := 1; i < len(s.after.tenures); i++ {
		a, b := s.after.tenures[i-1], s.after.tenures[i]
		if a.conversation == b.conversation && (a.ended == 0 || a.ended > b.started) {
			return fmt.Sprintf("%+v, %+v", a, b)
		}
	}
	return ""
}

func stateAndHolder(s *step) string {
	open := map[string]string{}
	for _, t := range s.after.tenures {
		if t.ended == 0 {
			open[t.conversation] = t.agent
		}
	}
	for id, c := range s.after.conversations {
		switch {
		case c.held() && (c.assignee == "" || open[id] != c.assignee):
			return fmt.Sprintf("%s is %s with assignee %q and tenure of %q", id, c.state, c.assignee, open[id])
		case !c.held() && open[id] != "":
			return fmt.Sprintf("%s is %s with a tenure of %s", id, c.state, open[id])
		case c.state == "queued" && c.assignee != "":
			return fmt.Sprintf("%s is queued with assignee %s", id, c.assignee)
		}
	}
	return ""
}

func loads(s *step) string {
	count := map[string]int{}
	for _, c := range s.after.conversations {
		if c.held() {
			count[c.assignee]++
		}
	}
	for id, a := range s.after.agents {
		if a.load != count[id] {
			return fmt.Sprintf("%s has load %d and holds %d", id, a.load, count[id])
		}
	}
	return ""
}

func limits(s *step) string {
	for _, t := range s.after.began(s.before) {
		if a := s.after.agents[t.agent]; !t.forced && t.ended == 0 && a.load > a.limit {
			return fmt.Sprintf("%s got %s by %s and has %d of %d", t.agent, t.conversation, t.how, a.load, a.limit)
		}
	}
	return ""
}

func assignable(s *step) string {
	for _, t := range s.after.began(s.before) {
		a, c := s.before.agents[t.agent], s.after.conversations[t.conversation]
		self := t.how == "take" || t.how == "takeover"
		switch {
		case a == nil:
			return t.agent + " was no agent"
		case a.status == "offline" || !self && (a.status != "online" || !a.connected):
			return fmt.Sprintf("%s was %s, connected %v, and got it by %s", t.agent, a.status, a.connected, t.how)
		case t.how == "dispatch" && s.before.excluded[[2]string{t.conversation, t.agent}]:
			return t.agent + " was passed over"
		case s.desk.barred[t.agent]:
			return t.agent + " had no permission"
		case c.requester == t.agent:
			return t.agent + " asked it"
		case t.how == "dispatch" && !s.desk.near(s.after, t.agent, c):
			return fmt.Sprintf("%s works elsewhere", t.agent)
		}
	}
	return ""
}

// plain tells whether nothing about the conversation itself keeps it from an agent: it waits for nobody, and
// is not theirs.
func (s *step) plain(c *worldConversation, agent string) bool {
	return c.requester != agent && !s.after.excluded[[2]string{c.id, agent}] &&
		(c.preferred == "" || c.until <= s.after.now.UnixMicro() || c.age(s.after.now) >= s.desk.open(c))
}

// dispatched calls f with each conversation that dispatch gave in the step and each that still waits.
func (s *step) dispatched(f func(t worldTenure, given, waits *worldConversation) string) string {
	for _, t := range s.after.began(s.before) {
		given := s.before.conversations[t.conversation]
		if t.how != "dispatch" || given == nil {
			continue
		}
		for _, waits := range s.after.conversations {
			if waits.state != "queued" || s.before.conversations[waits.id] == nil || s.before.conversations[waits.id].state != "queued" {
				continue
			}
			if how := f(t, given, waits); how != "" {
				return fmt.Sprintf("%s got %s by %s: %s", t.agent, t.conversation, t.pass, how)
			}
		}
	}
	return ""
}

func overtaken(s *step) string {
	return s.dispatched(func(t worldTenure, given, waits *worldConversation) string {
		equal := waits.skill == given.skill && waits.department == given.department && waits.priority == given.priority
		if equal && s.plain(waits, t.agent) && waits.older(given) && t.pass != "preferred" {
			return waits.id + " has waited longer"
		}
		return ""
	})
}

func relaxedTooSoon(s *step) string {
	return s.dispatched(func(t worldTenure, given, waits *worldConversation) string {
		if (t.pass == "relaxed" || t.pass == "overflow") && s.plain(waits, t.agent) && s.desk.home(s.after, t.agent, waits) &&
			s.after.agents[t.agent].has(waits.skill) {
			return waits.id + " matches them"
		}
		return ""
	})
}

func starved(s *step) string {
	return s.dispatched(func(t worldTenure, given, waits *worldConversation) string {
		if waits.age(s.after.now) >= s.desk.open(waits) && s.plain(waits, t.agent) && waits.older(given) && s.desk.near(s.after, t.agent, waits) {
			return waits.id + " is older, and anybody may have it"
		}
		return ""
	})
}

func givenByAnotherPass(s *step) string {
	for _, t := range s.after.began(s.before) {
		if given := s.before.conversations[t.conversation]; t.how == "dispatch" && given != nil {
			if pass, _ := s.reading(s.after.agents[t.agent], given); pass != t.pass {
				return fmt.Sprintf("%s got %s by %s, want %q", t.agent, t.conversation, t.pass, pass)
			}
		}
	}
	return ""
}

// passedBy looks at those who have room after the step, and so had it all the time.
func passedBy(s *step) string {
	for _, t := range s.after.began(s.before) {
		given := s.before.conversations[t.conversation]
		if t.how != "dispatch" || given == nil {
			continue
		}
		_, round := s.reading(s.after.agents[t.agent], given)
		for _, a := range s.after.agents {
			pass, earlier := s.free(a, given)
			if pass != "" && (earlier < round || earlier == round && passes[pass] < passes[t.pass]) {
				return fmt.Sprintf("%s got %s by %s, %s might have had it by %s", t.agent, t.conversation, t.pass, a.id, pass)
			}
		}
	}
	return ""
}

func unsettled(s *step) string {
	if !s.settled {
		return ""
	}
	for _, c := range s.after.conversations {
		for _, a := range s.after.agents {
			if pass, _ := s.free(a, c); c.state == "queued" && pass != "" {
				return fmt.Sprintf("%s waits while %s, with %d of %d, might have it by %s", c.id, a.id, a.load, a.limit, pass)
			}
		}
	}
	return ""
}

// passes are in the order in which they open within a round.
var passes = map[string]int{"preferred": 0, "matched": 1, "relaxed": 2, "overflow": 3, "open": 4}

// free is the reading of an agent who is there and has room for a conversation that waits for nobody else.
func (s *step) free(a *worldAgent, c *worldConversation) (pass string, round int) {
	ready := a.status == "online" && a.connected && a.load < a.limit && !s.desk.barred[a.id]
	if !ready || !s.plain(c, a.id) {
		return "", 0
	}
	pass, round = s.reading(a, c)
	if keepsReserve := round == 1 || round == 3; keepsReserve && a.limit-a.load <= 1 {
		return "", 0
	}
	return pass, round
}

// reading is a naive one of the rules: by which pass, and in which round, the conversation may go to the agent
// when they have room; "" when by none.
func (s *step) reading(a *worldAgent, c *worldConversation) (pass string, round int) {
	age, home, near := c.age(s.after.now), s.desk.home(s.after, a.id, c), s.desk.near(s.after, a.id, c)
	switch skilled := a.has(c.skill); {
	case home && c.preferred == a.id && c.until > s.after.now.UnixMicro() && (skilled || c.last == a.id):
		return "preferred", 0
	case home && skilled:
		return "matched", 0
	case near && age >= s.desk.open(c):
		return "open", 0
	case near && skilled:
		return "overflow", 2
	case !near || age < s.desk.relax(c):
		return "", 0
	case home:
		return "relaxed", 1
	}
	return "overflow", 3
}

func ages(s *step) string {
	for id, c := range s.after.conversations {
		if before := s.before.conversations[id]; before != nil && c.queued > before.queued && !s.renews {
			return fmt.Sprintf("%s waited since %d and since %d after", id, before.queued, c.queued)
		}
	}
	return ""
}

func returnedOnce(s *step) string {
	tenures, lines := map[string]int{}, map[string]int{}
	for _, t := range s.after.tenures {
		tenures[t.reason]++
	}
	for details, n := range s.after.requeued {
		for _, reason := range []string{"absent", "no_answer", "no_permission", "offline"} {
			if strings.Contains(details, `"reason":"`+reason+`"`) {
				lines[reason] += n
			}
		}
	}
	for reason, n := range lines {
		if tenures[reason] != n {
			return fmt.Sprintf("%d tenures ended by %s and %d lines say so", tenures[reason], reason, n)
		}
	}
	byDesk := tenures["absent"] + tenures["no_answer"] + tenures["no_permission"]
	if n := s.after.records["conversation.requeue"]; n != byDesk {
		return fmt.Sprintf("%d records of %d returns", n, byDesk)
	}
	return ""
}

func toldOnce(s *step) string {
	chosen := 0
	for _, t := range s.after.tenures {
		if t.how == "dispatch" {
			chosen++
		}
	}
	if n := s.after.lines["assigned"]; n != len(s.after.tenures) {
		return fmt.Sprintf("%d lines of %d tenures", n, len(s.after.tenures))
	}
	if n := s.after.records["conversation.dispatch"]; n != chosen {
		return fmt.Sprintf("%d records of %d choices", n, chosen)
	}
	return ""
}

func numbered(s *step) string {
	for i, seq := range s.after.events {
		if seq != int64(i+1) {
			return fmt.Sprintf("event %d is number %d", i+1, seq)
		}
	}
	for id, c := range s.after.conversations {
		if c.lastSeq != c.messages || c.maxSeq != c.messages || c.publicSeq != c.public || c.maxPublic != c.public {
			return fmt.Sprintf("%s: %+v", id, *c)
		}
	}
	return ""
}

func (a *worldAgent) has(skill string) bool { return skill == "" || a.skills[skill] }

// home tells whether the agent works where the conversation is handled; near, whether there or in the
// department that helps out by now.
func (m *machine) home(w *world, agent string, c *worldConversation) bool {
	return c.department == "" || m.works(w, agent, c.department)
}

func (m *machine) near(w *world, agent string, c *worldConversation) bool {
	return m.home(w, agent, c) || c.skill == "network" && c.age(w.now) >= 5*time.Minute && m.works(w, agent, m.help)
}

func (m *machine) works(w *world, agent, department string) bool {
	for _, d := range w.departments[agent] {
		for ; d != ""; d = m.parents[d] {
			if d == department {
				return true
			}
		}
	}
	return false
}

// open is from which age on anybody may have the conversation.
func (m *machine) open(*worldConversation) time.Duration { return 15 * time.Minute }

// relax is from which age on the skill counts no more for agents who keep free slots.
func (m *machine) relax(c *worldConversation) time.Duration {
	if c.skill == "security" {
		return 15 * time.Minute
	}
	return 2 * time.Minute
}

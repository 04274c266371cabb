package desk

// Status is what an agent receives: Online new work, Busy none beyond what they have and take by hand,
// Offline neither.
const (
	Online  = "online"
	Busy    = "busy"
	Offline = "offline"
)

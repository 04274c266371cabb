package desk

// For tests from outside, which run the whole program.
var (
	AttachFile    = attachFile
	AddWords      = addWords
	NarrowByWords = narrowByWords
)

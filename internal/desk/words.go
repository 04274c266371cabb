package desk

import (
	"unicode"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/store"
)

// Search goes by words, which are made of text alike when it is said and when it is looked for. Where
// writing has no spaces every two neighbours are a word, so that a part of a sentence is found without a
// dictionary; elsewhere a word is what stands between spaces and signs.
const (
	maxWords   = 200 // of one message; what stands behind them in a long one is not found
	maxTerms   = 20  // of one search
	wordLength = 32  // characters; longer words are cut, here and in what is looked for
)

// words are the words of a text, each once, in the order in which they come. The last character of what is
// written without spaces is one too: it begins no other.
func words(text string) []string {
	var found collection
	for _, r := range runsOf(text) {
		if !r.dense {
			found.add(r.text, maxWords)
			continue
		}
		for i := range r.text {
			found.add(r.text[i:min(i+2, len(r.text))], maxWords)
		}
	}
	return found.words
}

// searchTerms are what a conversation must have to be found: words, and beginnings of words. A character
// that stands alone is a beginning, and so is the word at the very end, which may not be finished.
func searchTerms(query string) (exact, beginnings []string) {
	var whole, begun collection
	for _, r := range runsOf(query) {
		switch {
		case r.dense && len(r.text) > 1:
			for j := range r.text[1:] {
				whole.add(r.text[j:j+2], maxTerms)
			}
		case r.dense || r.open:
			begun.add(r.text, maxTerms)
		default:
			whole.add(r.text, maxTerms)
		}
	}
	return whole.words, begun.words
}

// collection is a list without repetitions.
type collection struct {
	words []string
	seen  map[string]bool
}

func (c *collection) add(text []rune, most int) {
	word := string(text[:min(len(text), wordLength)])
	if c.seen[word] || len(c.words) == most {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[word] = true
	c.words = append(c.words, word)
}

// run is a piece of text in which all characters are of one sort.
type run struct {
	text  []rune
	dense bool // written without spaces
	open  bool // it ends the text and may go on
}

// runsOf cuts a text into runs and leaves out what is between them.
func runsOf(text string) (runs []run) {
	all := []rune(store.Fold(text))
	for i := 0; i < len(all); {
		sort := sortOf(all[i])
		end := i + 1
		for end < len(all) && (sortOf(all[end]) == sort || sort != between && unicode.Is(unicode.M, all[end])) {
			end++
		}
		if sort != between {
			runs = append(runs, run{text: all[i:end], dense: sort == dense, open: end == len(all) && unfinished(text)})
		}
		i = end
	}
	return runs
}

// unfinished tells whether somebody may still be typing the last word. It is asked of the text before it is
// folded, which takes away the space that ends a word.
func unfinished(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return sortOf(last) != between
}

// Sorts of characters.
const (
	between = iota // spaces and signs
	spaced         // of words between spaces
	dense          // of writing without spaces
)

// denseScripts are written without spaces, or, as Korean is, with spaces that people set differently.
var denseScripts = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Thai}

// longMark draws out a vowel of Kana and belongs to no script of its own (Unicode, Scripts.txt).
const longMark = 'ー'

func sortOf(r rune) int {
	switch {
	case r == longMark || unicode.In(r, denseScripts...):
		return dense
	case unicode.In(r, unicode.L, unicode.N, unicode.M):
		return spaced
	}
	return between
}

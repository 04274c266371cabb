package desk

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

// addWords lets the conversation be found by the words of a text: by its requester too when it is public.
// What is whispered must not come here. It belongs into the transaction of what is said.
func addWords(ctx context.Context, tx *store.Tx, conversation, text string, public bool) error {
	list, err := json.Marshal(words(text))
	if err != nil || string(list) == "null" {
		return err
	}
	// The two databases unfold a list by different functions; SQLite takes ON for a join's without WHERE.
	unfolded := `json_each($2) w
		WHERE true`
	if tx.Dialect() == store.PostgreSQL {
		unfolded = `json_array_elements_text(CAST($2 AS json)) w (value)`
	}
	return tx.Later(ctx, `
		INSERT INTO conversation_words (tenant_id, word, conversation_id, public)
		SELECT $1, w.value, $3, $4
		FROM `+unfolded+`
		ON CONFLICT (tenant_id, word, conversation_id, public) DO NOTHING`, string(list), conversation, public)
}

// withWords is true for conversations, with the alias c, that have everything that somebody looks for among
// their words: those of the reader's own requests have what is public, whatever roles the reader holds. Which
// conversations those are, and which others the reader may see, is for other conditions to say. Where there
// is nothing to look for, nothing is found.
//
// Each word is looked up by its key, once for the whole search; a conversation is asked only whether it is
// among what all of them have.
func withWords(query string, own bool) store.Condition {
	exact, beginnings := searchTerms(query)
	var sets []string
	var args []any
	for _, word := range exact {
		sets, args = append(sets, wordsOf("w.word = ?", own)), append(args, word)
	}
	for _, beginning := range beginnings {
		sets, args = append(sets, wordsOf("w.word >= ? AND w.word < ?", own)), append(args, beginning, beginning+afterAll)
	}
	if sets == nil {
		return store.Condition{Text: "1 = 0"}
	}
	return store.Condition{Text: "c.id IN (" + strings.Join(sets, "\n\t\t\tINTERSECT") + ")", Args: args}
}

// afterAll sorts behind whatever continues a word: it is no character, and folding leaves none behind it.
const afterAll = "\U0010FFFF"

// wordsOf are the conversations with a word, or with a public one.
func wordsOf(condition string, public bool) string {
	if public {
		condition += " AND w.public"
	}
	return `
			SELECT w.conversation_id
			FROM conversation_words w
			WHERE w.tenant_id = $1 AND ` + condition
}

package session

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTokenDepth is how deep the parts of a token may be nested; the object itself is the first level.
const maxTokenDepth = 4

// readPart decodes a part that holds one JSON object.
func readPart(part string) (map[string]any, error) {
	b, err := decodePart(part)
	if err != nil {
		return nil, err
	}
	return readObject(b)
}

// readObject reads a text that is one JSON object and says the same to every reader.
func readObject(b []byte) (map[string]any, error) {
	if !utf8.Valid(b) || !json.Valid(b) || hasLoneSurrogate(b) {
		return nil, refuseToken(TokenMalformed, "")
	}
	r := objectReader{json.NewDecoder(bytes.NewReader(b))}
	r.UseNumber()
	if first, err := r.Token(); err != nil || first != json.Delim('{') {
		return nil, refuseToken(TokenMalformed, "")
	}
	return r.object(1)
}

// decodePart accepts the one canonical spelling of unpadded base64url: no line breaks, which the decoder would skip, and
// no loose bits in the last character.
func decodePart(part string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || len(b) == 0 || base64.RawURLEncoding.EncodeToString(b) != part {
		return nil, refuseToken(TokenMalformed, "")
	}
	return b, nil
}

// hasLoneSurrogate looks for an escape of half a character in valid JSON. Readers differ in what they make of it.
func hasLoneSurrogate(b []byte) bool {
	for {
		at := bytes.IndexByte(b, '\\')
		if at < 0 {
			return false
		}
		if b = b[at:]; b[1] != 'u' {
			b = b[2:]
			continue
		}
		switch unit := hexUnit(b); {
		case unit >= 0xdc00 && unit < 0xe000:
			return true
		case unit >= 0xd800 && unit < 0xdc00:
			if low := hexUnit(b[6:]); low < 0xdc00 || low >= 0xe000 {
				return true
			}
			b = b[12:]
		default:
			b = b[6:]
		}
	}
}

// hexUnit returns the UTF-16 code unit that b escapes at its beginning, or 0.
func hexUnit(b []byte) (unit rune) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0
	}
	for _, digit := range b[2:6] {
		unit = unit<<4 | rune(strings.IndexByte("0123456789abcdef", digit|0x20)&15)
	}
	return unit
}

// objectReader builds values from the tokens of valid JSON, so that it sees every name that stands there.
type objectReader struct{ *json.Decoder }

func (r objectReader) object(depth int) (map[string]any, error) {
	object, folded := map[string]any{}, map[string]bool{}
	for r.More() {
		name, err := r.Token()
		if err != nil {
			return nil, refuseToken(TokenMalformed, "")
		}
		key := strings.Map(smallestFold, name.(string))
		if folded[key] {
			return nil, refuseToken(TokenDuplicateName, "")
		}
		folded[key] = true
		if object[name.(string)], err = r.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := r.Token() // the closing brace
	return object, err
}

func (r objectReader) value(depth int) (any, error) {
	token, err := r.Token()
	if err != nil {
		return nil, refuseToken(TokenMalformed, "")
	}
	delim, nested := token.(json.Delim)
	switch {
	case !nested:
		return token, nil
	case depth == maxTokenDepth:
		return nil, refuseToken(TokenTooDeep, "")
	case delim == '{':
		return r.object(depth + 1)
	}
	return r.array(depth + 1)
}

func (r objectReader) array(depth int) ([]any, error) {
	list := []any{}
	for r.More() {
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.Token() // the closing bracket
	return list, err
}

// smallestFold returns the same rune for all runes that differ only in case, also for those beyond ASCII that fold
// into it: encoding/json takes "\u017fub" for "sub".
func smallestFold(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next // the orbit begins again at its smallest rune
		}
		r = next
	}
}

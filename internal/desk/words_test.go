package desk

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/store"
)

func TestWordsOfAText(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"  ?! ":                 "",
		"打印机":                   "打印 印机 机",
		"打印机卡纸，打印不了":            "打印 印机 机卡 卡纸 纸 印不 不了 了",
		"VPN 连不上":               "vpn 连不 不上 上",
		"ＶＰＮ断了":                 "vpn 断了 了",
		"Outlook2019 密码":        "outlook2019 密码 码",
		"プリンターが":                "プリ リン ンタ ター ーが が",
		"프린터 고장":                "프린 린터 터 고장 장",
		"naïve Straße":          "naïve strasse",
		"a, b; a":               "a b",
		strings.Repeat("x", 40): strings.Repeat("x", wordLength),
		"中":                     "中",
		"10.0.0.1":              "10 0 1",
	} {
		if got := strings.Join(words(text), " "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestTermsOfASearch(t *testing.T) {
	for query, want := range map[string]string{
		"":         "|",
		"!!":       "|",
		"打印":       "打印|",
		"打印机":      "打印 印机|",
		"机":        "|机",
		"机 卡":      "|机 卡",
		"outl":     "|outl",
		"outl ":    "outl|",
		"vpn 连不":   "vpn 连不|",
		"vpn outl": "vpn|outl",
		"连不上 vp":   "连不 不上|vp",
		"打印打印":     "打印 印打|",
	} {
		exact, beginnings := searchTerms(query)
		if got := strings.Join(exact, " ") + "|" + strings.Join(beginnings, " "); got != want {
			t.Errorf("%q looks for %q, want %q", query, got, want)
		}
	}
}

// meets is what the database decides with.
func meets(found []string, query string) bool {
	exact, beginnings := searchTerms(query)
	for _, word := range exact {
		if !slices.Contains(found, word) {
			return false
		}
	}
	for _, beginning := range beginnings {
		if !slices.ContainsFunc(found, func(word string) bool { return strings.HasPrefix(word, beginning) }) {
			return false
		}
	}
	return len(exact)+len(beginnings) > 0
}

var hanzi = rapid.RuneFrom([]rune("电脑打印机密码网络断连不上无法开卡纸"))

// Whoever remembers any two characters that stand together, or one, or more, finds the text.
func TestEveryPartOfAChineseTextFindsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(hanzi, 1, maxWords/2, -1).Draw(t, "text"))
		all := words("Re: " + string(text) + "! VPN")
		from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(text)).Draw(t, "to")
		if part := string(text[from:to]); !meets(all, part) {
			t.Fatalf("%q is not found in %q: %v", part, string(text), all)
		}
	})
}

// The text itself, any beginning of one of its words, and the same in another width and case find it,
// whatever it is made of; and there are never too many words, nor one twice.
func TestATextFindsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 150, -1).Draw(t, "text")
		all := words(text)
		if len(all) == 0 {
			return
		}
		again := rapid.SampledFrom([]string{text, strings.ToUpper(text), strings.ToLower(text), store.Fold(text), text + " "}).Draw(t, "query")
		if store.Fold(again) == store.Fold(text) && !meets(all, again) {
			exact, beginnings := searchTerms(again)
			t.Fatalf("%q is not found in %q: %q and %q in %q", again, text, exact, beginnings, all)
		}
		sorted := slices.Clone(all)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(all) || len(all) > maxWords || slices.Contains(all, "") {
			t.Fatalf("the words of %q are %q", text, all)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("打印机 VPN\x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		for _, word := range words(text) {
			if n := len([]rune(word)); n == 0 || n > wordLength {
				t.Errorf("%q has the word %q", text, word)
			}
			if strings.Contains(word, "\x00") || strings.Compare(word, word+afterAll) >= 0 {
				t.Errorf("%q has the word %q, which a database cannot keep", text, word)
			}
		}
	})
}

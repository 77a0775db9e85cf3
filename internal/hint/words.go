// Package hint reckons what a call-taker is shown while he types: which type is meant, which open incident the same call
// may belong to, and what is known of the place. It is pure arithmetic over what it is given, and it decides nothing: a
// person takes a hint or leaves it.
package hint

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode"
)

// Grams are the small pieces of a text by which two of them are compared: pairs of Chinese characters, and words of
// letters. Each once, sorted.
type Grams []uint64

// seed makes the grams of one process alike; they are never stored.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // One for the process, never changed.

// plainWords are words of letters that say nothing of an event.
var plainWords = []string{ //nolint:gochecknoglobals // A list, never changed.
	"a", "an", "and", "are", "at", "by", "for", "has", "have", "he", "her", "his", "i", "in", "is", "it", "me", "my", "of", "on", "or", "she", "that", "the", "there", "they",
	"this", "to", "was", "we", "with", "you",
}

// GramsOf takes a text apart. Case, signs and spaces do not count.
func GramsOf(text string) Grams {
	var out Grams
	var word strings.Builder
	var last rune
	end := func() {
		if w := word.String(); w != "" && !slices.Contains(plainWords, w) {
			out = append(out, maphash.String(seed, w))
		}
		word.Reset()
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			if last != 0 {
				out = append(out, maphash.String(seed, string([]rune{last, r})))
			}
			last = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteRune(r)
		default:
			end()
		}
		last = 0
	}
	end()
	slices.Sort(out)
	return slices.Compact(out)
}

// alike is how much two texts share, from 0 to 1: the shared pieces against the shorter text, so that a few words count
// against a long tale (the overlap coefficient of Szymkiewicz and Simpson). Texts of less than four pieces say little.
func alike(a, b Grams) float64 {
	shared := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			shared, i, k = shared+1, i+1, k+1
		case a[i] < b[k]:
			i++
		default:
			k++
		}
	}
	return float64(shared) / float64(max(min(len(a), len(b)), piecesMin))
}

// piecesMin keeps two or three words from being all of a likeness.
const piecesMin = 6

package gazetteer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// queryRunesMax is how much of a query is read. What people type for a place is never longer.
const queryRunesMax = 64

// fold writes a text as it is compared: signs of full width as plain ones, small letters, no accents. Of punctuation only
// what joins two streets or two numbers stays: & @ / - #. Everything else becomes one space.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := true // Nothing begins with a space.
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
		case r == '、' || r == ',' || r == '，' || r == '／':
			r = '/'
		case r == '＆' || r == '@' || r == '&' || r == '/' || r == '-' || r == '#':
		case r == '—' || r == '–' || r == '－':
			r = '-'
		default:
			r = ' '
		}
		if r == ' ' && space {
			continue
		}
		space = r == ' '
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ")
}

// words are the parts of street names that are written in two ways, and the form in which they are compared.
var words = map[string]string{
	"street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "place": "pl",
	"terrace": "ter", "highway": "hwy", "square": "sq", "parkway": "pkwy", "circle": "cir", "alley": "aly", "north": "n", "south": "s", "east": "e",
	"west": "w", "saint": "st", "mount": "mt", "fort": "ft", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
	"sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}

// known are the endings that say what kind of street it is, as they are compared. A name without its ending is as
// good as the whole.
var known = map[string]bool{
	"路": true, "街": true, "道": true, "大道": true, "大街": true, "巷": true, "弄": true, "里": true, "胡同": true, "桥": true, "lu": true, "jie": true, "dao": true,
	"dadao": true, "dajie": true, "xiang": true, "nong": true, "st": true, "ave": true, "blvd": true, "rd": true, "dr": true, "ln": true, "ct": true,
	"pl": true, "ter": true, "hwy": true, "sq": true, "pkwy": true, "cir": true, "aly": true, "way": true,
}

// unfinished is how many letters of a long ending are enough to be taken for it, as one types.
const unfinished = 3

// compact is the form in which names are compared: words in their short form, and nothing between them. starts are the
// bytes at which a word or a Han character begins.
func compact(folded string) (s string, starts []int) {
	var b strings.Builder
	fields := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, f := range fields {
		if isLatin(f) {
			f = short(f, i > 0 && i == len(fields)-1)
			starts = append(starts, b.Len())
			b.WriteString(f)
			continue
		}
		begins := true
		for _, r := range f {
			han := unicode.Is(unicode.Han, r)
			if han || begins {
				starts = append(starts, b.Len())
			}
			begins = han // A letter behind a character begins a word.
			b.WriteRune(r)
		}
	}
	return b.String(), starts
}

// short is a word in its short form; the last one may be unfinished.
func short(word string, last bool) string {
	if s, ok := words[word]; ok {
		return s
	}
	if last && len(word) >= unfinished {
		for _, long := range []string{"street", "avenue", "boulevard", "highway", "terrace"} {
			if strings.HasPrefix(long, word) {
				return words[long]
			}
		}
	}
	return word
}

// isHan reports whether a character is Chinese.
func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func isLatin(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// cutRunes is the beginning of a text, at most so many characters.
func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

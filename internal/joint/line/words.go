package line

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// word is one word of a line, and where it stands in it.
type word struct {
	text     string // Folded: half width, lower case, radio digits as digits.
	from, to int    // In runes of the line.
}

// particles are the words of the grammar that are no verbs and that Chinese is cut at as well.
var particles = []string{"号警", "推荐", "最近", "排队", "理由", "去", "到", "至", "号", "从", "给", "个车组", "车组", "全体", "加急", "特急"}

// known are the words that Chinese, which has no spaces, is cut at; the longest first.
var known = sync.OnceValue(func() []string {
	out := slices.Clone(particles)
	for i := range verbs() {
		out = append(out, verbs()[i].Words.ZH...)
	}
	for _, s := range states {
		out = append(out, s.ZH...)
	}
	out = slices.DeleteFunc(out, func(w string) bool { return w == "?" })
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
})

// radio are the digits as they are spoken on the radio (洞幺两三四五六拐八勾).
const radio = "洞幺两三四五六拐八勾"

// parting are the signs that part words.
const parting = ",、;:。!()"

// split cuts a line into words: at spaces and signs, between digits and characters, and at the known words.
func split(line string) []word {
	runes := []rune(fold(line))
	var out []word
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) || strings.ContainsRune(parting, runes[i]) {
			i++
			continue
		}
		j := endOf(runes, i)
		w := word{text: strings.ToLower(string(runes[i:j])), from: i, to: j}
		if spoken := spokenUnit(w.text); spoken != "" {
			w.text = spoken
		}
		out = append(out, w)
		i = j
	}
	return out
}

// endOf is where the word that begins at i ends.
func endOf(runes []rune, i int) int {
	j := i + 1
	if isLatin(runes[i]) {
		for j < len(runes) && isLatin(runes[j]) {
			j++
		}
		return j
	}
	if n := knownAt(runes[i:]); n > 0 {
		return i + n
	}
	for j < len(runes) && !isLatin(runes[j]) && !unicode.IsSpace(runes[j]) && knownAt(runes[j:]) == 0 && !strings.ContainsRune(parting, runes[j]) {
		j++
	}
	return j
}

func isLatin(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' || r == '-' || r == '@' || r == '_')
}

// knownMax is how many characters the longest known word has.
const knownMax = 5

func knownAt(runes []rune) int {
	text := string(runes[:min(len(runes), knownMax)])
	for _, k := range known() {
		if strings.HasPrefix(text, k) {
			return len([]rune(k))
		}
	}
	return 0
}

// fold makes full-width signs half width, one for one, so that places in the line stay the same.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '\uFF01' && r <= '\uFF5E':
			return r - '\uFF01' + '!'
		case r == '\u3000':
			return ' '
		}
		return r
	}, s)
}

// plain is a word as names are compared: folded, lower case, no blanks around it.
func plain(s string) string { return strings.ToLower(strings.TrimSpace(fold(s))) }

// spokenUnit turns radio digits into digits: 幺洞两 is 102.
func spokenUnit(w string) string {
	digits := []rune(radio)
	var b strings.Builder
	n := 0
	for _, r := range w {
		i := slices.Index(digits, r)
		if i < 0 {
			return ""
		}
		b.WriteString(strconv.Itoa(i))
		n++
	}
	if n < 2 {
		return ""
	}
	return b.String()
}

// numberMax is the largest number that a line may say; no incident and no count comes near it.
const numberMax = 1_000_000_000

// numeral reads digits and Chinese numerals up to 9999: 42, 四十二, 一百零三.
func numeral(w string) (int64, bool) {
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return n, n > 0 && n < numberMax && w[0] != '0' && w[0] != '+' // 01 is no number of an incident.
	}
	units := map[rune]int64{'十': 10, '百': 100, '千': 1000}
	digits := []rune("零一二三四五六七八九")
	var total, digit int64
	seen := 0
	for _, r := range w {
		switch i := slices.Index(digits, r); {
		case i >= 0:
			digit = int64(i)
		case r == '两':
			digit = 2
		case units[r] > 0:
			total += max(digit, 1) * units[r]
			digit = 0
		default:
			return 0, false
		}
		if seen++; seen > 8 {
			return 0, false
		}
	}
	return total + digit, total+digit > 0
}

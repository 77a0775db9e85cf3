package gazetteer

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// wholes are the forms of a name in which one mistake is forgiven: the name, its pinyin, and a Latin name without its ending.
func (e entry) wholes() [3]string {
	out := [3]string{e.key, e.pin}
	if isLatin(e.key) {
		out[2] = withoutEnding(e.key)
	}
	return out
}

// withoutEnding is a compact Latin name without the word that says what kind of street it is; empty if it has none.
func withoutEnding(key string) string {
	for n := 4; n >= 2; n-- {
		if len(key) > n+1 && known[key[len(key)-n:]] {
			return key[:len(key)-n]
		}
	}
	return ""
}

// long reports whether a form is long enough to forgive a mistake: in a shorter one everything is a mistake of something.
func long(s string) bool {
	if isLatin(s) {
		return len(s) >= 4
	}
	return utf8.RuneCountInString(s) >= 3
}

// mostlyFigures reports whether a form is the number of something, in which no mistake is forgiven.
func mostlyFigures(s string) bool {
	figures := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			figures++
		}
	}
	return 2*figures >= len(s)
}

// typoKey is the hash (FNV-1a) of a form with the character at a byte left out, -1 for none, with its entry.
func typoKey(s string, without int, entry int32) uint64 {
	h := uint32(2166136261)
	skip := -1
	if without >= 0 {
		_, n := utf8.DecodeRuneInString(s[without:])
		skip = without + n
	}
	for i := range len(s) {
		if i >= without && i < skip {
			continue
		}
		h = (h ^ uint32(s[i])) * 16777619
	}
	return uint64(h)<<32 | uint64(uint32(entry))
}

// mistaken finds names that differ by one mistake, unless something better was found. A mistake in a figure is never forgiven: 12 is
// not nearly 13.
func (l *lexicon) mistaken(q string, sp *speller, c *collector) {
	if !c.typos {
		return
	}
	look := func(without int) {
		key := typoKey(q, without, 0)
		i, _ := slices.BinarySearch(l.typos, key)
		for ; i < len(l.typos) && l.typos[i]>>32 == key>>32; i++ {
			id := int32(uint32(l.typos[i]))
			e := l.entries[id]
			for _, w := range e.wholes() {
				if w != "" && oneMistake(q, w) {
					c.take(match{id, typoScore(q, e, sp), ByTypo})
					break
				}
			}
		}
	}
	look(-1)
	for at := range q {
		look(at)
	}
}

// typoScore is higher for a mistake that one makes by ear: 汀南路 for 汀兰路.
func typoScore(q string, e entry, sp *speller) float64 {
	if !hasHan(q) {
		return scoreTypo + scoreTypo/10
	}
	for _, p := range sp.spell(q) {
		if p.full == e.pin || oneMistake(p.full, e.pin) {
			return scoreNearTypo
		}
	}
	return scoreTypo
}

// oneMistake reports whether two texts differ by one character (another, missing, too many) or by two neighbours that
// are swapped, and not in a figure.
func oneMistake(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if i == len(y) {
		return false // The same.
	}
	figure := func(rs ...rune) bool { return slices.ContainsFunc(rs, unicode.IsDigit) }
	if len(x) < len(y) {
		return !figure(y[i]) && slices.Equal(x[i:], y[i+1:])
	}
	if slices.Equal(x[i+1:], y[i+1:]) {
		return !figure(x[i], y[i])
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && !figure(x[i], y[i]) && slices.Equal(x[i+2:], y[i+2:])
}

package line

import (
	"slices"
	"strings"

	"shuniu/internal/org"
)

// Place is a place of the map that may stand behind an @. A line alone knows no map: whoever completes it has looked.
type Place struct {
	Text string   // As it is put into the line.
	Help org.Name // Where it is.
}

// isAt reports whether a sign says that a place follows.
func isAt(r rune) bool { return r == '@' || r == '＠' }

// Seeks is what is half-typed behind the last @ of a line: the beginning of a place, perhaps. Empty if there is none.
func Seeks(text string) string {
	runes := []rune(text)
	return strings.TrimSpace(string(runes[lastAt(runes)+1:]))
}

// lastAt is where the last @ stands; the last sign if there is none, so that nothing is behind it.
func lastAt(runes []rune) int {
	for i, r := range slices.Backward(runes) {
		if isAt(r) {
			return i
		}
	}
	return len(runes) - 1
}

// toPlace makes the half-typed word reach back to the last @, because names of places have spaces in them.
func (c *completer) toPlace() {
	at := lastAt(c.typed)
	if len(c.in.Places) == 0 || at+1 >= len(c.typed) {
		return
	}
	c.head, c.part = string(c.typed[:at+1]), fold(strings.TrimSpace(string(c.typed[at+1:])))
	c.words = slices.DeleteFunc(slices.Clone(c.words), func(w word) bool { return w.to > at })
}

// offerPlaces offers what the map calls so, in the order in which it was found.
func (c *completer) offerPlaces() {
	for i, p := range c.in.Places {
		c.out = append(c.out, Completion{Text: p.Text, Insert: c.head + p.Text + " ", Kind: "place", Help: p.Help, rank: i})
	}
}

package line

import (
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/org"
)

// macro reads a word of the centre's own (commands.yaml) with what follows it: nil if the line begins with none.
func (r *reader) macro() *Reading {
	if r.in.Plain {
		return nil
	}
	var all []named
	for _, m := range r.house.Org.Macros {
		all = append(all, named{id: m.ID, names: append([]string{""}, m.Words...)})
	}
	got := r.match(all)
	if len(got.found) != 1 || !r.endsAfter(got.size) || !r.spelt(got) {
		return nil
	}
	i := slices.IndexFunc(r.house.Org.Macros, func(m org.Macro) bool { return m.ID == got.found[0].id })
	m := r.house.Org.Macros[i]
	r.pass(got.size)
	given := strings.Fields(r.takeRest())
	behind := strings.Join(given[min(highest(m.Lines), len(given)):], " ")
	p := Plan{Verb: Several, To: m.ID}
	for _, l := range m.Lines {
		text, lacks := filled(l, given, behind)
		if lacks > 0 {
			return unfinished("line.macro_needs", "say also what stands for {"+strconv.Itoa(lacks)+"}: "+strings.Join(m.Lines, "; "), "n", strconv.Itoa(lacks), "lines", strings.Join(m.Lines, "；"))
		}
		p.Lines = append(p.Lines, text)
	}
	out := ready(p)
	return &out
}

// spelt reports whether a name was typed out: a macro is a verb, and no verb is found by initials.
func (r *reader) spelt(got called) bool {
	from := r.peek().from
	typed := plain(string(r.typed[from : from+got.size]))
	return slices.ContainsFunc(got.found[0].names, func(n string) bool { return plain(n) == typed })
}

// holesMax is how many words a macro takes.
const holesMax = 9

// highest is the highest hole of several lines.
func highest(lines []string) int {
	for n := holesMax; n > 0; n-- {
		if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "{"+strconv.Itoa(n)+"}") }) {
			return n
		}
	}
	return 0
}

// filled puts words into the holes of a line: {1} is the first, {*} all that no hole of the word takes. lacks is the first hole that nothing
// stands for; 0 if there is none.
func filled(l string, given []string, behind string) (text string, lacks int) {
	for n := 1; n <= holesMax; n++ {
		hole := "{" + strconv.Itoa(n) + "}"
		if !strings.Contains(l, hole) {
			continue
		}
		if n > len(given) {
			return "", n
		}
		l = strings.ReplaceAll(l, hole, strings.NewReplacer("{", "", "}", "").Replace(given[n-1]))
	}
	return strings.TrimSpace(strings.ReplaceAll(l, "{*}", behind)), 0
}

// Taken reports whether a word is one of the line's own, so that no centre may give it another meaning.
func Taken(word string) bool {
	w := plain(word)
	for _, e := range verbs() {
		if slices.Contains(e.Words.ZH, w) || slices.Contains(e.Words.EN, w) {
			return true
		}
	}
	_, isNumber := numeral(w)
	return isNumber || stateOf(w) != nil || slices.Contains(particles, w) || slices.Contains(towards, w)
}

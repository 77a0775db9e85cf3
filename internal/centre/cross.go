package centre

import (
	"fmt"
	"slices"
	"strings"

	"shuniu/internal/org"
)

// cross checks what one part says of another: first our own rules, then the charter's.
func (l *loader) cross() {
	l.capabilities()
	for _, p := range l.charter.Validate() {
		l.note(l.where(p.Field), subject(p.Field)+p.Text, p.Remedy)
	}
}

// subject names what a problem is about where a line stands for several things.
func subject(field string) string {
	before, rest, ok := strings.Cut(field, "[")
	id, _, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return ""
	}
	if before == "priorities" {
		return fmt.Sprintf("priority %s: ", id)
	}
	return fmt.Sprintf("%s %s: ", strings.TrimSuffix(before, "s"), id)
}

// where turns a charter's field into a value of a file: "types[knife].need[0].count" is "types[3].need[0].count".
func (l *loader) where(field string) spot {
	best := ""
	for name := range l.alias {
		if strings.HasPrefix(field, name) && len(name) > len(best) {
			best = name
		}
	}
	s := l.alias[best]
	rest := strings.TrimPrefix(field, best)
	for _, word := range [][2]string{{".within_s", ".within"}, {".kind[", ".kinds["}} {
		rest = strings.ReplaceAll(rest, word[0], word[1])
	}
	if s.path == "" {
		rest = strings.TrimPrefix(rest, ".")
	}
	s.path += rest
	return s
}

// capabilities holds every ability against the centre's list: a misspelt one would never be found by a dispatcher.
func (l *loader) capabilities() {
	known := func(id string) bool {
		return slices.ContainsFunc(l.charter.Settings.Capabilities, func(i org.Item) bool { return i.ID == id })
	}
	check := func(field, id string) {
		if id != "" && !known(id) {
			l.note(l.where(field), fmt.Sprintf("%sthere is no capability %q", subject(field), id), "add it to capabilities in centre.yaml, or mend the word")
		}
	}
	kinds := map[string][]string{}
	for _, k := range l.charter.Kinds {
		kinds[k.ID] = k.Capabilities
		for _, c := range k.Capabilities {
			check(fmt.Sprintf("kinds[%s].capabilities", k.ID), c)
		}
	}
	told := map[spot]bool{}
	for _, u := range l.charter.Units {
		field := fmt.Sprintf("units[%s].capabilities", u.ID)
		for _, c := range u.Capabilities {
			if !slices.Contains(kinds[u.Kind], c) && !known(c) && !told[l.where(field)] {
				told[l.where(field)] = true // One line of a range is one mistake, not twenty.
				check(field, c)
			}
		}
	}
	for _, t := range l.charter.Types {
		for i, n := range t.Need {
			check(fmt.Sprintf("types[%s].need[%d].capability", t.ID, i), n.Capability)
		}
	}
	l.kinds()
}

// kinds holds the kinds that a first wave names against those there are.
func (l *loader) kinds() {
	for _, t := range l.charter.Types {
		for i, n := range t.Need {
			for _, id := range n.Kind {
				if !slices.ContainsFunc(l.charter.Kinds, func(k org.Kind) bool { return k.ID == id }) {
					l.note(l.where(fmt.Sprintf("types[%s].need[%d].kind[0]", t.ID, i)), fmt.Sprintf("there is no kind %q", id), "name one of the kinds in units.yaml")
				}
			}
		}
	}
}

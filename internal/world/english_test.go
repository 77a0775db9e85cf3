package world_test

import (
	"strings"
	"testing"
	"unicode"
)

// Whoever reads English reads the whole map: what has a name has one in Latin letters, except cameras, which are found by
// the number that is painted on them.
func (m made) english(t *testing.T) {
	t.Helper()
	foreign := func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) }
	check := func(kind, name, en string) {
		if foreign(name) && (en == "" || foreign(en)) {
			t.Errorf("%s %s is %q in English", kind, name, en)
		}
	}
	for _, l := range m.x.Streets.Drawing() {
		check(l.Class, l.Name, l.NameEn)
	}
	for _, a := range m.x.Areas {
		if a.House == "" {
			check(a.Kind, a.Name, a.NameEn)
		}
	}
	for _, p := range m.x.Places {
		if p.Kind != "surveillance" {
			check(p.Kind, p.Name, p.NameEn)
		}
	}
}

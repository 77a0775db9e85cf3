package street

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The automaton forbids exactly what a look back at everything driven would forbid.
func TestMemoryLooksBack(t *testing.T) {
	const letters = 2 // Few, so that chains overlap.
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.Custom(func(t *rapid.T) course { return course(rapid.IntRange(0, letters-1).Draw(t, "course")) })
		var chains []chain
		for range rapid.IntRange(0, 8).Draw(t, "chains") {
			chains = append(chains, chain{rapid.SliceOfN(letter, 2, 6).Draw(t, "chain"), rapid.Bool().Draw(t, "excepted")})
		}
		m := newMemory(slices.Clone(chains), letters)
		driven := []course{letter.Draw(t, "first")}
		state := int32(driven[0])
		for range 20 {
			c := letter.Draw(t, "next")
			driven = append(driven, c)
			forbidden, excepted := false, true
			for _, ch := range chains {
				if k := len(driven) - len(ch.courses); k >= 0 && slices.Equal(driven[k:], ch.courses) {
					forbidden, excepted = true, excepted && ch.excepted
				}
			}
			if f, e := m.forbids(state, c); f != forbidden || e != excepted {
				t.Fatalf("after %v: %v %v, looking back %v %v; chains %v", driven, f, e, forbidden, excepted, chains)
			}
			state = m.next(state, c)
		}
	})
}

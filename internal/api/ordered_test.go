package api

import (
	"strings"
	"testing"
)

// Whoever types a street wants the street: what happened there stands behind it, but always has some room.
func TestOrdered(t *testing.T) {
	place := func(title string, score float64) Found { return Found{Kind: "address", Title: title, Score: score} }
	happened := func(title string, score float64) Found { return Found{Kind: "incident", Title: title, Score: score} }
	for _, tt := range []struct {
		name  string
		found []Found
		limit int
		want  string
	}{
		{"behind every place", []Found{happened("#36", 1), place("b", 0.5), place("a", 0.9)}, 9, "a b #36"},
		{"first by its own number", []Found{place("a", 0.9), happened("#36", 2), happened("#3", 0.8)}, 9, "#36 a #3"},
		{"a quarter of the room", []Found{place("a", 0.9), place("b", 0.8), place("c", 0.7), place("d", 0.6), happened("#1", 0.3), happened("#2", 0.2)}, 4, "a b c #1"},
		{"what the places leave", []Found{place("a", 0.9), happened("#1", 0.3), happened("#2", 0.2), happened("#3", 0.1)}, 3, "a #1 #2"},
		{"nothing", nil, 20, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range ordered(tt.found, tt.limit) {
				got = append(got, f.Title)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
		})
	}
}

package gazetteer

import (
	"testing"

	"shuniu/internal/org"
)

// A map that hurts the index costs the search by name: coordinates are still found, and nothing ends.
func TestBookOutlivesABadMap(t *testing.T) {
	var b Book
	if err := b.take(func() *Index { panic("planted") }); err == nil {
		t.Fatal("it was indexed")
	}
	ix, ready := b.At(org.State{})
	if ready || len(ix.Find(Query{Text: "118.40,31.20"})) != 1 {
		t.Error("after a map that hurts, coordinates are not found, or the book says that it is ready")
	}
}

package hierarchy_test

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/fault"
	"shuniu/internal/hierarchy"
)

// kept is a small hierarchy, and its file.
func kept(t *testing.T) (*hierarchy.Hierarchy, []byte) {
	t.Helper()
	g := arcs(6, [][2]int32{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {3, 4}, {4, 5}, {5, 3}})
	rank, err := hierarchy.Fill(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hierarchy.Contract(t.Context(), g, rank, nil)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	n, err := h.WriteTo(&file)
	if err != nil || n != int64(file.Len()) {
		t.Fatalf("%d bytes were said and %d written: %v", n, file.Len(), err)
	}
	return h, file.Bytes()
}

func TestCacheIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		h := contracted(t, g, drawOrder(t, g))
		var file bytes.Buffer
		if _, err := h.WriteTo(&file); err != nil {
			t.Fatal(err)
		}
		again, err := hierarchy.Read(t.Context(), &file, g, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(h.Ranks(), again.Ranks()) || h.Stats() != again.Stats() {
			t.Fatalf("%v %+v was read as %v %+v", h.Ranks(), h.Stats(), again.Ranks(), again.Stats())
		}
	})
}

func TestDamagedCacheIsRefused(t *testing.T) {
	h, file := kept(t)
	refused := func(what string, b []byte, g hierarchy.Graph) {
		t.Helper()
		if _, err := hierarchy.Read(t.Context(), bytes.NewReader(b), g, nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	for n := range file {
		refused("a file that ends early", file[:n], h.Graph())
	}
	refused("a file with more behind it", append(slices.Clone(file), 0), h.Graph())
	for bit := range 8 * len(file) {
		b := slices.Clone(file)
		b[bit/8] ^= 1 << (bit % 8)
		refused("a file with a bit turned", b, h.Graph())
	}
	refused("a file of another graph", file, arcs(6, [][2]int32{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {3, 4}, {4, 5}, {5, 4}}))
}

func FuzzRead(f *testing.F) {
	g := arcs(3, [][2]int32{{0, 1}, {1, 2}})
	h, err := hierarchy.Contract(f.Context(), g, []int32{0, 2, 1}, nil)
	if err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := h.WriteTo(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte("shuniu hierarchy 1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := hierarchy.Read(t.Context(), bytes.NewReader(b), g, nil)
		if (err == nil) == (h == nil) {
			t.Fatal("neither a hierarchy nor an error")
		}
		if err != nil {
			return
		}
		m, err := h.Customize(t.Context(), []uint64{4, 5})
		if err != nil {
			t.Fatal(err)
		}
		if cost, _ := m.Between([]hierarchy.Seed{{Vertex: 0}}, []hierarchy.Seed{{Vertex: 2}}); cost != 9 {
			t.Fatalf("a file that was taken gives %d", cost)
		}
	})
}

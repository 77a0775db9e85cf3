package gazetteer

import (
	"sync"
	"sync/atomic"

	"shuniu/internal/fault"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// Book holds the newest index of a centre that lives: its map is indexed beside the start, and its own places follow
// whenever its configuration changes. The zero value is ready and knows no map.
type Book struct {
	newest atomic.Pointer[Index]
	mu     sync.Mutex // Held while the newest is replaced.
	ready  atomic.Bool
}

// Read indexes the map; it takes seconds and keeps nobody from asking. The extract may be nil. Whatever an extract does to
// us is fault.Internal: the book is then never ready, and the centre goes on.
func (b *Book) Read(x *osm.Extract) error {
	return b.take(func() *Index { return New(x, org.State{}) })
}

func (b *Book) take(read func() *Index) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New("gazetteer.Read", fault.Internal, "the map cannot be indexed: %v", p)
		}
	}()
	ix := read()
	b.mu.Lock()
	defer b.mu.Unlock()
	if old := b.newest.Load(); old != nil {
		ix = ix.withGround(old.org)
	}
	b.newest.Store(ix)
	b.ready.Store(true)
	return nil
}

// At is the index for a centre as it is now. ready is false until the map is indexed: then only the centre's own places
// and coordinates are found.
func (b *Book) At(o org.State) (ix *Index, ready bool) {
	ready = b.ready.Load()
	if ix = b.newest.Load(); ix.fits(o) {
		return ix, ready
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if ix = b.newest.Load(); ix == nil {
		ix = New(nil, o)
	} else if !ix.fits(o) {
		ix = ix.WithOrg(o)
	}
	b.newest.Store(ix)
	return ix, b.ready.Load()
}

// fits reports whether an index was made of this very centre.
func (ix *Index) fits(o org.State) bool {
	return ix != nil && ix.org.state.Centre == o.Centre && ix.org.state.Changed == o.Changed
}

func (ix *Index) withGround(g *ground) *Index {
	next := *ix
	next.org = g
	return &next
}

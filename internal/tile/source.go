package tile

import (
	"context"

	"shuniu/internal/fault"
	"shuniu/internal/osm"
)

// Source is a Set that is made beside everything else, so that a centre takes calls before its map is prepared.
type Source struct {
	ready chan struct{}
	set   *Set // nil when it could not be made.
}

// Prepare begins to make a set and returns at once. Whatever an extract does to us, the centre goes on without a map.
func Prepare(x *osm.Extract, marks []Mark) *Source {
	s := &Source{ready: make(chan struct{})}
	go func() {
		defer close(s.ready)
		defer func() { _ = recover() }() // Set says that there is no map.
		s.set = New(x, marks)
	}()
	return s
}

// Set waits for the set until ctx ends. It is fault.Unavailable when the set is not ready by then, and fault.Internal
// when it could not be made.
func (s *Source) Set(ctx context.Context) (*Set, error) {
	const op = "tile.Set"
	select {
	case <-s.ready:
	default:
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, fault.Wrap(op, fault.Unavailable, ctx.Err(), "the map is being prepared").Because("map_preparing").
				Mend("ask again in some seconds; everything else works")
		}
	}
	if s.set == nil {
		return nil, fault.New(op, fault.Internal, "the map could not be prepared from its extract").
			Mend("check the extract; everything else works")
	}
	return s.set, nil
}

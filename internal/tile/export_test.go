package tile

// Build makes a tile without looking whether it is kept.
func (s *Set) Build(z, x, y int) []byte { return s.build(z, x, y) }

// Cache is a cache of that many bytes.
func Cache(maxBytes int) func(key uint64, build func() []byte) []byte { return newCache(maxBytes).get }

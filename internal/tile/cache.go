package tile

import (
	"container/list"
	"sync"
)

// cache keeps the tiles that were used last, up to a number of bytes. A tile that several ask for at once is made once.
type cache struct {
	mu     sync.Mutex
	max    int
	bytes  int
	tiles  map[uint64]*list.Element
	recent list.List // Of *kept, the newest first.
	making map[uint64]*making
}

type kept struct {
	key  uint64
	tile []byte
}

// keptOverhead is what a tile takes beside its bytes: an empty one is not free.
const keptOverhead = 160

// making is a tile that somebody makes now.
type making struct {
	done chan struct{}
	tile []byte
}

func newCache(maxBytes int) *cache {
	return &cache{max: maxBytes, tiles: map[uint64]*list.Element{}, making: map[uint64]*making{}}
}

// get gives the tile, which make makes if it is not kept.
func (c *cache) get(key uint64, build func() []byte) []byte {
	c.mu.Lock()
	if e, ok := c.tiles[key]; ok {
		c.recent.MoveToFront(e)
		k, _ := e.Value.(*kept) // It holds nothing else.
		c.mu.Unlock()
		return k.tile
	}
	if m, ok := c.making[key]; ok {
		c.mu.Unlock()
		<-m.done
		return m.tile
	}
	m := &making{done: make(chan struct{})}
	c.making[key] = m
	c.mu.Unlock()
	defer func() { // Also when make panics: nobody waits for ever.
		c.mu.Lock()
		delete(c.making, key)
		if m.tile != nil {
			c.keep(key, m.tile)
		}
		c.mu.Unlock()
		close(m.done)
	}()
	m.tile = build()
	return m.tile
}

// keep adds a tile and lets go of the oldest ones.
func (c *cache) keep(key uint64, tile []byte) {
	c.tiles[key] = c.recent.PushFront(&kept{key, tile})
	c.bytes += len(tile) + keptOverhead
	for c.bytes > c.max && c.recent.Len() > 1 {
		old, _ := c.recent.Remove(c.recent.Back()).(*kept)
		delete(c.tiles, old.key)
		c.bytes -= len(old.tile) + keptOverhead
	}
}

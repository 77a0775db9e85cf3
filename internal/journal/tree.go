package journal

import (
	"context"
	"fmt"
	"iter"
	"math/bits"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// keptLevel is the level from which a tree keeps its inner hashes: one for 256 records. Those below are computed
// from the store's leaves when a proof needs them.
const keptLevel = 8

// Leaver is the part of a Store that a proof needs.
type Leaver interface {
	Leaves(ctx context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error]
}

// edge is the right edge of a Merkle tree: the roots of its complete subtrees, one for each bit of its size.
type edge struct {
	size   int64
	hashes [64]tlog.Hash // hashes[l] is valid if bit l of size is set.
}

// add puts a leaf at the end, and tells done about each subtree that it completed.
func (e *edge) add(leaf tlog.Hash, done func(level int, n int64, h tlog.Hash)) {
	level, h := 0, leaf
	for ; e.size>>level&1 == 1; level++ {
		h = tlog.NodeHash(e.hashes[level], h)
		if done != nil {
			done(level+1, e.size>>(level+1), h)
		}
	}
	e.hashes[level] = h
	e.size++
}

// head is the hash of the tree; for an empty one, that of the empty string (RFC 6962).
func (e *edge) head() tlog.Hash {
	if e.size == 0 {
		h, _ := tlog.TreeHash(0, nil) // The empty tree needs no reader and cannot fail.
		return h
	}
	level := bits.TrailingZeros64(uint64(e.size))
	h := e.hashes[level]
	for level++; e.size>>level != 0; level++ {
		if e.size>>level&1 == 1 {
			h = tlog.NodeHash(e.hashes[level], h)
		}
	}
	return h
}

// Edge is what a snapshot keeps of a tree, so that a start need not read all leaves again.
type Edge struct {
	Size   int64       `json:"size"`   // Number of records.
	Hashes []tlog.Hash `json:"hashes"` // Roots of the complete subtrees, the largest first.
}

// Tree is the Merkle tree (RFC 6962) over a journal's records. Leaf n-1 is the record with sequence n. The zero
// value is the empty tree. It is safe for use by many goroutines.
type Tree struct {
	mu   sync.Mutex
	edge edge
	high map[int64]tlog.Hash // Inner hashes from keptLevel on, by their stored index.
}

// TreeFromEdge is the tree that an Edge was taken of.
func TreeFromEdge(e Edge) (*Tree, error) {
	if e.Size < 0 || bits.OnesCount64(uint64(e.Size)) != len(e.Hashes) {
		return nil, fault.Wrap("journal.TreeFromEdge", fault.Internal, ErrCorrupt, "%d hashes are no edge of a tree of %d", len(e.Hashes), e.Size)
	}
	t := &Tree{edge: edge{size: e.Size}}
	i := 0
	for level := 63; level >= 0; level-- {
		if e.Size>>level&1 == 1 {
			t.edge.hashes[level] = e.Hashes[i]
			i++
		}
	}
	return t, nil
}

// Edge is what to keep of the tree as it is now.
func (t *Tree) Edge() Edge {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := Edge{Size: t.edge.size}
	for level := 63; level >= 0; level-- {
		if e.Size>>level&1 == 1 {
			e.Hashes = append(e.Hashes, t.edge.hashes[level])
		}
	}
	return e
}

// Append adds the leaf of the next record.
func (t *Tree) Append(leaf tlog.Hash) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.edge.add(leaf, func(level int, n int64, h tlog.Hash) {
		if level >= keptLevel {
			t.keep(level, n, h)
		}
	})
}

func (t *Tree) keep(level int, n int64, h tlog.Hash) {
	if t.high == nil {
		t.high = map[int64]tlog.Hash{}
	}
	t.high[tlog.StoredHashIndex(level, n)] = h
}

// Head is the number of records and the hash of the tree over them.
func (t *Tree) Head() (size int64, hash tlog.Hash) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.edge.size, t.edge.head()
}

// ProveRecord proves to the holder of the head of size records that it covers record seq. Store errors are passed on.
func (t *Tree) ProveRecord(ctx context.Context, store Leaver, size int64, seq cad.Seq) (tlog.RecordProof, error) {
	if err := t.covers("journal.ProveRecord", size); err != nil {
		return nil, err
	}
	p, err := tlog.ProveRecord(size, int64(seq)-1, t.reader(ctx, store))
	if err != nil {
		return nil, fmt.Errorf("journal: record %d cannot be proved: %w", seq, err)
	}
	return p, nil
}

// ProveTree proves to the holder of an old head that the newer one continues it.
func (t *Tree) ProveTree(ctx context.Context, store Leaver, oldSize, newSize int64) (tlog.TreeProof, error) {
	if err := t.covers("journal.ProveTree", newSize); err != nil {
		return nil, err
	}
	p, err := tlog.ProveTree(newSize, oldSize, t.reader(ctx, store))
	if err != nil {
		return nil, fmt.Errorf("journal: head %d cannot be proved from %d: %w", oldSize, newSize, err)
	}
	return p, nil
}

func (t *Tree) covers(op string, size int64) error {
	if now, _ := t.Head(); size > now {
		return fault.New(op, fault.NotFound, "the journal has %d records, not %d", now, size)
	}
	return nil
}

// CheckRecord verifies that the tree of size records with this hash has a record with this leaf at seq.
func CheckRecord(p tlog.RecordProof, size int64, hash tlog.Hash, seq cad.Seq, leaf tlog.Hash) error {
	if err := tlog.CheckRecord(p, size, hash, int64(seq)-1, leaf); err != nil {
		return fault.Wrap("journal.CheckRecord", fault.Conflict, err, "record %d is not proved by the head of %d records", seq, size)
	}
	return nil
}

// CheckTree verifies that the tree of newSize records begins with the tree of oldSize records.
func CheckTree(p tlog.TreeProof, newSize int64, newHash tlog.Hash, oldSize int64, oldHash tlog.Hash) error {
	if err := tlog.CheckTree(p, newSize, newHash, oldSize, oldHash); err != nil {
		return fault.Wrap("journal.CheckTree", fault.Conflict, err, "the head of %d records does not continue that of %d", newSize, oldSize)
	}
	return nil
}

func (t *Tree) reader(ctx context.Context, store Leaver) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			var err error
			if out[i], err = t.node(ctx, store, level, n); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// node is the hash of the subtree over leaves n<<level .. (n+1)<<level. What was computed above keptLevel is kept.
func (t *Tree) node(ctx context.Context, store Leaver, level int, n int64) (tlog.Hash, error) {
	if level >= keptLevel {
		t.mu.Lock()
		h, ok := t.high[tlog.StoredHashIndex(level, n)]
		t.mu.Unlock()
		if ok {
			return h, nil
		}
	}
	var h tlog.Hash
	if level > keptLevel {
		left, err := t.node(ctx, store, level-1, 2*n)
		if err != nil {
			return h, err
		}
		right, err := t.node(ctx, store, level-1, 2*n+1)
		if err != nil {
			return h, err
		}
		h = tlog.NodeHash(left, right)
	} else {
		var part edge
		for leaf, err := range store.Leaves(ctx, cad.Seq(n<<level), cad.Seq((n+1)<<level)) {
			if err != nil {
				return h, err
			}
			part.add(leaf, nil)
		}
		if part.size != 1<<level {
			return h, fmt.Errorf("%w: the store gave %d of %d leaves", ErrCorrupt, part.size, 1<<level)
		}
		h = part.head()
	}
	if level >= keptLevel {
		t.mu.Lock()
		t.keep(level, n, h)
		t.mu.Unlock()
	}
	return h, nil
}

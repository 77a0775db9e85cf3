package tile

import (
	"cmp"
	"slices"
)

// fan is how many children a node of the tree has.
const fan = 16

// tree is a packed R-tree over boxes that never change: the boxes in the order of a space-filling curve, and above
// them the boxes around each fan of them. It takes a third of the memory of a tree that can grow.
type tree struct {
	order  []uint32 // Items by their place on the curve.
	levels [][]box  // The first holds the items' boxes in that order, the last one box.
}

func newTree(items []item) tree {
	t := tree{order: make([]uint32, len(items))}
	keys := make([]uint64, len(items))
	for i, it := range items {
		t.order[i] = uint32(i)
		keys[i] = interleave(it.box.minX/2+it.box.maxX/2) | interleave(it.box.minY/2+it.box.maxY/2)<<1
	}
	slices.SortFunc(t.order, func(a, b uint32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	level := make([]box, len(items))
	for i, id := range t.order {
		level[i] = items[id].box
	}
	t.levels = append(t.levels, level)
	for len(level) > 1 {
		up := make([]box, 0, (len(level)+fan-1)/fan)
		for i, b := range level {
			if i%fan == 0 {
				up = append(up, b)
			} else {
				up[len(up)-1] = up[len(up)-1].extend(b)
			}
		}
		t.levels = append(t.levels, up)
		level = up
	}
	return t
}

// interleave puts a zero between the bits of x.
func interleave(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// search appends the items whose box overlaps b, in no promised order.
func (t tree) search(b box, out []uint32) []uint32 {
	if len(t.order) == 0 {
		return out
	}
	return t.walk(len(t.levels)-1, 0, b, out)
}

func (t tree) walk(level, node int, b box, out []uint32) []uint32 {
	if !t.levels[level][node].overlaps(b) {
		return out
	}
	if level == 0 {
		return append(out, t.order[node])
	}
	for child := node * fan; child < min((node+1)*fan, len(t.levels[level-1])); child++ {
		out = t.walk(level-1, child, b, out)
	}
	return out
}

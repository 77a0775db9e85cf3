package tile

import "encoding/binary"

// words are the keys and values of one layer of one tile, in the order in which they are first used.
type words struct {
	table  tagTable
	keys   []key
	keyAt  [keyCount]int // Place in keys plus one; 0 for none.
	values []uint32
	at     map[uint32]int
	sets   map[uint32][]byte
}

func newWords(t tagTable) *words {
	return &words{table: t, at: map[uint32]int{}, sets: map[uint32][]byte{}}
}

// tags gives a set of properties as a feature writes it.
func (w *words) tags(set uint32) []byte {
	if out, ok := w.sets[set]; ok {
		return out
	}
	var out []byte
	for s := []byte(w.table.sets[set]); len(s) > 0; {
		k := key(s[0])
		word, n := binary.Uvarint(s[1:])
		s = s[1+n:]
		if w.keyAt[k] == 0 {
			w.keys = append(w.keys, k)
			w.keyAt[k] = len(w.keys)
		}
		value, ok := w.at[uint32(word)]
		if !ok {
			value = len(w.values)
			w.at[uint32(word)] = value
			w.values = append(w.values, uint32(word))
		}
		out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(w.keyAt[k]-1)), uint64(value))
	}
	w.sets[set] = out
	return out
}

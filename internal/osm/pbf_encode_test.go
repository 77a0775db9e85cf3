package osm_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"math"
	"testing"
)

// pbfFile writes a PBF file by hand, field by field as the format's description says, so that the reader is tested
// against the format and not against itself.
type pbfFile struct {
	t   testing.TB
	out bytes.Buffer
}

type pbfNode struct {
	id       int64
	lon, lat float64
	tags     []string // Key, value, key, value ...
}

type pbfWay struct {
	id   int64
	refs []int64
	tags []string
}

type pbfMember struct {
	kind int // 0 node, 1 way, 2 relation.
	id   int64
	role string
}

type pbfRelation struct {
	id      int64
	members []pbfMember
	tags    []string
}

func varint(v uint64) []byte { return binary.AppendUvarint(nil, v) }

func sint(v int64) []byte { return varint(uint64(v<<1) ^ uint64(v>>63)) }

func numberField(field int, value []byte) []byte { return append(varint(uint64(field<<3)), value...) }

func bytesField(field int, value []byte) []byte {
	return append(append(varint(uint64(field<<3|2)), varint(uint64(len(value)))...), value...)
}

func (f *pbfFile) block(kind string, data []byte, packed bool) {
	f.t.Helper()
	blob := bytesField(1, data)
	if packed {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		if _, err := w.Write(data); err != nil {
			f.t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			f.t.Fatal(err)
		}
		blob = append(numberField(2, varint(uint64(len(data)))), bytesField(3, z.Bytes())...)
	}
	head := append(bytesField(1, []byte(kind)), numberField(3, varint(uint64(len(blob))))...)
	f.out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(head))))
	f.out.Write(head)
	f.out.Write(blob)
}

func (f *pbfFile) header(writer string, features ...string) {
	box := append(append(append(
		numberField(1, sint(118_400_000_000)), numberField(2, sint(118_450_000_000))...),
		numberField(3, sint(31_220_000_000))...), numberField(4, sint(31_180_000_000))...)
	data := bytesField(1, box)
	for _, feature := range features {
		data = append(data, bytesField(4, []byte(feature))...)
	}
	f.block("OSMHeader", append(data, bytesField(16, []byte(writer))...), false)
}

// texts is the string table of one block.
type texts struct{ list []string }

func (s *texts) index(word string) uint64 {
	for i, have := range s.list {
		if have == word {
			return uint64(i)
		}
	}
	s.list = append(s.list, word)
	return uint64(len(s.list) - 1)
}

func (s *texts) keysValues(tags []string) (keys, values []byte) {
	for i := 0; i < len(tags); i += 2 {
		keys = append(keys, varint(s.index(tags[i]))...)
		values = append(values, varint(s.index(tags[i+1]))...)
	}
	return keys, values
}

// data writes one block: the first node in the plain form and the others in the dense form.
func (f *pbfFile) data(nodes []pbfNode, ways []pbfWay, relations []pbfRelation) {
	s := &texts{list: []string{""}}
	unit := func(deg float64) int64 { return int64(math.Round(deg * 1e7)) } // Granularity 100 nanodegrees.
	var group []byte
	var ids, lats, lons, words []byte
	var id, lat, lon int64
	for i, n := range nodes {
		if i == 0 {
			keys, values := s.keysValues(n.tags)
			body := append(numberField(1, sint(n.id)), bytesField(2, keys)...)
			body = append(append(body, bytesField(3, values)...), numberField(8, sint(unit(n.lat)))...)
			group = append(group, bytesField(1, append(body, numberField(9, sint(unit(n.lon)))...))...)
			continue
		}
		ids = append(ids, sint(n.id-id)...)
		lats = append(lats, sint(unit(n.lat)-lat)...)
		lons = append(lons, sint(unit(n.lon)-lon)...)
		id, lat, lon = n.id, unit(n.lat), unit(n.lon)
		for _, word := range n.tags {
			words = append(words, varint(s.index(word))...)
		}
		words = append(words, 0)
	}
	dense := append(bytesField(1, ids), bytesField(8, lats)...)
	dense = append(append(dense, bytesField(9, lons)...), bytesField(10, words)...)
	group = append(group, bytesField(2, dense)...)
	for _, w := range ways {
		keys, values := s.keysValues(w.tags)
		var refs []byte
		last := int64(0)
		for _, r := range w.refs {
			refs, last = append(refs, sint(r-last)...), r
		}
		body := append(numberField(1, varint(uint64(w.id))), bytesField(2, keys)...)
		group = append(group, bytesField(3, append(append(body, bytesField(3, values)...), bytesField(8, refs)...))...)
	}
	for _, r := range relations {
		keys, values := s.keysValues(r.tags)
		var roles, members, kinds []byte
		last := int64(0)
		for _, m := range r.members {
			roles = append(roles, varint(s.index(m.role))...)
			members, last = append(members, sint(m.id-last)...), m.id
			kinds = append(kinds, varint(uint64(m.kind))...)
		}
		body := append(append(numberField(1, varint(uint64(r.id))), bytesField(2, keys)...), bytesField(3, values)...)
		body = append(append(append(body, bytesField(8, roles)...), bytesField(9, members)...), bytesField(10, kinds)...)
		group = append(group, bytesField(4, body)...)
	}
	var table []byte
	for _, word := range s.list {
		table = append(table, bytesField(1, []byte(word))...)
	}
	// The strings stand behind what uses them: a reader must not depend on the order.
	f.block("OSMData", append(bytesField(2, group), bytesField(1, table)...), true)
}

package tile_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"testing"

	"shuniu/internal/tile"
)

// A reader of vector tiles, written by hand from the specification, so that the writer is tested against the format
// and not against itself. It refuses whatever the specification forbids.

type feature struct {
	shape int // 1 points, 2 lines, 3 areas.
	tags  map[string]any
	parts [][][2]int // Lines, or rings without their last corner; a point is a line of one.
	areas []int      // Twice the area of each ring: above 0 for an outline.
}

type layers map[string][]feature

func (l layers) names() []string {
	var out []string
	for name := range l {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// with gives the features of a layer whose property has the value.
func (l layers) with(layer, key string, value any) []feature {
	var out []feature
	for _, f := range l[layer] {
		if f.tags[key] == value {
			out = append(out, f)
		}
	}
	return out
}

type field struct {
	number int
	varint uint64
	bytes  []byte
}

func fields(data []byte) ([]field, error) {
	var out []field
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, io.ErrUnexpectedEOF
		}
		value, m := binary.Uvarint(data[n:])
		if m <= 0 {
			return nil, io.ErrUnexpectedEOF
		}
		f := field{number: int(key >> 3)}
		data = data[n+m:]
		switch key & 7 {
		case 0:
			f.varint = value
		case 2:
			if value > uint64(len(data)) {
				return nil, io.ErrUnexpectedEOF
			}
			f.bytes, data = data[:value], data[value:]
		default:
			return nil, fmt.Errorf("wire type %d", key&7)
		}
		out = append(out, f)
	}
	return out, nil
}

func numbers(data []byte) ([]uint64, error) {
	var out []uint64
	for len(data) > 0 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, io.ErrUnexpectedEOF
		}
		out, data = append(out, v), data[n:]
	}
	return out, nil
}

// open asks a set for a tile and reads it.
func open(t testing.TB, s *tile.Set, z, x, y int) layers {
	t.Helper()
	packed, ok := s.Tile(z, x, y)
	if !ok {
		t.Fatalf("no tile %d/%d/%d", z, x, y)
	}
	got, err := decode(packed)
	if err != nil {
		t.Fatalf("tile %d/%d/%d: %v", z, x, y, err)
	}
	return got
}

func decode(packed []byte) (layers, error) {
	out := layers{}
	if packed == nil {
		return out, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	all, err := fields(plain)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.number != 3 || f.bytes == nil {
			return nil, fmt.Errorf("field %d in a tile", f.number)
		}
		name, features, err := readLayer(f.bytes)
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", name, err)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("layer %s is there twice", name)
		}
		out[name] = features
	}
	return out, nil
}

func readLayer(data []byte) (name string, out []feature, err error) {
	all, err := fields(data)
	if err != nil {
		return "", nil, err
	}
	var keys []string
	var values []any
	var raw [][]byte
	version, extent := uint64(0), uint64(0)
	for _, f := range all {
		switch f.number {
		case 15:
			version = f.varint
		case 1:
			name = string(f.bytes)
		case 2:
			raw = append(raw, f.bytes)
		case 3:
			keys = append(keys, string(f.bytes))
		case 4:
			inner, err := fields(f.bytes)
			if err != nil || len(inner) != 1 {
				return name, nil, fmt.Errorf("value %x", f.bytes)
			}
			if inner[0].number == 1 {
				values = append(values, string(inner[0].bytes))
			} else {
				values = append(values, int(inner[0].varint))
			}
		case 5:
			extent = f.varint
		}
	}
	if version != 2 || extent != 4096 || name == "" || len(raw) == 0 {
		return name, nil, fmt.Errorf("version %d, extent %d, %d features", version, extent, len(raw))
	}
	for _, r := range raw {
		f, err := readFeature(r, keys, values)
		if err != nil {
			return name, nil, err
		}
		out = append(out, f)
	}
	return name, out, nil
}

func readFeature(data []byte, keys []string, values []any) (feature, error) {
	f := feature{tags: map[string]any{}}
	all, err := fields(data)
	if err != nil {
		return f, err
	}
	var tags, course []uint64
	for _, x := range all {
		switch x.number {
		case 2:
			tags, err = numbers(x.bytes)
		case 3:
			f.shape = int(x.varint)
		case 4:
			course, err = numbers(x.bytes)
		}
		if err != nil {
			return f, err
		}
	}
	for i := 0; i < len(tags); i += 2 {
		if i+1 >= len(tags) || tags[i] >= uint64(len(keys)) || tags[i+1] >= uint64(len(values)) {
			return f, fmt.Errorf("tags %v", tags)
		}
		f.tags[keys[tags[i]]] = values[tags[i+1]]
	}
	return f, f.follow(course)
}

// follow draws the commands and holds them against section 4.3.4 of the specification.
func (f *feature) follow(course []uint64) error {
	x, y := 0, 0
	closed := true
	for i := 0; i < len(course); {
		command, count := course[i]&7, int(course[i]>>3)
		i++
		if command == 7 {
			if f.shape != 3 || count != 1 || len(f.parts) == 0 || closed {
				return fmt.Errorf("close in %v", course)
			}
			closed = true
			if err := f.close(); err != nil {
				return err
			}
			continue
		}
		if count == 0 || i+2*count > len(course) || command == 1 && count > 1 && f.shape != 1 || command != 1 && command != 2 || command == 2 && len(f.parts) == 0 {
			return fmt.Errorf("command %d, %d times, shape %d", command, count, f.shape)
		}
		for range count {
			dx, dy := unzigzag(course[i]), unzigzag(course[i+1])
			i += 2
			if command == 2 && dx == 0 && dy == 0 {
				return fmt.Errorf("a step of no length")
			}
			x, y = x+dx, y+dy
			if command == 1 {
				if f.shape == 3 && !closed {
					return fmt.Errorf("a ring that is not closed")
				}
				f.parts, closed = append(f.parts, nil), false
			}
			last := len(f.parts) - 1
			f.parts[last] = append(f.parts[last], [2]int{x, y})
		}
	}
	for _, p := range f.parts {
		if f.shape == 1 && len(p) != 1 || f.shape == 2 && len(p) < 2 {
			return fmt.Errorf("%d corners in shape %d", len(p), f.shape)
		}
		for _, c := range p {
			if c[0] < -97 || c[0] > 4096+97 || c[1] < -97 || c[1] > 4096+97 {
				return fmt.Errorf("a corner at %v", c)
			}
		}
	}
	if f.shape < 1 || f.shape > 3 || len(f.parts) == 0 || f.shape == 3 && (!closed || f.areas[0] < 0) {
		return fmt.Errorf("shape %d, %d parts", f.shape, len(f.parts))
	}
	return nil
}

func (f *feature) close() error {
	ring, sum := f.parts[len(f.parts)-1], 0
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += a[0]*b[1] - b[0]*a[1]
	}
	if sum == 0 || len(ring) < 3 {
		return fmt.Errorf("a ring of %d corners without an area", len(ring))
	}
	f.areas = append(f.areas, sum)
	return nil
}

func unzigzag(v uint64) int { return int(int32(uint32(v)>>1) ^ -int32(v&1)) }

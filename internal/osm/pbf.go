package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"shuniu/internal/geo"
)

// Limits of the PBF format (https://wiki.openstreetmap.org/wiki/PBF_Format): a header is below 64 KiB, a blob below
// 32 MiB, compressed or not. They also bound the memory that a hostile file can take.
const (
	headerBytesMax = 64 << 10
	blobBytesMax   = 32 << 20
)

// decodePBF reads OpenStreetMap PBF, block by block.
func decodePBF(r io.Reader, w *swelling, c *collector) error {
	for block := 0; ; block++ {
		kind, data, err := readBlock(r)
		if err == nil {
			err = w.add(len(data))
		}
		if errors.Is(err, io.EOF) && block > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("block %d: %w", block, err)
		}
		switch kind {
		case "OSMHeader":
			err = headerBlock(data, c)
		case "OSMData":
			err = dataBlock(data, c)
		}
		if err != nil {
			return fmt.Errorf("block %d: %w", block, err)
		}
	}
}

// readBlock reads one block of the file. It answers io.EOF only between blocks.
func readBlock(r io.Reader) (kind string, data []byte, err error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return "", nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n >= headerBytesMax {
		return "", nil, fmt.Errorf("block header of %d bytes", n)
	}
	head, err := take(r, int64(n))
	if err != nil {
		return "", nil, err
	}
	length := uint64(0)
	m := message{data: head}
	for m.next() {
		switch m.field {
		case 1:
			kind = string(m.bytes)
		case 3:
			length = m.varint
		}
	}
	if m.err != nil {
		return "", nil, m.err
	}
	if length >= blobBytesMax {
		return "", nil, fmt.Errorf("block of %d bytes", length)
	}
	blob, err := take(r, int64(length))
	if err != nil {
		return "", nil, err
	}
	data, err = inflate(blob)
	return kind, data, err
}

// take reads exactly n bytes, and never reserves more memory than the file really holds.
func take(r io.Reader, n int64) ([]byte, error) {
	var b bytes.Buffer
	if got, err := io.CopyN(&b, r, n); err != nil {
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%d of %d bytes: %w", got, n, io.ErrUnexpectedEOF)
		}
		return nil, err
	}
	return b.Bytes(), nil
}

func inflate(blob []byte) ([]byte, error) {
	m := message{data: blob}
	for m.next() {
		switch m.field {
		case 1:
			return m.bytes, nil
		case 3:
			z, err := zlib.NewReader(bytes.NewReader(m.bytes))
			if err != nil {
				return nil, fmt.Errorf("zlib: %w", err)
			}
			data, err := io.ReadAll(io.LimitReader(z, blobBytesMax+1))
			if err != nil {
				return nil, fmt.Errorf("zlib: %w", err)
			}
			if len(data) > blobBytesMax {
				return nil, errors.New("block unpacks to more than 32 MiB")
			}
			return data, nil
		case 4, 5, 6, 7:
			return nil, foreign{"its blocks are packed with lzma, lz4 or zstd", "Convert it with zlib compression, for example with osmium cat -f pbf,pbf_compression=zlib."}
		}
	}
	return nil, m.err
}

func headerBlock(data []byte, c *collector) error {
	m := message{data: data}
	writer, source := "", ""
	for m.next() {
		switch m.field {
		case 1:
			c.setBounds(headerBox(m.bytes))
		case 4:
			switch feature := string(m.bytes); feature {
			case "OsmSchema-V0.6", "DenseNodes":
			default:
				return foreign{fmt.Sprintf("it needs the feature %.40q", feature), "Export a current extract without history."}
			}
		case 16:
			writer = string(m.bytes)
		case 17:
			source = string(m.bytes)
		}
	}
	c.source(writer+" "+source, "")
	return m.err
}

func headerBox(data []byte) geo.Bounds {
	b := geo.Bounds{}
	for m := (message{data: data}); m.next(); {
		deg := float64(zigzag(m.varint)) / 1e9
		switch m.field {
		case 1:
			b.Min.Lon = deg
		case 2:
			b.Max.Lon = deg
		case 3:
			b.Max.Lat = deg
		case 4:
			b.Min.Lat = deg
		}
	}
	return b
}

// primitives is one data block.
type primitives struct {
	c           *collector
	strings     []string
	granularity int64 // Nanodegrees in one unit.
	lat, lon    int64 // Offsets in nanodegrees.
}

func dataBlock(data []byte, c *collector) error {
	p := &primitives{c: c, granularity: 100}
	var groups [][]byte // The strings may stand behind them.
	m := message{data: data}
	for m.next() {
		switch m.field {
		case 1:
			table := message{data: m.bytes}
			for table.next() {
				if table.field == 1 {
					p.strings = append(p.strings, string(table.bytes))
				}
			}
			if table.err != nil {
				return table.err
			}
		case 2:
			groups = append(groups, m.bytes)
		case 17:
			p.granularity = int64(m.varint)
		case 19:
			p.lat = int64(m.varint)
		case 20:
			p.lon = int64(m.varint)
		}
	}
	if m.err != nil {
		return m.err
	}
	for _, g := range groups {
		if err := p.group(g); err != nil {
			return err
		}
	}
	return nil
}

func (p *primitives) group(data []byte) error {
	m := message{data: data}
	for m.next() {
		var err error
		switch m.field {
		case 1:
			err = p.element(m.bytes, p.node)
		case 2:
			err = p.dense(m.bytes)
		case 3:
			err = p.element(m.bytes, p.way)
		case 4:
			err = p.element(m.bytes, p.relation)
		}
		if err != nil {
			return err
		}
	}
	return m.err
}

// parts are the fields of one node, way or relation.
type parts struct {
	id       int64 // Plain; nodes write it as zigzag.
	rawID    uint64
	lat, lon int64
	tags     tags
	lists    [11][]uint64 // Fields 8, 9 and 10 of ways and relations.
}

func (p *primitives) element(data []byte, use func(*parts) error) error {
	var e parts
	var keys, values []uint64
	var err error
	m := message{data: data}
	for m.next() && err == nil {
		switch {
		case m.field == 1:
			e.id, e.rawID = int64(m.varint), m.varint
		case m.field == 2:
			keys, err = numbers(m.bytes)
		case m.field == 3:
			values, err = numbers(m.bytes)
		case m.field >= 8 && m.field <= 10 && m.bytes != nil:
			e.lists[m.field], err = numbers(m.bytes)
		case m.field == 8:
			e.lat = zigzag(m.varint)
		case m.field == 9:
			e.lon = zigzag(m.varint)
		}
	}
	if err = errors.Join(err, m.err); err != nil {
		return err
	}
	if len(keys) != len(values) {
		return errProto
	}
	for i := range keys {
		k, okK := p.text(keys[i])
		v, okV := p.text(values[i])
		if !okK || !okV {
			return errProto
		}
		e.tags = append(e.tags, tag{k, v})
	}
	return use(&e)
}

func (p *primitives) text(i uint64) (string, bool) {
	if i >= uint64(len(p.strings)) {
		return "", false
	}
	return p.strings[i], true
}

func (p *primitives) place(lat, lon int64) geo.Point {
	return geo.Point{Lon: float64(p.lon+p.granularity*lon) / 1e9, Lat: float64(p.lat+p.granularity*lat) / 1e9}
}

func (p *primitives) node(e *parts) error {
	p.c.node(zigzag(e.rawID), p.place(e.lat, e.lon), e.tags)
	return nil
}

func (p *primitives) way(e *parts) error {
	refs := make([]int64, len(e.lists[8]))
	at := int64(0)
	for i, d := range e.lists[8] {
		at += zigzag(d)
		refs[i] = at
	}
	p.c.way(e.id, refs, e.tags)
	return nil
}

func (p *primitives) relation(e *parts) error {
	roles, ids, kinds := e.lists[8], e.lists[9], e.lists[10]
	if len(roles) != len(ids) || len(kinds) != len(ids) {
		return errProto
	}
	members := make([]member, len(ids))
	at := int64(0)
	for i := range ids {
		at += zigzag(ids[i])
		role, ok := p.text(roles[i])
		if !ok || kinds[i] > 2 {
			return errProto
		}
		members[i] = member{kind: [3]string{"node", "way", "relation"}[kinds[i]], ref: at, role: role}
	}
	p.c.relation(e.id, members, e.tags)
	return nil
}

// dense reads nodes that are written as columns of differences.
func (p *primitives) dense(data []byte) error {
	var columns [11][]uint64 // 1 ids, 8 latitudes, 9 longitudes, 10 tags of all nodes, each list ended by 0.
	m := message{data: data}
	for m.next() {
		if f := m.field; f == 1 || f == 8 || f == 9 || f == 10 {
			var err error
			if columns[f], err = numbers(m.bytes); err != nil {
				return err
			}
		}
	}
	ids, lats, lons, words := columns[1], columns[8], columns[9], columns[10]
	if m.err != nil || len(lats) != len(ids) || len(lons) != len(ids) {
		return errProto
	}
	var id, lat, lon int64
	for i := range ids {
		id, lat, lon = id+zigzag(ids[i]), lat+zigzag(lats[i]), lon+zigzag(lons[i])
		var ts tags
		for len(words) > 0 && words[0] != 0 {
			if len(words) < 2 {
				return errProto
			}
			k, okK := p.text(words[0])
			v, okV := p.text(words[1])
			if !okK || !okV {
				return errProto
			}
			ts, words = append(ts, tag{k, v}), words[2:]
		}
		if len(words) > 0 {
			words = words[1:]
		}
		p.c.node(id, p.place(lat, lon), ts)
	}
	return nil
}

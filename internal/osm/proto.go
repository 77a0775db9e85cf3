package osm

import (
	"encoding/binary"
	"errors"
)

// errProto says that the bytes are no protobuf message.
var errProto = errors.New("a block is not well formed")

// message walks over the fields of one protobuf message.
type message struct {
	data   []byte
	field  int    // Of the value below.
	varint uint64 // Value of a number field.
	bytes  []byte // Value of a length-delimited field; nil for the others.
	err    error
}

// next moves to the next field and answers false at the end and on an error.
func (m *message) next() bool {
	if m.err != nil || len(m.data) == 0 {
		return false
	}
	key := m.uvarint()
	m.field, m.bytes, m.varint = int(key>>3), nil, 0
	skip := 0
	switch key & 7 {
	case 0:
		m.varint = m.uvarint()
	case 1:
		skip = 8
	case 2:
		n := m.uvarint()
		if m.err == nil && n > uint64(len(m.data)) {
			m.err = errProto
		}
		if m.err == nil {
			m.bytes, m.data = m.data[:n:n], m.data[n:]
		}
	case 5:
		skip = 4
	default:
		m.err = errProto
	}
	if skip > len(m.data) {
		m.err = errProto
	} else {
		m.data = m.data[skip:]
	}
	return m.err == nil
}

func (m *message) uvarint() uint64 {
	v, n := binary.Uvarint(m.data)
	if n <= 0 {
		m.err, m.data = errProto, nil
		return 0
	}
	m.data = m.data[n:]
	return v
}

// numbers reads a packed list of numbers.
func numbers(data []byte) ([]uint64, error) {
	out := make([]uint64, 0, len(data))
	for len(data) > 0 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, errProto
		}
		out, data = append(out, v), data[n:]
	}
	return out, nil
}

// zigzag reads the signed numbers that protobuf calls sint.
func zigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

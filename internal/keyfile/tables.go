package keyfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A table is a file of entries that are found by hash: name, value, checksum. An entry lies within 64 places after
// where its name points; when these are all taken, the next table, four times as large, takes it. So no table is ever
// rewritten, memory holds nothing of it, and ten million subjects fit in seven files. A damaged entry is passed over.
const (
	nameBytes       = 16
	entryBytes      = 32
	probesMax       = 64
	firstTablePlace = 4096 // Places in table 0; a power of two.
)

type name [nameBytes]byte

type tables struct {
	files  []file
	make   func(level int) (file, error)
	window []byte // The places that were read last; the store's lock guards it.
}

func openTables(levels int, open func(level int) (file, error)) (*tables, error) {
	t := &tables{make: open, window: make([]byte, probesMax*entryBytes)}
	for range max(levels, 1) {
		if err := t.grow(); err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
	return t, nil
}

func places(level int) uint64 { return firstTablePlace << (2 * level) }

// grow opens the next table, and gives it its full length, which is a hole until something is written.
func (t *tables) grow() error {
	level := len(t.files)
	f, err := t.make(level)
	if err != nil {
		return err
	}
	t.files = append(t.files, f)
	if err := f.Truncate(int64(places(level)+probesMax) * entryBytes); err != nil { //nolint:gosec // far below the limit
		return fmt.Errorf("keyfile: a table cannot be made: %w", diskFull(err))
	}
	return nil
}

// probe reads the places where an entry of this name may stand into the window, and says where they begin.
func (t *tables) probe(level int, n name) (int64, error) {
	place := binary.BigEndian.Uint64(n[:]) & (places(level) - 1)
	at := int64(place) * entryBytes //nolint:gosec // far below the limit
	read, err := t.files[level].ReadAt(t.window, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("keyfile: a table cannot be read: %w", err)
	}
	clear(t.window[read:]) // A table that was cut short ends in free places.
	return at, nil
}

// find gives every value of a name, newest table first.
func (t *tables) find(n name) ([]uint64, error) {
	var found []uint64
	for level := len(t.files) - 1; level >= 0; level-- {
		if _, err := t.probe(level, n); err != nil {
			return nil, err
		}
		for at := 0; at < len(t.window); at += entryBytes {
			entry := t.window[at : at+entryBytes]
			if isFree(entry) {
				break
			}
			if name(entry[:nameBytes]) == n && crc(entry) == binary.BigEndian.Uint32(entry[28:]) {
				found = append(found, binary.BigEndian.Uint64(entry[16:]))
			}
		}
	}
	return found, nil
}

func (t *tables) has(n name) (bool, error) {
	found, err := t.find(n)
	return len(found) > 0, err
}

// add writes an entry into the newest table, without a sync.
func (t *tables) add(n name, value uint64) error {
	for {
		level := len(t.files) - 1
		start, err := t.probe(level, n)
		if err != nil {
			return err
		}
		for at := 0; at < len(t.window); at += entryBytes {
			entry := t.window[at : at+entryBytes]
			if !isFree(entry) {
				continue
			}
			copy(entry, n[:])
			binary.BigEndian.PutUint64(entry[16:], value)
			entry[24] = 1 // So that no entry looks free.
			binary.BigEndian.PutUint32(entry[28:], crc(entry))
			if _, err := t.files[level].WriteAt(entry, start+int64(at)); err != nil {
				return fmt.Errorf("keyfile: a table cannot be written: %w", diskFull(err))
			}
			return nil
		}
		if err := t.grow(); err != nil {
			return err
		}
	}
}

func isFree(entry []byte) bool { return entry[24] == 0 }

func crc(entry []byte) uint32 { return crc32.ChecksumIEEE(entry[:28]) }

func (t *tables) sync() error {
	var err error
	for _, f := range t.files {
		err = errors.Join(err, f.Sync())
	}
	return err
}

func (t *tables) close() error {
	var err error
	for _, f := range t.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

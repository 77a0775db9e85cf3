package founding

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"shuniu/internal/fault"
)

// Sizes beyond any honest table. They keep a wrong or a hostile file from filling the memory and the screen.
const (
	tableBytesMax  = 1 << 30  // Unpacked: 1 GiB.
	recordBytesMax = 1 << 20  // One row: 1 MiB.
	columnsMax     = 2000     // In the header.
	headerCharsMax = 200      // One name of a column, in characters.
	swellMax       = 100      // A packed table may become so many times its size,
	swellFree      = 64 << 20 // once it is more than 64 MiB. Tables shrink to a tenth or a twentieth.
)

// table is a CSV file, plain or packed, with a header.
type table struct {
	header []string
	rows   *csv.Reader
	bounds *bounds
	file   *os.File
}

// bounds are how much of a file is read.
type bounds struct {
	raw      io.Reader
	read     int64 // Bytes of the file.
	size     int64 // Of the file; 0 when it is not known.
	unpacked int64
	record   int // Bytes since the row began, and a little before it.
	packed   bool
	progress func(read, total int64) // Nil tells nobody.
}

func (b *bounds) Read(p []byte) (int, error) {
	n, err := b.raw.Read(p)
	if b.read += int64(n); b.progress != nil && n > 0 {
		b.progress(b.read, b.size)
	}
	return n, err
}

// bounded is what becomes of a file when it is unpacked.
type bounded struct {
	*bounds

	in io.Reader
}

func (b bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.unpacked += int64(n)
	b.record += n
	switch {
	case b.packed && b.unpacked > swellFree && b.unpacked > swellMax*b.read:
		return 0, errors.New("it unpacks to more than a hundred times its size, which no table does")
	case b.unpacked > tableBytesMax:
		return 0, fmt.Errorf("it holds more than %d MiB", tableBytesMax>>20)
	case b.record > recordBytesMax:
		return 0, fmt.Errorf("a row is longer than %d KiB", recordBytesMax>>10)
	}
	return n, err
}

// openTable opens a CSV file and reads its header. The delimiter is what the header has most of. progress is told how
// many bytes of the file are read; nil tells nobody.
func openTable(path string, progress func(read, total int64)) (*table, error) {
	const op = "shuniu import"
	f, err := os.Open(path) //nolint:gosec // The file that the operator named.
	if err != nil {
		return nil, fault.Wrap(op, fault.NotFound, err, "%s cannot be read", filepath.Base(path)).Mend("name a CSV file with a header line, plain or packed with gzip")
	}
	b := &bounds{raw: f, progress: progress}
	if info, err := f.Stat(); err == nil {
		b.size = info.Size()
	}
	t, err := newTable(b, filepath.Base(path))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	t.file = f
	return t, nil
}

func newTable(b *bounds, name string) (*table, error) {
	in := bufio.NewReaderSize(b, 1<<16)
	if head, _ := in.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, damagedTable(name, err)
		}
		b.packed = true
		in = bufio.NewReaderSize(z, 1<<16)
	}
	if bom, _ := in.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // It was peeked.
	}
	head, _ := in.Peek(1 << 12)
	line, _, _ := strings.Cut(string(head), "\n")
	t := &table{rows: csv.NewReader(bounded{b, in}), bounds: b}
	for _, r := range ";\t|" {
		if strings.Count(line, string(r)) > strings.Count(line, string(t.rows.Comma)) {
			t.rows.Comma = r
		}
	}
	t.rows.FieldsPerRecord, t.rows.LazyQuotes, t.rows.ReuseRecord = -1, true, false
	var err error
	if t.header, err = t.rows.Read(); err != nil {
		return nil, damagedTable(name, err)
	}
	if len(t.header) > columnsMax {
		return nil, fault.New("shuniu import", fault.Invalid, "%s has %d columns; %d are the most", name, len(t.header), columnsMax).Mend("name a CSV file with a header line, or take columns out")
	}
	for i, h := range t.header {
		t.header[i] = strings.TrimSpace(h)
		switch {
		case !utf8.ValidString(h):
			return nil, fault.New("shuniu import", fault.Invalid, "%s is not UTF-8", name).Mend("save it as UTF-8, for example with iconv -f GB18030 -t UTF-8")
		case utf8.RuneCountInString(h) > headerCharsMax:
			return nil, fault.New("shuniu import", fault.Invalid, "column %d of %s has a name of more than %d characters: %s", i+1, name, headerCharsMax, brief(h)).
				Mend("name a CSV file with a header line, or shorten the name")
		}
	}
	return t, nil
}

func damagedTable(name string, err error) error {
	return fault.Wrap("shuniu import", fault.Invalid, err, "%s is no CSV file with a header: %v", name, err).Mend("export it again as CSV, or fetch it again")
}

// next gives the next row with its line; io.EOF at the end.
func (t *table) next() (row []string, line int, err error) {
	t.bounds.record = 0
	row, err = t.rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, 0, io.EOF
	}
	line, _ = t.rows.FieldPos(0)
	if err != nil {
		return nil, line, fault.Wrap("shuniu import", fault.Invalid, err, "the table is damaged: %v", err).Mend("mend that line, or export the file again")
	}
	return row, line, nil
}

func (t *table) close() error { return t.file.Close() }

// column finds a column by its name.
func (t *table) column(name string) (int, error) {
	for i, h := range t.header {
		if h == name {
			return i, nil
		}
	}
	return 0, fault.New("shuniu import", fault.Invalid, "the file has no column %s", brief(name)).Mend("name one of its columns: " + strings.Join(few(t.header), " | "))
}

// guess is the first column whose name is one of the words or, when loose, holds one; empty when there is none.
func (t *table) guess(loose bool, words ...string) string {
	for _, exact := range []bool{true, false} {
		if !exact && !loose {
			break
		}
		for _, w := range words {
			for _, h := range t.header {
				name := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(h))
				if name == w || !exact && strings.Contains(name, w) {
					return h
				}
			}
		}
	}
	return ""
}

// few keeps a list in one line, and each of its words short.
func few(all []string) []string {
	const most = 40
	out := make([]string, 0, min(len(all), most)+1)
	for _, word := range all[:min(len(all), most)] {
		out = append(out, short(word))
	}
	if len(all) > most {
		out = append(out, fmt.Sprintf("and %d more", len(all)-most))
	}
	return out
}

// briefChars is how much of a name of somebody else's file stands in a message.
const briefChars = 80

// short is a name of a file for a message: one line, cut when it is long.
func short(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, name[:min(len(name), 4*briefChars)])
	if cut := []rune(name); len(cut) > briefChars {
		return string(cut[:briefChars]) + "…"
	}
	return name
}

// brief is short in quotation marks.
func brief(name string) string { return `"` + short(name) + `"` }

// cell is a cell of a row; empty when the row is too short or the column is -1.
func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

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
	"unicode/utf8"

	"shuniu/internal/fault"
)

// tableBytesMax is how much of a table is read, unpacked: 1 GiB.
const tableBytesMax = 1 << 30

// table is a CSV file, plain or packed, with a header.
type table struct {
	header []string
	rows   *csv.Reader
	file   *os.File
}

// openTable opens a CSV file and reads its header. The delimiter is what the header has most of.
func openTable(path string) (*table, error) {
	const op = "shuniu import"
	f, err := os.Open(path) //nolint:gosec // The file that the operator named.
	if err != nil {
		return nil, fault.Wrap(op, fault.NotFound, err, "%s cannot be read", filepath.Base(path)).Mend("name a CSV file with a header line, plain or packed with gzip")
	}
	t, err := newTable(f, filepath.Base(path))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	t.file = f
	return t, nil
}

func newTable(r io.Reader, name string) (*table, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, damagedTable(name, err)
		}
		in = bufio.NewReaderSize(io.LimitReader(z, tableBytesMax), 1<<16)
	}
	if bom, _ := in.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // It was peeked.
	}
	head, _ := in.Peek(1 << 12)
	line, _, _ := strings.Cut(string(head), "\n")
	t := &table{rows: csv.NewReader(in)}
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
	for i, h := range t.header {
		if t.header[i] = strings.TrimSpace(h); !utf8.ValidString(h) {
			return nil, fault.New("shuniu import", fault.Invalid, "%s is not UTF-8", name).Mend("save it as UTF-8, for example with iconv -f GB18030 -t UTF-8")
		}
	}
	return t, nil
}

func damagedTable(name string, err error) error {
	return fault.Wrap("shuniu import", fault.Invalid, err, "%s is no CSV file with a header: %v", name, err).Mend("export it again as CSV, or fetch it again")
}

// next gives the next row with its line; io.EOF at the end.
func (t *table) next() (row []string, line int, err error) {
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
	return 0, fault.New("shuniu import", fault.Invalid, "the file has no column %q", name).Mend("name one of its columns: " + strings.Join(few(t.header), " | "))
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

// few keeps a list in one line.
func few(all []string) []string {
	const most = 40
	if len(all) > most {
		return append(all[:most:most], fmt.Sprintf("and %d more", len(all)-most))
	}
	return all
}

// cell is a cell of a row; empty when the row is too short or the column is -1.
func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

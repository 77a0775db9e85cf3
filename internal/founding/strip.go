package founding

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"unicode/utf8"

	"shuniu/internal/fault"
	"shuniu/internal/intake"
)

// strip is a file of calls with only the columns that the mapping reads, packed. What a centre does not read it need not
// keep: names and numbers of people stand in such columns. The result is read again, and must say the same calls.
func strip(ctx context.Context, file string, m intake.Mapping, read intake.File) (packed []byte, dropped int, err error) {
	const op = "shuniu import calls"
	t, err := openTable(file, nil)
	if err != nil {
		return nil, 0, err
	}
	defer t.close() //nolint:errcheck // Read only: nothing can be lost.
	var keep []int
	names := m.Columns()
	for i, h := range t.header {
		if slices.Contains(names, h) {
			keep = append(keep, i)
		}
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := csv.NewWriter(z)
	w.Comma, _ = utf8.DecodeRuneInString(m.Delimiter)
	for row := t.header; err == nil; row, _, err = t.next() {
		out := make([]string, 0, len(keep))
		for _, i := range keep {
			if i < len(row) {
				out = append(out, row[i])
			}
		}
		if err := errors.Join(w.Write(out), ctx.Err()); err != nil {
			return nil, 0, err
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	w.Flush()
	if err := errors.Join(w.Error(), z.Close()); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", op, err)
	}
	again, err := intake.Read(ctx, bytes.NewReader(b.Bytes()), m, nil)
	if err != nil || !reflect.DeepEqual(unlined(read.Calls), unlined(again.Calls)) {
		return nil, 0, fault.Wrap(op, fault.Invalid, err, "without the other columns the file does not say the same calls: it has rows that are broken").
			Mend("mend or remove the rows that are named above, or leave out --strip and take the columns away by yourself")
	}
	return b.Bytes(), len(t.header) - len(keep), nil
}

// unlined are calls without the lines where they stood.
func unlined(calls []intake.Call) []intake.Call {
	out := slices.Clone(calls)
	for i := range out {
		out[i].Line = 0
		out[i].Units = slices.Clone(out[i].Units)
		for j := range out[i].Units {
			out[i].Units[j].Line = 0
		}
	}
	return out
}

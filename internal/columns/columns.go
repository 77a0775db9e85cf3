// Package columns reads tables that somebody else wrote: it finds what parts their columns, and compares the words of
// their heads.
//
// It guesses only what the text itself shows. What a column means is the caller's to say.
package columns

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// sampleBytes is how much of a text is looked at for its separator.
const sampleBytes = 1 << 16

// Reader reads rows of text, parted as the first lines show: by commas, semicolons, tabs, bars or blanks. Rows may differ
// in length. Lines that begin with comment are left out; 0 means none are. A byte order mark is left out.
func Reader(r io.Reader, comment rune) *csv.Reader {
	in := bufio.NewReaderSize(r, sampleBytes)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" { // What cannot be read is told by the first row.
		_, _ = in.Discard(len(mark))
	}
	sample, _ := in.Peek(sampleBytes)
	out := csv.NewReader(in)
	out.Comma, out.Comment, out.FieldsPerRecord = Separator(sample, comment), comment, -1
	out.TrimLeadingSpace = out.Comma != '\t' // Else a row that begins with an empty cell would lose it.
	return out
}

// Separator is what parts the columns of a text. It must part the first two lines into as many cells; of several that
// do, a tab comes before a semicolon, and that before a comma, which also stands in numbers and names. A comma is also
// the answer where nothing is found.
func Separator(sample []byte, comment rune) rune {
	lines := firstLines(sample, comment)
	if len(lines) == 0 {
		return ','
	}
	for _, c := range "\t;,|" {
		if n := count(lines[0], c); n > 0 && (len(lines) == 1 || count(lines[1], c) == n) {
			return c
		}
	}
	for _, c := range ",;\t|" { // Rows of different lengths.
		if count(lines[0], c) > 0 {
			return c
		}
	}
	if len(lines) == 2 {
		head, row := strings.Fields(lines[0]), strings.Fields(lines[1])
		if len(head) > 1 && len(head) == len(row) && Number(row[len(row)-1]) {
			return ' '
		}
	}
	return ','
}

// firstLines are the first two lines that say something. A last line that the sample cuts off is left out, unless it is
// the only one.
func firstLines(sample []byte, comment rune) (lines []string) {
	whole := len(sample) < sampleBytes
	for len(sample) > 0 && len(lines) < 2 {
		line, rest, ended := bytes.Cut(sample, []byte("\n"))
		sample = rest
		text := strings.TrimRight(string(line), "\r")
		if strings.TrimSpace(text) == "" || (comment != 0 && strings.HasPrefix(text, string(comment))) {
			continue
		}
		if !ended && !whole && len(lines) > 0 {
			break
		}
		lines = append(lines, text)
	}
	return lines
}

// count is how often a character stands in a line outside of quotes.
func count(line string, c rune) (n int) {
	quoted := false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == c && !quoted:
			n++
		}
	}
	return n
}

// Number reports whether a cell holds a number.
func Number(cell string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	return err == nil
}

// Word is a word of a head without what people write differently: "From Node", from_node and fromnode are the same, and so
// are "Time (s)" and time_s.
func Word(cell string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, cell)
}

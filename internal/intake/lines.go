package intake

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"strings"
)

const (
	maxLineBytes   = 1 << 20 // 1 MiB: beyond any honest line of a calls file.
	maxRecordLines = 200     // A quoted cell that runs over more lines was never closed.
	maxRecordBytes = 4 << 20 // 4 MiB in one row, for the same reason.
)

var (
	errOpenQuote  = errors.New("a quotation mark is opened and not closed")
	errStrayQuote = errors.New("a quotation mark stands inside a cell")
	errLongLine   = errors.New("the line is longer than 1 MiB")
)

// open unpacks gzip when the first bytes say so, and drops a byte order mark.
func open(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, err
		}
		br = bufio.NewReaderSize(z, 64<<10)
	}
	if bom, _ := br.Peek(3); string(bom) == "\xef\xbb\xbf" {
		if _, err := br.Discard(len(bom)); err != nil {
			return nil, err
		}
	}
	return br, nil
}

// line is one physical line of the file, with its end.
type line struct {
	text string
	long bool // Cut at maxLineBytes.
}

// records cuts a file into rows. Unlike encoding/csv it finds its way again after a quotation mark that is
// never closed: the line that opened it is bad, and the line below is read afresh. Without this, one such
// mark in a year of calls would swallow every call after it.
type records struct {
	in      *bufio.Reader
	comma   rune
	width   int    // Cells in the header; 0 while that is read.
	waiting []line // Lines read ahead and given back.
	number  int    // Of the last line taken.
}

// take gives the next physical line; io.EOF at the end.
func (r *records) take() (line, error) {
	if len(r.waiting) > 0 {
		l := r.waiting[0]
		r.waiting = r.waiting[1:]
		r.number++
		return l, nil
	}
	var b strings.Builder
	var l line
	for {
		part, err := r.in.ReadSlice('\n')
		if room := maxLineBytes - b.Len(); len(part) > room {
			part, l.long = part[:room], true
		}
		b.Write(part)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || b.Len() == 0) {
			return line{}, err
		}
		l.text = b.String()
		r.number++
		return l, nil
	}
}

// next gives the cells of the next row and the line where it starts. A bad row has cells nil and a reason;
// err is io.EOF at the end, or the failure of the file itself.
func (r *records) next() (cells []string, at int, reason, err error) {
	for {
		first, err := r.take()
		if err != nil {
			return nil, 0, nil, err
		}
		at = r.number
		if first.long {
			return nil, at, errLongLine, nil
		}
		if strings.TrimRight(first.text, "\r\n") == "" {
			continue
		}
		cells, reason, err = r.row(first)
		return cells, at, reason, err
	}
}

// row reads the row that starts with first, taking more lines while a quotation mark is open. When those
// lines do not make a row together, they are given back.
func (r *records) row(first line) (cells []string, reason, err error) {
	text, more := first.text, []line(nil)
	cells, reason = split(text, r.comma)
	for errors.Is(reason, errOpenQuote) && len(more) < maxRecordLines && len(text) < maxRecordBytes {
		l, err := r.take()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		more = append(more, l)
		if l.long {
			break
		}
		text += l.text
		if strings.Contains(l.text, `"`) {
			cells, reason = split(text, r.comma)
		}
	}
	if len(more) > 0 && reason == nil && r.width > 0 && len(cells) > r.width {
		reason = errOpenQuote // It was closed by the first mark of a later row.
	}
	if reason != nil {
		r.waiting = append(more, r.waiting...)
		r.number -= len(more)
		return nil, reason, nil
	}
	return cells, nil, nil
}

// split cuts one row into cells (RFC 4180): a cell that begins with a quotation mark ends with one, and
// holds it doubled. A mark inside an unquoted cell is an ordinary sign, as in 5" pipe.
func split(text string, comma rune) ([]string, error) {
	sep := string(comma)
	var cells []string
	for {
		if !strings.HasPrefix(text, `"`) {
			i := strings.Index(text, sep)
			if i < 0 {
				return append(cells, strings.TrimRight(text, "\r\n")), nil
			}
			cells, text = append(cells, text[:i]), text[i+len(sep):]
			continue
		}
		value, rest, err := quoted(text[1:])
		if err != nil {
			return nil, err
		}
		cells = append(cells, value)
		if strings.TrimRight(rest, "\r\n") == "" {
			return cells, nil
		}
		if !strings.HasPrefix(rest, sep) {
			return nil, errStrayQuote
		}
		text = rest[len(sep):]
	}
}

// quoted reads up to the closing mark and gives what stands after it.
func quoted(text string) (value, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			return "", "", errOpenQuote
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if !strings.HasPrefix(text, `"`) {
			return b.String(), text, nil
		}
		b.WriteByte('"')
		text = text[1:]
	}
}

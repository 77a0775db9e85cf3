package osm

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits that no honest map reaches. They bound what one element can take of the memory.
const (
	xmlTokenMax = 16 << 20 // One tag or one piece of text: 16 MiB.
	xmlDepthMax = 32       // OpenStreetMap XML is three deep.
)

// scanner cuts XML into tags. It is a part of XML 1.0 and not all of it: names of elements and attributes are ASCII,
// the text is UTF-8, and a document type has no parts of its own. What it takes, encoding/xml takes too and reads the same,
// which a fuzz test proves; it is here because reading a city with encoding/xml takes ten times as long.
type scanner struct {
	r    *bufio.Reader
	line int      // Of the file, from 1.
	long []byte   // A piece that does not fit into r's window.
	kept []byte   // A tag with ">" in quotes.
	open [][]byte // Names of the open elements; their memory is used again.
	deep int      // How many of them are open.

	// The tag that next found. Its bytes hold until the next call.
	name  []byte // Without its prefix.
	attrs []attribute
	start bool // An opening tag.
	empty bool // Opened and closed in one.
}

type attribute struct{ name, value []byte }

func newScanner(r io.Reader) *scanner { return &scanner{r: bufio.NewReaderSize(r, 1<<16), line: 1} }

// errXML is a damage of the XML itself; the line is added where it is found.
type errXML string

func (e errXML) Error() string { return string(e) }

const errTooLong = errXML("an element or a text is longer than 16 MiB")

// next finds the next tag; io.EOF only after a whole document.
func (s *scanner) next() error {
	for {
		text, err := s.until('<')
		if err != nil && !errors.Is(err, io.EOF) {
			return s.at(err)
		}
		ended := err != nil
		if !ended {
			text = text[:len(text)-1]
		}
		if !blank(text) {
			if _, err := decoded(text, true); err != nil {
				return s.at(err)
			}
		}
		if ended {
			if s.deep > 0 {
				return s.at(io.ErrUnexpectedEOF)
			}
			return io.EOF
		}
		found, err := s.markup()
		if err != nil {
			return s.at(whole(err))
		}
		if found {
			return nil
		}
	}
}

// at says where an error was found.
func (s *scanner) at(err error) error { return fmt.Errorf("line %d: %w", s.line, err) }

// whole turns an end of the file inside of something into what it is.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// until reads up to and with end. The bytes hold until the next read.
func (s *scanner) until(end byte) ([]byte, error) {
	part, err := s.r.ReadSlice(end)
	s.line += bytes.Count(part, []byte{'\n'})
	if !errors.Is(err, bufio.ErrBufferFull) {
		return part, err
	}
	s.long = append(s.long[:0], part...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(s.long) > xmlTokenMax {
			return nil, errTooLong
		}
		part, err = s.r.ReadSlice(end)
		s.line += bytes.Count(part, []byte{'\n'})
		s.long = append(s.long, part...)
	}
	return s.long, err
}

// markup reads what stands behind a "<", and reports whether it was a tag.
func (s *scanner) markup() (bool, error) {
	head, err := s.r.Peek(1)
	if err != nil {
		return false, err
	}
	switch head[0] {
	case '!':
		return false, s.declaration()
	case '?':
		return false, s.instruction()
	}
	body, err := s.body()
	if err != nil {
		return false, err
	}
	return true, s.tag(body[:len(body)-1])
}

// body reads a tag up to and with its ">", which may stand in quotes before.
func (s *scanner) body() ([]byte, error) {
	part, err := s.until('>')
	quote := quoteAfter(0, part)
	if err != nil || quote == 0 {
		return part, err
	}
	s.kept = append(s.kept[:0], part...)
	for quote != 0 {
		if part, err = s.until('>'); err != nil {
			return nil, err
		}
		if s.kept = append(s.kept, part...); len(s.kept) > xmlTokenMax {
			return nil, errTooLong
		}
		quote = quoteAfter(quote, part)
	}
	return s.kept, nil
}

// quoteAfter is the quotation mark that is open behind b, when quote was open before it; 0 for none.
func quoteAfter(quote byte, b []byte) byte {
	for _, c := range b {
		switch {
		case c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
	}
	return quote
}

// tag takes a tag apart: the bytes between "<" and ">".
func (s *scanner) tag(b []byte) error {
	s.attrs, s.empty = s.attrs[:0], false
	if len(b) > 0 && b[0] == '/' {
		full, rest, ok := cutName(b[1:])
		if !ok || len(bytes.TrimLeft(rest, spaces)) > 0 {
			return errXML("a closing tag is no tag")
		}
		return s.close(full)
	}
	full, rest, ok := cutName(b)
	if !ok {
		return errXML("a tag has no name")
	}
	var err error
	if s.name, err = local(full); err != nil {
		return err
	}
	for {
		rest = bytes.TrimLeft(rest, spaces)
		if len(rest) == 0 {
			break
		}
		if len(rest) == 1 && rest[0] == '/' {
			s.empty = true
			break
		}
		if rest, err = s.attribute(rest); err != nil {
			return err
		}
	}
	s.start = true
	if s.empty {
		return nil
	}
	if s.deep == xmlDepthMax {
		return errXML("its elements are nested more than 32 deep")
	}
	if s.deep == len(s.open) {
		s.open = append(s.open, nil)
	}
	s.open[s.deep] = append(s.open[s.deep][:0], full...)
	s.deep++
	return nil
}

// close ends the element that was opened last, which must have this name.
func (s *scanner) close(full []byte) error {
	if s.deep == 0 || !bytes.Equal(s.open[s.deep-1], full) {
		return errXML("a closing tag fits no opening one")
	}
	s.deep--
	s.start = false
	var err error
	s.name, err = local(full)
	return err
}

// attribute reads one attribute and gives what stands behind it.
func (s *scanner) attribute(b []byte) ([]byte, error) {
	full, rest, ok := cutName(b)
	if !ok {
		return nil, errXML("an attribute has no name")
	}
	name, err := local(full)
	if err != nil {
		return nil, err
	}
	rest = bytes.TrimLeft(rest, spaces)
	if len(rest) == 0 || rest[0] != '=' {
		return nil, errXML("an attribute has no value")
	}
	rest = bytes.TrimLeft(rest[1:], spaces)
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return nil, errXML("an attribute's value is not in quotes")
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return nil, errXML("an attribute's value is not closed")
	}
	value := rest[1 : end+1]
	if !easy(value) {
		if value, err = decoded(value, false); err != nil {
			return nil, err
		}
	}
	s.attrs = append(s.attrs, attribute{name, value})
	return rest[end+2:], nil
}

// value is an attribute of the tag; nil when it is not there.
func (s *scanner) value(name string) []byte {
	for _, a := range s.attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}

// declaration skips a comment or a document type, and checks unparsed text.
func (s *scanner) declaration() error {
	if head, err := s.r.Peek(9); err == nil && string(head[1:]) == "[CDATA[" {
		return errXML("unparsed text (CDATA) is not read")
	}
	if head, _ := s.r.Peek(3); string(head) != "!--" {
		body, err := s.until('>')
		if err == nil && !isLetter(body[1]) {
			err = errXML("a declaration has no name")
		}
		if err == nil && bytes.ContainsAny(body, `<"'`) {
			err = errXML("a document type with parts of its own is not read")
		}
		return err
	}
	if _, err := s.r.Discard(len("!--")); err != nil {
		return err
	}
	for was, before := byte(0), byte(0); ; {
		c, err := s.r.ReadByte()
		switch {
		case err != nil:
			return err
		case c == '\n':
			s.line++
		}
		if before == '-' && was == '-' {
			if c != '>' {
				return errXML("-- stands in a comment")
			}
			return nil
		}
		before, was = was, c
	}
}

// instruction skips a processing instruction; one that says another encoding or version is an error.
func (s *scanner) instruction() error {
	var body []byte
	for !bytes.HasSuffix(body, []byte("?>")) || len(body) < len("??>") {
		part, err := s.until('>')
		if err != nil {
			return err
		}
		if body = append(body, part...); len(body) > xmlTokenMax {
			return errXML("an instruction is longer than 16 MiB")
		}
	}
	target, rest, ok := cutName(body[1 : len(body)-2])
	if !ok {
		return errXML("an instruction has no name")
	}
	if string(target) != "xml" {
		return nil
	}
	if len(rest) > 1000 {
		return errXML("the XML declaration is no declaration")
	}
	for _, want := range []struct{ name, value string }{{"version", "1.0"}, {"encoding", "utf-8"}} {
		_, after, found := strings.Cut(string(rest), want.name)
		if found && !strings.HasPrefix(strings.ToLower(strings.NewReplacer(" ", "", "'", `"`).Replace(after)), `="`+want.value+`"`) {
			return errXML(fmt.Sprintf("its %s is not %s", want.name, want.value))
		}
	}
	return nil
}

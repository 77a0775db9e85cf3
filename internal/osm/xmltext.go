package osm

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spaces is what XML takes for white space.
const spaces = " \t\r\n"

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// easy reports whether a value stands for itself: printable ASCII without signs that mean something to XML.
func easy(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c >= utf8.RuneSelf || c == '&' || c == '<' {
			return false
		}
	}
	return true
}

// cutName takes a name from the beginning of b.
func cutName(b []byte) (name, rest []byte, ok bool) {
	n := 0
	for n < len(b) && (isLetter(b[n]) || n > 0 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-' || b[n] == '.')) {
		n++
	}
	if n < len(b) && b[n] >= utf8.RuneSelf {
		return nil, nil, false
	}
	return b[:n], b[n:], n > 0
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':'
}

// local is a name without its prefix.
func local(full []byte) ([]byte, error) {
	prefix, name, found := bytes.Cut(full, []byte{':'})
	switch {
	case !found, len(prefix) == 0 && !bytes.Contains(name, []byte{':'}), len(name) == 0:
		return full, nil
	case bytes.Contains(name, []byte{':'}):
		return nil, errXML("a name has two colons")
	}
	return name, nil
}

// decoded is text as it is meant: references written out, ends of lines made alike. Signs that XML forbids are errors.
func decoded(b []byte, text bool) ([]byte, error) {
	if text && bytes.Contains(b, []byte("]]>")) {
		return nil, errXML("]]> stands in a text")
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case '<':
			return nil, errXML("a < stands in a value")
		case '&':
			end := bytes.IndexByte(b[i:], ';')
			if end < 0 {
				return nil, errXML("an & begins no reference")
			}
			r, ok := reference(string(b[i+1 : i+end]))
			if !ok {
				return nil, errXML("an & begins no reference that is known")
			}
			out = utf8.AppendRune(out, r)
			i += end + 1
		case '\r':
			out = append(out, '\n')
			if i++; i < len(b) && b[i] == '\n' {
				i++
			}
		default:
			out = append(out, c)
			i++
		}
	}
	return out, legal(out)
}

// reference is the sign that &name; stands for.
func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	return rune(min(n, unicode.MaxRune)), ok && err == nil && n <= unicode.MaxRune
}

// legal refuses what is no sign of XML 1.0.
func legal(b []byte) error {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return errXML("the text is not UTF-8")
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return errXML(fmt.Sprintf("the sign %U may not be in XML", r))
		}
		b = b[n:]
	}
	return nil
}

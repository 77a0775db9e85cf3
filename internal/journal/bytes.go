package journal

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"shuniu/internal/cad"
)

func appendInt(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(append(b, name...), n, 10)
}

func appendTime(b []byte, name string, t time.Time) ([]byte, error) {
	b, err := t.AppendText(append(append(b, name...), '"')) // RFC 3339, as MarshalJSON writes it.
	return append(b, '"'), err
}

func appendText(b []byte, name, s string) []byte { return appendString(append(b, name...), s) }

// appendString writes a JSON string. Nearly all are plain; the rest is left to encoding/json.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic("journal: a string cannot be written: " + err.Error()) // It can: json.Marshal refuses no string.
			}
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func appendSubjects(b []byte, subjects []cad.Subject) []byte {
	b = append(b, `,"subjects":`...)
	if subjects == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, s := range subjects {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, string(s))
	}
	return append(b, ']')
}

func appendPrivate(b []byte, s *cad.Sealed) []byte {
	if s == nil {
		return b
	}
	b = append(b, `,"private":{`...)
	first := len(b)
	comma := func() {
		if len(b) > first {
			b = append(b, ',')
		}
	}
	if s.Subject != "" {
		b = appendText(b, `"s":`, string(s.Subject))
	}
	if s.Slot != 0 {
		comma()
		b = strconv.AppendUint(append(b, `"k":`...), s.Slot, 10)
	}
	if len(s.Box) > 0 {
		comma()
		b = append(base64.StdEncoding.AppendEncode(append(b, `"b":"`...), s.Box), '"')
	}
	return append(b, '}')
}

// privateBytes is about how long a private part is when it is written.
func privateBytes(s *cad.Sealed) int {
	if s == nil {
		return 0
	}
	return 48 + len(s.Subject) + base64.StdEncoding.EncodedLen(len(s.Box))
}

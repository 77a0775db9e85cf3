// Package fault names failures after what the other side can do about them. Every floor uses it; it must
// never carry personal data in its text, because a text may be read aloud in a dispatch room.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Kind says what the person or program at the other end can do about a failure.
type Kind uint8

// The kinds. A failure that is none of these is Internal.
const (
	Internal    Kind = iota // A bug here. The caller can do nothing; we page ourselves.
	Invalid                 // The request makes no sense. Mend it and send it again.
	Denied                  // The caller may not do this.
	NotFound                // There is no such thing, or the caller may not know of it.
	Conflict                // The world moved. Reload, look, decide again.
	Unavailable             // Something we need is down. The wish was not stored; try again under the same key.
)

// String is the kind's name on the wire.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case Denied:
		return "denied"
	case NotFound:
		return "not_found"
	case Conflict:
		return "conflict"
	case Unavailable:
		return "unavailable"
	case Internal:
	}
	return "internal"
}

// Error is a failure with a name for the operation that met it.
type Error struct {
	Op     string            // "package.Verb", for example "incident.Close".
	Kind   Kind              // What the other side can do.
	Text   string            // English, safe to show to a dispatcher. Never holds personal data.
	Code   string            // Stable name of the reason, for the catalogues: "units_committed". May be empty.
	Params map[string]string // What the catalogue text of Code needs. May be nil.
	Field  string            // The part of the request that is wrong, as a JSON path. May be empty.
	Remedy string            // What to do now, one sentence. May be empty.
	Err    error             // The cause, for the log only. May be nil.
}

// New makes an error whose text says what the caller did not know.
func New(op string, kind Kind, format string, args ...any) *Error {
	return &Error{Op: op, Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// Wrap makes an error with a cause that only the log may show.
func Wrap(op string, kind Kind, err error, format string, args ...any) *Error {
	return &Error{Op: op, Kind: kind, Text: fmt.Sprintf(format, args...), Err: err}
}

// Because names the reason for the catalogues. keyValues are alternating names and values.
func (e *Error) Because(code string, keyValues ...string) *Error {
	out := *e
	out.Code = code
	if len(keyValues) > 1 {
		out.Params = maps.Clone(e.Params)
		if out.Params == nil {
			out.Params = make(map[string]string, len(keyValues)/2)
		}
		for i := 0; i+1 < len(keyValues); i += 2 {
			out.Params[keyValues[i]] = keyValues[i+1]
		}
	}
	return &out
}

// At names the part of the request that is wrong.
func (e *Error) At(field string) *Error {
	out := *e
	out.Field = field
	return &out
}

// Mend says what to do now.
func (e *Error) Mend(remedy string) *Error {
	out := *e
	out.Remedy = remedy
	return &out
}

// Error is the whole chain, for the log. A cause that the text says already is not said again.
func (e *Error) Error() string {
	s := e.Op + ": " + e.Text
	if e.Err == nil || strings.HasSuffix(e.Text, e.Err.Error()) {
		return s
	}
	return s + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of any error; an unknown one is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Text is what a dispatcher may read about any error. What we do not know to be safe stays in the log.
func Text(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		return e.Text
	}
	return "internal error"
}

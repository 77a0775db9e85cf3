package cad

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shuniu/internal/fault"
)

// Fact is something that happened. It is plain data, is never refused, and is folded by its own room.
type Fact interface {
	// FactType is the stable name in the journal: "incident.closed".
	FactType() string
	// Subjects are the lives that it concerns, the owner first.
	Subjects() []Subject
}

// Confidential is a fact with a private part, which travels beside its data and is encrypted from the first
// record on. Facts without personal fields do not implement it.
type Confidential interface {
	Fact
	// Secret is the sealed part; zero if the person gave nothing.
	Secret() Sealed
	// WithSecret is the fact with its sealed part put back, after reading.
	WithSecret(Sealed) Fact
}

// Sealed is a private part: a small JSON object encrypted under its subject's key. Rooms carry it unopened, so
// that replay works and the state stays the same, byte for byte, after the key has been destroyed.
type Sealed struct {
	Subject Subject `json:"s,omitempty"`
	Slot    uint64  `json:"k,omitempty"` // Where the key store keeps the key.
	Box     []byte  `json:"b,omitempty"` // 12 byte nonce and AES-256-GCM cipher text.
}

// IsZero reports whether nothing was sealed.
func (s Sealed) IsZero() bool { return len(s.Box) == 0 }

// FactKind is one row of a room's table of facts.
type FactKind struct {
	Type    string
	Version int // The version that is written now. Older ones are lifted by Decode.
	Decode  func(version int, data []byte) (Fact, error)
}

// Kind makes the row of a fact that has had one version only.
func Kind[T Fact]() FactKind { return Grown[T](1) }

// Grown makes the row of a fact whose newer versions say more than the older ones, and nothing else. An older one is
// lifted by leaving empty what it did not say: empty must mean "not said" to whoever folds it.
func Grown[T Fact](now int) FactKind {
	var zero T
	typ := zero.FactType()
	return FactKind{Type: typ, Version: now, Decode: func(version int, data []byte) (Fact, error) {
		if version < 1 || version > now {
			return nil, fmt.Errorf("%s: version %d is newer than this program", typ, version)
		}
		var f T
		if err := json.Unmarshal(data, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", typ, err)
		}
		return f, nil
	}}
}

// Deadline is a moment by which something must have happened to a life. It is derived from facts.
type Deadline struct {
	Subject Subject
	Kind    string // "dispatch", "sign", "depart", "arrive", "feedback", "review", ...
	Due     time.Time
}

// Step is one verb that a person might use on a row now, and why not when it is refused.
type Step struct {
	Verb    string            `json:"verb"`
	Allowed bool              `json:"allowed"`
	Code    string            `json:"code,omitempty"`   // Reason, for the catalogues.
	Params  map[string]string `json:"params,omitempty"` // What the catalogue text needs.
	Text    string            `json:"text,omitempty"`   // English reason.
}

// StepOf makes a step of a verb and the check that its command makes: nil means allowed.
func StepOf(verb string, refusal error) Step {
	s := Step{Verb: verb, Allowed: refusal == nil}
	var e *fault.Error
	if errors.As(refusal, &e) {
		s.Code, s.Params, s.Text = e.Code, e.Params, e.Text
	}
	return s
}

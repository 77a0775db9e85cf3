// Package journal is the truth: one gap-free sequence of records per centre. It says what a record is, what a
// store must promise and how records are proved unchanged. It never decides anything and never looks inside a
// private part.
package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Epoch numbers the openings of a journal for writing. Only the holder of the newest may append.
type Epoch int64

// Record is one fact as it was written. The order of its fields is the order of its stored bytes, which the
// Merkle tree covers: never change it.
type Record struct {
	Seq          cad.Seq         `json:"seq"`
	Commit       int64           `json:"commit"`        // Which append wrote it; all of one append have the same, the first record's Seq.
	Index        int             `json:"index"`         // Its place within that append, from 0.
	At           time.Time       `json:"at"`            // Recorded, UTC, never goes back.
	Happened     time.Time       `json:"happened"`      // Happened, UTC.
	HappenedFrom cad.Origin      `json:"happened_from"` // Who told Happened.
	Centre       cad.CentreID    `json:"centre"`
	Actor        cad.ActorID     `json:"actor"`
	Seat         cad.SeatID      `json:"seat,omitempty"`
	Power        cad.Power       `json:"power,omitempty"`
	Key          string          `json:"key,omitempty"`   // The command's key, unique per actor.
	Cause        cad.Seq         `json:"cause,omitempty"` // The record that led to this one; 0 if a person did.
	Type         string          `json:"type"`
	Version      int             `json:"version"`
	Subjects     []cad.Subject   `json:"subjects"`
	Data         json.RawMessage `json:"data"`
	Private      *cad.Sealed     `json:"private,omitempty"` // Cipher bytes; nil if there is no private part.
}

// Bytes is the stored form, the only one: what a store keeps, what the Merkle leaf covers, what Decode reads. It is
// what json.Marshal gives, written by hand because every record passes here on its way to the disk; Data is taken as
// it stands, without being made compact. Errors: Data that is no JSON, a time outside the years 0 to 9999.
func (r Record) Bytes() ([]byte, error) {
	if r.Data != nil && !json.Valid(r.Data) {
		return nil, fmt.Errorf("journal: record %d cannot be written: its data is no JSON", r.Seq)
	}
	b := make([]byte, 0, 320+len(r.Key)+len(r.Data)+privateBytes(r.Private))
	b = appendInt(b, `{"seq":`, int64(r.Seq))
	b = appendInt(b, `,"commit":`, r.Commit)
	b = appendInt(b, `,"index":`, int64(r.Index))
	b, errAt := appendTime(b, `,"at":`, r.At)
	b, errHappened := appendTime(b, `,"happened":`, r.Happened)
	if err := errors.Join(errAt, errHappened); err != nil {
		return nil, fmt.Errorf("journal: record %d cannot be written: %w", r.Seq, err)
	}
	b = appendText(b, `,"happened_from":`, string(r.HappenedFrom))
	b = appendText(b, `,"centre":`, string(r.Centre))
	b = appendText(b, `,"actor":`, string(r.Actor))
	if r.Seat != "" {
		b = appendText(b, `,"seat":`, string(r.Seat))
	}
	if r.Power != "" {
		b = appendText(b, `,"power":`, string(r.Power))
	}
	if r.Key != "" {
		b = appendText(b, `,"key":`, r.Key)
	}
	if r.Cause != 0 {
		b = appendInt(b, `,"cause":`, int64(r.Cause))
	}
	b = appendText(b, `,"type":`, r.Type)
	b = appendInt(b, `,"version":`, int64(r.Version))
	b = appendSubjects(b, r.Subjects)
	b = append(b, `,"data":`...)
	if r.Data == nil {
		b = append(b, "null"...)
	}
	b = append(b, r.Data...)
	return append(appendPrivate(b, r.Private), '}'), nil
}

// Leaf is the RFC 6962 leaf hash of a record's stored bytes.
func Leaf(stored []byte) tlog.Hash { return tlog.RecordHash(stored) }

// ParseRecord reads a record's stored form.
func ParseRecord(stored []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(stored, &r); err != nil {
		return Record{}, fault.Wrap("journal.ParseRecord", fault.Internal, err, "a stored record cannot be read")
	}
	return r, nil
}

// Stamp is what Evolve sees of a record beside its fact.
func (r Record) Stamp() cad.Stamp {
	return cad.Stamp{Seq: r.Seq, At: r.At, Happened: r.Happened, From: r.HappenedFrom, Actor: r.Actor, Seat: r.Seat, Power: r.Power}
}

// Codec turns facts into records and back, by the tables of all rooms.
type Codec struct{ kinds map[string]cad.FactKind }

// NewCodec joins the rooms' tables. A type that two tables claim is a bug and is refused.
func NewCodec(tables ...[]cad.FactKind) (*Codec, error) {
	c := &Codec{kinds: map[string]cad.FactKind{}}
	for _, table := range tables {
		for _, k := range table {
			if _, ok := c.kinds[k.Type]; ok {
				return nil, fault.New("journal.NewCodec", fault.Internal, "two rooms claim the fact %s", k.Type)
			}
			c.kinds[k.Type] = k
		}
	}
	return c, nil
}

// Encode fills the parts of a record that come from the fact itself.
func (c *Codec) Encode(r *Record, f cad.Fact) error {
	k, ok := c.kinds[f.FactType()]
	if !ok {
		return fault.New("journal.Encode", fault.Internal, "no room's table holds the fact %s", f.FactType())
	}
	data, err := json.Marshal(f)
	if err != nil {
		return fault.Wrap("journal.Encode", fault.Internal, err, "%s cannot be written", f.FactType())
	}
	r.Type, r.Version, r.Subjects, r.Data = k.Type, k.Version, f.Subjects(), data
	if p, ok := f.(cad.Confidential); ok {
		if s := p.Secret(); !s.IsZero() {
			r.Private = &s
		}
	}
	return nil
}

// Decode gives the fact that a record holds, lifted to its present version.
func (c *Codec) Decode(r Record) (cad.Fact, error) {
	k, ok := c.kinds[r.Type]
	if !ok {
		return nil, fault.New("journal.Decode", fault.Internal, "record %d holds %s, which this program does not know", r.Seq, r.Type).
			Mend("start the program version that wrote this journal, or a newer one")
	}
	f, err := k.Decode(r.Version, r.Data)
	if err != nil {
		return nil, fault.Wrap("journal.Decode", fault.Internal, err, "record %d cannot be read", r.Seq)
	}
	if r.Private != nil {
		p, ok := f.(cad.Confidential)
		if !ok {
			return nil, fault.New("journal.Decode", fault.Internal, "record %d has a private part that %s does not", r.Seq, r.Type)
		}
		f = p.WithSecret(*r.Private)
	}
	return f, nil
}

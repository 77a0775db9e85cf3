// Package telephone is the contract between a desk and a telephone exchange. The desk decides: its facts are the truth, and
// the exchange is told how each line should stand. The exchange reports what happens on its lines. Both sides always say
// the whole of what they know, so what comes twice, late or in another order does no harm. It must never hold up a call.
package telephone

import (
	"context"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/geo"
)

// Line is how a line should stand.
type Line string

// How a line may stand.
const (
	Ringing  Line = "ringing"
	Dialling Line = "dialling" // Ring Number, and join it to the seat when somebody picks up.
	Talking  Line = "talking"
	Held     Line = "held"
	Through  Line = "through" // Put the caller through to PutThrough.
	Down     Line = "down"
)

// Party is somebody who should be on the line beside the caller and the seat.
type Party struct {
	Leg    string // Names this stay on the line.
	Kind   call.PartyKind
	To     string // Partner or seat.
	Number string // Of WithNumber.
}

// Stand is how one line should stand, whole.
type Stand struct {
	Call       cad.CallID
	Seq        cad.Seq // Of the newest fact. An exchange leaves aside what is older than what it knows.
	Line       Line
	Seat       cad.SeatID // Who speaks; empty outside a seat.
	Actor      cad.ActorID
	Number     string // To be dialled.
	With       []Party
	PutThrough cad.PartnerID
}

// Report is everything that an exchange knows of one line so far. What was once said stays said: a later report says
// at least as much.
type Report struct {
	Call       cad.CallID
	Trunk      string // As call.Line takes it.
	Number     string // Of the caller; may be empty.
	Name       string
	Place      *geo.Point // As the network told; nil if it did not.
	Rang       time.Time  // Zero means now.
	Answered   time.Time  // When somebody picked up whom we dialled; zero if not yet.
	Ended      time.Time  // When the other side hung up; zero if not yet.
	Recordings []string   // References.
	Left       []string   // Legs that went by themselves.
}

// Ear takes a report. When it fails, the exchange says it again later.
type Ear func(ctx context.Context, r Report) error

// Switch is a telephone exchange. Its methods may be called by any number of goroutines.
type Switch interface {
	// Connect gives the exchange its ear. It tells of every line that is not over, and from then on of every change, at
	// least once.
	Connect(ctx context.Context, ear Ear) error
	// Set says how a line should stand. Doing it twice is harmless, and an older one than the newest known changes nothing. An
	// error means that it should be said again.
	Set(ctx context.Context, s Stand) error
}

// StandOf is how the line of a call should stand. Numbers are opened by whoever may.
func StandOf(s call.State, open func(cad.Sealed) string) Stand {
	h := s.Has()
	out := Stand{Call: s.ID, Seq: s.Changed, Seat: h.Seat, Actor: h.Actor, Line: Down}
	switch {
	case s.Dialling():
		out.Line, out.Number = Dialling, open(s.Caller)
	case s.Phase == call.Ringing:
		out.Line = Ringing
	case s.Phase == call.Transferred:
		out.Line, out.PutThrough = Through, s.Partner
	case s.Speaking && !s.Held.IsZero():
		out.Line = Held
	case s.Speaking:
		out.Line = Talking
	}
	for _, p := range s.With {
		party := Party{Leg: p.Leg, Kind: p.Kind, To: p.To}
		if p.Kind == call.WithNumber {
			party.Number = open(p.Number)
		}
		out.With = append(out.With, party)
	}
	return out
}

package incident

import (
	"shuniu/internal/cad"
)

// about is the incident that a fact is about.
type about struct {
	ID cad.IncidentID `json:"id"`
}

// Subjects are the incident.
func (f about) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f about) Of() cad.IncidentID { return f.ID }

// Facts is the room's table: every fact with its name, version and decoder.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Grown[Opened](2), cad.Grown[ClassifiedFact](2), cad.Kind[Located](), cad.Kind[Ruled](), cad.Kind[Noted](),
		cad.Kind[WorkStarted](),
		cad.Kind[FeedbackGiven](), cad.Kind[ReviewedFact](), cad.Kind[ReturnedFact](), cad.Kind[ClosedFact](), cad.Kind[ReopenedFact](), cad.Kind[InvalidFact](),
		cad.Grown[Linked](2), cad.Kind[Unlinked](), cad.Grown[MergedFact](2), cad.Grown[TookIn](2), cad.Kind[SplitFact](), cad.Kind[LetGoFact](),
		cad.Kind[TransferredFact](), cad.Kind[ActingTogether](), cad.Kind[FollowedUp](), cad.Kind[Urged](), cad.Kind[ChasedFact](), cad.Kind[WaveRaised](),
		cad.Kind[HandedOver](), cad.Kind[DeadlinePassed](), cad.Kind[AnsweredFact](), cad.Kind[ScheduledFact](), cad.Kind[CameDue](), cad.Kind[SeatAskedFact](),
		cad.Kind[SeatTook](), cad.Kind[SeatEnded](), cad.Kind[FileAdded](), cad.Kind[FileWithdrawn](), cad.Kind[Chosen](), cad.Kind[Alerted](),
		cad.Kind[AlertAcknowledged](), cad.Kind[Drawn](), cad.Kind[Undrawn](),
	}
}

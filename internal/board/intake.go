package board

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
)

// Answers is the private part of answers that were given in words, as the edge seals it.
type Answers struct {
	Words

	Answers map[string]string `json:"answers,omitempty"` // By question.
}

// SeatMark is what a seat of the room was asked to do.
type SeatMark struct {
	Seat   cad.SeatID `json:"seat"`
	State  string     `json:"state" enum:"asked,taken,done"`
	Since  time.Time  `json:"since"`
	Due    *time.Time `json:"due,omitempty" doc:"When it must have been taken, while it was not."`
	Late   bool       `json:"late,omitempty" doc:"It was not taken in time, and is not taken yet."`
	Result string     `json:"result,omitempty"`
}

// AnswerMark is the answer to one structured question.
type AnswerMark struct {
	Question string `json:"question"`
	Value    string `json:"value,omitempty" doc:"The id of an option, yes, no, unknown, a number, or words."`
	Worded   bool   `json:"worded,omitempty" doc:"It was answered in words; the value is missing where they may not be read."`
}

// fillIntake adds what was asked of the caller and of seats.
func (b *Board) fillIntake(c Class, s *incident.State, row *IncidentRow) {
	row.Scheduled, row.Answered = moment(s.Scheduled), len(s.Answers)
	due := map[cad.SeatID]time.Time{}
	late := map[cad.SeatID]bool{}
	for _, d := range incident.Due(*s) {
		if seat, ok := incident.SeatOf(d.Kind); ok {
			due[seat] = d.Due
		}
	}
	for _, kind := range s.Passed {
		if seat, ok := incident.SeatOf(kind); ok {
			late[seat] = true
		}
	}
	for _, t := range s.Seats {
		row.Seats = append(row.Seats, SeatMark{
			Seat: t.Seat, State: t.State, Since: t.Since, Result: t.Result, Due: moment(due[t.Seat]), Late: late[t.Seat] && t.State == incident.SeatAsked,
		})
	}
	private := b.seesPrivate(c, incident.Subject(s.ID))
	opened := map[string]Answers{}
	for _, a := range s.Answers {
		mark := AnswerMark{Question: a.Question, Value: a.Value, Worded: a.Worded}
		if a.Worded && private {
			box := string(a.Words.Box)
			words, done := opened[box]
			if !done {
				_, _ = b.unseal(a.Words, &words) // A part that cannot be opened is shown as missing.
				opened[box] = words
			}
			mark.Value = short(words.Answers[a.Question])
		}
		row.Answers = append(row.Answers, mark)
	}
}

// deadlineOf is a deadline as a row shows it: that of a seat names the seat apart.
func deadlineOf(kind string, due time.Time, passed bool) DeadlineMark {
	d := DeadlineMark{Kind: kind, Due: moment(due), Passed: passed}
	if seat, ok := incident.SeatOf(kind); ok {
		d.Kind, d.Seat = "seat", seat
	}
	return d
}

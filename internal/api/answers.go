package api

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// answerRunesMax is how long an answer in words may be.
const answerRunesMax = 2_000

// AnswerInput is the answer to one structured question.
type AnswerInput struct {
	Question string `json:"question" maxLength:"40"`
	Value    string `json:"value" maxLength:"8000" doc:"The id of an option, yes, no, unknown, a whole number, or words where words are asked for."`
}

type (
	answersBody struct {
		Answers []AnswerInput `json:"answers" maxItems:"64"`
	}
	scheduleBody struct {
		At *time.Time `json:"at,omitempty" doc:"When somebody shall be there; left out, the appointment is taken back."`
	}
	seatBody struct {
		Seat   cad.SeatID `json:"seat,omitempty" maxLength:"40"`
		Result string     `json:"result,omitempty" maxLength:"80"`
		Text   string     `json:"text,omitempty" maxLength:"10000"`
	}
)

// split parts answers into what may stand in a record in the clear and what is sealed: words are a caller's own.
func (q request) split(answers []AnswerInput) (said []incident.Said, words board.Answers) {
	q.centre.Board.Look(func(h *joint.House) {
		for _, a := range answers {
			x := incident.Said{Question: a.Question, Value: strings.TrimSpace(a.Value)}
			if asked, ok := h.Org.Question(a.Question); !ok || asked.Kind == org.AskText {
				text := x.Value
				if utf8.RuneCountInString(text) > answerRunesMax {
					text = cut(text, answerRunesMax)
				}
				if words.Answers == nil {
					words.Answers = map[string]string{}
				}
				words.Answers[a.Question], words.Text = text, strings.TrimSpace(words.Text+"\n"+text)
				x.Value, x.Worded = "", true
			}
			said = append(said, x)
		}
	})
	return said, words
}

// sealAnswers seals the answers in words for an incident; none give the zero value.
func (q request) sealAnswers(id cad.IncidentID, words board.Answers) (cad.Sealed, error) {
	if len(words.Answers) == 0 {
		return cad.Sealed{}, nil
	}
	return q.centre.Desk.Seal(incident.Subject(id), words)
}

// answers reads whatever can be read of a list of answers.
func (r *reader) answers() []AnswerInput {
	const key = "answers"
	r.used[key] = true
	list, ok := r.m[key].([]any)
	if !ok {
		if r.m[key] != nil {
			r.setAside(key, "not_a_list")
		}
		return nil
	}
	var out []AnswerInput
	for _, x := range list {
		m, ok := x.(map[string]any)
		if !ok {
			r.setAside(key, "not_an_object")
			continue
		}
		a := AnswerInput{}
		a.Question, _ = m["question"].(string)
		switch v := m["value"].(type) {
		case string:
			a.Value = strings.ToValidUTF8(v, "\uFFFD")
		case json.Number:
			a.Value = v.String()
		case bool:
			a.Value = map[bool]string{true: "yes", false: "no"}[v]
		default:
			r.setAside(key, "not_a_text")
			continue
		}
		if a.Question == "" || len(out) == incident.AnswersMax {
			r.setAside(key, "unknown_answer")
			continue
		}
		out = append(out, a)
	}
	return out
}

// answerRoutes lists the addresses about questions, appointments and seats.
func (s *Server) answerRoutes() {
	put(s, "/incidents/{id}/answers", "What the caller answered to the questions of its type", func(q request, id string, b answersBody) (joint.Command, error) {
		i := q.incidentID(id)
		if len(b.Answers) > incident.AnswersMax {
			return nil, fault.New("api.Answers", fault.Invalid, "at most %d answers at once", incident.AnswersMax).
				Because("answers_max", "max", strconv.Itoa(incident.AnswersMax)).At("answers").Mend("send them in parts")
		}
		said, words := q.split(b.Answers)
		sealed, err := q.sealAnswers(i, words)
		return joint.AboutIncident{ID: i, Name: "answers", Cmd: incident.TakeAnswers{ID: i, Answers: said, Words: sealed}}, err
	})
	put(s, "/incidents/{id}/schedule", "Make it an appointment, or take that back", func(q request, id string, b scheduleBody) (joint.Command, error) {
		i := q.incidentID(id)
		cmd := incident.Schedule{ID: i}
		if b.At != nil {
			cmd.At = b.At.UTC()
		}
		return joint.AboutIncident{ID: i, Name: "schedule", Cmd: cmd}, nil
	})
	put(s, "/incidents/{id}/ask-seat", "Ask a seat of the room to do something for it", func(q request, id string, b seatBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "ask_seat", Cmd: incident.AskSeat{ID: i, Seat: b.Seat, Text: sealed}}, err
	})
	put(s, "/incidents/{id}/seat-takes", "Somebody in the seat works on it", func(q request, id string, b seatBody) (joint.Command, error) {
		i := q.incidentID(id)
		return joint.AboutIncident{ID: i, Name: "seat_takes", Cmd: incident.TakeSeat{ID: i, Seat: b.Seat}}, nil
	})
	put(s, "/incidents/{id}/seat-done", "The seat has done it", func(q request, id string, b seatBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "seat_done", Cmd: incident.EndSeat{ID: i, Seat: b.Seat, Result: b.Result, Text: sealed}}, err
	})
}

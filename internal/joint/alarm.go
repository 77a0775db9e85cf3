package joint

import (
	"shuniu/internal/alarm"
	"shuniu/internal/cad"
)

// RaiseAlarm says that something is wrong with the centre itself. While one alarm of a kind, area and class is open,
// saying it again changes nothing, whatever the id.
type RaiseAlarm struct {
	ID     cad.AlarmID
	Kind   alarm.Kind
	Area   cad.OrgID
	Class  string
	Detail alarm.Detail
}

// Verb names it for policy.
func (RaiseAlarm) Verb() string { return "alarm.raise" }

// Target is the centre: the alarm is not there yet.
func (RaiseAlarm) Target() cad.Subject { return "" }

// Reach is the alarm that the id may have named long ago: a life begins once.
func (c RaiseAlarm) Reach(*House) []cad.Subject { return []cad.Subject{alarm.Subject(c.ID)} }

// Decide answers the id of the alarm that is open then.
func (c RaiseAlarm) Decide(h *House, m Moment) (Outcome, error) {
	if open := h.OpenAlarm(c.Kind, c.Area, c.Class); open != nil {
		return emit(nil, Answer{ID: string(open.ID)}), nil
	}
	s := h.Alarm(c.ID)
	if s.ID == "" && h.Last(alarm.Subject(c.ID)) > 0 { // It has ended and left memory: that it was is enough.
		s.ID = c.ID
	}
	facts, err := alarm.Raise(c).Decide(s, alarm.Around{Now: m.Now, Actor: m.Actor})
	return emit(facts, Answer{ID: string(c.ID)}), err
}

// AboutAlarm brings a command of the alarm room to one alarm.
type AboutAlarm struct {
	ID   cad.AlarmID
	Name string // The verb without the room: "acknowledge", "clear".
	Cmd  alarm.Command
}

// Verb names it for policy.
func (c AboutAlarm) Verb() string { return "alarm." + c.Name }

// Target is the alarm.
func (c AboutAlarm) Target() cad.Subject { return alarm.Subject(c.ID) }

// Decide asks the room.
func (c AboutAlarm) Decide(h *House, m Moment) (Outcome, error) {
	facts, err := c.Cmd.Decide(h.Alarm(c.ID), alarm.Around{Now: m.Now, Actor: m.Actor})
	return emit(facts, Answer{ID: string(c.ID)}), err
}

// Alarm is an alarm in memory; the zero state if there is none.
func (h *House) Alarm(id cad.AlarmID) alarm.State { return at(h.Alarms, id) }

// OpenAlarm is the open alarm of a kind, area and class; nil if there is none.
func (h *House) OpenAlarm(kind alarm.Kind, area cad.OrgID, class string) *alarm.State {
	for _, s := range h.Alarms { // At most one is.
		if s.Open() && s.Same(kind, area, class) {
			return s
		}
	}
	return nil
}

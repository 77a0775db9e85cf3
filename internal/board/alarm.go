package board

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/cad"
)

// AlarmRow is one alarm about the centre itself as the panels show it.
type AlarmRow struct {
	ID        cad.AlarmID       `json:"id"`
	Seq       cad.Seq           `json:"seq"`
	Kind      alarm.Kind        `json:"kind" doc:"void: no free unit of the class within its standard."`
	State     alarm.Phase       `json:"state" doc:"raised, acknowledged or cleared."`
	Area      cad.OrgID         `json:"area"`
	AreaName  map[string]string `json:"area_name,omitempty"`
	Class     string            `json:"class,omitempty"`
	ClassName map[string]string `json:"class_name,omitempty"`
	Detail    alarm.Detail      `json:"detail"`
	Raised    time.Time         `json:"raised"`
	AckedBy   cad.ActorID       `json:"acked_by,omitempty"`
	AckedAt   *time.Time        `json:"acked_at,omitempty"`
	ClearedAt *time.Time        `json:"cleared_at,omitempty"`
	Next      []cad.Step        `json:"next"`
}

func (b *Board) alarmRow(c Class, s *alarm.State) (AlarmRow, bool) {
	subject, o := alarm.Subject(s.ID), b.house.Org
	if !b.may(c, "alarm.read", subject) {
		return AlarmRow{}, false
	}
	row := AlarmRow{
		ID: s.ID, Seq: b.house.Last(subject), Kind: s.Kind, State: s.Phase(), Area: s.Area, AreaName: orgName(o, s.Area), Class: s.Class,
		Detail: s.Detail, Raised: s.Raised, AckedBy: s.AckedBy, AckedAt: moment(s.AckedAt), ClearedAt: moment(s.ClearedAt),
	}
	for _, class := range o.Cover {
		if class.ID == s.Class {
			row.ClassName = class.Name
		}
	}
	row.Next = b.next(c, "alarm", subject, alarm.Next(*s, alarm.Around{}))
	return row, true
}

// Alarms gives the rows of alarms for a class of session, the newest first, as finished JSON, with the position that they
// belong to.
func (b *Board) Alarms(c Class, openOnly bool) (rows [][]byte, asOf cad.Seq) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	states := make([]*alarm.State, 0, len(b.house.Alarms))
	for _, s := range b.house.Alarms {
		if !openOnly || s.Open() {
			states = append(states, s)
		}
	}
	slices.SortFunc(states, func(x, y *alarm.State) int { return cmp.Or(y.Raised.Compare(x.Raised), cmp.Compare(x.ID, y.ID)) })
	for _, s := range states {
		if row, sees := b.alarm(c, s.ID); sees {
			rows = append(rows, row)
		}
	}
	return rows, b.house.Seq
}

// Alarm gives one row, as Incident does.
func (b *Board) Alarm(c Class, id cad.AlarmID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.alarm(c, id)
}

func (b *Board) alarm(c Class, id cad.AlarmID) ([]byte, bool) {
	s := b.house.Alarms[id]
	if s == nil {
		return nil, false
	}
	return b.render(c, alarm.Subject(id), func() (any, bool) { return b.alarmRow(c, s) })
}

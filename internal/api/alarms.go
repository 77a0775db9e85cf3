package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/alarm"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/joint"
)

// alarmRoutes lists the addresses about alarms of the centre itself.
func (s *Server) alarmRoutes() {
	huma.Register(s.api, get[list[board.AlarmRow]](s, "/alarms", "alarms", "Alarms about the centre itself, the newest first", "alarms"),
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"open,all" default:"open"`
		},
		) (*rawOutput, error) {
			rows, asOf := centreOf(ctx).Board.Alarms(board.ClassOf(actorOf(ctx)), in.State != "all")
			return finished(joinRows(asOf, rows)), nil
		})
	put(s, "/alarms/{id}/acknowledge", "Somebody has seen it", func(q request, id string, b textBody) (joint.Command, error) {
		a := cad.AlarmID(id)
		sealed, err := q.seal(alarm.Subject(a), b.words())
		return joint.AboutAlarm{ID: a, Name: "acknowledge", Cmd: alarm.Acknowledge{ID: a, Text: sealed}}, err
	})
}

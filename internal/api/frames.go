package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"shuniu/internal/cad"
)

// rowsFrame writes one event. Only the beginning differs between clients of a class.
func rowsFrame(seq, prev cad.Seq, body []byte) []byte {
	b := make([]byte, 0, len(body)+96)
	b = append(b, "event: rows\nid: "...)
	b = strconv.AppendInt(b, int64(seq), 10)
	b = append(b, "\ndata: {\"seq\":"...)
	b = strconv.AppendInt(b, int64(seq), 10)
	b = append(b, ",\"prev\":"...)
	b = strconv.AppendInt(b, int64(prev), 10)
	b = append(b, body...)
	return append(b, "\n\n"...)
}

func hello(c *Centre) []byte {
	return event("hello", map[string]any{
		"as_of": c.Board.AsOf(), "world": c.Desk.World(), "clock": c.Desk.Now(), "heartbeat_s": int(beatEvery / time.Second), "run": c.run(),
	})
}

func beatFrame(c *Centre) []byte {
	return event("beat", map[string]any{"seq": c.Board.AsOf(), "clock": c.Desk.Now(), "run": c.run(), "stored": c.Desk.Health() == nil})
}

func event(name string, data map[string]any) []byte {
	b, err := json.Marshal(maps.Clone(data))
	if err != nil {
		b = []byte("{}")
	}
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, b)
}

package incident

import (
	"shuniu/internal/fault"
)

// mayRecall refuses when there is nobody to call back. Recalling ends assignments, so the command stands in the
// room above; only the button is this room's. An incident's own end never keeps a crew from being called back.
func mayRecall(s State, a Around) error {
	const op = "incident.Recall"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(a.Committed) == 0:
		return fault.New(op, fault.Conflict, "no unit is committed").Because("none_committed")
	}
	return nil
}

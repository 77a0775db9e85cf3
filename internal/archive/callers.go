package archive

import (
	"context"
	"database/sql"
	"time"
)

// Called is one call from a number, with the row that it belongs to.
type Called struct {
	Caller
	Row Row
}

// calledMax is how many calls of one number are given at most, the newest.
const calledMax = 500

// Calls lists the calls whose number has this digest and that arrived at or after a time, the newest first.
func (a *Archive) Calls(ctx context.Context, digest string, since time.Time) ([]Called, error) {
	const op = "archive.Calls"
	if digest == "" {
		return nil, nil
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	rows, err := a.out.QueryContext(ctx, "SELECT "+selected+", callers.call, callers.at FROM callers JOIN items ON items.id = callers.item "+
		"WHERE callers.digest = ? AND callers.at >= ? ORDER BY callers.at DESC LIMIT ?", digest, since.UnixMicro(), calledMax)
	if err != nil {
		return nil, translate(op, err)
	}
	defer rows.Close()
	var out []Called
	for rows.Next() {
		c := Called{Caller: Caller{Digest: digest}}
		var at sql.NullInt64
		c.Row, err = scanRow(func(dest ...any) error { return rows.Scan(append(dest, &c.Call, &at)...) })
		if err != nil {
			return nil, translate(op, err)
		}
		c.At = moment(at)
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, translate(op, err)
	}
	return out, nil
}

// putCallers replaces the calls of a row.
func putCallers(ctx context.Context, tx *sql.Tx, r Row) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM callers WHERE item = ?", r.ID); err != nil {
		return err
	}
	for _, c := range r.Callers {
		if _, err := tx.ExecContext(ctx, "INSERT INTO callers (item, call, digest, at) VALUES (?, ?, ?, ?)", r.ID, c.Call, c.Digest, c.At.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

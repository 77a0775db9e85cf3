package archive

import (
	"database/sql"
	"time"

	"shuniu/internal/geo"
)

// The text index holds only its index, fed by triggers. secure-delete makes it take removed words out of its pages
// instead of marking them; secure_delete (a pragma) overwrites what other pages let go of. An item that is changed
// without its texts does not touch the text index.
const schema = `
BEGIN;
CREATE TABLE meta (version INTEGER NOT NULL, as_of INTEGER NOT NULL);
INSERT INTO meta VALUES (3, 0);
CREATE TABLE items (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  parent TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  type TEXT NOT NULL,
  priority TEXT NOT NULL,
  phase TEXT NOT NULL,
  unit TEXT NOT NULL,
  address TEXT NOT NULL,
  narrative TEXT NOT NULL,
  notes TEXT NOT NULL,
  lon REAL,
  lat REAL,
  cell_x INTEGER,
  cell_y INTEGER,
  received_at INTEGER,
  closed_at INTEGER,
  changed_seq INTEGER NOT NULL
);
CREATE INDEX items_parent ON items (parent) WHERE parent <> '';
CREATE INDEX items_number ON items (number COLLATE NOCASE) WHERE number <> '';
CREATE INDEX items_received ON items (received_at);
CREATE INDEX items_cell ON items (cell_y, cell_x);
CREATE TABLE callers (item TEXT NOT NULL, call TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX callers_digest ON callers (digest, at);
CREATE INDEX callers_item ON callers (item);
CREATE VIRTUAL TABLE words USING fts5 (number, address, narrative, notes, content = '', tokenize = 'trigram');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER items_new AFTER INSERT ON items BEGIN
  INSERT INTO words (rowid, number, address, narrative, notes) VALUES (new.n, new.number, new.address, new.narrative, new.notes);
END;
CREATE TRIGGER items_gone AFTER DELETE ON items BEGIN
  INSERT INTO words (words, rowid, number, address, narrative, notes) VALUES ('delete', old.n, old.number, old.address, old.narrative, old.notes);
END;
CREATE TRIGGER items_changed AFTER UPDATE ON items
WHEN (old.number, old.address, old.narrative, old.notes) IS NOT (new.number, new.address, new.narrative, new.notes) BEGIN
  INSERT INTO words (words, rowid, number, address, narrative, notes) VALUES ('delete', old.n, old.number, old.address, old.narrative, old.notes);
  INSERT INTO words (rowid, number, address, narrative, notes) VALUES (new.n, new.number, new.address, new.narrative, new.notes);
END;
COMMIT;
`

const columns = "id, parent, kind, number, type, priority, phase, unit, address, narrative, notes, lon, lat, received_at, closed_at, changed_seq"

// selected names the columns so that they cannot be taken for those of the text index.
const selected = "items.id, items.parent, items.kind, items.number, items.type, items.priority, items.phase, items.unit, items.address, " +
	"items.narrative, items.notes, items.lon, items.lat, items.received_at, items.closed_at, items.changed_seq"

const upsert = `INSERT INTO items (` + columns + `, cell_x, cell_y)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, number = excluded.number, type = excluded.type,
priority = excluded.priority, phase = excluded.phase, unit = excluded.unit, address = excluded.address,
narrative = excluded.narrative, notes = excluded.notes, lon = excluded.lon, lat = excluded.lat,
received_at = excluded.received_at, closed_at = excluded.closed_at, changed_seq = excluded.changed_seq,
cell_x = excluded.cell_x, cell_y = excluded.cell_y`

func columnsOf(r Row) []any {
	var lon, lat, x, y any
	if r.HasPlace && r.Place.Valid() {
		lon, lat, x, y = r.Place.Lon, r.Place.Lat, cellOf(r.Place.Lon), cellOf(r.Place.Lat)
	}
	return []any{
		r.ID, r.Of, r.Kind, r.Number, r.Type, string(r.Priority), r.Phase, r.Unit, r.Address, r.Narrative, r.Notes,
		lon, lat, micros(r.Received), micros(r.Closed), int64(r.LastChanged), x, y,
	}
}

func scanRow(scan func(...any) error) (Row, error) {
	var (
		r                Row
		lon, lat         sql.NullFloat64
		received, closed sql.NullInt64
	)
	err := scan(&r.ID, &r.Of, &r.Kind, &r.Number, &r.Type, &r.Priority, &r.Phase, &r.Unit, &r.Address, &r.Narrative, &r.Notes,
		&lon, &lat, &received, &closed, &r.LastChanged)
	r.Place, r.HasPlace = geo.Point{Lon: lon.Float64, Lat: lat.Float64}, lon.Valid && lat.Valid
	r.Received, r.Closed = moment(received), moment(closed)
	return r, err
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func moment(m sql.NullInt64) time.Time {
	if !m.Valid {
		return time.Time{}
	}
	return time.UnixMicro(m.Int64).UTC()
}

package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

const (
	limitDefault  = 50
	limitMax      = 500
	candidatesMax = 1000 // Newest matches that are ranked; an older one is found by asking more exactly.
	wordsMax      = 8
	wordRunesMax  = 100
	trigram       = 3
)

// Query is what someone looks for. Every part that is given must match; the zero value asks for the newest rows.
type Query struct {
	Digest string     // Rows with a call from the number of this digest are found beside those by words. Empty means none.
	Text   string     // Words, each of which must occur somewhere, upper or lower case alike. At most 8 are used.
	Kind   string     // Empty means any.
	Within geo.Bounds // Used only if Narrow.
	Narrow bool       // Only rows with a place inside Within.
	From   time.Time  // Received at or after it; zero means no limit.
	Until  time.Time  // Received before it; zero means no limit.
	Limit  int        // 0 means 50; at most 500.
}

// Hit is a row that was found.
type Hit struct {
	Row
	Exact bool // Its number, or the number of one of its callers, is what was asked for.
	Score int  // Higher is better: a word at an address counts 4, in a number 3, in a narrative 2, in a note 1.
}

// Search finds rows: those whose number, or a caller's, was asked for exactly come first, then those that match better, then the
// newer. Of more than 1,000 matches it ranks the 1,000 that were taken down last.
func (a *Archive) Search(ctx context.Context, q Query) ([]Hit, error) {
	const op = "archive.Search"
	limit := q.Limit
	if limit <= 0 {
		limit = limitDefault
	}
	limit = min(limit, limitMax)
	text := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(q.Text, "\x00", " "), " "))
	words := wordsOf(text)
	a.mu.RLock()
	defer a.mu.RUnlock()
	var hits []Hit
	seen := map[string]bool{}
	collect := func(statement string, args []any, exact bool) error {
		rows, err := a.out.QueryContext(ctx, statement, args...)
		if err != nil {
			return translate(op, err)
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanRow(rows.Scan)
			if err != nil {
				return translate(op, err)
			}
			if !seen[r.ID] {
				seen[r.ID] = true
				hits = append(hits, Hit{Row: r, Exact: exact, Score: score(r, words)})
			}
		}
		if err := rows.Err(); err != nil {
			return translate(op, err)
		}
		return nil
	}
	if text != "" {
		s := q.about("items.number = ? COLLATE NOCASE AND items.number <> ''", text)
		if err := collect(s.text("items", "items.received_at DESC", limit), s.args, true); err != nil {
			return nil, err
		}
	}
	if q.Digest != "" {
		s := q.about("callers.digest = ?", q.Digest)
		if err := collect(s.text("callers JOIN items ON items.id = callers.item", "callers.at DESC", limit), s.args, true); err != nil {
			return nil, err
		}
	}
	s := statement{}
	from, order, count := s.match(words), "words.rowid DESC", candidatesMax
	if from == "items" {
		from += s.near(q)
		order = "items.received_at DESC"
	}
	if len(words) == 0 {
		count = limit
	}
	s.narrow(q)
	if err := collect(s.text(from, order, count), s.args, false); err != nil {
		return nil, err
	}
	slices.SortStableFunc(hits, func(x, y Hit) int {
		if x.Exact != y.Exact {
			if x.Exact {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(y.Score, x.Score), y.Received.Compare(x.Received))
	})
	return hits[:min(limit, len(hits))], nil
}

// Row gives one row by its id; false if there is none.
func (a *Archive) Row(ctx context.Context, id string) (Row, bool, error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	r, err := scanRow(a.out.QueryRowContext(ctx, "SELECT "+selected+" FROM items WHERE id = ?", id).Scan)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Row{}, false, nil
	case err != nil:
		return Row{}, false, translate("archive.Row", err)
	}
	return r, true, nil
}

// History gives the rows that belong to another, oldest first, at most 500. It fails with fault.Invalid for an empty id.
func (a *Archive) History(ctx context.Context, of string) ([]Row, error) {
	const op = "archive.History"
	if of == "" {
		return nil, fault.New(op, fault.Invalid, "whose history is missing")
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	rows, err := a.out.QueryContext(ctx, "SELECT "+selected+" FROM items WHERE parent = ? AND parent <> '' ORDER BY received_at, n LIMIT ?", of, limitMax)
	if err != nil {
		return nil, translate(op, err)
	}
	defer rows.Close()
	var found []Row
	for rows.Next() {
		r, err := scanRow(rows.Scan)
		if err != nil {
			return nil, translate(op, err)
		}
		found = append(found, r)
	}
	if err := rows.Err(); err != nil {
		return nil, translate(op, err)
	}
	return found, nil
}

// statement gathers conditions and their values in the same order.
type statement struct {
	conditions []string
	args       []any
}

// about asks for rows by a condition, within what the query allows.
func (q Query) about(condition, value string) *statement {
	s := &statement{}
	s.where(condition, value)
	s.narrow(q)
	return s
}

func (s *statement) where(condition string, args ...any) {
	s.conditions = append(s.conditions, condition)
	s.args = append(s.args, args...)
}

func (s *statement) text(from, order string, limit int) string {
	text := "SELECT " + selected + " FROM " + from
	if len(s.conditions) > 0 {
		text += " WHERE " + strings.Join(s.conditions, " AND ")
	}
	s.args = append(s.args, limit)
	return text + " ORDER BY " + order + " LIMIT ?"
}

// match asks the text index for words of three characters and more, and the rows themselves for shorter ones, which
// an index of trigrams cannot hold.
func (s *statement) match(words []string) string {
	var indexed []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= trigram {
			indexed = append(indexed, `"`+strings.ReplaceAll(w, `"`, `""`)+`"`)
			continue
		}
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w) + "%"
		s.where(`(items.narrative LIKE ? ESCAPE '\' OR items.address LIKE ? ESCAPE '\' OR items.notes LIKE ? ESCAPE '\' OR items.number LIKE ? ESCAPE '\')`,
			like, like, like, like)
	}
	if len(indexed) == 0 {
		return "items"
	}
	// The newest matches are taken from the index before any row is read.
	s.where("words MATCH ?", strings.Join(indexed, " AND "))
	return "words CROSS JOIN items ON items.n = words.rowid"
}

func (s *statement) narrow(q Query) {
	if q.Kind != "" {
		s.where("items.kind = ?", q.Kind)
	}
	if !q.From.IsZero() {
		s.where("items.received_at >= ?", q.From.UnixMicro())
	}
	if !q.Until.IsZero() {
		s.where("items.received_at < ?", q.Until.UnixMicro())
	}
	if q.Narrow {
		b := q.Within
		s.where("items.lon BETWEEN ? AND ? AND items.lat BETWEEN ? AND ?", b.Min.Lon, b.Max.Lon, b.Min.Lat, b.Max.Lat)
	}
}

// near uses the grid for a window that is small enough for it to be worth while: about 25 km by 25 km. A larger one is
// better served by looking through the newest rows.
func (s *statement) near(q Query) string {
	const cellsMax = 2500
	if !q.Narrow || !q.Within.Min.Valid() || !q.Within.Max.Valid() {
		return ""
	}
	x, y := cellOf(q.Within.Min.Lon), cellOf(q.Within.Min.Lat)
	right, top := cellOf(q.Within.Max.Lon), cellOf(q.Within.Max.Lat)
	if right < x || top < y || (right-x+1)*(top-y+1) > cellsMax {
		return ""
	}
	s.where(`items.cell_y IN (WITH RECURSIVE bands (y) AS (VALUES (?) UNION ALL SELECT y + 1 FROM bands WHERE y < ?) SELECT y FROM bands)
		AND items.cell_x BETWEEN ? AND ?`, y, top, x, right)
	return " INDEXED BY items_cell"
}

func wordsOf(text string) []string {
	words := strings.Fields(text)
	words = words[:min(len(words), wordsMax)]
	for i, w := range words {
		if runes := []rune(w); len(runes) > wordRunesMax {
			words[i] = string(runes[:wordRunesMax])
		}
	}
	return words
}

func score(r Row, words []string) int {
	total := 0
	for _, field := range []struct {
		text   string
		weight int
	}{{r.Address, 4}, {r.Number, 3}, {r.Narrative, 2}, {r.Notes, 1}} {
		lower := strings.ToLower(field.text)
		for _, w := range words {
			if strings.Contains(lower, strings.ToLower(w)) {
				total += field.weight
			}
		}
	}
	return total
}

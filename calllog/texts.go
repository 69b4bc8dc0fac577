package calllog

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	giveUp = 30 * time.Minute // after asking, a text is of no use any more
	lease  = 2 * time.Minute  // within which whoever claims a text tells what became of it
	// neglected is how long the log leaves a text to an outbox that should have given it up.
	neglected = time.Minute
)

// texts writes what events say of texts.
func (w writing) texts(fresh []*Event, found calls) error {
	for _, e := range fresh {
		if e.TextStatus == "" {
			continue
		}
		id := found[e.Call].now.id
		err := w.exec(tellOfText, e.TextStatus, int64(e.TextCode), id, e.key)
		if err = errors.Join(err, w.outbox(id, e)); err != nil {
			return err
		}
	}
	return nil
}

// outbox puts what a caller has asked for into the outbox, and takes out what is told of.
func (w writing) outbox(call int64, e *Event) error {
	switch {
	case e.Text != nil:
		return w.exec(insertText, call, e.Region, e.Text.Language, e.Text.Body, e.Text.To,
			micros(e.At), micros(e.At))
	case e.Kind == SMS && textRank[e.TextStatus] > textRank[TextAsked]:
		return w.exec(settleText, call, e.Region)
	}
	return nil
}

const (
	tellOfText = "UPDATE event SET text_status = ?, text_code = ? WHERE call_id = ? AND key = ?"

	insertText = "INSERT INTO text (call_id, region, language, body, recipient, asked, due) " +
		"VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

	settleText = "UPDATE text SET recipient = NULL, body = '', due = NULL, claim = 0 " +
		"WHERE call_id = ? AND region = ? AND due IS NOT NULL"

	// postponeText lets go of a claim, unless the text was settled meanwhile.
	postponeText = "UPDATE text SET claim = 0, due = ?, tries = tries + 1, code = ? " +
		"WHERE call_id = ? AND region = ? AND claim = ?"

	// unclaimTexts lets go of all texts of a claim.
	unclaimTexts = "UPDATE text SET claim = 0, due = asked WHERE due IS NOT NULL AND claim = ?"

	selectExpired = "SELECT call.sid, text.region, text.claim, text.code FROM text " +
		"JOIN call ON call.id = text.call_id " +
		"WHERE text.due <= ? AND (text.claim <> 0 OR text.asked <= ?) LIMIT 500"

	countTexts = "SELECT count(*), coalesce(min(asked), 0) FROM text WHERE due IS NOT NULL"
)

// claimTexts is a claim in one statement, for several outboxes at once: none waits for the other,
// and none gets a text that the other has. A list that was not materialized might be made again,
// of others, for every text.
func (d *dialect) claimTexts() string {
	return "WITH due AS MATERIALIZED (SELECT call_id, region FROM text " +
		"WHERE due <= ? AND claim = 0 ORDER BY due LIMIT ?" + d.skipLocked + ") " +
		"UPDATE text SET claim = ?, due = ? " +
		"WHERE (call_id, region) IN (SELECT call_id, region FROM due) " +
		"RETURNING call_id, (SELECT sid FROM call WHERE call.id = text.call_id), " +
		"region, language, body, recipient, asked, tries, code"
}

// claimed is a text that this process, and no other, is about to send.
type claimed struct {
	Outgoing // without To
	callID   int64
	to       []byte // sealed
	asked    time.Time
	tries    int
	code     int
	claim    int64
}

func scanClaimed(rows *sql.Rows) (c claimed, err error) {
	var asked int64
	err = rows.Scan(&c.callID, &c.Call, &c.Region, &c.Language, &c.Body, &c.to, &asked,
		&c.tries, &c.code)
	c.asked = instant(asked)
	return c, err
}

// scanExpired is the end of a text that nobody sends, the same whoever notices.
func scanExpired(rows *sql.Rows) (Event, error) {
	e := Event{Kind: SMS, TextStatus: TextFailed}
	var claim int64
	err := rows.Scan(&e.Call, &e.Region, &claim, &e.TextCode)
	if claim != 0 {
		e.TextStatus, e.TextCode = TextUnsure, 0
	}
	return e, err
}

// expire settles the texts that nobody sends: those whose claim ran out, because the process that
// had them ended and cannot tell any more, and those that no outbox has given up.
func (s *store) expire(ctx context.Context, now time.Time) error {
	lost, err := ask(ctx, s, scanExpired, selectExpired,
		micros(now), micros(now.Add(-giveUp-neglected)))
	if err != nil || len(lost) == 0 {
		return err
	}
	for i := range lost {
		lost[i].At = now
		lost[i].clean()
	}
	return s.write(ctx, lost)
}

// alter changes texts outside of what the writer does, and returns what the statement returns.
func alter[T any](
	ctx context.Context, s *store, scan func(*sql.Rows) (T, error), text string, args ...any,
) (changed []T, err error) {
	if s.skipLocked != "" { // rows can be locked one by one, and the writers' lock left alone
		return ask(ctx, s, scan, text, args...)
	}
	err = s.transact(ctx, func(w writing) error {
		rows, err := w.query(text, args...)
		changed, err = collect(rows, err, scan)
		return err
	})
	return changed, err
}

// Texts tells how many texts are still to be sent, or being sent, and when the first of them was
// asked for; the zero time if there are none.
func (l *Log) Texts(ctx context.Context) (waiting int, oldest time.Time, err error) {
	s, err := l.reader()
	if err != nil {
		return 0, time.Time{}, err
	}
	counts, err := ask(ctx, s, func(rows *sql.Rows) (asked int64, err error) {
		err = rows.Scan(&waiting, &asked)
		return asked, err
	}, countTexts)
	if err != nil {
		return 0, time.Time{}, failed("counting texts", err)
	}
	return waiting, instant(counts[0]), nil
}

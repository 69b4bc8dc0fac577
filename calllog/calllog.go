// Package calllog keeps what callers did: events, one for each webhook, and the record of each call
// that they add up to.
//
// # A call never waits for its record
//
// Note puts an event into a queue of bounded length. One goroutine takes what has gathered, up to
// Options.Batch events, and commits it together; the turns that wait for this commit go on when it
// is on the disk, and the events that come meanwhile are the next batch. Nothing else gathers them:
// while nobody calls, a turn waits for one commit; under load the batches grow by themselves.
//
// A turn waits Options.Wait at most. If that is not enough, or the store fails, the log is unwell:
// Note returns at once, the events queue, and the writer tries again, with pauses, for as long as
// it takes. It is well again when a turn that came now would be written in time. What finds the
// queue full is dropped, counted and logged. Health tells all of it. An event that the store will
// never take is dropped alone, so that it does not keep the others out.
//
// # A record is a function of its events
//
// Not of the order in which they come: an event that is later than all before it is added to its
// call's record, any other has the record made anew from all events of the call (fold). So several
// replicas, repeated webhooks, and status callbacks that come early or late leave the same record.
// A call whose status callback never comes is ended by an event of the log's own, of kind Assumed,
// when it has been quiet for longer than any caller can be.
//
// A database has one writer at a time (BEGIN IMMEDIATE; an advisory lock). It reads a batch's
// calls, inserts its events, and writes the calls and the sums. The insert returns the events that
// are new, and only those count.
//
// # What makes it fast
//
// Calls have ascending ids, and the key of an event is that of its call and 64 bits of Event.ID:
// the rows of a batch lie together, and a repeated webhook is found by the same index. There is one
// other index, of calls by start: for the latest calls, for periods, and for what is to be deleted.
//
// Answers about periods come from a third table, of sums by the hour in which calls started, with
// the distribution of the seconds to a region by the second. It is written with the calls and
// always agrees with them. Ninety days are 2,160 rows, whether ten thousand events stand behind
// them or ten million. To look for one caller's calls reads every call: that is rare, and an index
// of random hashes would cost every call.
//
// # Texts
//
// A text that a caller asks for (Event.Text) is written with its event, once for a call and region,
// and sent by an Outbox after the call was answered. Twilio would send it again if asked again, so
// that one claim, durable before it is sent, is all that a text gets: outboxes of several processes
// claim without waiting for each other, only what they send at once, and if the process ends then,
// the claim runs out after two minutes and the text is TextUnsure. Only one that Twilio surely did
// not take is tried again, for 30 minutes after it was asked for.
//
// What became of a text is an event of kind SMS, from the outbox, the log or a status callback. It
// takes the text out of the outbox in the transaction that adds it to the call. Of two such events
// the one that knows more stands, whichever came first, and nothing else of the call changes. A
// text is only sent of a call that is in the store: what is told of any other is of one that was
// deleted meanwhile, and is let go.
//
// # What is kept, and for how long
//
// No telephone number: see Hasher. That of a text is sealed, and deleted when it is settled. Calls
// that started longer ago than Options.Retention are deleted by and by, in parts too small for a
// turn to notice; Forget deletes one caller's.
//
// In SQLite a commit is on the disk when Note returns true (WAL, synchronous=FULL); in PostgreSQL
// as its synchronous_commit says, which is on unless somebody changed it.
package calllog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how a Log behaves; a zero field is its default.
type Options struct {
	Logger    *slog.Logger     // default: slog.Default()
	Retention time.Duration    // calls that started longer ago are deleted; default 90 days
	Wait      time.Duration    // the longest that Note holds up a turn; default 150 ms
	Queue     int              // events kept in memory while the store is unwell; default 8192
	Batch     int              // events in one commit at most; default 512
	Tend      time.Duration    // between looks at the store and for old calls; default 5 s
	Now       func() time.Time // default: time.Now
}

func (o Options) orDefaults() Options {
	o.Logger = cmp.Or(o.Logger, slog.Default())
	o.Retention = cmp.Or(o.Retention, 90*24*time.Hour)
	o.Wait = cmp.Or(o.Wait, 150*time.Millisecond)
	o.Queue = cmp.Or(o.Queue, 8192)
	o.Batch = cmp.Or(o.Batch, 512)
	o.Tend = cmp.Or(o.Tend, 5*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Log keeps the records of calls; its methods may be called at the same time.
type Log struct {
	Options
	open    opener
	queue   *queue
	state   *state
	store   atomic.Pointer[store] // nil while there is none open
	texted  chan struct{}         // has a value when a text may have come into the outbox
	closing chan struct{}         // closed by Close
	hurry   context.Context       // over when Close waits no longer
	stop    context.CancelFunc
	written chan struct{} // closed when the writer has ended
	once    sync.Once
}

// Open opens the store that databaseURL names ("sqlite:PATH", "postgres://...") and brings its
// tables up to date. A store that is merely down is no error: it is tried again until it answers.
// Another scheme, a path that cannot be written, a refused password and tables newer than this
// program are; the error says which, what to do, and is ErrUnusable.
func Open(ctx context.Context, databaseURL string, o Options) (*Log, error) {
	l, err := newLog(databaseURL, o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, firstTry)
	defer cancel()
	if err := l.reopen(ctx); errors.Is(err, ErrUnusable) {
		return nil, fmt.Errorf("opening the call log: %w", err)
	} else if err != nil {
		l.state.fail(err)
	}
	go l.run()
	return l, nil
}

const firstTry = 5 * time.Second // that Open waits for a store

func newLog(databaseURL string, o Options) (*Log, error) {
	open, err := openerOf(databaseURL)
	if err != nil {
		return nil, err
	}
	o = o.orDefaults()
	l := &Log{
		Options: o, open: open, queue: newQueue(o.Queue, o.Batch), state: newState(o),
		texted: make(chan struct{}, 1), closing: make(chan struct{}), written: make(chan struct{}),
	}
	l.hurry, l.stop = context.WithCancel(context.Background())
	return l, nil
}

// Note keeps e and tells whether it is in the store for certain. It returns once the event is
// durable, after Options.Wait at the latest, or at once while the store is unwell: e is then
// written later, or dropped and counted if Options.Queue events wait already.
func (l *Log) Note(ctx context.Context, e Event) bool {
	if e.At.IsZero() {
		e.At = l.Now()
	}
	e.clean()
	b := l.queue.add(&e)
	if b == nil {
		l.state.drop(1)
		return false
	}
	return l.await(ctx, b)
}

// await waits for b's commit while there is hope for it.
func (l *Log) await(ctx context.Context, b *batch) bool {
	unwell := l.state.unwell()
	select {
	case <-unwell:
		return false
	default:
	}
	patience := time.NewTimer(l.Wait)
	defer patience.Stop()
	select {
	case <-b.done:
		return b.kept
	case <-unwell:
	case <-ctx.Done():
	case <-patience.C:
		l.state.fail(errSlow)
	}
	return false
}

// Close writes what is queued, until ctx is done at the latest, and closes the store; the error
// tells how many events were lost.
func (l *Log) Close(ctx context.Context) error {
	l.once.Do(func() {
		l.queue.close()
		close(l.closing)
	})
	select {
	case <-l.written:
	case <-ctx.Done():
		l.stop()
		select {
		case <-l.written:
		case <-time.After(lastGrace):
		}
	}
	l.stop()
	if lost := l.Health().Dropped + l.queue.size(); lost > 0 {
		return fmt.Errorf("closing the call log: %d events were lost since it was opened", lost)
	}
	return nil
}

const lastGrace = 100 * time.Millisecond // for the writer to notice that it must end

package calllog

import (
	"runtime"
	"sync"
)

// batch is events that are committed together.
type batch struct {
	events []Event
	done   chan struct{} // closed when they are in the store, or given up
	texts  bool          // whether callers ask for any
	kept   bool          // whether they are in the store; to be read after done
}

// queue holds the batches that wait for the writer, the oldest first. Events join the last one
// until it is full or the writer takes it, so that all turns of a moment share a commit.
type queue struct {
	mu      sync.Mutex
	batches []*batch
	held    int // events, those of the batch being written included
	most    int // events
	largest int // events in a batch
	closed  bool
	filled  chan struct{} // has a value when there may be something to take
}

func newQueue(most, largest int) *queue {
	return &queue{most: most, largest: largest, filled: make(chan struct{}, 1)}
}

// add puts e into the batch that is returned; nil if the queue is full or closed.
func (q *queue) add(e *Event) *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.held >= q.most {
		return nil
	}
	b := q.last()
	b.events = append(b.events, *e)
	b.texts = b.texts || e.Text != nil
	q.held++
	signal(q.filled)
	return b
}

func (q *queue) last() *batch {
	if n := len(q.batches); n > 0 && len(q.batches[n-1].events) < q.largest {
		return q.batches[n-1]
	}
	b := &batch{done: make(chan struct{})}
	q.batches = append(q.batches, b)
	return b
}

// gather lets all goroutines run that can, as long as events come of it: the first event of a
// moment wakes the writer, and on a single processor it would be written alone.
func (q *queue) gather() {
	for had, n := -1, q.size(); n > had && n < q.largest; had, n = n, q.size() {
		runtime.Gosched()
	}
}

// take removes the oldest batch; nil if there is none.
func (q *queue) take() *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.batches) == 0 {
		return nil
	}
	b := q.batches[0]
	q.batches[0] = nil
	q.batches = q.batches[1:]
	return b
}

// finish lets those go who wait for b.
func (q *queue) finish(b *batch, kept bool) {
	q.mu.Lock()
	q.held -= len(b.events)
	q.mu.Unlock()
	b.kept = kept
	close(b.done)
}

// size is how many events there are, those of the batch being written included.
func (q *queue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held
}

// close makes add refuse from now on.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

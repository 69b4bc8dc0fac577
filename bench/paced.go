package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"syscall"
	"time"
)

// pacedLinks is how many connections share the webhooks at a fixed rate.
const pacedLinks = 128

// pacer sends webhooks at a fixed rate and never waits for one answer before it sends
// the next. It asks the kernel all the time instead of sleeping, which would add up to
// a millisecond to what it measures; so it needs a core of its own.
type pacer struct {
	requests *requests
	idle     []*pacedLink // the longest idle first
	asking   []*pacedLink
	rest     func() // when there is nothing to do
	latency  []time.Duration
}

// pacedLink is a connection and the webhook that it waits for.
type pacedLink struct {
	*link
	fd  int
	due time.Time
}

// paced asks perSecond webhooks a second for d, at random times, and returns how long
// after its time each was answered, in ascending order.
func paced(
	addr string, r *requests, perSecond int, d time.Duration, rest func(),
) ([]time.Duration, error) {
	p := &pacer{requests: r, rest: rest}
	defer p.close()
	for range pacedLinks {
		if err := p.open(addr); err != nil {
			return nil, err
		}
	}
	defer quiet()()
	if err := p.run(perSecond, d); err != nil {
		return nil, fmt.Errorf("asking %d webhooks a second: %w", perSecond, err)
	}
	slices.Sort(p.latency)
	return p.latency, nil
}

func (p *pacer) open(addr string) error {
	l, err := dialLink(addr)
	if err != nil {
		return err
	}
	raw, err := l.Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return err
	}
	paced := &pacedLink{link: l}
	p.idle = append(p.idle, paced)
	return raw.Control(func(fd uintptr) { paced.fd = int(fd) })
}

func (p *pacer) close() {
	for _, l := range slices.Concat(p.idle, p.asking) {
		_ = l.Close()
	}
}

func (p *pacer) run(perSecond int, d time.Duration) error {
	random := rand.New(rand.NewPCG(1, uint64(perSecond)))
	gap := func() time.Duration {
		return time.Duration(random.ExpFloat64() * float64(time.Second) / float64(perSecond))
	}
	start := time.Now()
	end, due := start.Add(d), start.Add(gap())
	for now := start; now.Before(end) || len(p.asking) > 0; now = time.Now() {
		if now.Sub(end) > 10*time.Second {
			return fmt.Errorf("%d webhooks have no answer after 10 s", len(p.asking))
		}
		for ; len(p.idle) > 0 && !due.After(now) && due.Before(end); due = due.Add(gap()) {
			if err := p.send(due); err != nil {
				return err
			}
		}
		if err := p.receive(); err != nil {
			return err
		}
		p.rest()
	}
	return nil
}

// send sends the webhook that is due.
func (p *pacer) send(due time.Time) error {
	l := p.idle[0]
	p.idle = append(p.idle[:0], p.idle[1:]...)
	p.asking = append(p.asking, l)
	l.due, l.filled = due, 0
	wire := p.requests.take()
	n, err := syscall.Write(l.fd, wire)
	if err == nil && n < len(wire) {
		err = io.ErrShortWrite
	}
	return err
}

// receive takes the answers that have come.
func (p *pacer) receive() error {
	waiting := p.asking[:0]
	for i, l := range p.asking {
		answered, err := l.poll()
		if err != nil {
			p.asking = append(waiting, p.asking[i:]...)
			return err
		}
		if !answered {
			waiting = append(waiting, l)
			continue
		}
		p.latency = append(p.latency, time.Since(l.due))
		p.idle = append(p.idle, l)
	}
	p.asking = waiting
	return nil
}

// poll takes what has come of the answer, and tells whether that is all of it.
func (l *pacedLink) poll() (answered bool, err error) {
	n, err := syscall.Read(l.fd, l.buffer[l.filled:])
	switch {
	case err == syscall.EAGAIN || err == syscall.EINTR:
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, io.ErrUnexpectedEOF
	}
	_, answered, err = l.took(n)
	return answered, err
}

// percentile is that of ascending values, between 0 and 1.
func percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

package phone

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"premiumline/twiml"
)

// The statuses of a call and of a transfer that the rules turn on.
const (
	ringing    = "ringing"
	inProgress = "in-progress"
	completed  = "completed"
	busy       = "busy"
	noAnswer   = "no-answer"
	failed     = "failed"
	canceled   = "canceled"
)

// next carries out the document's next verb; at its end the line hangs up.
func (c *Call) next(ctx context.Context) error {
	if len(c.doc.verbs) == 0 {
		c.answer()
		return c.end(ctx, ByLine)
	}
	verb := c.doc.verbs[0]
	c.doc.verbs = c.doc.verbs[1:]
	if reject, ok := verb.(twiml.Reject); ok && !c.answered {
		return c.reject(ctx, reject)
	}
	c.answer()
	switch v := verb.(type) {
	case twiml.Say, twiml.Play, twiml.Pause:
		c.speak(v)
		return nil
	case twiml.Gather:
		return c.gather(ctx, v)
	case twiml.Dial:
		c.transfer(v)
		return nil
	case twiml.Redirect:
		return c.ask(ctx, method(v.Method), v.URL, nil)
	}
	return c.end(ctx, ByLine) // Hangup, or a Reject that comes too late
}

// answer picks the call up, which any verb but Reject does.
func (c *Call) answer() { c.answered, c.status = true, inProgress }

func (c *Call) reject(ctx context.Context, r twiml.Reject) error {
	c.status = noAnswer
	if r.Reason == busy {
		c.status = busy
	}
	return c.end(ctx, ByLine)
}

// speak says something outside a Gather: what was pressed ahead is lost.
func (c *Call) speak(v twiml.Verb) {
	c.dropHeld()
	s := &speaking{script{end: c.now}}
	s.add(spokenIn(v)...)
	c.doing = s
}

func (c *Call) dropHeld() {
	c.lose(c.held...)
	c.held = nil
}

// gather begins to listen, and takes the keys that were pressed ahead.
func (c *Call) gather(ctx context.Context, g twiml.Gather) error {
	l := c.listen(g)
	c.doing = l
	c.note(Gathering{l.end - c.now, l.timeout, g.NumDigits, l.finish})
	for len(c.held) > 0 && c.doing == activity(l) {
		key := c.held[0]
		c.held = c.held[1:]
		if err := l.press(ctx, c, key); err != nil {
			return err
		}
	}
	return nil
}

// listen is a Gather that begins now.
func (c *Call) listen(g twiml.Gather) *listening {
	l := &listening{
		script:  script{end: c.now},
		gather:  g,
		timeout: secs(cmp.Or(g.Timeout, 5)),
		finish:  value(g.FinishOnKey, "#"),
	}
	for _, prompt := range g.Prompts {
		l.add(spokenIn(prompt)...)
	}
	l.deadline = l.end + l.timeout
	return l
}

func secs(n int) time.Duration { return time.Duration(n) * time.Second }

// method is how a verb's URL is asked.
func method(of string) string { return cmp.Or(of, http.MethodPost) }

-- Times are microseconds since 1970 UTC. Texts are '' and numbers 0 where there is nothing to say.

CREATE TABLE call (
	id               BIGINT  PRIMARY KEY,    -- ascending, so that a batch's rows lie together
	sid              TEXT    NOT NULL UNIQUE, -- CallSid
	started          BIGINT  NOT NULL,       -- first webhook
	ended            BIGINT  NOT NULL,       -- end of the call, 0 while it goes on
	last             BIGINT  NOT NULL,       -- latest event
	quiet            BIGINT  NOT NULL,       -- when, with no further event, the call must be over
	language         TEXT    NOT NULL,       -- BCP 47, the last one chosen
	offered          TEXT    NOT NULL,       -- likely line that was offered
	taken            BOOLEAN NOT NULL,       -- whether it was chosen
	region           TEXT    NOT NULL,       -- last line reached
	way              TEXT    NOT NULL,       -- transferred, read out, texted, member services
	to_region        BIGINT  NOT NULL,       -- microseconds from answer to the first line reached
	disposition      TEXT    NOT NULL,       -- of the last transfer, DialCallStatus
	transfer_seconds BIGINT  NOT NULL,       -- length of the last transfer
	transfers        TEXT    NOT NULL,       -- all of them: region:disposition:seconds, spaces between
	turns            BIGINT  NOT NULL,       -- webhooks answered
	keys             TEXT    NOT NULL,       -- keys pressed, turns apart by a space
	wrong            BIGINT  NOT NULL,       -- wrong keys
	silences         BIGINT  NOT NULL,       -- waits without a key
	last_page        TEXT    NOT NULL,       -- where the caller was last
	trail            TEXT    NOT NULL,       -- page:visits:silences:wrong, spaces between
	call_status      TEXT    NOT NULL,       -- Twilio's last word, or assumed
	call_seconds     BIGINT  NOT NULL,       -- length of the call as Twilio says
	stir             TEXT    NOT NULL,       -- StirVerstat
	area_code        TEXT    NOT NULL,       -- of the caller's number
	caller_hash      BYTEA,                  -- keyed hash of the caller's number, never the number
	directory        TEXT    NOT NULL        -- version of the directory that answered first
);

-- The calls of a period, the latest calls, and those old enough to be deleted.
CREATE INDEX call_started ON call (started, id);

-- By call and not by time: a call's turns lie together, and a webhook that comes twice is found.
CREATE TABLE event (
	call_id          BIGINT  NOT NULL,       -- call.id
	key              BIGINT  NOT NULL,       -- 64-bit hash of what tells a call's webhooks apart
	at               BIGINT  NOT NULL,       -- when the webhook came
	kind             TEXT    NOT NULL,       -- turn, status, fallback, sms, assumed
	page             TEXT    NOT NULL,       -- the page that asked
	next             TEXT    NOT NULL,       -- the page that was answered
	keys             TEXT    NOT NULL,       -- as pressed, a ZIP code cut to 3 digits
	outcome          TEXT    NOT NULL,       -- start, choice, zip, silence, wrong, transfer, lost...
	language         TEXT    NOT NULL,       -- BCP 47
	offered          TEXT    NOT NULL,       -- likely line that was offered
	taken            BOOLEAN NOT NULL,       -- whether this event chose it
	region           TEXT    NOT NULL,       -- line reached, or whose transfer ended
	way              TEXT    NOT NULL,       -- how it was reached, '' if it was not
	disposition      TEXT    NOT NULL,       -- of a transfer that ended with this event
	transfer_seconds BIGINT  NOT NULL,       -- its length
	call_status      TEXT    NOT NULL,       -- Twilio's
	call_seconds     BIGINT  NOT NULL,       -- length of the call, in its status callback
	took_us          BIGINT  NOT NULL,       -- microseconds from the webhook to its answer
	PRIMARY KEY (call_id, key)
);

-- Sums by the hour in which the calls started, always those of the call table: what a dashboard
-- over months of calls is drawn from.
CREATE TABLE hour (
	start   BIGINT  PRIMARY KEY,             -- the hour's first microsecond
	going   BIGINT  NOT NULL,             -- calls of the hour that go on
	figures TEXT    NOT NULL                 -- JSON of calllog.Figures
);

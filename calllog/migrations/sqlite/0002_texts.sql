-- The outbox: texts that callers asked for, at most one of a call and region.
CREATE TABLE text (
	call_id   INTEGER NOT NULL,              -- call.id
	region    TEXT    NOT NULL,              -- line whose number it tells
	language  TEXT    NOT NULL,              -- BCP 47
	body      TEXT    NOT NULL,              -- what is sent, '' once it is settled
	recipient BLOB,                          -- sealed number of the caller, NULL once it is settled
	asked     INTEGER NOT NULL,              -- when the caller asked for it
	due       INTEGER,                       -- next try, or end of the claim; NULL once it is settled
	claim     INTEGER NOT NULL DEFAULT 0,    -- random number of who is sending it, 0 while it waits
	tries     INTEGER NOT NULL DEFAULT 0,    -- times that sending it failed
	code      INTEGER NOT NULL DEFAULT 0,    -- Twilio's error of the last try, 0 if none
	PRIMARY KEY (call_id, region)
) WITHOUT ROWID;

-- The texts to be sent, and no other.
CREATE INDEX text_due ON text (due) WHERE due IS NOT NULL;

-- What became of the call's texts: region:status:code, spaces between.
ALTER TABLE call ADD COLUMN texts TEXT NOT NULL DEFAULT '';

-- What became of a text: asked, unsure, sent, failed, stopped, landline, delivered.
ALTER TABLE event ADD COLUMN text_status TEXT NOT NULL DEFAULT '';

-- Twilio's error of that text, 0 if none.
ALTER TABLE event ADD COLUMN text_code INTEGER NOT NULL DEFAULT 0;

-- Who began the present epoch: a writer that lost its session may go on only if nobody else has begun since.
ALTER TABLE journals ADD COLUMN writer text NOT NULL DEFAULT '';

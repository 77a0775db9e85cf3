/** Whose an actor's id is, as the session's list of people names them: a demonstration writes its people with a mark of its own. */
export const personOf = (actor: string): string => actor.replace(/^demo-/, '')

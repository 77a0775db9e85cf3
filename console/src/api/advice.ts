import type { components } from './schema.gen'

type Schemas = components['schemas']

/** Who should go, as a set, and what the plans ask for besides. */
export type AdviceAnswer = Schemas['Recommendation']
/** One need of a plan. */
export type Need = Schemas['Slot']
export type Candidate = Schemas['Candidate']

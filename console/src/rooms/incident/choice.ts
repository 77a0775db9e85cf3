import type { AdviceAnswer } from '../../api/advice'

/** The units that will be sent: what is recommended, with what the person picked or took out. */
export function chosen(rec: Pick<AdviceAnswer, 'items'> | undefined, byHand: ReadonlyMap<string, boolean>): string[] {
  const recommended = (rec?.items ?? []).filter((i) => byHand.get(i.unit) ?? i.pick).map((i) => i.unit)
  const listed = new Set((rec?.items ?? []).map((i) => i.unit))
  const added = [...byHand].filter(([unit, on]) => on && !listed.has(unit)).map(([unit]) => unit)
  return [...recommended, ...added]
}

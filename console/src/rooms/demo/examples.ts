import { useQuery } from '@tanstack/react-query'
import { findPlaces, useBoard, useConfig } from '../../api/hooks'
import { useText } from '../../i18n/i18n'
import type { TypeInfo } from '../../api/types'
import { matchScore } from '../../lib/pinyin'

// What may be typed stands in the catalogue, the best first, for all our cities.
const listed = (words: string): string[] => words.split('|')
const askAgainMs = 3000

/** The first of some words that means one of the types. */
export const firstType = (types: readonly TypeInfo[], words: readonly string[]): string | undefined => words.find((w) => types.some((x) => matchScore(w, [...Object.values(x.name), x.id, ...(x.keywords ?? [])]) > 0))

/** Words to type as an example, which the map and the catalogue of this centre know. */
export function useExample(): { place: string; type: string } {
  const { lang, t, name } = useText()
  const { incidents } = useBoard()
  const types = useConfig().data?.types ?? []
  const place = useQuery({ queryKey: ['example', lang], queryFn: () => knownPlace(listed(t('tour.examples.places'))), staleTime: Infinity, refetchInterval: (q) => (q.state.data?.ready === false ? askAgainMs : false) }).data?.place
  // Where none of them is known, what has happened already was typed by somebody.
  const row = [...incidents.values()].filter((i) => i.place?.street && i.type_name).toSorted((a, b) => a.number - b.number)[0]
  return { place: place ?? row?.place?.street ?? '', type: firstType(types, listed(t('tour.examples.types'))) ?? name(row?.type_name, name(types[0]?.name)) }
}

/** The first of some words that the map finds as it was typed, once or several times, and whether it could look at all. */
async function knownPlace(words: readonly string[]): Promise<{ place?: string; ready: boolean }> {
  for (const w of words) {
    const answer = await findPlaces(w, 'wgs84', undefined)
    if (!answer || answer.ready === false) return { ready: false }
    if (answer.items?.some((i) => i.place?.lon !== undefined && !i.approximate)) return { place: w, ready: true }
  }
  return { ready: true }
}

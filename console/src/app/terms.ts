import type { Config, Names } from '../api/types'

/** The names of everything that the configuration names, by the parameter that carries its id in a sentence. */
export function termsOf(config: Config): Map<string, Names> {
  const lists: Record<string, readonly { id: string; name: Names }[]> = {
    type: config.types,
    tag: config.tags,
    result: config.results,
    disposition: config.results,
    partner: config.partners,
    org: config.stations,
    station: config.stations,
    reason: config.unavailable_reasons,
    need: config.kinds,
  }
  const terms = new Map<string, Names>()
  for (const [param, items] of Object.entries(lists)) for (const item of items) terms.set(`${param}:${item.id}`, item.name)
  for (const tag of config.tags) terms.set(`alert:tag.${tag.id}`, tag.name)
  return terms
}

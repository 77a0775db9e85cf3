import { useEffect } from 'react'
import { follow, link, setClock } from '../api/connection'
import { useConfig, useSession } from '../api/hooks'
import { sendFor } from '../api/outgoing'
import { terms, useText } from '../i18n/i18n'
import { followLook } from '../lib/look'
import { useOf } from '../lib/store'
import { zone } from '../lib/time'
import { useSounds } from './use-sounds'
import { termsOf } from './terms'

/** What every page of a seat needs: who sits there, the names of the centre, its clock, and the stream of what happens. */
export function useSeat() {
  const { lang } = useText()
  const asked = useSession()
  const session = asked.data
  const state = useOf(link, (l) => l.state)
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  }, [lang])
  useEffect(followLook, [])
  useSounds()
  const unreached = !session && asked.failureCount > 0
  useEffect(() => {
    if (unreached) link.set((l) => ({ ...l, state: 'failed' }))
  }, [unreached])
  const actor = session?.actor
  useEffect(() => {
    if (!session) return
    setClock(session.clock, session.run)
    const stops = [follow(session.actor ?? ''), sendFor(session.actor ?? '', session.world === 'demo')]
    return () => stops.forEach((stop) => stop())
    // oxlint-disable-next-line react/exhaustive-deps -- another seat is another stream; a re-read session is not
  }, [actor])
  const config = useConfig().data
  useEffect(() => {
    if (!config) return
    zone.set(config.zone || undefined)
    terms.set(termsOf(config))
  }, [config])
  return { session, actor, state }
}

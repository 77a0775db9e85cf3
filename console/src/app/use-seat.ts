import { useEffect, useEffectEvent } from 'react'
import { ReadFailed, unanswered } from '../api/client'
import { clearRoom, follow, heardRoom, link, setClock, showKept } from '../api/connection'
import { useConfig, useSession } from '../api/hooks'
import { forgetRoom, keepRoom, keptRoom, recall, sitsHere } from '../api/kept-room'
import { sendFor } from '../api/outgoing'
import { terms, useText } from '../i18n/i18n'
import { followLook } from '../lib/look'
import { useOf } from '../lib/store'
import { zone } from '../lib/time'
import { useSounds } from './use-sounds'
import { termsOf } from './terms'

// While nobody answers the page shows the room as this seat saw it last. Who is not let in sees nothing of it.
function useWithoutServer(failure: Error | null, known: boolean): void {
  const told = failure instanceof ReadFailed ? failure.problem : undefined
  const away = told !== undefined && unanswered(told)
  const shut = told?.status === 401 || told?.status === 403
  useEffect(() => {
    if (known || !told) return
    link.set((l) => (l.heard === 0 ? { ...l, state: 'failed' } : l))
    if (shut) void forgetRoom()
    else if (away) void recall().then((room) => room && showKept(room))
  }, [known, told, away, shut])
}

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
  useWithoutServer(asked.failureReason, session !== undefined)
  const actor = session?.actor
  const present = session !== undefined && !asked.isPlaceholderData
  useEffect(() => {
    if (!session) return
    const shown = keptRoom.get()
    if (present && shown && shown.session.actor !== actor) clearRoom() // What another person's page left is not for this one.
    if (present) setClock(session.clock, session.run)
    const stops = [follow(session.actor ?? ''), sendFor(session.actor ?? '', session.world === 'demo')]
    return () => stops.forEach((stop) => stop())
    // oxlint-disable-next-line react/exhaustive-deps -- another seat is another stream; a re-read session is not
  }, [actor])
  const config = useConfig().data
  const look = useEffectEvent(() => (session && present ? heardRoom(session, config) : undefined))
  useEffect(() => {
    if (!present) return
    let stop: (() => void) | undefined
    let over = false
    const begin = async () => {
      await sitsHere(session)
      if (!over) stop = keepRoom(look)
    }
    void begin()
    return () => {
      over = true
      stop?.()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- as above
  }, [present, actor])
  useEffect(() => {
    if (!config) return
    zone.set(config.zone || undefined)
    terms.set(termsOf(config))
  }, [config])
  return { session, actor, state }
}

import { useEffect, useState } from 'react'
import { useText } from '../i18n/i18n'
import { audible, heardLast, setSounds, sounds } from '../lib/sounds'
import { useStore } from '../lib/store'

const seenMs = 4000

/** The twin of each sound on the screen, and whether the desk may be heard at all. */
export function SoundMark() {
  const { t } = useText()
  const last = useStore(heardLast)
  const { muted } = useStore(sounds)
  const open = useStore(audible)
  const [gone, setGone] = useState(0)
  useEffect(() => {
    if (!last) return
    const timer = setTimeout(() => setGone(last.n), seenMs)
    return () => clearTimeout(timer)
  }, [last])
  const seen = last && last.n !== gone ? last.sound : undefined
  return (
    <>
      {seen && <span className={`sound-twin ${seen}`} aria-hidden="true">♪ {t(`frame.sound.${seen}`)}</span>}
      {(muted || !open) && (
        <button type="button" className="sound-off" title={t(muted ? 'frame.muted_help' : 'frame.sounds_wait')} onClick={() => setSounds({ muted: false })}>
          {t(muted ? 'frame.muted' : 'frame.not_audible')}
        </button>
      )}
    </>
  )
}

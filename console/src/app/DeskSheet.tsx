import { useText } from '../i18n/i18n'
import { arranging, closeAt, desk, popped, resetLayout, showPanel, takeLayout } from '../lib/desk'
import { placeOf, presets } from '../lib/layout'
import { palette, palettes, setPalette, setTheme, theme, themes } from '../lib/look'
import { audible, duressLeast, kinds, play, setSounds, sounds, type Sound } from '../lib/sounds'
import { useStore } from '../lib/store'
import { blocked, popOut, takeBack } from '../lib/windows'
import { Dialog } from '../ui/Dialog'
import { panels } from './panels'

/** How this seat wants its desk: which panels stand where, how it looks, what it says aloud. */
export function DeskSheet({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  return (
    <Dialog title={t('frame.desk')} onClose={onClose}>
      <div className="desk-sheet">
        <Layouts onClose={onClose} />
        <Panels onClose={onClose} />
        <Looks />
        <Sounds />
      </div>
    </Dialog>
  )
}

function Layouts({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const { at, changed } = useStore(desk)
  const bars = useStore(arranging)
  return (
    <fieldset>
      <legend>{t('frame.layouts')}</legend>
      <div className="btns">
        {presets.map((p, n) => (
          <button key={p} type="button" className={p === at ? 'btn on' : 'btn'} aria-pressed={p === at} onClick={() => takeLayout(p)}>
            {t(`frame.layout.${p}`)}{changed.has(p) && <span title={t('frame.changed')}> *</span>} <kbd>{`Alt Shift ${n + 1}`}</kbd>
          </button>
        ))}
      </div>
      <div className="btns">
        <button type="button" className={bars ? 'btn on' : 'btn'} aria-pressed={bars} onClick={() => { arranging.set(!bars); onClose() }}>{t('frame.arrange')} <kbd>{`Alt Shift ${0}`}</kbd></button>
        <button type="button" className="btn" aria-disabled={!changed.has(at)} onClick={resetLayout}>{t('frame.reset')}</button>
      </div>
    </fieldset>
  )
}

function Panels({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const { layout } = useStore(desk)
  const apart = useStore(popped)
  const refused = useStore(blocked)
  return (
    <fieldset>
      <legend>{t('frame.panels')}</legend>
      {refused !== '' && <p className="refused" role="alert">{t('frame.pop_refused')}</p>}
      <ul className="panel-list">
        {panels.filter((p) => p.place !== 'over' && p.place !== 'always').map((p) => {
          const place = placeOf(layout, p.id)
          const out = apart.has(p.id)
          return (
            <li key={p.id}>
              <b>{t(p.words)}</b>
              <span className="dim">{out ? t('frame.in_window') : place ? t(`frame.dock.${place.dock}`) : t(p.place === 'right' && p.id !== 'incident' ? 'frame.in_hand' : 'frame.closed')}</span>
              <kbd>{p.key?.replaceAll('+', ' ')}</kbd>
              <span className="btns">
                {out ? <button type="button" className="btn small" onClick={() => takeBack(p.id)}>{t('frame.take_back')}</button> : (
                  <>
                    {place ? <button type="button" className="btn small" onClick={() => closeAt(p.id)}>{t('app.close')}</button> : <button type="button" className="btn small" onClick={() => { showPanel(p.id); onClose() }}>{t('frame.show')}</button>}
                    {p.apart !== false && <button type="button" className="btn small" onClick={() => popOut(p.id)}>{t('frame.pop_out')}</button>}
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}

function Looks() {
  const { t } = useText()
  const look = useStore(theme)
  const colours = useStore(palette)
  return (
    <fieldset>
      <legend>{t('frame.look')}</legend>
      <div className="btns" role="group" aria-label={t('app.theme')}>{themes.map((x) => <button key={x} type="button" className={x === look ? 'btn on' : 'btn'} aria-pressed={x === look} onClick={() => setTheme(x)}>{t(`frame.theme.${x}`)}</button>)}</div>
      <div className="btns" role="group" aria-label={t('frame.palette')}>{palettes.map((x) => <button key={x} type="button" className={x === colours ? 'btn on' : 'btn'} aria-pressed={x === colours} onClick={() => setPalette(x)}>{t(`frame.palette.${x}`)}</button>)}</div>
      <p className="swatches" aria-hidden="true">{(['red', 'amber', 'green', 'blue', 'grey'] as const).map((c) => <span key={c} className={`swatch-${c}`}>■ {t(`frame.meaning.${c}`)}</span>)}</p>
    </fieldset>
  )
}

function Sounds() {
  const { t } = useText()
  const held = useStore(sounds)
  const heard = useStore(audible)
  const turn = (kind: Sound, on: boolean) => setSounds({ off: new Set(kinds.filter((k) => (k === kind ? !on : held.off.has(k)))) })
  return (
    <fieldset>
      <legend>{t('frame.sounds')}</legend>
      {!heard && <p className="hint">{t('frame.sounds_wait')}</p>}
      <label className="mute"><input type="checkbox" checked={held.muted} onChange={(e) => setSounds({ muted: e.target.checked })} /> {t('frame.mute')}</label>
      <ul className="sound-list">
        {kinds.map((k) => (
          <li key={k}>
            <label><input type="checkbox" disabled={k === 'duress'} checked={k === 'duress' || !held.off.has(k)} onChange={(e) => turn(k, e.target.checked)} /> {t(`frame.sound.${k}`)}</label>
            <input type="range" min={k === 'duress' ? duressLeast : 0} max={1} step={0.1} aria-label={t('frame.volume', { sound: t(`frame.sound.${k}`) })} value={held.volume[k]} onChange={(e) => setSounds({ volume: { ...held.volume, [k]: Number(e.target.value) } })} />
            <button type="button" className="btn small" onClick={() => play(k)}>{t('frame.try')}</button>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

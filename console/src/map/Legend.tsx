import { useEffect, useMemo, useRef, useState } from 'react'
import { useText } from '../i18n/i18n'
import { Shape } from '../ui/marks'
import { mapImages } from './signs'

const looks = ['free', 'sign', 'going', 'there', 'out', 'duress'] as const

/** What a picture of the map means: the picture's name, and the word's. */
const pictures = [
  ['mark-P1', 'incident'], ['sign-premises', 'premises'], ['sign-station-police', 'station_police'], ['sign-brigade-police', 'brigade'], ['sign-post-police', 'post'], ['sign-station-fire', 'station_fire'],
  ['sign-station-medical', 'station_medical'], ['sign-station', 'station'], ['place-hospital', 'hospital'], ['place-clinic', 'clinic'], ['place-pharmacy', 'pharmacy'],
  ['place-school', 'school'], ['place-government', 'government'], ['place-rail', 'rail'], ['place-fuel', 'fuel'], ['place-industry', 'industry'], ['place-poi', 'poi'],
  ['camera', 'camera'], ['pole', 'pole'], ['entrance', 'entrance'], ['oneway', 'oneway'],
] as const

/** The letters that signs carry, in the language of the seat. */
export function useLetters() {
  const { t } = useText()
  return { premises: t('map.sign_premises'), school: t('map.sign_school'), pharmacy: t('map.sign_pharmacy') }
}

/** What the shapes of units mean, and, unfolded, every sign that stands on the map. */
export function Legend({ theme }: { theme: string }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <div className="legend">
      <ul aria-label={t('map.legend')}>
        <li><button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>{t('map.legend')} {open ? '▾' : '▸'}</button></li>
        {looks.map((l) => <li key={l}><Shape look={l} /> {t(`map.legend_${l}`)}</li>)}
        <li>{t('map.legend_stale')}</li>
      </ul>
      {open && <Signs key={theme} />}
    </div>
  )
}

function Signs() {
  const { t } = useText()
  const letters = useLetters()
  const said = JSON.stringify(letters)
  const images = useMemo(() => mapImages(JSON.parse(said) as typeof letters), [said])
  return (
    <ul className="signs" aria-label={t('map.signs')}>
      {pictures.map(([image, word]) => <li key={image}><Picture image={images.get(image)?.data} /> {t(`map.means_${word}`)}</li>)}
    </ul>
  )
}

function Picture({ image }: { image: ImageData | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (image) canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [image])
  return image ? <canvas ref={canvas} width={image.width} height={image.height} style={{ width: image.width / 2, height: image.height / 2 }} aria-hidden="true" /> : null
}

import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { blockRows, Windowed } from './Windowed'

const draw = (n: number): string => renderToString(<Windowed items={Array.from({ length: n }, (_, k) => k)} keyOf={(k) => k} rowPx={28} className="x">{(k) => <li>{k}</li>}</Windowed>)
const rows = (html: string): number => html.match(/<li>/g)?.length ?? 0

test('a short list is drawn whole, of a long one what the screen can hold', () => {
  expect(rows(draw(0))).toBe(0)
  expect(rows(draw(blockRows))).toBe(blockRows)
  expect(rows(draw(500))).toBe(2 * blockRows)
})

test('what is not drawn keeps its room', () => {
  expect(draw(500).match(/height:1120px/g)).toHaveLength(10)
  expect(draw(500)).toContain('height:560px') // The last block is half as long.
})

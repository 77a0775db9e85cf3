import type { ChildProcess } from 'node:child_process'

export const chromiumPath: string
export const chromiumFlags: readonly string[]
export function addressOf(child: ChildProcess): Promise<string>

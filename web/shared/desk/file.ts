/** fileSize is a size for people, in units of 1024. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return bytes + ' B'
  return bytes < 1024 * 1024 ? Math.round(bytes / 1024) + ' KiB' : (bytes / 1024 / 1024).toFixed(1) + ' MiB'
}

/** saveBlob has the browser keep a file under its name. */
export function saveBlob(blob: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

import { useEffect, useState } from 'react'
import type { FileInfo } from '../../shared/desk/desk.ts'
import { fileSize, saveBlob } from '../../shared/desk/file.ts'
import { client } from '../app.ts'
import { useText } from './text.ts'

/** Attachment shows a picture where it stands, and offers everything else. */
export function Attachment({ file }: { file: FileInfo }) {
  const t = useText()
  const [picture, setPicture] = useState('')
  const path = '/v1/files/' + file.id
  useEffect(() => {
    if (!file.media_type.startsWith('image/')) return
    let url = ''
    client.blob(path).then(
      (blob) => setPicture((url = URL.createObjectURL(blob))),
      () => undefined, // it stays a name
    )
    return () => URL.revokeObjectURL(url)
  }, [file.id])
  return (
    <button type="button" className="file" aria-label={t('message.download', { name: file.name })} onClick={() => void client.blob(path).then((blob) => saveBlob(blob, file.name))}>
      {picture ? <img src={picture} alt={file.name} /> : <span>{file.name}</span>}
      {!picture && <small>{fileSize(file.size)}</small>}
    </button>
  )
}

let context: AudioContext | undefined

/** ring plays two short notes, the second higher: heard, and over. Before anybody touched the page a browser plays nothing. */
export function ring() {
  context ??= new AudioContext()
  void context.resume()
  note(context, 660, 0)
  note(context, 880, 0.14)
}

function note(context: AudioContext, pitch: number, after: number) {
  const at = context.currentTime + after
  const tone = context.createOscillator()
  const loudness = context.createGain()
  tone.frequency.value = pitch
  loudness.gain.setValueAtTime(0, at)
  loudness.gain.linearRampToValueAtTime(0.15, at + 0.01) // a step would click
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.22)
  tone.connect(loudness).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.25)
}

#!/usr/bin/env python3
"""Has espeak-ng speak the prompts for which there is no recording: draft_prompts.py PROGRAM FOLDER

PROGRAM is build/release/harrier_drafts, which lists them. Writes FOLDER/pl/harrier/goodbye.wav and so
on, 8 kHz, mono, 16 bit, as Debian's asterisk-core-sounds-*-wav are. A file that is there is left
alone: a recording by a person takes the place of its draft.
"""
import array
import io
import itertools
import pathlib
import subprocess
import sys
import wave

RATE_HZ = 8000
VOICES = {"en": "en-gb", "es": "es", "pl": "pl"}


def resampled(pcm, rate_hz):
    """Each sample at RATE_HZ is the mean of those that it stands for: a plain low-pass."""
    sums = [0, *itertools.accumulate(pcm)]
    step = rate_hz / RATE_HZ
    out = array.array("h")
    for i in range(int(len(pcm) / step)):
        begin, end = int(i * step), max(int((i + 1) * step), int(i * step) + 1)
        out.append((sums[end] - sums[begin]) // (end - begin))
    return out


def trimmed(pcm):
    """Without the silence around it, so that digits follow each other as fast as people say them."""
    loud = [i for i, sample in enumerate(pcm) if abs(sample) > 150]
    margin = RATE_HZ // 20
    return pcm[max(0, loud[0] - margin):loud[-1] + margin] if loud else pcm


def spoken(language, text):
    made = subprocess.run(["espeak-ng", "-v", VOICES[language], "-s", "160", "--stdout", text],
                          check=True, capture_output=True).stdout
    # The length in a header that was written to a pipe is not known: read what is there.
    with wave.open(io.BytesIO(made)) as sound:
        if (sound.getsampwidth(), sound.getnchannels()) != (2, 1):
            raise SystemExit("espeak-ng does not speak 16 bit mono")
        pcm = array.array("h", sound.readframes(len(made)))
        return trimmed(resampled(pcm, sound.getframerate())).tobytes()


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[2])
    drafts = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    count = 0
    for line in drafts.splitlines():
        language, name, text = line.split("\t")
        path = folder / (name + ".wav")
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.writeframes(spoken(language, text))
        count += 1
    print(f"drafted {count} prompts")
    return 0


sys.exit(main())

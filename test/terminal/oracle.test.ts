// Streams and recordings of real programs come out of the filter as on a terminal of one row less.

import { describe, expect, it } from 'vitest';
import { documentedLines, measureClass, measureRecording, recordingNames, streamsPerClass, tableLine, waysPerRecording } from './conformance.ts';
import { streamClasses } from './streams.ts';

describe('Generated streams, cut anywhere and with the row drawn in between', () => {
  for (const [name] of streamClasses) {
    it(`leave the screen of one row less, but for what is known: ${name}`, async () => {
      const row = await measureClass(name, streamsPerClass);
      expect(row.unknown.join('\n')).toBe('');
      // The numbers are written down in docs/terminal.md: more that differ are a mistake, fewer are news.
      expect(documentedLines()).toContain(tableLine(row));
    });
  }
});

describe('Recordings of real programs', () => {
  for (const name of recordingNames()) {
    it(`leave the screen of one row less: ${name}`, async () => {
      const row = await measureRecording(name, waysPerRecording);
      expect(row.unknown.join('\n')).toBe('');
      expect(row.differ).toBe(0);
      expect(documentedLines()).toContain(tableLine({ ...row, name: `recording: ${name}` }));
    });
  }
});

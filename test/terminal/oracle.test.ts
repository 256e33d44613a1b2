// Streams and recordings of real programs come out of the filter as on a terminal of one row less.

import { describe, expect, it } from 'vitest';
import { documentedLines, measureClass, measureRecording, recordingNames, streamsPerClass, tableLine, waysPerRecording } from './conformance.ts';
import { streamClasses } from './streams.ts';

describe('Generated streams, cut anywhere and with the row drawn in between', () => {
  for (const [name] of streamClasses) {
    it(`leave the screen of one row less: ${name}`, () => {
      const row = measureClass(name, streamsPerClass);
      // The number that differ is written down, with the reasons, in docs/terminal.md; more than that is a mistake, fewer is news.
      expect(documentedLines(), row.first).toContain(tableLine(row));
    });
  }
});

describe('Recordings of real programs', () => {
  for (const name of recordingNames()) {
    it(`leave the screen of one row less: ${name}`, () => {
      const row = measureRecording(name, waysPerRecording);
      expect(row.differ, row.first).toBe(0);
      expect(documentedLines()).toContain(tableLine({ ...row, name: `recording: ${name}` }));
    });
  }
});

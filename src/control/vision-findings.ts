import type { Finding } from '../rules/finding.js';
import type { VisionReport } from '../vision/messages.js';

/** What a report of the vision process is to the rules, or null where it is nothing that somebody must hear of. `at`: ms since 1970. */
export function visionFinding(report: VisionReport, at: number): Finding | null {
  const { camera } = report;
  switch (report.type) {
    case 'place': {
      if (report.verdict !== 'prohibited' || report.isDeclared) return null;
      const detail = `The picture shows a place in which cameras are prohibited: ${report.evidence}.`;
      return { camera, kind: 'prohibited-place', cause: 'seen', at, detail };
    }
    case 'person-entered': {
      const { zone } = report;
      return { camera, kind: 'person-entered', cause: zone, zone, at, detail: `Somebody has entered zone ${zone}.` };
    }
    case 'person-dwelling': {
      const { zone, seconds } = report;
      const detail = `Somebody has been in zone ${zone} for ${seconds} s.`;
      return { camera, kind: 'person-dwelling', cause: zone, zone, at, detail };
    }
    case 'people-count':
    // What is missing is missing over time: the sign keeper says when.
    case 'sign':
      return null;
  }
}

import type { ReactNode } from 'react';
import { Icon } from './icon.js';

interface NoticeProps {
  readonly tone?: 'bad' | 'warn' | 'good' | 'plain';
  /** Read aloud when it appears: `alert` at once, `status` when there is a pause. */
  readonly role?: 'alert' | 'status';
  readonly children: ReactNode;
}

export const Notice = ({ tone = 'plain', role, children }: NoticeProps) => (
  <div className="notice" data-tone={tone} role={role}>
    {tone === 'good' ? <Icon name="check" /> : tone === 'plain' ? null : <Icon name="warning" />}
    <div>{children}</div>
  </div>
);

import type { SlateLanguage } from '../config/site.js';

/** What a slate says. */
export interface SlateWords {
  readonly headline: string;
  readonly sentence: string;
}

const words = (headline: string, ...sentences: readonly [string, string][]): [string, SlateWords][] =>
  sentences.map(([label, sentence]) => [label, { headline, sentence }]);

const en = [
  ...words('Starting', ['starting:worker-starting', 'The camera is being connected.']),
  ...words(
    'Restarting',
    ['starting:worker-crashed', 'The camera process ended and is being restarted.'],
    ['starting:worker-hung', 'The camera process stopped answering and is being restarted.'],
  ),
  ...words(
    'Connecting',
    ['starting:connecting', 'The camera is being connected.'],
    ['starting:waiting-for-keyframe', 'Waiting for the first complete picture.'],
  ),
  ...words(
    'Withheld',
    ['withheld:config-invalid', 'The zones of this camera cannot be read.'],
    ['withheld:prohibited-place', 'Cameras are prohibited in this place (Regulation, Art. 15).'],
    ['withheld:operator', 'Withheld by an operator.'],
    ['withheld:self-test-failed', 'The privacy mask failed its self-test.'],
    ['withheld:geometry-changed', 'The picture has another shape than the zones were drawn on.'],
    ['withheld:off-preset', 'The camera is turned away from where its zones were drawn.'],
    ['withheld:view-moved', 'The camera no longer sees what the zones were drawn on.'],
    ['withheld:view-covered', 'The camera is covered.'],
    ['withheld:view-lost', 'The view of the camera cannot be recognised.'],
    ['withheld:analysis-stale', 'The analysis that a zone needs is late.'],
  ),
  ...words(
    'Offline',
    ['offline:source-lost', 'The connection to the camera was lost.'],
    ['offline:source-stalled', 'The camera stopped sending pictures.'],
    ['offline:source-refused', 'The camera refused the connection.'],
    ['offline:source-unsupported', 'The camera sends no video that can be read.'],
    ['offline:source-ended', 'The recording has ended.'],
  ),
];

const zh = [
  ...words('启动中', ['starting:worker-starting', '正在连接摄像机。']),
  ...words(
    '重新启动',
    ['starting:worker-crashed', '摄像机进程已终止，正在重启。'],
    ['starting:worker-hung', '摄像机进程无响应，正在重启。'],
  ),
  ...words(
    '连接中',
    ['starting:connecting', '正在连接摄像机。'],
    ['starting:waiting-for-keyframe', '等待第一帧完整画面。'],
  ),
  ...words(
    '已停播',
    ['withheld:config-invalid', '无法读取该摄像机的隐私区域。'],
    ['withheld:prohibited-place', '此处禁止安装摄像机（《条例》第十五条）。'],
    ['withheld:operator', '操作员已停止播放。'],
    ['withheld:self-test-failed', '隐私遮蔽未能通过自检。'],
    ['withheld:geometry-changed', '画面形状与绘制区域时不同。'],
    ['withheld:off-preset', '摄像机已偏离绘制区域时的预置位。'],
    ['withheld:view-moved', '摄像机已偏离绘制区域时的视角。'],
    ['withheld:view-covered', '摄像机被遮挡。'],
    ['withheld:view-lost', '无法识别摄像机当前的视角。'],
    ['withheld:analysis-stale', '隐私区域所需的分析结果延迟。'],
  ),
  ...words(
    '离线',
    ['offline:source-lost', '与摄像机的连接已断开。'],
    ['offline:source-stalled', '摄像机不再发送画面。'],
    ['offline:source-refused', '摄像机拒绝连接。'],
    ['offline:source-unsupported', '摄像机发送的视频无法读取。'],
    ['offline:source-ended', '视频源已结束。'],
  ),
];

/** By language and state label (`stateLabel`): every state but `masked`, which has a picture instead. */
export const SLATE_WORDS: Readonly<Record<SlateLanguage, ReadonlyMap<string, SlateWords>>> = {
  en: new Map(en),
  zh: new Map(zh),
};

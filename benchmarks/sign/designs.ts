/** What signs say, and how they look. Each inner list is the lines of one sign, its main line first. */
export const SIGNS: readonly (readonly string[])[] = [
  ['您已进入视频监控区域'],
  ['视频监控区域', '24小时录像'],
  ['24小时视频监控', '请自觉维护公共秩序'],
  ['您已进入监控区域', 'CCTV in operation'],
  ['本区域已安装视频监控'],
  ['公共安全视频图像采集区域'],
  ['图像采集区域', '公安机关监制'],
  ['电子监控'],
  ['电子监控区域', '违者必究'],
  ['视频监控 24小时', '内有监控'],
  ['视频监控', 'VIDEO SURVEILLANCE'],
  ['此处有视频监控'],
  ['CCTV in operation'],
  ['CCTV'],
  ['24 HOUR CCTV', 'SMILE'],
  ['WARNING CCTV', 'Images are recorded for your safety'],
  ['24 Hour Video Surveillance'],
  ['VIDEO SURVEILLANCE', 'IN USE ON THESE PREMISES'],
  ['Area under video surveillance'],
  ['Security notice: CCTV cameras'],
];

/** Other writing that hangs in such places. */
export const OTHERS: readonly (readonly string[])[] = [
  ['安全出口', 'EXIT'],
  ['禁止吸烟', 'NO SMOKING'],
  ['小心地滑'],
  ['消防通道', '禁止占用'],
  ['收银台'],
  ['欢迎光临'],
  ['营业时间', '9:00 - 21:00'],
  ['电子商务中心'],
  ['视频会议室'],
  ['图像处理中心'],
  ['办公区域', '非请勿入'],
  ['吸烟区域'],
  ['监护病房'],
  ['中央控制室'],
  ['电子产品', '全场八折'],
  ['采集样本处'],
  ['兰州拉面'],
  ['便利店', '24小时营业'],
  ['EXIT'],
  ['NO PARKING'],
  ['CATERING', 'Coffee and cake'],
  ['CCB BANK'],
  ['TV and Video Store'],
  ['24 HOUR SERVICE'],
  ['VIDEO GAMES'],
  ['SECURITY OFFICE'],
  ['Caution: wet floor'],
  ['CITY CENTRE', 'Level 2'],
  ['Photo studio'],
  ['Toilets', '洗手间'],
];

/** Families of Debian's fonts-noto-cjk, fonts-wqy-zenhei, fonts-wqy-microhei, fonts-arphic-ukai and -uming. */
export const CHINESE_FONTS = [
  'Noto Sans CJK SC Bold',
  'Noto Sans CJK SC',
  'Noto Serif CJK SC Bold',
  'WenQuanYi Zen Hei',
  'WenQuanYi Micro Hei',
  'AR PL UMing CN',
  'AR PL UKai CN',
];

/** fonts-dejavu and fonts-liberation. */
export const LATIN_FONTS = [
  'DejaVu Sans Bold',
  'Liberation Sans Bold',
  'Liberation Sans',
  'Liberation Sans Narrow Bold',
  'DejaVu Serif Bold',
];

/** Ground, writing, sRGB. */
export const COLOURS: readonly { readonly ground: string; readonly ink: string }[] = [
  { ground: '#0b4ea2', ink: '#ffffff' },
  { ground: '#ffffff', ink: '#0b4ea2' },
  { ground: '#ffd400', ink: '#111111' },
  { ground: '#ffffff', ink: '#c8102e' },
  { ground: '#c8102e', ink: '#ffffff' },
  { ground: '#111111', ink: '#ffd400' },
  { ground: '#00703c', ink: '#ffffff' },
  { ground: '#d8d8d4', ink: '#222222' },
];
